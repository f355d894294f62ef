/* The limiter against model engines: what it gets, with nothing set by hand,
 * beside the best of fixed settings on the same model. */
#include "tests/unit/engine_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>

#define MB ((size_t)1 << 20)
#define MOST_WINDOW 32
#define MOST_BYTES (5 * MB)
#define CHANCES 5

static const struct climb_bounds most = {
    MOST_WINDOW, MOST_BYTES, MOST_WINDOW *MOST_BYTES};

/* What the best of fixed settings does in a second, of those of which fewer
 * than 2 % are refused. They do not change, so a part of the time tells. */
static double best_fixed_per_s(const struct engine_model *engine, double to_s)
{
    static const size_t windows[] = {1, 2, 3, 4, 6, 8, 16, 32};
    static const size_t bytes[] = {256 << 10, MB, 2 * MB, MOST_BYTES};
    double from_s = to_s / 40, part_s = to_s / 2, best = 0;

    for (size_t i = 0; i < 8 * 4; i++) {
        struct model_client c = {NULL, windows[i % 8], bytes[i / 8], 0};
        struct model_result r = model_play(engine, &c, from_s, part_s);

        if (r.refused < 0.02 * r.sent && r.bytes > best) {
            best = r.bytes;
        }
    }
    return best / (part_s - from_s);
}

/* What the limiter does in a second, the mean of a few chances. */
static double found_per_s(
    const struct engine_model *engine, double from_s, double to_s)
{
    double bytes = 0;

    for (unsigned seed = 0; seed < CHANCES; seed++) {
        struct limiter l;
        struct model_client c = {&l, 0, 0, seed};
        struct model_result r;

        limiter_init(&l, &most);
        r = model_play(engine, &c, from_s, to_s);
        assert_true(from_s <= 0 || r.refused < 0.02 * r.sent);
        bytes += r.bytes;
    }
    return bytes / CHANCES / (to_s - from_s);
}

/* The limiter's share of the best fixed setting, once it had a quarter of the
 * time to find its own, and from the start. */
static void expect_share(
    const struct engine_model *engine, double least, double least_from_start)
{
    double to_s = 4e9 / engine->bytes_per_s;
    double best, share, share_from_start;

    to_s = to_s > 30 ? to_s : 30;
    to_s = to_s < 1200 ? to_s : 1200;
    best = best_fixed_per_s(engine, to_s);
    share = found_per_s(engine, to_s / 4, to_s) / best;
    share_from_start = found_per_s(engine, 0, to_s) / best;
    print_message("    share of the best fixed setting: %.3f, from the start "
                  "%.3f\n",
        share, share_from_start);
    assert_true(share >= least);
    assert_true(share_from_start >= least_from_start);
}

static void a_fast_engine_is_kept_busy(void **state)
{
    (void)state;
    expect_share(&(struct engine_model){.bytes_per_s = 5e8,
                     .workers = 2,
                     .delay_s = 0.002,
                     .body_bytes = 2000,
                     .noise = 0.1},
        0.95, 0.95);
}

static void a_slow_engine_is_kept_busy(void **state)
{
    (void)state;
    expect_share(&(struct engine_model){.bytes_per_s = 1e6,
                     .workers = 1,
                     .delay_s = 0.2,
                     .body_bytes = 20000,
                     .noise = 0.2},
        0.95, 0.95);
}

static void an_engine_of_two_workers_is_kept_busy(void **state)
{
    (void)state;
    expect_share(&(struct engine_model){.bytes_per_s = 8e6,
                     .workers = 2,
                     .delay_s = 0.01,
                     .body_bytes = 50000,
                     .noise = 0.25},
        0.95, 0.95);
}

static void an_engine_of_many_workers_is_kept_busy(void **state)
{
    (void)state;
    expect_share(&(struct engine_model){.bytes_per_s = 1e8,
                     .workers = 16,
                     .delay_s = 0.02,
                     .body_bytes = 50000,
                     .noise = 0.2},
        0.95, 0.9);
}

/* Twice the requests for the last tenth: by chance that is taken or not. */
static void an_engine_without_a_knee_is_kept_busy(void **state)
{
    (void)state;
    expect_share(&(struct engine_model){.bytes_per_s = 5e7,
                     .half_at = 4,
                     .delay_s = 0.005,
                     .body_bytes = 50000,
                     .noise = 0.2},
        0.9, 0.9);
}

static void where_each_request_costs_much_bodies_grow(void **state)
{
    const struct engine_model engine = {.bytes_per_s = 3e7,
        .workers = 2,
        .delay_s = 0.005,
        .body_bytes = 1e6,
        .noise = 0.2};
    struct limiter l;
    struct model_client c = {&l, 0, 0, 0};

    (void)state;
    limiter_init(&l, &most);
    assert_in_range(
        model_play(&engine, &c, 0, 60).batch_bytes, 3 * MB, MOST_BYTES);
    expect_share(&engine, 0.95, 0.9);
}

