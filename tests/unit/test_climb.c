/* The search for the best setting: each rule by itself. How well it finds is
 * test_limiter_models.c. */
#include "bridge/climb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>

#define MB ((size_t)1 << 20)

static void it_starts_with_two_small_requests(void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, 8, 5 * MB);
    assert_int_equal(c.at.window, 2);
    assert_int_equal(c.at.bytes, MB);
    climb_init(&c, 1, 1000);
    assert_int_equal(c.at.window, 1);
    assert_int_equal(c.at.bytes, 1000);
}

/* An engine that is as fast as it is asked: rate = window x bytes. */
static void requests_double_while_that_pays(void **state)
{
    static const size_t windows[] = {2, 4, 8, 13};
    struct climb c;

    (void)state;
    climb_init(&c, 13, MB);
    for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
        assert_int_equal(c.at.window, windows[i]);
        climb_measured(&c, (double)c.at.window);
    }
    assert_int_equal(c.base.window, 13);
}

static void a_doubling_without_gain_is_taken_back_and_smaller_steps_follow(
    void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, 32, MB);
    climb_measured(&c, 20);
    assert_int_equal(c.at.window, 4);
    climb_measured(&c, 21); /* 5 %: not what a doubling must bring */
    assert_int_equal(c.at.window, 2);
    for (int i = 0; c.trying != CLIMB_MORE_REQUESTS && i < 20; i++) {
        climb_measured(&c, c.at.window < 2 ? 10 : 20);
    }
    assert_int_equal(c.at.window, 3);
    climb_measured(&c, 21);
    assert_int_equal(c.base.window, 3);
}

static void bodies_grow_while_nothing_is_lost_and_never_past_their_most(
    void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, 1, 5 * MB);
    climb_measured(&c, 10);
    assert_int_equal(c.at.bytes, 2 * MB);
    climb_measured(&c, 11);
    assert_int_equal(c.at.bytes, 4 * MB);
    climb_measured(&c, 12);
    assert_int_equal(c.at.bytes, 5 * MB);
    climb_measured(&c, 11.9);
    assert_int_equal(c.at.bytes, 4 * MB);
    assert_int_equal(c.base.bytes, 4 * MB);
}

static void a_ceiling_learnt_from_413_holds_at_once(void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, 1, 5 * MB);
    climb_measured(&c, 10);
    assert_int_equal(c.at.bytes, 2 * MB);
    climb_cap(&c, 300000);
    for (int i = 0; i < 100; i++) {
        assert_in_range(c.at.bytes, 1, 300000);
        climb_measured(&c, (double)c.at.bytes);
    }
    climb_cap(&c, 1000); /* below what it would ever choose itself */
    assert_int_equal(c.at.bytes, 1000);
}

/* Everything is as good as everything: what is free goes down, the rest
 * stays, and the trials become rare. */
static void on_a_plateau_it_ends_with_few_requests_and_few_trials(void **state)
{
    struct climb c;
    int tried = 0;

    (void)state;
    climb_init(&c, 16, 4 * MB);
    c.base.window = c.at.window = 8;
    for (int i = 0; i < 1000; i++) {
        tried += i >= 500 && c.trying != CLIMB_STAY;
        climb_measured(&c, 100);
    }
    assert_int_equal(c.base.window, 1);
    assert_int_equal(c.base.bytes, 4 * MB); /* each request costs us */
    assert_in_range(tried, 1, 50);
}

static void a_refused_step_is_taken_back_and_the_base_stays(void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, 16, MB);
    climb_measured(&c, 20);
    assert_int_equal(c.at.window, 4);
    climb_refused(&c, 1);
    assert_int_equal(c.at.window, 2);
    assert_int_equal(c.base.window, 2);
}

static void a_refusal_at_the_base_cuts_it_by_half_its_share(void **state)
{
    static const struct {
        double share;
        size_t from, to;
    } cases[] = {{1, 16, 8}, {0.5, 16, 12}, {0.01, 16, 15}, {1, 2, 1},
        {0.01, 2, 1}, {1, 3, 1}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct climb c;

        climb_init(&c, 32, MB);
        c.base.window = c.at.window = cases[i].from;
        climb_refused(&c, cases[i].share);
        assert_int_equal(c.at.window, cases[i].to);
        assert_int_equal(c.at.bytes, MB);
    }
}

static void a_single_request_that_is_refused_becomes_smaller(void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, 1, 5 * MB);
    climb_refused(&c, 1);
    assert_int_equal(c.at.window, 1);
    assert_int_equal(c.at.bytes, MB / 2);
    for (int i = 0; i < 100; i++) {
        climb_refused(&c, 1);
    }
    assert_in_range(c.at.bytes, 1, 256 << 10);
}

/* The engine is as fast as it is asked, and refuses what 8 at once are. */
static void what_was_refused_is_not_tried_again_for_many_answers(void **state)
{
    struct climb c;
    unsigned hold = 0;

    (void)state;
    climb_init(&c, 16, MB);
    c.base.window = c.at.window = 8;
    for (int round = 0; round < 3; round++) {
        unsigned answers = 0;

        climb_refused(&c, 1);
        assert_in_range(c.at.window, 4, 7);
        while (c.at.window < 8) {
            climb_answered(&c);
            answers++;
            climb_measured(&c, (double)(c.at.window * c.at.bytes));
        }
        assert_true(answers >= 200);
        assert_true(answers > hold);
        hold = answers;
    }
}

static void an_engine_that_is_twice_as_fast_again_is_looked_at_anew(
    void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, 16, MB);
    c.base.window = c.at.window = 8;
    climb_refused(&c, 1);
    climb_measured(&c, 10); /* 4 */
    climb_measured(&c, 10); /* 5: no gain */
    while (c.trying != CLIMB_STAY) {
        climb_measured(&c, 5);
    }
    assert_true(c.hold > 0);
    climb_measured(&c, 100);
    assert_int_equal(c.hold, 0);
}

static void what_cannot_be_measured_is_not_kept(void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, 16, MB);
    climb_measured(&c, 10);
    assert_int_equal(c.at.window, 4);
    climb_unreachable(&c);
    assert_int_equal(c.at.window, 2);
    climb_unreachable(&c); /* nor does the base get lost */
    assert_int_equal(c.at.window, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_with_two_small_requests),
        cmocka_unit_test(requests_double_while_that_pays),
        cmocka_unit_test(
            a_doubling_without_gain_is_taken_back_and_smaller_steps_follow),
        cmocka_unit_test(
            bodies_grow_while_nothing_is_lost_and_never_past_their_most),
        cmocka_unit_test(a_ceiling_learnt_from_413_holds_at_once),
        cmocka_unit_test(on_a_plateau_it_ends_with_few_requests_and_few_trials),
        cmocka_unit_test(a_refused_step_is_taken_back_and_the_base_stays),
        cmocka_unit_test(a_refusal_at_the_base_cuts_it_by_half_its_share),
        cmocka_unit_test(a_single_request_that_is_refused_becomes_smaller),
        cmocka_unit_test(what_was_refused_is_not_tried_again_for_many_answers),
        cmocka_unit_test(
            an_engine_that_is_twice_as_fast_again_is_looked_at_anew),
        cmocka_unit_test(what_cannot_be_measured_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
