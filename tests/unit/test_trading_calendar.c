/*
 * The trading calendar against days known from history, against counts a year
 * of the XKRX sessions of PyPI exchange_calendars (their Saturdays taken out,
 * and the two closures of 2026 they lack), and against the source's files when
 * they are there.
 */
#include "replay/trading_calendar.h"

#include "common/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static int64_t day_of(const char *text)
{
    int64_t day = 0;

    assert_int_equal(civil_parse(slice_of(text), &day), 0);
    return day;
}

struct known_day {
    const char *date;
    bool open;
    const char *why;
};

static const struct known_day known_days[] = {
    {"1995-05-02", true, "a Tuesday"},
    {"1998-11-07", false, "Saturdays count as closed even then"},
    {"1998-01-02", false, "a second New Year's day until 1998"},
    {"2003-01-02", true, "no longer a holiday"},
    {"2020-05-01", false, "Labour Day"},
    {"2005-04-05", false, "Arbor Day until 2005"},
    {"2006-04-05", true, "Arbor Day is no holiday any more"},
    {"2007-07-17", false, "Constitution Day until 2007"},
    {"2008-07-17", true, "Constitution Day is no holiday any more"},
    {"2026-07-17", false, "Constitution Day again"},
    {"2012-10-09", true, "Hangul Day between 1991 and 2012"},
    {"2013-10-09", false, "Hangul Day again"},
    {"2022-01-28", true, "the Friday before Seollal"},
    {"2022-01-31", false, "the day before Seollal"},
    {"2022-02-01", false, "Seollal"},
    {"2022-02-02", false, "the day after Seollal"},
    {"2022-02-03", true, "Seollal is over"},
    {"2016-09-14", false, "the day before Chuseok"},
    {"2016-09-16", false, "the day after Chuseok"},
    {"2020-04-30", false, "Buddha's birthday"},
    {"2014-09-10", false, "the first substitute holiday"},
    {"2017-05-09", false, "a presidential election"},
    {"2017-10-02", false, "a temporary holiday"},
    {"2019-12-30", true, "the last trading day"},
    {"2019-12-31", false, "the exchange's year-end"},
    {"2022-12-30", false, "the year-end, as the 31st is a Saturday"},
    {"2022-12-29", true, "the last trading day"},
};

static void known_days_are_open_or_closed(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(known_days); i++) {
        const struct known_day *k = &known_days[i];

        if (trading_calendar_is_open(day_of(k->date)) != k->open) {
            fail_msg("%s should be %s: %s", k->date, k->open ? "open" : "shut",
                k->why);
        }
    }
}

static void only_years_of_the_table_are_known(void **state)
{
    (void)state;
    assert_false(trading_calendar_knows(1994));
    assert_true(trading_calendar_knows(1995));
    assert_true(trading_calendar_knows(2026));
    assert_false(trading_calendar_knows(2027));
}

static int count_days(const char *from, const char *to)
{
    int64_t last = day_of(to);
    int n = 0;

    for (int64_t day = day_of(from); day <= last; day++) {
        n += trading_calendar_is_open(day);
    }
    return n;
}

static void every_year_has_its_number_of_days(void **state)
{
    static const int days[] = {245, 245, 243, 247, 249, 241, 246, 244, 247, 249,
        249, 247, 246, 248, 253, 251, 248, 248, 247, 245, 248, 246, 243, 244,
        246, 248, 248, 246, 245, 244, 242, 244};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        char from[32], to[32];
        int year = TRADING_CALENDAR_FIRST_YEAR + (int)i;

        (void)snprintf(from, sizeof(from), "%04d-01-01", year);
        (void)snprintf(to, sizeof(to), "%04d-12-31", year);
        if (count_days(from, to) != days[i]) {
            fail_msg("%d should have %d days, not %d", year, days[i],
                count_days(from, to));
        }
    }
    assert_int_equal(count_days("1995-05-02", "2020-12-31"), 6334);
}

/* The date of a row, its last column, or NULL in the header. */
static char *date_of_row(char *line)
{
    char *comma = strrchr(line, ',');

    if (comma == NULL || comma[1] != '"' || comma[2] == 'D') {
        return NULL;
    }
    comma[2 + CIVIL_DATE_BYTES] = '\0';
    return comma + 2;
}

/* The file's days rise, so each must be the calendar's next open one. */
static int compare_file(const char *path)
{
    gzFile file = gzopen(path, "rb");
    int64_t last = 0;
    char line[1024];
    int n = 0;

    assert_non_null(file);
    while (gzgets(file, line, sizeof(line)) != NULL) {
        const char *date = date_of_row(line);
        int64_t day;

        if (date == NULL || (day = day_of(date)) == last) {
            continue;
        }
        if (!trading_calendar_is_open(day)) {
            fail_msg("%s: %s should be open", path, date);
        }
        for (int64_t d = last + 1; n > 0 && d < day; d++) {
            char text[CIVIL_DATE_BYTES + 1];

            civil_format(d, text);
            if (trading_calendar_is_open(d)) {
                fail_msg("%s: %s should be closed", path, text);
            }
        }
        last = day;
        n++;
    }
    assert_int_equal(gzclose(file), Z_OK);
    return n;
}

static void days_are_those_of_the_source_files(void **state)
{
    const char *shared = getenv("NARU_SHARED");
    char pattern[1024];
    glob_t found = {0};
    int days = 0;

    (void)state;
    (void)snprintf(pattern, sizeof(pattern), "%s/data/marcap-*.csv.gz",
        shared != NULL ? shared : "no-such-folder");
    if (glob(pattern, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++) {
            days += compare_file(found.gl_pathv[i]);
        }
    }
    print_message("%zu source files, %d days compared\n", found.gl_pathc, days);
    globfree(&found);
    if (days == 0) {
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days_are_open_or_closed),
        cmocka_unit_test(only_years_of_the_table_are_known),
        cmocka_unit_test(every_year_has_its_number_of_days),
        cmocka_unit_test(days_are_those_of_the_source_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
