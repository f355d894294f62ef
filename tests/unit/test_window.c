/* The last five minutes of counters and gauges, by a fake clock. */
#include "bridge/watch/window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static int open_window(void **state)
{
    const uint64_t nothing[2] = {0, 0};
    struct window *w = window_new(2);

    assert_non_null(w);
    window_tick(w, 1000, nothing);
    *state = w;
    return 0;
}

static int close_window(void **state)
{
    window_free(*state);
    return 0;
}

static void tick(struct window *w, int64_t now_s, uint64_t a, uint64_t b)
{
    const uint64_t values[2] = {a, b};

    window_tick(w, now_s, values);
}

static void at_first_all_growth_counts(void **state)
{
    struct window *w = *state;

    assert_int_equal(window_length_s(w), 0);
    assert_int_equal(window_grew(w, 0, 7), 7);
    tick(w, 1001, 10, 0);
    tick(w, 1002, 30, 0);
    assert_int_equal(window_length_s(w), 2);
    assert_int_equal(window_grew(w, 0, 31), 31);
    assert_int_equal(window_grew(w, 1, 0), 0);
}

static void what_is_older_than_five_minutes_is_forgotten(void **state)
{
    struct window *w = *state;

    for (int64_t s = 1; s <= 1000; s++) {
        tick(w, 1000 + s, (uint64_t)s, (uint64_t)(s * s));
    }
    assert_int_equal(window_length_s(w), WINDOW_SECONDS);
    assert_int_equal(window_grew(w, 0, 1000), WINDOW_SECONDS);
    assert_int_equal(window_grew(w, 1, 1000000), 1000000 - 700 * 700);
    /* What came since the last tick counts at once. */
    assert_int_equal(window_grew(w, 0, 1004), WINDOW_SECONDS + 4);
}

static void a_counter_that_stands_still_has_grown_by_nothing(void **state)
{
    struct window *w = *state;

    tick(w, 1001, 500, 0);
    tick(w, 1001 + WINDOW_SECONDS - 1, 500, 0);
    assert_int_equal(window_grew(w, 0, 500), 500);
    tick(w, 1001 + WINDOW_SECONDS, 500, 0);
    assert_int_equal(window_grew(w, 0, 500), 0);
}

static void missed_seconds_have_the_values_of_the_tick_behind_them(void **state)
{
    struct window *w = *state;

    tick(w, 1001, 10, 1);
    tick(w, 1005, 50, 5);
    assert_int_equal(window_value(w, 0, 0), 50);
    assert_int_equal(window_value(w, 0, 1), 50);
    assert_int_equal(window_value(w, 0, 3), 50);
    assert_int_equal(window_value(w, 0, 4), 10);
    assert_int_equal(window_value(w, 1, 5), 0);
}

static void a_pause_longer_than_the_window_leaves_nothing_old(void **state)
{
    struct window *w = *state;

    tick(w, 1001, 10, 0);
    tick(w, 1000000, 20, 0);
    assert_int_equal(window_length_s(w), WINDOW_SECONDS);
    for (size_t ago = 0; ago <= WINDOW_SECONDS; ago++) {
        assert_int_equal(window_value(w, 0, ago), 20);
    }
    assert_int_equal(window_grew(w, 0, 21), 1);
}

static void a_second_given_twice_has_the_newer_values(void **state)
{
    struct window *w = *state;

    tick(w, 1001, 10, 0);
    tick(w, 1001, 11, 0);
    assert_int_equal(window_length_s(w), 1);
    assert_int_equal(window_value(w, 0, 0), 11);
    assert_int_equal(window_value(w, 0, 1), 0);
    tick(w, 900, 12, 0); /* a clock that goes back does no harm */
    assert_int_equal(window_length_s(w), 1);
    assert_int_equal(window_value(w, 0, 0), 12);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, open_window, close_window)

int main(void)
{
    const struct CMUnitTest cases[] = {
        CASE(at_first_all_growth_counts),
        CASE(what_is_older_than_five_minutes_is_forgotten),
        CASE(a_counter_that_stands_still_has_grown_by_nothing),
        CASE(missed_seconds_have_the_values_of_the_tick_behind_them),
        CASE(a_pause_longer_than_the_window_leaves_nothing_old),
        CASE(a_second_given_twice_has_the_newer_values),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
