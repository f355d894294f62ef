/* Search answers made into bulk requests, and their answers read. */
#include "mappings/copy_page.h"

#include "mappings/copy_outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHARDS "\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0}"
#define ANSWER(hits)                                                           \
    "{\"took\":1,\"timed_out\":false," SHARDS ",\"hits\":{\"max_score\":null," \
    "\"hits\":[" hits "]}}"

/* The bulk request, or the error. */
static const char *written(const char *answer, const char *type, size_t *docs)
{
    static struct buf out;
    static struct error err;

    buf_fini(&out);
    buf_init(&out, 1 << 20);
    return copy_page_write(slice_of(answer), type, &out, docs, &err) == 0
               ? buf_str(&out)
               : err.text;
}

static void documents_are_copied_byte_for_byte(void **state)
{
    size_t docs;

    (void)state;
    assert_string_equal(
        written(
            ANSWER("{\"_index\":\"a\",\"_type\":\"_doc\",\"_id\":\"x\\\"1\","
                   "\"_version\":1654321098765,\"_score\":null,"
                   "\"_source\":{\"Marcap\":469224908430000,\"Close\":2.10,"
                   "\"_id\":{\"a\":[1,{}]}},\"sort\":[1]},"
                   "{\"_index\":\"a\",\"_id\":\"2\",\"_version\":0,"
                   "\"_routing\":\"r\",\"_source\":{}}"),
            NULL, &docs),
        "{\"index\":{\"_id\":\"x\\\"1\",\"version\":1654321098765,"
        "\"version_type\":\"external_gte\"}}\n"
        "{\"Marcap\":469224908430000,\"Close\":2.10,\"_id\":{\"a\":[1,{}]}}\n"
        "{\"index\":{\"_id\":\"2\",\"routing\":\"r\",\"version\":0,"
        "\"version_type\":\"external_gte\"}}\n{}\n");
    assert_int_equal(docs, 2);
}

static void an_engine_that_wants_a_type_gets_it(void **state)
{
    size_t docs;

    (void)state;
    assert_string_equal(
        written(ANSWER("{\"_id\":\"1\",\"_version\":3,\"_source\":{}}"), "_doc",
            &docs),
        "{\"index\":{\"_id\":\"1\",\"_type\":\"_doc\",\"version\":3,"
        "\"version_type\":\"external_gte\"}}\n{}\n");
}

static void a_document_of_several_lines_becomes_one(void **state)
{
    size_t docs;

    (void)state;
    assert_non_null(
        strstr(written(ANSWER("{\"_id\":\"1\",\"_version\":3,\"_source\":{\r\n"
                              "  \"a\": 1\n}}"),
                   NULL, &docs),
            "}}\n{    \"a\": 1 }\n"));
    assert_int_equal(docs, 1);
}

static void no_hits_is_no_error(void **state)
{
    size_t docs = 9;

    (void)state;
    assert_string_equal(written(ANSWER(""), NULL, &docs), "");
    assert_int_equal(docs, 0);
}

static void answers_that_are_not_whole_are_refused(void **state)
{
    static const char *const answers[] = {"", "{}", "[]", "{\"hits\":[]}",
        ANSWER("{\"_id\":\"1\",\"_version\":3}"), /* _source is off */
        ANSWER("{\"_version\":3,\"_source\":{}}"),
        ANSWER("{\"_id\":\"1\",\"_source\":{}}"),
        "{\"timed_out\":false," SHARDS ",\"hits\":{\"hits\":[{\"_id\":\"1\""};
    size_t docs;

    (void)state;
    for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
        assert_non_null(
            strstr(written(answers[i], NULL, &docs), "not what it should be"));
    }
    assert_non_null(
        strstr(written("{\"timed_out\":false,\"_shards\":{\"failed\":1},"
                       "\"hits\":{\"hits\":[]}}",
                   NULL, &docs),
            "some shards did not answer"));
    assert_non_null(
        strstr(written("{\"timed_out\":true," SHARDS ",\"hits\":{\"hits\":[]}}",
                   NULL, &docs),
            "some shards did not answer"));
}

static void outcomes_are_told_apart(void **state)
{
    struct copy_outcome o;
    json_t *conflicts = json_array();
    struct error err;

    (void)state;
    assert_int_equal(
        copy_outcome_read(
            slice_of("{\"items\":[{\"index\":{\"_id\":\"1\",\"status\":201}},"
                     "{\"index\":{\"_id\":\"2\",\"status\":409,\"error\":{}}},"
                     "{\"index\":{\"_id\":\"3\",\"status\":429,\"error\":{}}},"
                     "{\"index\":{\"_id\":\"4\",\"status\":400,\"error\":{"
                     "\"type\":\"t\",\"reason\":\"r\",\"caused_by\":{"
                     "\"reason\":\"c\"}}}},"
                     "{\"index\":{\"_id\":\"5\",\"status\":400,\"error\":{}}},"
                     "{\"delete\":{\"_id\":\"6\",\"status\":404}}]}"),
            6, &o, conflicts, &err),
        0);
    assert_int_equal(o.stored, 2);
    assert_int_equal(o.busy, 1);
    assert_int_equal(o.refused, 2);
    assert_string_equal(o.why, "4: t: r: c");
    assert_int_equal(json_array_size(conflicts), 1);
    assert_string_equal(json_string_value(json_array_get(conflicts, 0)), "2");
    json_decref(conflicts);
}

static void an_answer_to_other_than_was_sent_is_refused(void **state)
{
    struct copy_outcome o;
    json_t *conflicts = json_array();
    struct error err;

    (void)state;
    assert_int_equal(
        copy_outcome_read(
            slice_of(
                "{\"items\":[{\"index\":{\"_id\":\"1\",\"status\":201}}]}"),
            2, &o, conflicts, &err),
        -1);
    assert_int_equal(
        copy_outcome_read(slice_of("nonsense"), 0, &o, conflicts, &err), -1);
    json_decref(conflicts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_copied_byte_for_byte),
        cmocka_unit_test(an_engine_that_wants_a_type_gets_it),
        cmocka_unit_test(a_document_of_several_lines_becomes_one),
        cmocka_unit_test(no_hits_is_no_error),
        cmocka_unit_test(answers_that_are_not_whole_are_refused),
        cmocka_unit_test(outcomes_are_told_apart),
        cmocka_unit_test(an_answer_to_other_than_was_sent_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
