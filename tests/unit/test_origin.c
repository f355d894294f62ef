/* A record that became several documents: when it ends, and how. */
#include "bridge/batch.h"
#include "bridge/origin.h"

#include "tests/unit/failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>

static struct record record_of(void)
{
    return (struct record){.topic = "t",
        .partition = 2,
        .offset = 7,
        .timestamp_ms = 9,
        .has_key = true,
        .key = {"key", 3},
        .has_value = true,
        .value = {"[1,2]", 5},
        .headers = {"hh", 2}};
}

static void it_ends_with_its_last_document(void **state)
{
    struct record r = record_of();
    struct origin *o = origin_new(&r, 3);

    (void)state;
    origin_ended(o, OUTCOME_DUPLICATE);
    origin_ended(o, OUTCOME_UPDATED);
    assert_int_equal(o->left, 1);
    origin_ended(o, OUTCOME_SKIPPED);
    assert_int_equal(o->left, 0);
    assert_false(o->is_refused);
    assert_int_equal(o->outcome, OUTCOME_UPDATED);
    free(o);
}

static void what_changed_the_index_most_is_its_outcome(void **state)
{
    static const enum outcome by_weight[] = {OUTCOME_SKIPPED, OUTCOME_DUPLICATE,
        OUTCOME_DELETED, OUTCOME_UPDATED, OUTCOME_CREATED};

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k <= i; k++) {
            struct record r = record_of();
            struct origin *o = origin_new(&r, 2);

            origin_ended(o, by_weight[i % 2 == 0 ? i : k]);
            origin_ended(o, by_weight[i % 2 == 0 ? k : i]);
            assert_int_equal(o->outcome, by_weight[i]);
            free(o);
        }
    }
}

static void one_document_refused_is_the_whole_refused(void **state)
{
    struct record r = record_of();
    struct origin *o = origin_new(&r, 3);

    (void)state;
    origin_refused(o, 1, 400, 2, "mapper_parsing_exception", "no number");
    origin_refused(o, 2, 413, 1, "other", "too late");
    origin_ended(o, OUTCOME_CREATED);
    assert_int_equal(o->left, 0);
    assert_true(o->is_refused);
    assert_int_equal(o->status, 400);
    assert_int_equal(o->attempts, 2);
    assert_string_equal(o->type, "mapper_parsing_exception");
    assert_string_equal(o->reason, "document 2 of 3: no number");
    free(o);
}

static void a_part_that_never_was_a_document_counts_for_none(void **state)
{
    struct record r = record_of();
    struct origin *o = origin_new(&r, 1);

    (void)state;
    origin_refused(o, SIZE_MAX, 0, 0, "evaluate_json_failed", "why");
    assert_int_equal(o->left, 1);
    origin_ended(o, OUTCOME_CREATED);
    assert_int_equal(o->left, 0);
    assert_true(o->is_refused);
    assert_string_equal(o->reason, "why");
    free(o);
}

static void a_batch_gives_the_record_back_for_each_document(void **state)
{
    struct record r = record_of(), got;
    struct origin *o = origin_new(&r, 2);
    struct batch *b = batch_new(1024), *other = batch_new(1024);
    struct doc doc = {.origin = o, .len_bytes = 4};

    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        doc.split = i;
        doc.at_bytes = b->body.len_bytes;
        assert_int_equal(batch_reserve(b), 0);
        assert_int_equal(buf_append_str(&b->body, "x\ny\n"), 0);
        assert_int_equal(batch_add(b, &doc, &r, false), 0);
    }
    assert_int_equal(b->aside.len_bytes, 0); /* the origin has it, once */
    assert_int_equal(batch_move(b, 1, 1, other), 0);
    batch_keep_front(b, 1);
    batch_record(other, 0, &got);
    assert_int_equal(other->docs[0].split, 1);
    assert_int_equal(got.offset, 7);
    assert_int_equal(got.value.len, 5);
    assert_memory_equal(got.value.p, "[1,2]", 5);
    assert_memory_equal(got.key.p, "key", 3);
    assert_memory_equal(got.headers.p, "hh", 2);
    assert_ptr_not_equal(got.value.p, r.value.p);
    batch_free(b);
    batch_free(other);
    free(o);
}

static void one_without_memory_is_none(void **state)
{
    struct record r = record_of();
    struct origin *o;

    (void)state;
    failing_memory_begin(0);
    o = origin_new(&r, 1);
    assert_true(failing_memory_end());
    assert_null(o);
}

static void an_empty_record_is_kept_as_one(void **state)
{
    struct record r = {.topic = "t", .has_value = true};
    struct origin *o = origin_new(&r, 1);

    (void)state;
    assert_non_null(o);
    assert_true(o->record.has_value);
    assert_false(o->record.has_key);
    assert_int_equal(o->record.value.len, 0);
    free(o);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(it_ends_with_its_last_document),
        cmocka_unit_test(what_changed_the_index_most_is_its_outcome),
        cmocka_unit_test(one_document_refused_is_the_whole_refused),
        cmocka_unit_test(a_part_that_never_was_a_document_counts_for_none),
        cmocka_unit_test(a_batch_gives_the_record_back_for_each_document),
        cmocka_unit_test(one_without_memory_is_none),
        cmocka_unit_test(an_empty_record_is_kept_as_one),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
