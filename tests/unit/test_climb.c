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

/* No bound on what is under way, unless a test is about that. */
static void start(struct climb *c, size_t window, size_t bytes)
{
    const struct climb_bounds most = {window, bytes, window * bytes};

    climb_init(c, &most);
}

static void it_starts_with_two_requests_as_far_as_it_may(void **state)
{
    struct climb c;

    (void)state;
    start(&c, 8, 5 * MB);
    assert_int_equal(c.at.window, 2);
    assert_int_equal(c.at.bytes, 3 * MB);
    start(&c, 1, 1000);
    assert_int_equal(c.at.window, 1);
    assert_int_equal(c.at.bytes, 1000);
    climb_init(&c, &(struct climb_bounds){8, 5 * MB, 3 * MB});
    assert_int_equal(c.at.window, 2);
    assert_int_equal(c.at.bytes, 3 * MB / 2);
    climb_init(&c, &(struct climb_bounds){8, 100000, 100000});
    assert_int_equal(c.at.window, 2);
    assert_int_equal(c.at.bytes, 50000);
}

/* An engine that is as fast as it is asked: rate = window x bytes. */
static void requests_double_while_that_pays(void **state)
{
    static const size_t windows[] = {2, 4, 8, 13};
    struct climb c;

    (void)state;
    start(&c, 13, MB);
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
    start(&c, 32, MB);
    climb_measured(&c, 20);
    assert_int_equal(c.at.window, 4);
    climb_measured(&c, 21); /* 5 %: not what a doubling must bring */
    assert_int_equal(c.at.window, 2);
    for (int i = 0; c.trying != CLIMB_MORE_REQUESTS && i < 30; i++) {
        climb_measured(&c, c.at.window < 2 ? 10 : 20);
    }
    assert_int_equal(c.at.window, 3);
    climb_measured(&c, 21); /* judged when the base was measured again */
    assert_int_equal(c.at.window, 2);
    climb_measured(&c, 20);
    assert_int_equal(c.base.window, 3);
}

/* From the base at 2 x 3 MB to the first trial of larger bodies. */
static void go_to_larger_bodies(struct climb *c, double rate)
{
    start(c, 2, 5 * MB);
    climb_measured(c, rate);
    assert_int_equal(c->trying, CLIMB_LARGER_BODIES);
    assert_int_equal(c->at.bytes, 5 * MB);
}

static void a_step_is_judged_by_the_base_before_and_after_it(void **state)
{
    struct climb c;

    (void)state;
    go_to_larger_bodies(&c, 100);
    climb_measured(&c, 90); /* the engine slows down */
    assert_int_equal(c.at.bytes, 3 * MB);
    climb_measured(&c, 76);
    assert_int_equal(c.base.bytes, 5 * MB);
    assert_int_equal(c.at.bytes, 5 * MB);

    go_to_larger_bodies(&c, 100);
    climb_measured(&c, 105); /* the engine warms up */
    climb_measured(&c, 115);
    assert_int_equal(c.base.bytes, 3 * MB);

    go_to_larger_bodies(&c, 100);
    climb_measured(&c, 111); /* plain enough */
    assert_int_equal(c.base.bytes, 5 * MB);

    go_to_larger_bodies(&c, 100);
    climb_measured(&c, 105);
    climb_refused(&c, 1); /* the base, which is another one now */
    climb_measured(&c, 1);
    assert_int_equal(c.base.bytes, 3 * MB / 2);
}

/* 8 % more is a gain where the base is steady, and none where its own trials
 * differ by more than that. */
static void a_gain_is_more_than_the_base_differs_by_itself(void **state)
{
    static const double others[] = {100, 115};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct climb c;
        double mean = (100 + others[i]) / 2;
        bool is_other = false;

        climb_init(&c, &(struct climb_bounds){4, 3 * MB, 12 * MB});
        c.is_fast = false;
        c.rest[CLIMB_MORE_REQUESTS] = 7;
        while (c.trying != CLIMB_MORE_REQUESTS) {
            climb_measured(&c, is_other ? others[i] : 100);
            is_other = !is_other;
        }
        climb_measured(&c, 1.08 * mean);
        climb_measured(&c, mean);
        assert_int_equal(c.base.window, i == 0 ? 3 : 2);
    }
}

