/* The calendar against a day-by-day walk over all of its years. */
#include "common/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define DAY_OF_0001_01_01 INT64_C(-719162)
#define DAY_OF_9999_12_31 INT64_C(2932896)

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

static void expect_day(int64_t day, struct civil c)
{
    struct civil back = civil_from_days(day);
    char text[32], out[CIVIL_DATE_BYTES + 1];
    int64_t parsed = 0;

    (void)snprintf(
        text, sizeof(text), "%04d-%02d-%02d", c.year, c.month, c.day);
    civil_format(day, out);
    if (civil_to_days(c) != day || back.year != c.year ||
        back.month != c.month || back.day != c.day || strcmp(out, text) != 0 ||
        civil_parse(slice_of(text), &parsed) != 0 || parsed != day) {
        fail_msg("%s: day %lld, back %d-%d-%d, %s", text,
            (long long)civil_to_days(c), back.year, back.month, back.day, out);
    }
}

static void every_day_of_the_years_1_to_9999_goes_there_and_back(void **state)
{
    int64_t day = DAY_OF_0001_01_01;
    int weekday = 1; /* 0001-01-01 was a Monday */

    (void)state;
    for (int y = 1; y <= 9999; y++) {
        for (int m = 1; m <= 12; m++) {
            for (int d = 1; d <= days_in(y, m); d++) {
                expect_day(day, (struct civil){y, m, d});
                assert_int_equal(civil_weekday(day), weekday);
                day++;
                weekday = (weekday + 1) % 7;
            }
        }
    }
    assert_int_equal(day - 1, DAY_OF_9999_12_31);
}

static void known_days_have_their_numbers_and_weekdays(void **state)
{
    static const struct {
        const char *date;
        int64_t day;
        int weekday;
    } cases[] = {
        {"1970-01-01", 0, 4},
        {"1969-12-31", -1, 3},
        {"2000-02-29", 11016, 2},
        {"1995-05-02", 9252, 2},
        {"2022-01-03", 18995, 1},
        {"2038-01-19", 24855, 2},
        {"1900-03-01", -25508, 4},
        {"0001-01-01", DAY_OF_0001_01_01, 1},
        {"9999-12-31", DAY_OF_9999_12_31, 5},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t day = 0;

        assert_int_equal(civil_parse(slice_of(cases[i].date), &day), 0);
        assert_int_equal(day, cases[i].day);
        assert_int_equal(civil_weekday(day), cases[i].weekday);
    }
}

static void what_is_no_date_is_refused_and_changes_nothing(void **state)
{
    static const char *const cases[] = {"", "2022", "2022-1-3", "22-01-03",
        "2022-01-3", "2022-01-03 ", " 2022-01-03", "2022-01-03T", "2022/01/03",
        "2022-01/03", "20220103", "0000-01-01", "2022-00-01", "2022-13-01",
        "2022-01-00", "2022-01-32", "2020-02-30", "2021-02-29", "1900-02-29",
        "2022-04-31", "2022-06-31", "2022-09-31", "2022-11-31", "-022-01-03",
        "+022-01-03", "2022--1-03", "2022-01--3", "2o22-01-03", "2022-01-0x",
        "2022-01- 3"};
    int64_t day = 4711;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (civil_parse(slice_of(cases[i]), &day) != -1 || day != 4711) {
            fail_msg("'%s' is taken for a date", cases[i]);
        }
    }
}

static void a_date_is_read_by_its_length_not_by_a_nul(void **state)
{
    int64_t day = 0;

    (void)state;
    assert_int_equal(civil_parse((struct slice){"2022-01-0399", 10}, &day), 0);
    assert_int_equal(day, 18995);
    assert_int_equal(
        civil_parse((struct slice){"2022-01-03\0\0", 11}, &day), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_the_years_1_to_9999_goes_there_and_back),
        cmocka_unit_test(known_days_have_their_numbers_and_weekdays),
        cmocka_unit_test(what_is_no_date_is_refused_and_changes_nothing),
        cmocka_unit_test(a_date_is_read_by_its_length_not_by_a_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
