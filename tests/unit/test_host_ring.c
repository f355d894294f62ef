/* Which host takes the next request. */
#include "bridge/host_ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>

#define SECOND INT64_C(1000000)

static int set_up(void **state)
{
    static struct host_ring r;

    *state = &r;
    return host_ring_init(&r, 3);
}

static int tear_down(void **state)
{
    host_ring_fini(*state);
    return 0;
}

static void hosts_take_turns(void **state)
{
    struct host_ring *r = *state;

    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(host_ring_pick(r, 0), i % 3);
    }
}

static void one_that_fails_is_put_aside_and_tried_again_once(void **state)
{
    struct host_ring *r = *state;
    size_t seen = 0;

    assert_true(host_ring_failed(r, 1, 0));
    assert_true(host_ring_has_good(r));
    for (int i = 0; i < 10; i++) {
        assert_int_not_equal(host_ring_pick(r, SECOND - 1), 1);
    }
    for (int i = 0; i < 10; i++) {
        seen += host_ring_pick(r, SECOND) == 1;
    }
    assert_int_equal(seen, 1);
    assert_true(host_ring_worked(r, 1));
    assert_false(host_ring_worked(r, 1));
    for (int i = 0; i < 9; i++) {
        seen += host_ring_pick(r, SECOND) == 1;
    }
    assert_int_equal(seen, 4);
}

static void its_rest_is_longer_each_time_up_to_a_bound(void **state)
{
    static const int64_t rests_s[] = {1, 2, 4, 8, 16, 30, 30};
    struct host_ring *r = *state;
    int64_t now_us = 0;

    for (size_t i = 0; i < sizeof(rests_s) / sizeof(rests_s[0]); i++) {
        assert_int_equal(host_ring_failed(r, 0, now_us), i == 0);
        for (int k = 0; k < 3; k++) {
            assert_int_not_equal(
                host_ring_pick(r, now_us + rests_s[i] * SECOND - 1), 0);
        }
        now_us += rests_s[i] * SECOND;
        while (host_ring_pick(r, now_us) != 0) {
        }
    }
}

/* Ten requests under way to a host that dies fail ten times. */
static void failures_of_one_moment_count_once(void **state)
{
    struct host_ring *r = *state;

    for (int i = 0; i < 10; i++) {
        assert_int_equal(host_ring_failed(r, 2, 0), i == 0);
    }
    assert_int_equal(r->all[2].rest_until_us, SECOND);
}

static void where_all_failed_the_first_to_be_back_is_asked(void **state)
{
    struct host_ring *r = *state;

    (void)host_ring_failed(r, 0, 300);
    (void)host_ring_failed(r, 1, 100);
    (void)host_ring_failed(r, 2, 200);
    assert_false(host_ring_has_good(r));
    assert_int_equal(host_ring_pick(r, 400), 1);
}

static void a_request_not_sent_leaves_the_try_to_the_next(void **state)
{
    struct host_ring *r = *state;

    (void)host_ring_failed(r, 0, 0);
    assert_int_equal(host_ring_pick(r, SECOND), 0);
    host_ring_left(r, 0);
    assert_int_equal(host_ring_pick(r, SECOND), 1);
    assert_int_equal(host_ring_pick(r, SECOND), 2);
    assert_int_equal(host_ring_pick(r, SECOND), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(hosts_take_turns),
        CASE(one_that_fails_is_put_aside_and_tried_again_once),
        CASE(its_rest_is_longer_each_time_up_to_a_bound),
        CASE(failures_of_one_moment_count_once),
        CASE(where_all_failed_the_first_to_be_back_is_asked),
        CASE(a_request_not_sent_leaves_the_try_to_the_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
