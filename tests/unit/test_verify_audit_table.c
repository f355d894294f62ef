/* The table of ids: nothing is lost when it grows, and it stays small. */
#include "verify/audit_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

#define MANY 200000

/* The splitmix64 step: spread-out ids, the same in every run. */
static uint64_t id_of(uint64_t i)
{
    uint64_t z = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void fill(struct audit_table *t, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        struct audit_entry *e = audit_table_add(t, id_of(i));

        assert_non_null(e);
        assert_int_equal(e->flags, 0);
        e->flags = 1;
        e->content = i;
    }
}

static void entries_outlive_growth(void **state)
{
    struct audit_table t;

    (void)state;
    audit_table_init(&t);
    assert_null(audit_table_find(&t, id_of(0)));
    fill(&t, MANY);
    assert_int_equal(t.n, MANY);
    for (uint64_t i = 0; i < MANY; i++) {
        const struct audit_entry *e = audit_table_find(&t, id_of(i));

        assert_non_null(e);
        assert_int_equal(e->content, i);
        assert_ptr_equal(audit_table_add(&t, id_of(i)), e);
    }
    assert_int_equal(t.n, MANY);
    assert_null(audit_table_find(&t, id_of(MANY)));
    audit_table_fini(&t);
}

static void walking_meets_each_entry_once(void **state)
{
    struct audit_table t;
    uint64_t cursor = 0, n = 0, sum = 0;
    const struct audit_entry *e;

    (void)state;
    audit_table_init(&t);
    assert_null(audit_table_next(&t, &cursor));
    fill(&t, 1000);
    cursor = 0;
    while ((e = audit_table_next(&t, &cursor)) != NULL) {
        n++;
        sum += e->content;
    }
    assert_int_equal(n, 1000);
    assert_int_equal(sum, 999 * 1000 / 2);
    assert_null(audit_table_next(&t, &cursor));
    audit_table_fini(&t);
}

/* Ids that want the same slot, the last of their part included. */
static void crowded_slots_are_told_apart(void **state)
{
    struct audit_table t;

    (void)state;
    audit_table_init(&t);
    for (uint64_t i = 0; i < 40; i++) {
        struct audit_entry *e =
            audit_table_add(&t, UINT64_C(0xffffffff) | i << 32);

        assert_non_null(e);
        e->flags = 1;
        e->content = i;
    }
    for (uint64_t i = 0; i < 40; i++) {
        const struct audit_entry *e =
            audit_table_find(&t, UINT64_C(0xffffffff) | i << 32);

        assert_non_null(e);
        assert_int_equal(e->content, i);
    }
    assert_null(
        audit_table_find(&t, UINT64_C(0xffffffff) | UINT64_C(40) << 32));
    audit_table_fini(&t);
}

static void an_id_costs_no_more_than_said(void **state)
{
    struct audit_table t;

    (void)state;
    assert_int_equal(sizeof(struct audit_entry), 24);
    audit_table_init(&t);
    fill(&t, MANY);
    assert_true(audit_table_bytes(&t) - sizeof(t) < MANY * 39);
    audit_table_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_outlive_growth),
        cmocka_unit_test(walking_meets_each_entry_once),
        cmocka_unit_test(crowded_slots_are_told_apart),
        cmocka_unit_test(an_id_costs_no_more_than_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