/* Where memory bounds what is under way, larger bodies are to be had for fewer
 * requests alone. */
static void fewer_requests_are_larger_where_larger_ones_do_not_fit(void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, &(struct climb_bounds){8, 5 * MB, 6 * MB});
    for (int i = 0; c.base.window < 6 && i < 100; i++) {
        climb_measured(&c, (double)c.at.window);
    }
    for (int i = 0; i < 200; i++) {
        assert_true(c.at.window * c.at.bytes <= 6 * MB);
        climb_measured(&c, c.at.window > 1 ? (double)c.at.bytes : 0);
    }
    assert_int_equal(c.base.window, 2);
    assert_int_equal(c.base.bytes, 3 * MB);
}

static void bodies_grow_while_nothing_is_lost_and_never_past_their_most(
    void **state)
{
    struct climb c;

    (void)state;
    start(&c, 1, 14 * MB);
    climb_measured(&c, 10);
    assert_int_equal(c.at.bytes, 6 * MB);
    climb_measured(&c, 10.1);
    climb_measured(&c, 10);
    assert_int_equal(c.base.bytes, 6 * MB);
    assert_int_equal(c.at.bytes, 12 * MB); /* on the same way */
    climb_measured(&c, 20);
    assert_int_equal(c.at.bytes, 14 * MB);
    climb_measured(&c, 19);
    climb_measured(&c, 20);
    assert_int_equal(c.base.bytes, 12 * MB);
}

/* Faster the more is asked for, and never more than may be under way. */
static void what_may_be_under_way_is_shared_out_and_never_exceeded(void **state)
{
    struct climb c;

    (void)state;
    climb_init(&c, &(struct climb_bounds){32, 5 * MB, 6 * MB});
    for (int i = 0; i < 200; i++) {
        assert_true(c.at.window * c.at.bytes <= 6 * MB);
        climb_measured(&c, (double)c.at.window);
    }
    assert_in_range(c.base.window, 20, 24);
    assert_in_range(c.base.bytes, 256 << 10, 300 << 10);
}

static void a_step_that_is_far_worse_is_hopeless_and_the_base_never(
    void **state)
{
    struct climb c;

    (void)state;
    start(&c, 16, MB);
    assert_false(climb_is_hopeless(&c, 0));
    climb_measured(&c, 100);
    assert_int_equal(c.trying, CLIMB_MORE_REQUESTS);
    assert_true(climb_is_hopeless(&c, 70));
    assert_false(climb_is_hopeless(&c, 90));
    climb_measured(&c, 70);
    assert_false(climb_is_hopeless(&c, 10));
}

static void a_ceiling_learnt_from_413_holds_at_once(void **state)
{
    struct climb c;

    (void)state;
    start(&c, 1, 5 * MB);
    climb_measured(&c, 10);
    assert_int_equal(c.at.bytes, 5 * MB);
    climb_measured(&c, 10.5); /* to be judged when the base was measured */
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
    start(&c, 16, 4 * MB);
    c.base.window = c.at.window = 8;
    for (int i = 0; i < 1000; i++) {
        tried += i >= 500 && c.trying != CLIMB_STAY;
        climb_measured(&c, 100);
    }
    assert_int_equal(c.base.window, 2);
    assert_int_equal(c.base.bytes, 4 * MB); /* each request costs us */
    assert_in_range(tried, 1, 50);
}

static void a_refused_step_is_taken_back_and_the_base_stays(void **state)
{
    struct climb c;

    (void)state;
    start(&c, 16, MB);
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
    } cases[] = {
        {1, 16, 8}, {0.5, 16, 12}, {0.01, 16, 15}, {0.01, 3, 2}, {1, 3, 1}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct climb c;

        start(&c, 32, MB);
        c.base.window = c.at.window = cases[i].from;
        climb_refused(&c, cases[i].share);
        assert_int_equal(c.at.window, cases[i].to);
        assert_int_equal(c.at.bytes, MB);
    }
}

