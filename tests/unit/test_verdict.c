/* What each answer of each engine means. Names and statuses are those of
 * Elasticsearch 6 to 9 and OpenSearch 1 to 3. */
#include "bridge/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static void an_update_that_was_not_applied_is_no_duplicate(void **state)
{
    struct item_answer conflict = {.status = 409,
        .is_update = true,
        .error_type = slice_of("version_conflict_engine_exception")};
    struct item_answer missing = {.status = 404,
        .is_update = true,
        .error_type = slice_of("document_missing_exception")};
    struct item_answer no_index = {.status = 404,
        .is_update = true,
        .error_type = slice_of("index_not_found_exception")};
    struct item_answer no_change = {.status = 200, .is_update = true};
    enum outcome outcome = OUTCOME_SKIPPED;

    (void)state;
    assert_int_equal(verdict_of_item(&conflict, &outcome), ITEM_AGAIN);
    assert_int_equal(verdict_of_item(&missing, &outcome), ITEM_DEAD);
    assert_int_equal(verdict_of_item(&no_index, &outcome), ITEM_HOLD);
    assert_int_equal(verdict_of_item(&no_change, &outcome), ITEM_DONE);
    assert_int_equal(outcome, OUTCOME_UPDATED);
    conflict.is_update = false;
    assert_int_equal(verdict_of_item(&conflict, &outcome), ITEM_DONE);
    assert_int_equal(outcome, OUTCOME_DUPLICATE);
}

static void a_request_is_judged_by_its_status(void **state)
{
    static const struct {
        long status;
        enum request_verdict verdict;
    } cases[] = {
        {0, REQUEST_AGAIN},
        {100, REQUEST_HOLD},
        {200, REQUEST_READ},
        {201, REQUEST_READ},
        {299, REQUEST_READ},
        {301, REQUEST_HOLD},
        {302, REQUEST_HOLD},
        {307, REQUEST_HOLD},
        {400, REQUEST_BISECT},
        {401, REQUEST_HOLD},
        {403, REQUEST_HOLD},
        {404, REQUEST_HOLD},
        {405, REQUEST_HOLD},
        {406, REQUEST_HOLD},
        {407, REQUEST_HOLD},
        {408, REQUEST_AGAIN},
        {411, REQUEST_HOLD},
        {413, REQUEST_HALVE},
        {415, REQUEST_HOLD},
        {425, REQUEST_AGAIN},
        {429, REQUEST_AGAIN},
        {499, REQUEST_HOLD},
        {500, REQUEST_AGAIN},
        {502, REQUEST_AGAIN},
        {503, REQUEST_AGAIN},
        {504, REQUEST_AGAIN},
        {599, REQUEST_AGAIN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum request_verdict got =
            verdict_of_request(cases[i].status, slice_of(""));

        if (got != cases[i].verdict) {
            fail_msg("HTTP %ld: %d", cases[i].status, (int)got);
        }
    }
}

static void no_refused_request_is_taken_for_done(void **state)
{
    (void)state;
    for (long status = 0; status < 1000; status++) {
        assert_true((verdict_of_request(status, slice_of("")) ==
                        REQUEST_READ) == (status >= 200 && status < 300));
        assert_true((verdict_of_request(status, slice_of("")) ==
                        REQUEST_BISECT) == (status == 400));
        assert_true((verdict_of_request(status, slice_of("")) ==
                        REQUEST_HALVE) == (status == 413));
        assert_true(verdict_is_pressure(status) == (status == 429));
    }
}

static void a_400_about_the_request_is_no_records_fault(void **state)
{
    static const char *const holds[] = {
        "request [/_bulk] contains unrecognized parameter: [require_alias]",
        "Content-Type header [text/plain] is not supported",
        "Invalid media-type value on headers [Content-Type]",
        "A compatible version is required on both headers",
        "Content-Type header is missing",
        "Invalid media-type value on header",
        "Unsupported media type: x",
        "<html>\r\n<head><title>400 No required SSL certificate was sent",
        " \r\n<!DOCTYPE HTML><title>400 Bad Request</title>",
        "Client sent an HTTP request to an HTTPS server.\n",
    };
    static const char *const bisects[] = {
        "Malformed action/metadata line [3], expected START_OBJECT",
        "The bulk request must be terminated by a newline [\\n]",
        "Unexpected end-of-input: expected close marker for Object",
        "{\"error\":{\"reason\":\"mapping of <b> is wrong\"},\"status\":400}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(holds); i++) {
        assert_int_equal(
            verdict_of_request(400, slice_of(holds[i])), REQUEST_HOLD);
    }
    for (size_t i = 0; i < COUNT_OF(bisects); i++) {
        assert_int_equal(
            verdict_of_request(400, slice_of(bisects[i])), REQUEST_BISECT);
    }
}

struct item_case {
    int status;
    bool is_delete;
    const char *type, *reason; /* NULL: none */
    enum item_verdict verdict;
    enum outcome outcome; /* of ITEM_DONE */
};

static void expect_items(const struct item_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct item_case *c = &cases[i];
        struct item_answer a = {.status = c->status, .is_delete = c->is_delete};
        enum outcome outcome = OUTCOME_RELEASED;
        enum item_verdict got;

        if (c->type != NULL) {
            a.error_type = slice_of(c->type);
        }
        if (c->reason != NULL) {
            a.error_reason = slice_of(c->reason);
        }
        got = verdict_of_item(&a, &outcome);
        if (got != c->verdict || (got == ITEM_DONE && outcome != c->outcome)) {
            fail_msg("%d %s %s: verdict %d, outcome %s", c->status,
                c->is_delete ? "delete" : "index",
                c->type != NULL ? c->type : "", (int)got,
                outcome_names[outcome]);
        }
    }
}

