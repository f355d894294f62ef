/* Texts that Java takes for numbers, and those that it does not. */
#include "preflight/java_number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <float.h>

struct number_case {
    const char *text;
    enum java_number wanted;
};

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static void whole_numbers_of_json(void **state)
{
    static const struct number_case cases[] = {{"5", JAVA_NUMBER},
        {"5.0", JAVA_NUMBER}, {"1e2", JAVA_NUMBER}, {"-0", JAVA_NUMBER},
        {"5.5", JAVA_FRACTION}, {"-1.5", JAVA_FRACTION},
        {"9223372036854775807", JAVA_NUMBER},
        {"-9223372036854775808", JAVA_NUMBER},
        {"9223372036854775808", JAVA_OUT_OF_RANGE},
        {"-9223372036854775809", JAVA_OUT_OF_RANGE},
        {"9223372036854775807.0", JAVA_NUMBER}, {"9.3e18", JAVA_OUT_OF_RANGE},
        {"1e400", JAVA_OUT_OF_RANGE}, {"1e-400", JAVA_NUMBER}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(java_number_whole(cases[i].text, INT64_MIN, INT64_MAX),
            cases[i].wanted);
    }
    assert_int_equal(
        java_number_whole("2147483647", INT32_MIN, INT32_MAX), JAVA_NUMBER);
    assert_int_equal(java_number_whole("2147483648", INT32_MIN, INT32_MAX),
        JAVA_OUT_OF_RANGE);
    assert_int_equal(
        java_number_whole("3e9", INT32_MIN, INT32_MAX), JAVA_OUT_OF_RANGE);
}

static void strings_as_whole_numbers(void **state)
{
    static const struct number_case cases[] = {{"5", JAVA_NUMBER},
        {"+5", JAVA_NUMBER}, {"5.5", JAVA_NUMBER}, {".5", JAVA_NUMBER},
        {"5.", JAVA_NUMBER}, {"1e2", JAVA_NUMBER}, {"005930", JAVA_NUMBER},
        {" 5 ", JAVA_NO_NUMBER}, {"1d", JAVA_NO_NUMBER}, {"", JAVA_NO_NUMBER},
        {"NaN", JAVA_NO_NUMBER}, {"0x10", JAVA_NO_NUMBER},
        {".", JAVA_NO_NUMBER}, {"1e", JAVA_NO_NUMBER}, {"-", JAVA_NO_NUMBER},
        {"9223372036854775808", JAVA_OUT_OF_RANGE}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(
            java_number_whole_text(cases[i].text, INT64_MIN, INT64_MAX),
            cases[i].wanted);
    }
}

static void texts_as_decimals(void **state)
{
    static const struct number_case cases[] = {{"78600.0", JAVA_NUMBER},
        {" 5 ", JAVA_NUMBER}, {"\t5", JAVA_NUMBER}, {"1d", JAVA_NUMBER},
        {"1F", JAVA_NUMBER}, {"+.5e-3", JAVA_NUMBER}, {"5 d", JAVA_NO_NUMBER},
        {"1dd", JAVA_NO_NUMBER}, {"1,234", JAVA_NO_NUMBER},
        {"0x10", JAVA_NO_NUMBER}, {"", JAVA_NO_NUMBER},
        {"NaN", JAVA_NOT_A_NUMBER}, {"NaN?", JAVA_NO_NUMBER},
        {"-Infinity", JAVA_OUT_OF_RANGE}, {"1e400", JAVA_OUT_OF_RANGE},
        {"1e-400", JAVA_NUMBER}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(
            java_number_decimal(cases[i].text, DBL_MAX), cases[i].wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_of_json),
        cmocka_unit_test(strings_as_whole_numbers),
        cmocka_unit_test(texts_as_decimals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