static void an_engine_that_collapses_is_not_driven_there(void **state)
{
    (void)state;
    expect_share(&(struct engine_model){.bytes_per_s = 2e7,
                     .workers = 4,
                     .collapse = 0.2,
                     .delay_s = 0.005,
                     .body_bytes = 50000,
                     .noise = 0.2},
        0.95, 0.9);
    expect_share(&(struct engine_model){.bytes_per_s = 2e7,
                     .workers = 1,
                     .collapse = 0.5,
                     .delay_s = 0.005,
                     .body_bytes = 50000,
                     .noise = 0.2},
        0.95, 0.9);
}

/* What fits in its queue is one large request or many small ones; only those
 * keep all its workers busy. */
static void an_engine_that_refuses_requests_or_items_is_filled(void **state)
{
    static const struct {
        double bytes_per_s, workers, queue_bytes;
    } engines[] = {{12.5e6, 1, 9e6}, {12.5e6, 4, 2e6}, {12.5e6, 4, 4e6},
        {50e6, 8, 4e6}, {12.5e6, 2, 1e6}, {12.5e6, 4, 1.3e6}};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(engines) / sizeof(engines[0]); i++) {
        expect_share(
            &(struct engine_model){.bytes_per_s = engines[i / 2].bytes_per_s,
                .workers = engines[i / 2].workers,
                .delay_s = 0.005,
                .noise = 0.1,
                .queue_bytes = engines[i / 2].queue_bytes,
                .refuses_items = i % 2 == 1},
            0.95, 0.9);
    }
}

/* Seconds after the return until a whole second is at 90 % of it. */
static double full_again_s(const struct engine_model *e)
{
    for (double s = 0; s < 30; s += 0.5) {
        struct limiter l;
        struct model_client c = {&l, 0, 0, 0};
        double from_s = e->comes_back_s + s;

        limiter_init(&l, &most);
        if (model_play(e, &c, from_s, from_s + 1).bytes >=
            0.9 * e->bytes_per_s) {
            return s + 1;
        }
    }
    return 1e9;
}

static void capacity_falls_to_a_tenth_and_comes_back(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct engine_model e = {.bytes_per_s = 12.5e6,
            .workers = i / 2 == 0 ? 1 : 4,
            .delay_s = 0.005,
            .noise = 0.1,
            .queue_bytes = i / 2 == 0 ? 9e6 : 2e6,
            .refuses_items = i % 2 == 1,
            .falls_s = 20,
            .comes_back_s = 60};
        struct limiter l;
        struct model_client c = {&l, 0, 0, 0};
        struct model_result r;

        limiter_init(&l, &most);
        r = model_play(&e, &c, 25, 120);
        assert_true(r.refused < 0.02 * r.sent);
        limiter_init(&l, &most);
        assert_true(
            model_play(&e, &c, 25, 60).bytes >= 0.9 * 35 * e.bytes_per_s / 10);
        assert_true(full_again_s(&e) <= 10);
    }
}

/* What a proxy refuses at random says nothing of the load. */
static void refusals_at_random_do_not_slow_it_down(void **state)
{
    static const double shares[] = {0.02, 0.1, 0.3};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct engine_model e = {.bytes_per_s = 5e7,
            .workers = 4,
            .delay_s = 0.01,
            .body_bytes = 50000,
            .at_random = shares[i],
            .noise = 0.1};
        struct model_client best = {NULL, 8, MOST_BYTES, 0};
        struct limiter l;
        struct model_client c = {&l, 0, 0, 0};
        double share;

        limiter_init(&l, &most);
        share = model_play(&e, &c, 0, 300).bytes /
                model_play(&e, &best, 0, 300).bytes;
        print_message(
            "    %.0f %% refused at random: %.3f\n", 100 * shares[i], share);
        assert_true(share >= 0.67);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fast_engine_is_kept_busy),
        cmocka_unit_test(a_slow_engine_is_kept_busy),
        cmocka_unit_test(an_engine_of_two_workers_is_kept_busy),
        cmocka_unit_test(an_engine_of_many_workers_is_kept_busy),
        cmocka_unit_test(an_engine_without_a_knee_is_kept_busy),
        cmocka_unit_test(where_each_request_costs_much_bodies_grow),
        cmocka_unit_test(an_engine_that_collapses_is_not_driven_there),
        cmocka_unit_test(an_engine_that_refuses_requests_or_items_is_filled),
        cmocka_unit_test(capacity_falls_to_a_tenth_and_comes_back),
        cmocka_unit_test(refusals_at_random_do_not_slow_it_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