static void what_was_applied_is_done(void **state)
{
    static const struct item_case cases[] = {
        {201, false, NULL, NULL, ITEM_DONE, OUTCOME_CREATED},
        {200, false, NULL, NULL, ITEM_DONE, OUTCOME_UPDATED},
        {202, false, NULL, NULL, ITEM_DONE, OUTCOME_UPDATED},
        {200, true, NULL, NULL, ITEM_DONE, OUTCOME_DELETED},
        {404, true, NULL, NULL, ITEM_DONE, OUTCOME_DELETED},
        {409, false, "version_conflict_engine_exception",
            "[5930]: version conflict, current version [2] is higher than the "
            "one provided [1]",
            ITEM_DONE, OUTCOME_DUPLICATE},
        {409, true, "version_conflict_engine_exception", NULL, ITEM_DONE,
            OUTCOME_DUPLICATE},
    };

    (void)state;
    expect_items(cases, COUNT_OF(cases));
}

static void what_the_document_is_to_blame_for_is_dead(void **state)
{
    static const struct item_case cases[] = {
        {400, false, "mapper_parsing_exception",
            "failed to parse field [Close] of type [double]", ITEM_DEAD, 0},
        {400, false, "document_parsing_exception",
            "[1:10] failed to parse field [Close] of type [double]", ITEM_DEAD,
            0},
        {400, false, "strict_dynamic_mapping_exception",
            "mapping set to strict, dynamic introduction of [x] within [_doc] "
            "is not allowed",
            ITEM_DEAD, 0},
        {400, false, "illegal_argument_exception",
            "Limit of total fields [1000] has been exceeded", ITEM_DEAD, 0},
        {400, false, "illegal_argument_exception",
            "Document contains at least one immense term in field=\\\"x\\\"",
            ITEM_DEAD, 0},
        {400, false, "invalid_index_name_exception",
            "Invalid index name [A], must be lowercase", ITEM_DEAD, 0},
        {400, false, "action_request_validation_exception",
            "Validation Failed: 1: id is too long;", ITEM_DEAD, 0},
        {400, false, "routing_missing_exception", NULL, ITEM_DEAD, 0},
        {400, true, "illegal_argument_exception", NULL, ITEM_DEAD, 0},
        {400, false, NULL, NULL, ITEM_DEAD, 0},
        {413, false, NULL, NULL, ITEM_DEAD, 0},
    };

    (void)state;
    expect_items(cases, COUNT_OF(cases));
}

static void what_is_busy_is_sent_again(void **state)
{
    static const struct item_case cases[] = {
        {429, false, "es_rejected_execution_exception",
            "rejected execution of coordinating operation", ITEM_AGAIN, 0},
        {429, false, "rejected_execution_exception", NULL, ITEM_AGAIN, 0},
        {429, false, "circuit_breaking_exception", NULL, ITEM_AGAIN, 0},
        {429, true, NULL, NULL, ITEM_AGAIN, 0},
        {408, false, NULL, NULL, ITEM_AGAIN, 0},
        {500, false, "exception", NULL, ITEM_AGAIN, 0},
        {502, false, NULL, NULL, ITEM_AGAIN, 0},
        {503, false, "unavailable_shards_exception",
            "[m][0] primary shard is not active Timeout: [1m]", ITEM_AGAIN, 0},
        {503, false, "process_cluster_event_timeout_exception", NULL,
            ITEM_AGAIN, 0},
        {504, true, NULL, NULL, ITEM_AGAIN, 0},
    };

    (void)state;
    expect_items(cases, COUNT_OF(cases));
}

