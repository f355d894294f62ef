/* Numbers by value: every spelling of one gives one text. */
#include "verify/decimal.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const char *canon(struct buf *out, const char *text)
{
    buf_clear(out);
    if (decimal_canon(slice_of(text), out) != 0) {
        assert_int_equal(out->len_bytes, 0);
        return "refused";
    }
    return buf_str(out);
}

static void every_spelling_of_a_number_gives_the_same_text(void **state)
{
    static const struct {
        const char *text, *canon;
    } cases[] = {
        {"78600", "786e2"},
        {"78600.0", "786e2"},
        {"7.86e4", "786e2"},
        {"7.86E+4", "786e2"},
        {"0.786e5", "786e2"},
        {"786000e-1", "786e2"},
        {"7860000.00e-2", "786e2"},
        {"78601", "78601"},
        {"13502112.0", "13502112"},
        {"13502112", "13502112"},
        {"-1.5", "-15e-1"},
        {"-1.50", "-15e-1"},
        {"-15e-1", "-15e-1"},
        {"0", "0"},
        {"-0", "0"},
        {"0.0", "0"},
        {"-0.000", "0"},
        {"0e9", "0"},
        {"0.001", "1e-3"},
        {"0.0010", "1e-3"},
        {"1e-3", "1e-3"},
        {"10.01", "1001e-2"},
        {"1.0", "1"},
        {"1e0", "1"},
        {"100e-2", "1"},
        /* What a double would make equal: */
        {"469224908430000", "46922490843e4"},
        {"469224908430001", "469224908430001"},
        {"9007199254740993", "9007199254740993"},
        {"9007199254740992", "9007199254740992"},
        {"9223372036854775807", "9223372036854775807"},
        {"9223372036854775808", "9223372036854775808"},
        {"0.1", "1e-1"},
        {"0.1000000000000000055511151231257827",
            "1000000000000000055511151231257827e-34"},
        {"1e999999999999999999", "1e999999999999999999"},
    };
    struct buf out;

    (void)state;
    buf_init(&out, 1024);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(canon(&out, cases[i].text), cases[i].canon);
    }
    buf_fini(&out);
}

static void what_is_no_number_of_json_is_refused(void **state)
{
    static const char *const cases[] = {"", "-", "+5", "05", "-05", ".5", "5.",
        "1e", "1e+", "e5", "1.2.3", "1 ", " 1", "0x10", "nan", "Infinity",
        "1,000", "--1", "1e1.5", "1e9999999999999999999"};
    struct buf out;

    (void)state;
    buf_init(&out, 1024);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(canon(&out, cases[i]), "refused");
    }
    buf_fini(&out);
}

static void a_text_that_finds_no_room_leaves_nothing(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 4);
    assert_string_equal(canon(&out, "-123456"), "refused");
    buf_fini(&out);
}

static void whole_numbers_keep_their_range_and_their_digits(void **state)
{
    static const struct {
        const char *text, *digits; /* NULL: it is none */
    } cases[] = {
        {"0", "0"},
        {"-0", "0"},
        {"-0.0", "0"},
        {"13502112.0", "13502112"},
        {"-17.00", "-17"},
        {"9223372036854775807", "9223372036854775807"},
        {"9223372036854775808", NULL},
        {"-9223372036854775808", "-9223372036854775808"},
        {"-9223372036854775809", NULL},
        {"99999999999999999999", NULL},
        {"1.5", NULL},
        {"1e3", NULL},
        {"005930", NULL},
        {"abc", NULL},
        {"", NULL},
    };
    struct slice digits;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bool whole = decimal_whole(
            slice_of(cases[i].text), INT64_MIN, INT64_MAX, &digits);

        assert_int_equal(whole, cases[i].digits != NULL);
        if (whole) {
            assert_true(slice_is(digits, cases[i].digits));
        }
    }
    assert_true(
        decimal_whole(slice_of("2147483647"), INT32_MIN, INT32_MAX, &digits));
    assert_false(
        decimal_whole(slice_of("2147483648"), INT32_MIN, INT32_MAX, &digits));
    assert_true(
        decimal_whole(slice_of("-2147483648"), INT32_MIN, INT32_MAX, &digits));
}

static void a_double_holds_it_or_not(void **state)
{
    (void)state;
    assert_true(decimal_is_finite(slice_of("1.7e308")));
    assert_false(decimal_is_finite(slice_of("1.8e308")));
    assert_true(decimal_is_finite(slice_of("1e-999")));
    assert_false(decimal_is_finite(slice_of("nan")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_a_number_gives_the_same_text),
        cmocka_unit_test(what_is_no_number_of_json_is_refused),
        cmocka_unit_test(a_text_that_finds_no_room_leaves_nothing),
        cmocka_unit_test(whole_numbers_keep_their_range_and_their_digits),
        cmocka_unit_test(a_double_holds_it_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
