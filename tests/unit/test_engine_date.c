/* Dates as engines read them: which are taken, and which for another day. */
#include "preflight/engine_date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

struct date_case {
    const char *text;
    enum date_reading wanted;
};

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static void assert_all(
    const char *format, const struct date_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (engine_date_read(format, slice_of(cases[i].text)) !=
            cases[i].wanted) {
            fail_msg("%s: %s", format, cases[i].text);
        }
    }
}

static void days(void **state)
{
    static const struct date_case cases[] = {{"2022-01-03", DATE_TAKEN},
        {"2024-02-29", DATE_TAKEN}, {"0000-01-01", DATE_TAKEN},
        {"2022-02-30", DATE_SHIFTED}, {"2022-13-01", DATE_SHIFTED},
        {"2022-00-10", DATE_SHIFTED}, {"2022-99-99", DATE_SHIFTED},
        {"2022-1-3", DATE_REFUSED}, {"20220103", DATE_REFUSED},
        {"2022-01-03T00:00:00", DATE_REFUSED}, {"2022-01-03Z", DATE_REFUSED},
        {" 2022-01-03", DATE_REFUSED}, {"", DATE_REFUSED},
        {"12345-01-01", DATE_REFUSED}, {"+12345-01-01", DATE_TAKEN},
        {"+2022-01-01", DATE_REFUSED}, {"-0001-01-01", DATE_TAKEN},
        {"-0000-01-01", DATE_REFUSED}, {"+292278993-12-31", DATE_TAKEN},
        {"+292278994-12-31", DATE_REFUSED}};

    (void)state;
    assert_all("strict_date", cases, COUNT_OF(cases));
}

static void moments(void **state)
{
    static const struct date_case cases[] = {{"0", DATE_TAKEN},
        {"1641168000000", DATE_TAKEN}, {"1641168000000.123456", DATE_TAKEN},
        {"1641168000000.1234567", DATE_REFUSED}, {"5.", DATE_TAKEN},
        {"9223372036854775807", DATE_TAKEN},
        {"9223372036854775808", DATE_REFUSED}, {"1.6e12", DATE_REFUSED},
        {"-1000", DATE_TAKEN}, {"-1001", DATE_REFUSED}, {"-0", DATE_REFUSED},
        {" 5", DATE_REFUSED}, {"", DATE_REFUSED}};

    (void)state;
    assert_all("epoch_millis", cases, COUNT_OF(cases));
}

static void alternatives(void **state)
{
    static const struct date_case cases[] = {
        {"2022-01-03", DATE_TAKEN}, {"5", DATE_TAKEN}, {"x", DATE_REFUSED}};

    (void)state;
    assert_all("strict_date||epoch_millis", cases, COUNT_OF(cases));
    assert_true(engine_date_knows("epoch_millis"));
    assert_true(engine_date_knows("strict_date||epoch_millis"));
    assert_false(engine_date_knows("strict_date||basic_date"));
    assert_false(engine_date_knows("strict_date_optional_time"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days),
        cmocka_unit_test(moments),
        cmocka_unit_test(alternatives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
