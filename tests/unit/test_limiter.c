/* How many requests may be under way, in simulations of an engine. */
#include "bridge/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>

/* Bring the window to n, with nothing outstanding. */
static void open_to(struct limiter *l, size_t n)
{
    while (l->window < n) {
        limiter_good(l);
    }
    assert_int_equal(l->window, n);
}

static void it_starts_with_one_request(void **state)
{
    struct limiter l;

    (void)state;
    limiter_init(&l, 8);
    assert_true(limiter_allows(&l, 0));
    assert_false(limiter_allows(&l, 1));
    assert_false(limiter_allows(&l, 100));
}

static void it_grows_by_one_for_each_full_window_of_good_answers(void **state)
{
    struct limiter l;

    (void)state;
    limiter_init(&l, 6);
    for (size_t window = 1; window < 6; window++) {
        for (size_t i = 0; i < window; i++) {
            assert_int_equal(l.window, window);
            limiter_good(&l);
        }
        assert_int_equal(l.window, window + 1);
    }
}

static void it_never_passes_its_most(void **state)
{
    struct limiter l;

    (void)state;
    for (size_t max = 1; max <= 5; max++) {
        limiter_init(&l, max);
        for (int i = 0; i < 1000; i++) {
            limiter_good(&l);
            assert_in_range(l.window, 1, max);
        }
        assert_int_equal(l.window, max);
        assert_true(limiter_allows(&l, max - 1));
        assert_false(limiter_allows(&l, max));
    }
}

static void a_push_back_halves_it_and_never_below_one(void **state)
{
    static const size_t windows[] = {64, 32, 16, 8, 4, 2, 1, 1, 1};
    struct limiter l;

    (void)state;
    limiter_init(&l, 64);
    open_to(&l, 64);
    for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
        assert_int_equal(l.window, windows[i]);
        limiter_pushed_back(&l, 0);
    }
    assert_true(limiter_allows(&l, 0));
    limiter_init(&l, 5);
    open_to(&l, 5);
    limiter_pushed_back(&l, 0);
    assert_int_equal(l.window, 2);
}

static void one_bad_moment_counts_once(void **state)
{
    struct limiter l;

    (void)state;
    limiter_init(&l, 16);
    open_to(&l, 16);
    /* All sixteen are under way and all are pushed back. */
    for (size_t flying = 16; flying-- > 0;) {
        limiter_pushed_back(&l, flying);
        assert_int_equal(l.window, 8);
    }
    /* What is sent after that speaks for itself again. */
    limiter_pushed_back(&l, 0);
    assert_int_equal(l.window, 4);
}

static void good_answers_of_the_bad_moment_end_its_deafness_too(void **state)
{
    struct limiter l;

    (void)state;
    limiter_init(&l, 16);
    open_to(&l, 4);
    limiter_pushed_back(&l, 3);
    assert_int_equal(l.window, 2);
    limiter_good(&l);
    limiter_pushed_back(&l, 1);
    limiter_good(&l);
    assert_int_equal(l.window, 2);
    limiter_pushed_back(&l, 0);
    assert_int_equal(l.window, 1);
}

static void a_push_back_starts_the_count_of_good_answers_anew(void **state)
{
    struct limiter l;

    (void)state;
    limiter_init(&l, 16);
    open_to(&l, 4);
    limiter_good(&l);
    limiter_good(&l);
    limiter_good(&l);
    limiter_pushed_back(&l, 0);
    assert_int_equal(l.window, 2);
    limiter_good(&l);
    assert_int_equal(l.window, 2);
    limiter_good(&l);
    assert_int_equal(l.window, 3);
}

struct engine {
    size_t takes; /* requests at once before it pushes back */
    size_t flying;
};

/* One round: fill the window, then answer all in order. */
static void round_of(struct limiter *l, struct engine *e)
{
    size_t sent;

    while (limiter_allows(l, e->flying)) {
        e->flying++;
    }
    sent = e->flying;
    for (size_t i = 0; i < sent; i++) {
        e->flying--;
        if (i < e->takes) {
            limiter_good(l);
        } else {
            limiter_pushed_back(l, e->flying);
        }
    }
}

static void it_finds_what_an_engine_takes(void **state)
{
    (void)state;
    for (size_t takes = 1; takes <= 20; takes++) {
        struct limiter l;
        struct engine e = {takes, 0};
        size_t most = 0, least = SIZE_MAX;

        limiter_init(&l, 32);
        for (int i = 0; i < 1000; i++) {
            round_of(&l, &e);
            if (i >= 100) {
                most = l.window > most ? l.window : most;
                least = l.window < least ? l.window : least;
            }
        }
        /* The saw-tooth: one above what it takes, then half of that. */
        assert_in_range(most, takes, takes + 1);
        assert_in_range(least, (takes + 1) / 2, takes);
    }
}

static void it_recovers_when_an_engine_does(void **state)
{
    struct limiter l;
    struct engine e = {0, 0};

    (void)state;
    limiter_init(&l, 16);
    open_to(&l, 16);
    for (int i = 0; i < 50; i++) {
        round_of(&l, &e);
    }
    assert_int_equal(l.window, 1);
    e.takes = 100;
    for (int i = 0; i < 20; i++) {
        round_of(&l, &e);
    }
    assert_int_equal(l.window, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_with_one_request),
        cmocka_unit_test(it_grows_by_one_for_each_full_window_of_good_answers),
        cmocka_unit_test(it_never_passes_its_most),
        cmocka_unit_test(a_push_back_halves_it_and_never_below_one),
        cmocka_unit_test(one_bad_moment_counts_once),
        cmocka_unit_test(good_answers_of_the_bad_moment_end_its_deafness_too),
        cmocka_unit_test(a_push_back_starts_the_count_of_good_answers_anew),
        cmocka_unit_test(it_finds_what_an_engine_takes),
        cmocka_unit_test(it_recovers_when_an_engine_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