static void what_the_index_is_to_blame_for_waits_for_a_person(void **state)
{
    static const struct item_case cases[] = {
        {404, false, "index_not_found_exception", "no such index [m]",
            ITEM_HOLD, 0},
        {404, true, "index_not_found_exception",
            "no such index [m] and [require_alias] request flag is [true] and "
            "[m] is not an alias",
            ITEM_HOLD, 0},
        {404, false, NULL, NULL, ITEM_HOLD, 0},
        {400, false, "index_closed_exception", "closed", ITEM_HOLD, 0},
        {400, true, "index_closed_exception", "closed", ITEM_HOLD, 0},
        {400, false, "illegal_argument_exception",
            "no write index is defined for alias [m]. The write index may be "
            "explicitly disabled using is_write_index=false or the alias "
            "points to multiple indices without one being designated as a "
            "write index",
            ITEM_HOLD, 0},
        {400, false, "illegal_argument_exception",
            "Alias [m] has more than one indices associated with it [[a, b]], "
            "can't execute a single index op",
            ITEM_HOLD, 0},
        {400, false, "validation_exception",
            "Validation Failed: 1: this action would add [2] shards, but this "
            "cluster currently has [1000]/[1000] maximum normal shards open;",
            ITEM_HOLD, 0},
        {403, false, "cluster_block_exception",
            "index [m] blocked by: [FORBIDDEN/12/index read-only / allow "
            "delete (api)];",
            ITEM_HOLD, 0},
        {403, false, "cluster_block_exception",
            "index [m] blocked by: [FORBIDDEN/8/index write (api)];", ITEM_HOLD,
            0},
        {429, false, "cluster_block_exception",
            "index [m] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded "
            "flood-stage watermark, index has read-only-allow-delete block];",
            ITEM_HOLD, 0},
        {503, false, "cluster_block_exception",
            "blocked by: [SERVICE_UNAVAILABLE/2/no master];", ITEM_HOLD, 0},
        {403, true, "security_exception", NULL, ITEM_HOLD, 0},
        {401, false, "security_exception", NULL, ITEM_HOLD, 0},
        {302, false, NULL, NULL, ITEM_HOLD, 0},
        {405, false, NULL, NULL, ITEM_HOLD, 0},
        /* No status that an item has; in doubt nothing is lost. */
        {100, false, NULL, NULL, ITEM_HOLD, 0},
    };

    (void)state;
    expect_items(cases, COUNT_OF(cases));
}

static void words_in_a_document_do_not_make_it_the_index_trouble(void **state)
{
    static const struct item_case cases[] = {
        {400, false, "mapper_parsing_exception",
            "failed to parse field [a]: 'no write index is defined'", ITEM_DEAD,
            0},
        {400, false, "document_parsing_exception",
            "unknown: index_closed_exception", ITEM_DEAD, 0},
    };

    (void)state;
    expect_items(cases, COUNT_OF(cases));
}

static void every_outcome_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        assert_non_null(outcome_names[i]);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(outcome_names[i], outcome_names[k]);
        }
    }
    assert_string_equal(outcome_names[OUTCOME_CREATED], "created");
    assert_string_equal(outcome_names[OUTCOME_DEAD_LETTERED], "dead_lettered");
    assert_string_equal(outcome_names[OUTCOME_RELEASED], "released");
}

static void a_refused_update_is_the_documents_or_the_index_s(void **state)
{
    struct item_answer a = {.is_update = true};
    enum outcome outcome = OUTCOME_SKIPPED;

    (void)state;
    a.status = 400;
    a.error_type = slice_of("mapper_parsing_exception");
    assert_int_equal(verdict_of_item(&a, &outcome), ITEM_DEAD);
    a.status = 404;
    a.error_type = slice_of("type_missing_exception");
    assert_int_equal(verdict_of_item(&a, &outcome), ITEM_HOLD);
    a.status = 429;
    assert_int_equal(verdict_of_item(&a, &outcome), ITEM_AGAIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_update_that_was_not_applied_is_no_duplicate),
        cmocka_unit_test(a_request_is_judged_by_its_status),
        cmocka_unit_test(a_400_about_the_request_is_no_records_fault),
        cmocka_unit_test(no_refused_request_is_taken_for_done),
        cmocka_unit_test(what_was_applied_is_done),
        cmocka_unit_test(what_the_document_is_to_blame_for_is_dead),
        cmocka_unit_test(what_is_busy_is_sent_again),
        cmocka_unit_test(what_the_index_is_to_blame_for_waits_for_a_person),
        cmocka_unit_test(words_in_a_document_do_not_make_it_the_index_trouble),
        cmocka_unit_test(every_outcome_has_a_name_of_its_own),
        cmocka_unit_test(a_refused_update_is_the_documents_or_the_index_s),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
