/* Waits between tries: bounds, jitter, and what the server asks for. */
#include "bridge/retry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define HOUR_MS 3600000

/* The wait after that many failures before. */
static int64_t wait_after(int64_t base_ms, int64_t max_ms, unsigned failures,
    uint32_t random, int64_t asked_ms)
{
    struct retry r;

    retry_init(&r, base_ms, max_ms);
    r.failures = failures;
    return retry_next_ms(&r, random, asked_ms);
}

static void the_longest_wait_doubles_up_to_the_most(void **state)
{
    static const struct {
        int64_t base_ms, max_ms;
        unsigned failures;
        int64_t longest_ms;
    } cases[] = {
        {100, 30000, 0, 100},
        {100, 30000, 1, 200},
        {100, 30000, 2, 400},
        {100, 30000, 8, 25600},
        {100, 30000, 9, 30000},
        {100, 30000, 10, 30000},
        {100, 30000, 1000000, 30000},
        {1, 1, 0, 1},
        {1, 1, 99, 1},
        {5000, 100, 0, 100},
        {1, 3600000, 4294967295u, 3600000},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(wait_after(cases[i].base_ms, cases[i].max_ms,
                             cases[i].failures, UINT32_MAX, 0),
            cases[i].longest_ms);
        assert_int_equal(wait_after(cases[i].base_ms, cases[i].max_ms,
                             cases[i].failures, 0, 0),
            1);
    }
}

static void the_jitter_is_full_and_even(void **state)
{
    size_t tenths[10] = {0};
    int64_t before = 0;

    (void)state;
    for (uint32_t i = 0; i < 10000; i++) {
        int64_t ms = wait_after(1000, 60000, 0, i * 429496u, 0);

        assert_in_range(ms, 1, 1000);
        assert_true(ms >= before);
        before = ms;
        tenths[(ms - 1) / 100]++;
    }
    for (size_t i = 0; i < COUNT_OF(tenths); i++) {
        assert_in_range(tenths[i], 990, 1010);
    }
}

static void what_the_server_asks_for_is_honoured_up_to_an_hour(void **state)
{
    (void)state;
    assert_int_equal(wait_after(100, 30000, 0, 0, 5000), 5000);
    assert_int_equal(wait_after(100, 30000, 0, UINT32_MAX, 50), 100);
    assert_int_equal(wait_after(100, 30000, 0, 0, 45000), 45000);
    assert_int_equal(wait_after(100, 30000, 0, 0, HOUR_MS), HOUR_MS);
    assert_int_equal(wait_after(100, 30000, 0, 0, HOUR_MS + 1), HOUR_MS);
    assert_int_equal(wait_after(100, 30000, 0, 0, INT64_MAX), HOUR_MS);
    assert_int_equal(wait_after(100, 30000, 0, 0, -5), 1);
    assert_int_equal(wait_after(100, 30000, 0, 0, INT64_MIN), 1);
}

static void a_million_failures_neither_overflow_nor_give_up(void **state)
{
    struct retry r;
    uint32_t random = 1;

    (void)state;
    retry_init(&r, 100, 30000);
    for (int i = 0; i < 1000000; i++) {
        random = random * 1664525u + 1013904223u;
        assert_in_range(retry_next_ms(&r, random, 0), 1, 30000);
    }
    assert_int_equal(r.failures, 1000000);
    r.failures = UINT32_MAX;
    assert_in_range(retry_next_ms(&r, random, 0), 1, 30000);
    assert_int_equal(r.failures, UINT32_MAX);
}

static void the_widest_limits_do_not_overflow(void **state)
{
    (void)state;
    for (unsigned failures = 0; failures < 200; failures++) {
        int64_t ms = wait_after(1, INT64_MAX, failures, UINT32_MAX, 0);

        assert_true(ms >= 1);
        assert_true(failures > 30 || ms == INT64_C(1) << failures);
        assert_true(
            wait_after(INT64_MAX, INT64_MAX, failures, UINT32_MAX, 0) >= 1);
    }
}

static void success_starts_over(void **state)
{
    struct retry r;

    (void)state;
    retry_init(&r, 100, 30000);
    assert_int_equal(retry_next_ms(&r, UINT32_MAX, 0), 100);
    assert_int_equal(retry_next_ms(&r, UINT32_MAX, 0), 200);
    assert_int_equal(retry_next_ms(&r, UINT32_MAX, 9999), 9999);
    assert_int_equal(retry_next_ms(&r, UINT32_MAX, 0), 800);
    retry_reset(&r);
    assert_int_equal(retry_next_ms(&r, UINT32_MAX, 0), 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_wait_doubles_up_to_the_most),
        cmocka_unit_test(the_jitter_is_full_and_even),
        cmocka_unit_test(what_the_server_asks_for_is_honoured_up_to_an_hour),
        cmocka_unit_test(a_million_failures_neither_overflow_nor_give_up),
        cmocka_unit_test(the_widest_limits_do_not_overflow),
        cmocka_unit_test(success_starts_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