static void two_requests_get_smaller_before_they_get_fewer(void **state)
{
    static const struct {
        double share;
        size_t window, from_kb;
        size_t to_window, to_kb;
    } cases[] = {{1, 2, 1024, 2, 512}, {0.5, 2, 1024, 2, 768},
        {1, 1, 1024, 1, 512}, {1, 2, 300, 2, 256}, {1, 2, 256, 1, 256},
        {1, 1, 256, 1, 256}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct climb c;

        start(&c, 32, MB);
        c.base =
            (struct climb_setting){cases[i].window, cases[i].from_kb << 10};
        c.at = c.base;
        climb_refused(&c, cases[i].share);
        assert_int_equal(c.at.window, cases[i].to_window);
        assert_int_equal(c.at.bytes, cases[i].to_kb << 10);
    }
}

/* More requests with as much under way: what is refused is the bytes. */
static void after_a_refusal_more_requests_are_smaller_ones(void **state)
{
    struct climb c;

    (void)state;
    start(&c, 16, MB);
    climb_measured(&c, 20);
    assert_int_equal(c.at.window, 4);
    climb_refused(&c, 1);
    climb_measured(&c, 20);
    assert_int_equal(c.at.window, 4);
    assert_int_equal(c.at.bytes, MB / 2);
    climb_measured(&c, 40);
    assert_int_equal(c.base.window, 4);
}

/* The engine is as fast as it is asked, and refuses what 8 MB at once are. */
static void what_was_refused_is_not_tried_again_for_many_answers(void **state)
{
    struct climb c;
    unsigned hold = 0;

    (void)state;
    start(&c, 16, MB);
    c.base.window = c.at.window = 8;
    for (int round = 0; round < 3; round++) {
        unsigned answers = 0;
        size_t refused = c.at.window * c.at.bytes;

        climb_refused(&c, 1);
        while (c.at.window * c.at.bytes < refused) {
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
    start(&c, 16, MB);
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
    start(&c, 16, MB);
    climb_measured(&c, 10);
    assert_int_equal(c.at.window, 4);
    climb_unreachable(&c);
    assert_int_equal(c.at.window, 2);
    climb_unreachable(&c); /* nor does the base get lost */
    assert_int_equal(c.at.window, 2);

    go_to_larger_bodies(&c, 100);
    climb_measured(&c, 105);
    climb_unreachable(&c); /* long ago, when the base is measured again */
    climb_measured(&c, 100);
    assert_int_equal(c.base.bytes, 3 * MB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_with_two_requests_as_far_as_it_may),
        cmocka_unit_test(requests_double_while_that_pays),
        cmocka_unit_test(
            a_doubling_without_gain_is_taken_back_and_smaller_steps_follow),
        cmocka_unit_test(a_step_is_judged_by_the_base_before_and_after_it),
        cmocka_unit_test(a_gain_is_more_than_the_base_differs_by_itself),
        cmocka_unit_test(
            fewer_requests_are_larger_where_larger_ones_do_not_fit),
        cmocka_unit_test(
            bodies_grow_while_nothing_is_lost_and_never_past_their_most),
        cmocka_unit_test(
            what_may_be_under_way_is_shared_out_and_never_exceeded),
        cmocka_unit_test(
            a_step_that_is_far_worse_is_hopeless_and_the_base_never),
        cmocka_unit_test(a_ceiling_learnt_from_413_holds_at_once),
        cmocka_unit_test(on_a_plateau_it_ends_with_few_requests_and_few_trials),
        cmocka_unit_test(a_refused_step_is_taken_back_and_the_base_stays),
        cmocka_unit_test(a_refusal_at_the_base_cuts_it_by_half_its_share),
        cmocka_unit_test(two_requests_get_smaller_before_they_get_fewer),
        cmocka_unit_test(after_a_refusal_more_requests_are_smaller_ones),
        cmocka_unit_test(what_was_refused_is_not_tried_again_for_many_answers),
        cmocka_unit_test(
            an_engine_that_is_twice_as_fast_again_is_looked_at_anew),
        cmocka_unit_test(what_cannot_be_measured_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
