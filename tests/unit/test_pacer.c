/* Schedules of event times, and the texts that choose them. */
#include "replay/pacer.h"

#include "common/civil.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define START_US INT64_C(5000000)
#define SEOUL_MINUTES 540

/* Midnight of a date in Seoul. */
static int64_t event(const char *date)
{
    int64_t day = 0;

    assert_int_equal(civil_parse(slice_of(date), &day), 0);
    return day * INT64_C(86400000) - SEOUL_MINUTES * INT64_C(60000);
}

static struct pacer pacer_of(const char *text)
{
    struct pacer p;
    struct pace pace;
    struct error err;

    assert_int_equal(pace_parse(text, &pace, &err), 0);
    pacer_init(&p, pace, START_US, SEOUL_MINUTES);
    return p;
}

/* Due times after the start of five rows on three days. */
static void due_times_follow_from_the_pace(void **state)
{
    static const char *const dates[] = {
        "2022-01-03", "2022-01-03", "2022-01-04", "2022-01-07", "2022-01-07"};
    static const struct {
        const char *pace;
        int64_t due_us[COUNT_OF(dates)];
    } cases[] = {
        {"max", {0, 0, 0, 0, 0}},
        {"day:1s", {0, 0, 1000000, 2000000, 2000000}},
        {"day:250ms", {0, 0, 250000, 500000, 500000}},
        {"day:1m", {0, 0, 60000000, 120000000, 120000000}},
        {"row:1s", {0, 1000000, 2000000, 3000000, 4000000}},
        {"row:1.5us", {0, 1, 3, 4, 6}},
        {"1000/s", {0, 1000, 2000, 3000, 4000}},
        {"0.5/s", {0, 2000000, 4000000, 6000000, 8000000}},
        {"3/s", {0, 333333, 666666, 1000000, 1333333}},
        {"x86400", {0, 0, 1000000, 4000000, 4000000}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct pacer p = pacer_of(cases[i].pace);

        for (size_t row = 0; row < COUNT_OF(dates); row++) {
            int64_t due_us = pacer_next(&p, event(dates[row])) - START_US;

            if (due_us != cases[i].due_us[row]) {
                fail_msg("%s, row %zu: due after %lld us", cases[i].pace, row,
                    (long long)due_us);
            }
        }
        assert_int_equal(p.days, 3);
        assert_int_equal(p.closed, 2);
    }
}

static void a_rate_does_not_drift_over_many_rows(void **state)
{
    struct pacer p = pacer_of("3/s");
    int64_t due_us = 0;

    (void)state;
    for (int i = 0; i <= 3000000; i++) {
        due_us = pacer_next(&p, 0);
    }
    assert_int_equal(due_us - START_US, INT64_C(1000000000000));
}

static void a_day_is_a_day_of_the_exchange(void **state)
{
    struct pacer p = pacer_of("day:1s");

    (void)state;
    /* 23:59 of the 3rd and 00:00 of the 4th in Seoul are one day in UTC. */
    assert_int_equal(pacer_next(&p, event("2022-01-04") - 60000), START_US);
    assert_int_equal(pacer_next(&p, event("2022-01-04")), START_US + 1000000);
    assert_int_equal(p.days, 2);
}

static void days_before_1970_and_extreme_times_are_days_too(void **state)
{
    struct pacer p = pacer_of("day:1s");

    (void)state;
    (void)pacer_next(&p, INT64_MIN);
    (void)pacer_next(&p, event("1969-12-30"));
    assert_int_equal(p.last_day, -2);
    (void)pacer_next(&p, INT64_MAX);
    assert_int_equal(p.days, 3);
}

static void a_schedule_beyond_all_time_is_never_due(void **state)
{
    struct pacer p = pacer_of("x0.000001");

    (void)state;
    (void)pacer_next(&p, event("0001-01-01"));
    assert_true(pacer_next(&p, event("9999-12-31")) == INT64_MAX);
}

static void a_further_pass_follows_a_step_after_the_last(void **state)
{
    static const struct {
        const char *pace;
        int64_t due_us[4];
    } cases[] = {
        {"day:1s", {0, 1000000, 2000000, 3000000}},
        {"row:1s", {0, 1000000, 2000000, 3000000}},
        {"x86400", {0, 3000000, 3000000, 6000000}},
        {"max", {0, 0, 0, 0}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct pacer p = pacer_of(cases[i].pace);

        for (size_t row = 0; row < 4; row++) {
            int64_t due_us;

            if (row == 2) {
                pacer_begin_again(&p);
            }
            due_us = pacer_next(
                &p, event(row % 2 == 0 ? "2022-01-03" : "2022-01-06"));
            assert_int_equal(due_us - START_US, cases[i].due_us[row]);
        }
        assert_int_equal(p.days, 4);
        assert_int_equal(p.closed, 4); /* two a pass, none between */
    }
}

static void a_pause_moves_what_is_to_come(void **state)
{
    struct pacer p = pacer_of("row:1s");

    (void)state;
    assert_int_equal(pacer_next(&p, 0), START_US);
    pacer_shift(&p, 5000000);
    assert_int_equal(pacer_next(&p, 0), START_US + 6000000);
}

static void durations_are_numbers_with_units(void **state)
{
    static const char *const bad[] = {
        "", "1", "0s", "-1s", "25h", "s", "0.1us"};
    int64_t us;

    (void)state;
    assert_int_equal(duration_parse("1.5s", &us), 0);
    assert_int_equal(us, 1500000);
    assert_int_equal(duration_parse("24h", &us), 0);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(duration_parse(bad[i], &us), -1);
    }
}

static void nothing_sent_means_no_closed_days(void **state)
{
    struct pacer p = pacer_of("max");

    (void)state;
    assert_int_equal(p.closed, 0);
}

static void other_texts_are_no_paces(void **state)
{
    static const char *const bad[] = {"", "fast", "day", "day:", "day:1",
        "day:0s", "day:-1s", "day:1x", "day:1s ", "day: 1s", "day:25h",
        "day:0x10s", "row:1", "row:infs", "row:nans", "1000", "1000/m", "0/s",
        "-5/s", "1000 /s", "x", "x0", "x-1", "x1y", "1e999/s", "maximum",
        "DAY:1s"};
    struct pace pace;
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (pace_parse(bad[i], &pace, &err) != -1) {
            fail_msg("'%s' was taken", bad[i]);
        }
        assert_non_null(strstr(err.text, "not a pace; write day:1s"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_times_follow_from_the_pace),
        cmocka_unit_test(a_rate_does_not_drift_over_many_rows),
        cmocka_unit_test(a_day_is_a_day_of_the_exchange),
        cmocka_unit_test(days_before_1970_and_extreme_times_are_days_too),
        cmocka_unit_test(a_schedule_beyond_all_time_is_never_due),
        cmocka_unit_test(a_further_pass_follows_a_step_after_the_last),
        cmocka_unit_test(a_pause_moves_what_is_to_come),
        cmocka_unit_test(durations_are_numbers_with_units),
        cmocka_unit_test(nothing_sent_means_no_closed_days),
        cmocka_unit_test(other_texts_are_no_paces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
