/* What the limiter lets go, and what it counts. */
#include "bridge/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>

#define MB ((size_t)1 << 20)

/* No bound on what is under way, unless a test is about that. */
static void start(struct limiter *l, size_t window, size_t bytes)
{
    const struct climb_bounds most = {window, bytes, window * bytes};

    limiter_init(l, &most);
}

/* So many at once, each pressed or not, of 10 ms. */
static void answers_to(
    struct limiter *l, size_t at_once, int rounds, bool is_pressed)
{
    struct limiter_ticket t[8];

    for (int i = 0; i < rounds; i++) {
        for (size_t k = 0; k < at_once; k++) {
            limiter_sent(l, &t[k], MB, is_pressed, l->at_us);
        }
        for (size_t k = 0; k < at_once; k++) {
            limiter_answered(l, &t[k], 0, l->at_us + (k == 0 ? 10000 : 0));
        }
    }
}

static void it_lets_two_full_requests_go_first(void **state)
{
    struct limiter l;
    struct limiter_ticket t;

    (void)state;
    start(&l, 8, 5 * MB);
    for (int i = 0; i < 2; i++) {
        assert_true(limiter_allows(&l, 2 * MB));
        limiter_sent(&l, &t, 2 * MB, true, 0);
    }
    assert_false(limiter_allows(&l, 2 * MB));
    limiter_left(&l, 5);
    assert_true(limiter_allows(&l, 2 * MB));
}

static void small_ones_go_beside_it_while_nothing_is_refused(void **state)
{
    struct limiter l;
    struct limiter_ticket t[4];

    (void)state;
    start(&l, 8, 5 * MB);
    for (size_t i = 0; i < 4; i++) {
        assert_true(limiter_allows(&l, 1000));
        limiter_sent(&l, &t[i], 1000, false, 0);
    }
    assert_false(limiter_allows(&l, 1000));
    limiter_answered(&l, &t[0], 1, 10);
    limiter_left(&l, 10);
    limiter_left(&l, 10);
    assert_false(limiter_allows(&l, 1000));
    limiter_left(&l, 10);
    assert_true(limiter_allows(&l, 1000));
    start(&l, 2, 5 * MB);
    limiter_sent(&l, &t[0], 1000, false, 0);
    limiter_sent(&l, &t[1], 1000, false, 0);
    assert_false(limiter_allows(&l, 1000));
}

static void what_does_not_press_says_nothing(void **state)
{
    struct limiter l;

    (void)state;
    start(&l, 8, MB);
    answers_to(&l, 2, 500, false);
    assert_int_equal(limiter_window(&l), 2);
    answers_to(&l, 2, 4, true);
    assert_int_equal(limiter_window(&l), 4);
}

/* The window is 4 for a trial, but only two are ever under way. */
static void a_window_that_is_never_full_is_given_up(void **state)
{
    struct limiter l;

    (void)state;
    start(&l, 8, MB);
    answers_to(&l, 2, 4, true);
    assert_int_equal(limiter_window(&l), 4);
    for (int i = 0; i < 100 && limiter_window(&l) == 4; i++) {
        answers_to(&l, 2, 1, true);
    }
    assert_int_equal(limiter_window(&l), 2);
}

static void one_bad_moment_counts_once(void **state)
{
    struct limiter l;
    struct limiter_ticket t[16], late;

    (void)state;
    start(&l, 32, MB);
    l.climb.base.window = l.climb.at.window = 16;
    for (size_t i = 0; i < 16; i++) {
        limiter_sent(&l, &t[i], MB, true, 0);
    }
    for (size_t i = 0; i < 16; i++) {
        limiter_answered(&l, &t[i], 1, 1000);
        assert_int_equal(limiter_window(&l), 8);
    }
    /* What is sent after that speaks for itself again. */
    limiter_sent(&l, &late, MB, true, 1000);
    limiter_answered(&l, &late, 1, 2000);
    assert_int_equal(limiter_window(&l), 4);
}

/* What it refuses at once while it works on another says nothing new. */
static void an_engine_that_is_full_is_left_alone_until_it_took_one(void **state)
{
    struct limiter l;
    struct limiter_ticket t[4];

    (void)state;
    start(&l, 8, MB);
    l.climb.base.window = l.climb.at.window = 8;
    for (size_t i = 0; i < 3; i++) {
        limiter_sent(&l, &t[i], MB, true, 0);
    }
    limiter_answered(&l, &t[2], 1, 1000);
    assert_false(limiter_allows(&l, MB));
    assert_false(limiter_allows(&l, 1000));
    limiter_answered(&l, &t[1], 0, 2000);
    assert_true(limiter_allows(&l, MB));
    limiter_sent(&l, &t[3], MB, true, 3000);
    limiter_answered(&l, &t[3], 1, 4000);
    assert_false(limiter_allows(&l, MB));
    limiter_left(&l, 5000); /* nobody is left who could tell */
    assert_true(limiter_allows(&l, MB));
}

static void it_tells_the_latency_of_late(void **state)
{
    struct limiter l;

    (void)state;
    start(&l, 8, MB);
    assert_true(l.latency_us == 0);
    answers_to(&l, 1, 50, false);
    assert_in_range((uint64_t)l.latency_us, 9999, 10002);
}

/* While smaller bodies are tried, the large ones that were filled before are
 * answered, too, and say nothing of it. */
static void smaller_bodies_are_judged_by_smaller_bodies(void **state)
{
    struct limiter l;
    struct climb_setting large = {1, 4 * MB}, small = {1, 2 * MB};

    (void)state;
    start(&l, 1, 8 * MB);
    l.climb.base = large;
    l.climb.at = small;
    l.climb.trying = CLIMB_SMALLER_BODIES;
    for (int i = 0; i < 8; i++) {
        struct limiter_ticket t;

        limiter_sent(&l, &t, 4 * MB, true, l.at_us);
        limiter_answered(&l, &t, 0, l.at_us + 10000);
        assert_int_equal(l.counted, 0);
    }
    for (int i = 0; i < 2; i++) {
        struct limiter_ticket t;

        limiter_sent(&l, &t, 2 * MB, true, l.at_us);
        limiter_answered(&l, &t, 0, l.at_us + 10000);
        assert_int_equal(l.counted, i + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lets_two_full_requests_go_first),
        cmocka_unit_test(small_ones_go_beside_it_while_nothing_is_refused),
        cmocka_unit_test(what_does_not_press_says_nothing),
        cmocka_unit_test(a_window_that_is_never_full_is_given_up),
        cmocka_unit_test(one_bad_moment_counts_once),
        cmocka_unit_test(
            an_engine_that_is_full_is_left_alone_until_it_took_one),
        cmocka_unit_test(it_tells_the_latency_of_late),
        cmocka_unit_test(smaller_bodies_are_judged_by_smaller_bodies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
