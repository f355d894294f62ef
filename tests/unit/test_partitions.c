/* The set of partitions: found, assigned, released, summed. */
#include "bridge/partitions.h"

#include "tests/unit/failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

static struct partition *assign(
    struct partitions *p, const char *topic, int32_t number)
{
    struct partition *one = partitions_assign(p, topic, number);

    assert_non_null(one);
    return one;
}

static void a_partition_is_found_by_topic_and_number(void **state)
{
    struct partitions p = {0};
    char topic[] = "b";
    struct partition *a0, *a1, *b0;

    (void)state;
    assert_null(partitions_find(&p, "a", 0));
    a0 = assign(&p, "a", 0);
    a1 = assign(&p, "a", 1);
    b0 = assign(&p, topic, 0);
    topic[0] = 'x'; /* the name was copied */
    assert_int_equal(p.n, 3);
    assert_ptr_equal(partitions_find(&p, "a", 0), a0);
    assert_ptr_equal(partitions_find(&p, "a", 1), a1);
    assert_ptr_equal(partitions_find(&p, "b", 0), b0);
    assert_null(partitions_find(&p, "b", 1));
    assert_null(partitions_find(&p, "x", 0));
    assert_string_equal(b0->topic, "b");
    assert_int_equal(a1->number, 1);
    partitions_fini(&p);
    assert_int_equal(p.n, 0);
    assert_null(partitions_find(&p, "a", 0));
    partitions_fini(&p);
}

static void pointers_stay_while_the_set_grows(void **state)
{
    struct partitions p = {0};
    struct partition *first = assign(&p, "t", 0);

    (void)state;
    for (int32_t i = 1; i < 1000; i++) {
        (void)assign(&p, "t", i);
    }
    assert_ptr_equal(partitions_find(&p, "t", 0), first);
    assert_int_equal(first->number, 0);
    assert_string_equal(first->topic, "t");
    partitions_fini(&p);
}

static void what_is_assigned_has_nothing_committed_yet(void **state)
{
    struct partitions p = {0};
    struct partition *one = assign(&p, "t", 0);

    (void)state;
    assert_true(one->assigned);
    assert_false(one->leaving);
    assert_int_equal(one->committed, -1);
    assert_int_equal(one->committing, -1);
    assert_int_equal(one->end_at_start, -1);
    assert_int_equal(one->high, -1);
    assert_int_equal(offsets_frontier(one->offsets), -1);
    one->committed = 5;
    one->committing = 6;
    one->end_at_start = 7;
    one->high = 8;
    one->leaving = true;
    partition_release(one);
    assert_false(one->assigned);
    assert_false(one->leaving);
    assert_int_equal(one->committing, -1);
    assert_ptr_equal(assign(&p, "t", 0), one);
    assert_int_equal(p.n, 1);
    assert_true(one->assigned);
    assert_int_equal(one->committed, -1);
    assert_int_equal(one->end_at_start, -1);
    assert_int_equal(one->high, -1);
    partitions_fini(&p);
}

static void what_is_released_keeps_its_counts(void **state)
{
    struct partitions p = {0};
    struct partition *one = assign(&p, "t", 0);
    uint64_t ticket = 0;

    (void)state;
    assert_int_equal(offsets_track(one->offsets, 7, &ticket), 0);
    assert_int_equal(offsets_track(one->offsets, 8, &ticket), 0);
    offsets_end(one->offsets, ticket, 1, OUTCOME_CREATED);
    assert_int_equal(partitions_pending(&p), 1);
    partition_release(one);
    assert_int_equal(partitions_pending(&p), 0);
    assert_ptr_equal(partitions_find(&p, "t", 0), one);
    assert_int_equal(offsets_counts(one->offsets)->consumed, 2);
    assert_int_equal(offsets_counts(one->offsets)->ended[OUTCOME_RELEASED], 1);
    /* The next assignment begins where the last commit was. */
    (void)assign(&p, "t", 0);
    assert_int_equal(offsets_track(one->offsets, 7, &ticket), 0);
    partitions_fini(&p);
}

static void sums_are_over_all_partitions(void **state)
{
    struct partitions p = {0};
    struct offsets_counts sum;
    uint64_t consumed = 0;

    (void)state;
    memset(&sum, 0xff, sizeof(sum));
    partitions_sum(&p, &sum);
    assert_int_equal(sum.consumed, 0);
    for (int32_t i = 0; i < OUTCOME_COUNT - 1; i++) {
        struct partition *one = assign(&p, "t", i);

        for (int32_t k = 0; k <= i; k++) {
            uint64_t ticket = 0;

            assert_int_equal(offsets_track(one->offsets, k, &ticket), 0);
            offsets_end(one->offsets, ticket, 1, (enum outcome)i);
            consumed++;
        }
        assert_int_equal(offsets_track(one->offsets, 99, &(uint64_t){0}), 0);
        consumed++;
    }
    partitions_sum(&p, &sum);
    assert_int_equal(sum.consumed, consumed);
    assert_int_equal(partitions_pending(&p), OUTCOME_COUNT - 1);
    for (int i = 0; i < OUTCOME_COUNT - 1; i++) {
        assert_int_equal(sum.ended[i], i + 1);
    }
    assert_int_equal(sum.ended[OUTCOME_RELEASED], 0);
    partition_release(p.all[0]);
    partitions_sum(&p, &sum);
    assert_int_equal(sum.consumed, consumed);
    assert_int_equal(sum.ended[OUTCOME_RELEASED], 1);
    assert_int_equal(partitions_pending(&p), OUTCOME_COUNT - 2);
    partitions_fini(&p);
}

static void a_partition_without_memory_is_none(void **state)
{
    struct partitions p = {0};
    struct partition *one = NULL;
    unsigned long n = 0;

    (void)state;
    (void)assign(&p, "t", 0);
    for (; one == NULL; n++) {
        failing_memory_begin(n);
        one = partitions_assign(&p, "t", 1);
        assert_true(failing_memory_end() == (one == NULL));
        assert_int_equal(p.n, one == NULL ? 1 : 2);
        assert_ptr_equal(partitions_find(&p, "t", 1), one);
    }
    assert_true(n > 4);
    assert_true(one->assigned);
    partitions_fini(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_partition_is_found_by_topic_and_number),
        cmocka_unit_test(pointers_stay_while_the_set_grows),
        cmocka_unit_test(what_is_assigned_has_nothing_committed_yet),
        cmocka_unit_test(what_is_released_keeps_its_counts),
        cmocka_unit_test(sums_are_over_all_partitions),
        cmocka_unit_test(a_partition_without_memory_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
