/* The dead letter budget: totals, shares, and a window that moves on. */
#include "bridge/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define WINDOW_US 60000000

static void count(struct budget *b, int64_t now_us, int good, int dead)
{
    for (int i = 0; i < good; i++) {
        budget_count(b, now_us, 1, false);
    }
    for (int i = 0; i < dead; i++) {
        budget_count(b, now_us, 1, true);
    }
}

static void one_more_than_the_total_spends_it(void **state)
{
    struct budget b;
    uint64_t records, dead;

    (void)state;
    budget_init(&b, 3, 100, WINDOW_US);
    count(&b, 0, 0, 3);
    assert_false(budget_is_spent(&b, 0, &records, &dead));
    count(&b, 10 * (int64_t)WINDOW_US, 0, 1);
    assert_true(budget_is_spent(&b, 10 * (int64_t)WINDOW_US, &records, &dead));
    assert_int_equal(records, 0);
    assert_int_equal(dead, 4);
}

static void no_limits_are_never_spent(void **state)
{
    struct budget b;
    uint64_t records, dead;

    (void)state;
    budget_init(&b, 0, 100, WINDOW_US);
    count(&b, 0, 0, 100000);
    assert_false(budget_is_spent(&b, 0, &records, &dead));
}

static void a_share_counts_from_a_hundred_records_on(void **state)
{
    struct budget b;
    uint64_t records, dead;

    (void)state;
    budget_init(&b, 0, 50, WINDOW_US);
    count(&b, 0, 0, 99);
    assert_false(budget_is_spent(&b, 0, &records, &dead));
    count(&b, 0, 0, 1);
    assert_true(budget_is_spent(&b, 0, &records, &dead));
    assert_int_equal(records, 100);
    assert_int_equal(dead, 100);
}

static void just_the_share_is_allowed(void **state)
{
    struct budget b;
    uint64_t records, dead;

    (void)state;
    budget_init(&b, 0, 50, WINDOW_US);
    count(&b, 0, 100, 100);
    assert_false(budget_is_spent(&b, 0, &records, &dead));
    count(&b, 0, 0, 1);
    assert_true(budget_is_spent(&b, 0, &records, &dead));
}

static void what_is_older_than_the_window_does_not_count(void **state)
{
    struct budget b;
    uint64_t records, dead;

    (void)state;
    budget_init(&b, 0, 50, WINDOW_US);
    count(&b, 0, 0, 1000);
    assert_true(budget_is_spent(&b, WINDOW_US / 2, &records, &dead));
    assert_false(budget_is_spent(&b, WINDOW_US, &records, &dead));
    count(&b, WINDOW_US, 90, 10);
    assert_false(budget_is_spent(&b, WINDOW_US, &records, &dead));
}

static void good_records_of_long_ago_do_not_hide_bad_ones(void **state)
{
    struct budget b;
    uint64_t records, dead;

    (void)state;
    budget_init(&b, 0, 50, WINDOW_US);
    count(&b, 0, 1000000, 0);
    count(&b, 5 * (int64_t)WINDOW_US, 0, 200);
    assert_true(budget_is_spent(&b, 5 * (int64_t)WINDOW_US, &records, &dead));
    assert_int_equal(records, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_more_than_the_total_spends_it),
        cmocka_unit_test(no_limits_are_never_spent),
        cmocka_unit_test(a_share_counts_from_a_hundred_records_on),
        cmocka_unit_test(just_the_share_is_allowed),
        cmocka_unit_test(what_is_older_than_the_window_does_not_count),
        cmocka_unit_test(good_records_of_long_ago_do_not_hide_bad_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
