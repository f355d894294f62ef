/* Reading bulk answers: every form an engine sends, and none that is cut. */
#include "bridge/bulk_response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

struct want {
    int status;
    bool is_delete;
    const char *type, *reason;
};

static void expect_items(const char *body, const struct want *want, size_t n)
{
    struct bulk_response r;
    struct item_answer item;

    assert_int_equal(bulk_response_count(slice_of(body)), n);
    assert_int_equal(bulk_response_open(&r, slice_of(body)), 0);
    for (size_t i = 0; i < n; i++) {
        memset(&item, 0xff, sizeof(item));
        assert_int_equal(bulk_response_next(&r, &item), 1);
        if (item.status != want[i].status ||
            item.is_delete != want[i].is_delete ||
            !slice_is(item.error_type, want[i].type) ||
            !slice_is(item.error_reason, want[i].reason)) {
            fail_msg("item %zu: %d %d '%.*s' '%.*s'", i, item.status,
                item.is_delete, (int)item.error_type.len, item.error_type.p,
                (int)item.error_reason.len, item.error_reason.p);
        }
    }
    assert_int_equal(bulk_response_next(&r, &item), 0);
}

/* Runs say the same, and are as long as they can be. */
static void expect_runs(const char *body, const long *runs, size_t n)
{
    struct bulk_response r, one_by_one;
    struct item_answer item, one;

    assert_int_equal(bulk_response_open(&r, slice_of(body)), 0);
    assert_int_equal(bulk_response_open(&one_by_one, slice_of(body)), 0);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(bulk_response_run(&r, &item), runs[i]);
        for (long k = 0; k < runs[i]; k++) {
            assert_int_equal(bulk_response_next(&one_by_one, &one), 1);
            assert_int_equal(one.status, item.status);
            assert_int_equal(one.is_delete, item.is_delete);
            assert_true(slice_eq(one.error_type, item.error_type));
            assert_true(slice_eq(one.error_reason, item.error_reason));
        }
    }
    assert_int_equal(bulk_response_run(&r, &item), 0);
    assert_int_equal(bulk_response_next(&one_by_one, &one), 0);
}

#define ITEM(status) "{\"index\":{\"status\":" status "}}"
#define ERROR(type)                                                            \
    "{\"index\":{\"status\":429,\"error\":{\"type\":\"" type "\"}}}"

static void items_that_say_the_same_are_read_together(void **state)
{
    (void)state;
    expect_runs("{\"items\":[" ITEM("201") "," ITEM("201") "," ITEM("201") "]}",
        (long[]){3}, 1);
    expect_runs("{\"items\":[" ITEM("201") "," ITEM("200") "," ITEM(
                    "200") "," ITEM("201") "]}",
        (long[]){1, 2, 1}, 3);
    expect_runs("{\"items\":[" ERROR("a") "," ERROR("a") "," ERROR(
                    "b") "," ITEM("201") "]}",
        (long[]){2, 1, 1}, 3);
    expect_runs("{\"items\":[" ITEM("201") ", " ITEM("201") ", " ITEM(
                    "201") "," ITEM("201") "]}",
        (long[]){1, 2, 1}, 3);
    expect_runs("{\"items\":[ ]}", NULL, 0);
}

static void a_run_ends_where_the_answer_is_cut(void **state)
{
    const char *text =
        "{\"items\":[" ITEM("201") "," ITEM("201") "," ITEM("201") "]}";
    struct bulk_response r;
    struct item_answer item;

    (void)state;
    for (size_t n = strlen("{\"items\":["); n < strlen(text) - 1; n++) {
        struct slice cut = {text, n};
        long whole = ((long)n - (long)strlen("{\"items\":[") + 1) /
                     (long)strlen(ITEM("201") ",");

        assert_int_equal(bulk_response_open(&r, cut), 0);
        if (whole > 0) {
            assert_int_equal(bulk_response_run(&r, &item), whole);
        }
        assert_int_equal(
            bulk_response_run(&r, &item), n < strlen(text) - 1 ? -1 : 0);
        assert_int_equal(bulk_response_count(cut), -1);
    }
}

static void successes_are_read_in_order(void **state)
{
    static const struct want want[] = {
        {201, false, "", ""}, {200, false, "", ""}, {200, true, "", ""}};

    (void)state;
    expect_items("{\"took\":5,\"errors\":false,\"items\":["
                 "{\"index\":{\"status\":201}},{\"index\":{\"status\":200}},"
                 "{\"delete\":{\"status\":200}}]}",
        want, 3);
}

static void a_whole_answer_reads_like_a_filtered_one(void **state)
{
    static const struct want want[] = {{201, false, "", ""},
        {404, true, "", ""}, {201, false, "", ""}, {200, false, "", ""}};

    (void)state;
    expect_items(
        "{\"took\":30,\"errors\":false,\"items\":[{\"index\":{\"_index\":"
        "\"marcap\",\"_type\":\"_doc\",\"_id\":\"items\",\"_version\":1,"
        "\"result\":\"created\",\"_shards\":{\"total\":2,\"successful\":1,"
        "\"failed\":0,\"status\":7},\"status\":201,\"_seq_no\":0,"
        "\"_primary_term\":1}},{\"delete\":{\"_id\":\"2\",\"result\":"
        "\"not_found\",\"status\":404}},{\"create\":{\"status\":201}},"
        "{\"update\":{\"status\":200}}]}",
        want, 4);
}

static void failures_are_read_with_type_and_reason(void **state)
{
    static const struct want want[] = {
        {201, false, "", ""},
        {400, false, "mapper_parsing_exception",
            "failed to parse field [Close] of \\\"x\\\""},
        {429, false, "es_rejected_execution_exception", "rejected"},
        {409, true, "version_conflict_engine_exception", ""},
    };

    (void)state;
    expect_items(
        "{\"took\":1,\"errors\":true,\"items\":[{\"index\":{\"status\":201}},"
        "{\"index\":{\"status\":400,\"error\":{\"type\":"
        "\"mapper_parsing_exception\",\"reason\":\"failed to parse field "
        "[Close] of \\\"x\\\"\",\"caused_by\":{\"type\":"
        "\"number_format_exception\",\"reason\":\"For input\"}}}},"
        "{\"index\":{\"error\":{\"reason\":\"rejected\",\"type\":"
        "\"es_rejected_execution_exception\"},\"status\":429}},"
        "{\"delete\":{\"status\":409,\"error\":{\"type\":"
        "\"version_conflict_engine_exception\",\"reason\":null}}}]}",
        want, 4);
}

static void the_cause_does_not_stand_for_the_error(void **state)
{
    static const struct want want[] = {{400, false, "outer", "why"}};

    (void)state;
    expect_items("{\"items\":[{\"index\":{\"error\":{\"caused_by\":{\"type\":"
                 "\"inner\",\"reason\":\"x\",\"status\":500},\"root_cause\":[{"
                 "\"type\":\"root\"}],\"type\":\"outer\",\"reason\":\"why\"},"
                 "\"status\":400}}]}",
        want, 1);
}

static void the_innermost_cause_is_told(void **state)
{
    static const char body[] =
        "{\"items\":[{\"index\":{\"status\":400,\"error\":{\"type\":\"t\","
        "\"reason\":\"failed to parse field [Volume] of type [long]\","
        "\"caused_by\":{\"type\":\"m\",\"reason\":\"middle\",\"caused_by\":"
        "{\"type\":\"i\",\"reason\":\"For input string: \\\"abc\\\"\"}}}}},"
        "{\"index\":{\"status\":400,\"error\":{\"type\":\"t\",\"reason\":"
        "\"alone\"}}}]}";
    struct bulk_response r;
    struct item_answer item;
    char text[128];

    (void)state;
    assert_int_equal(bulk_response_open(&r, slice_of(body)), 0);
    assert_int_equal(bulk_response_next(&r, &item), 1);
    item_reason(&item, text, sizeof(text));
    assert_string_equal(text, "failed to parse field [Volume] of type [long]: "
                              "For input string: \\\"abc\\\"");
    item_reason(&item, text, 10);
    assert_string_equal(text, "failed to");
    assert_int_equal(bulk_response_next(&r, &item), 1);
    item_reason(&item, text, sizeof(text));
    assert_string_equal(text, "alone");
}

static void an_error_may_be_a_text_or_have_no_type(void **state)
{
    static const struct want want[] = {
        {400, false, "MapperParsingException[failed to parse]", ""},
        {503, false, "", ""}, {500, false, "", "x"}, {500, false, "", ""}};

    (void)state;
    expect_items("{\"items\":[{\"index\":{\"status\":400,\"error\":"
                 "\"MapperParsingException[failed to parse]\"}},"
                 "{\"index\":{\"status\":503,\"error\":{}}},"
                 "{\"index\":{\"status\":500,\"error\":{\"type\":7,"
                 "\"reason\":\"x\"}}},"
                 "{\"index\":{\"status\":500,\"error\":null}}]}",
        want, 4);
}

static void items_may_stand_first_or_last_or_spread_out(void **state)
{
    static const struct want want[] = {
        {201, false, "", ""}, {200, true, "", ""}};

    (void)state;
    expect_items("{\"items\":[{\"index\":{\"status\":201}},{\"delete\":{"
                 "\"status\":200}}],\"took\":1,\"errors\":false}",
        want, 2);
    expect_items("{\"ingest_took\":9,\"x\":{\"items\":[1]},\"errors\":false,"
                 "\"items\":[{\"index\":{\"status\":201}},{\"delete\":{"
                 "\"status\":200}}]}",
        want, 2);
    expect_items("\n{ \"took\" : 1 ,\r\n \"items\" : [ { \"index\" : { "
                 "\"status\" : 201 } } ,\t{ \"delete\" : { \"status\" : 200 } "
                 "} ] , \"errors\" : false }\n",
        want, 2);
}

static void no_items_are_none(void **state)
{
    (void)state;
    expect_items("{\"took\":0,\"errors\":false,\"items\":[]}", NULL, 0);
    expect_items("{\"items\":[ ]}", NULL, 0);
}

static void an_answer_cut_at_any_byte_is_no_answer(void **state)
{
    static const char body[] =
        "{\"took\":5,\"errors\":true,\"items\":[{\"index\":{\"status\":201}},"
        "{\"index\":{\"status\":400,\"error\":{\"type\":\"t\",\"reason\":"
        "\"a \\\"b\\\" ]}\"}}},{\"delete\":{\"status\":404}}],\"after\":1}";
    struct slice cut = {NULL, 0};

    (void)state;
    assert_int_equal(bulk_response_count(slice_of(body)), 3);
    for (; cut.len < strlen(body); cut.len++) {
        /* Ends where its memory does, so that a sanitizer sees a step over. */
        char *copy = malloc(cut.len > 0 ? cut.len : 1);

        assert_non_null(copy);
        memcpy(copy, body, cut.len);
        cut.p = copy;
        if (bulk_response_count(cut) != -1) {
            fail_msg("%.*s", (int)cut.len, body);
        }
        free(copy);
    }
}

static void what_is_no_bulk_answer_counts_as_none(void **state)
{
    static const char *const bodies[] = {
        "",
        "{}",
        "[]",
        "null",
        "<html>502 Bad Gateway</html>",
        "{\"error\":{\"type\":\"x\"},\"status\":400}",
        "{\"items\":null}",
        "{\"items\":{}}",
        "{\"items\":[{}]}",
        "{\"items\":[null]}",
        "{\"items\":[[]]}",
        "{\"items\":[{\"index\":null}]}",
        "{\"items\":[{\"index\":{}}]}",
        "{\"items\":[{\"index\":{\"status\":\"ok\"}}]}",
        "{\"items\":[{\"index\":{\"status\":20}}]}",
        "{\"items\":[{\"index\":{\"status\":2000}}]}",
        "{\"items\":[{\"index\":{\"status\":-20}}]}",
        "{\"items\":[{\"index\":{\"status\":20.}}]}",
        "{\"items\":[{\"index\":{\"status\":000}}]}",
        "{\"items\":[{\"index\":{\"status\":200}} {\"delete\":1}]}",
        "{\"items\":[{\"index\":{\"status\":200},\"delete\":{\"status\":200}}"
        "]}",
        "{\"items\":[{\"index\":{\"status\":200}}]",
        "{\"items\":[{\"index\":{\"status\":200}}]}{\"items\":[]}",
        "{\"items\":[{\"index\":{\"status\":200}}]} garbage",
        "{\"items\":[{\"index\":{\"status\":200}}],\"x\":}",
        "{\"items\":[{\"index\":{\"status\":200}},]}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        long n = bulk_response_count(slice_of(bodies[i]));

        if (n != -1) {
            fail_msg("%s: %ld", bodies[i], n);
        }
    }
}

static void more_items_than_sent_are_counted_as_they_are(void **state)
{
    static char body[100000] = "{\"errors\":false,\"items\":[";

    (void)state;
    for (int i = 0; i < 2000; i++) {
        (void)strcat(body, i == 0 ? "{\"index\":{\"status\":201}}"
                                  : ",{\"index\":{\"status\":201}}");
    }
    (void)strcat(body, "]}");
    assert_int_equal(bulk_response_count(slice_of(body)), 2000);
}

static void the_filter_keeps_the_status_of_every_item(void **state)
{
    (void)state;
    assert_non_null(strstr(BULK_FILTER_PATH, "items.*.status"));
    assert_non_null(strstr(BULK_FILTER_PATH, "items.*.error"));
    assert_int_equal(strncmp(BULK_FILTER_PATH, "filter_path=", 12), 0);
}

/* An answer may nest as deep as it likes; what is read of it ends. */
static void causes_without_end_are_read_so_deep(void **state)
{
    static char body[20000] = "{\"items\":[{\"index\":{\"status\":400,"
                              "\"error\":{\"type\":\"t\",\"reason\":\"r\"";
    struct bulk_response r;
    struct item_answer item;
    char text[64];

    (void)state;
    for (int i = 1; i < 100; i++) {
        char cause[64];

        (void)snprintf(cause, sizeof(cause),
            ",\"caused_by\":{\"type\":\"t\",\"reason\":\"r%d\"", i);
        (void)strcat(body, cause);
    }
    for (int i = 0; i < 100; i++) {
        (void)strcat(body, "}");
    }
    (void)strcat(body, "}}]}");
    assert_int_equal(bulk_response_count(slice_of(body)), 1);
    assert_int_equal(bulk_response_open(&r, slice_of(body)), 0);
    assert_int_equal(bulk_response_next(&r, &item), 1);
    item_reason(&item, text, sizeof(text));
    assert_string_equal(text, "r: r15");
}

static void a_cause_that_is_no_object_says_nothing(void **state)
{
    static const char body[] =
        "{\"items\":[{\"index\":{\"status\":400,\"error\":{\"type\":\"t\","
        "\"reason\":\"r\",\"caused_by\":\"why\"}}},{\"index\":{\"status\":"
        "500,\"error\":{\"caused_by\":{\"reason\":\"c\"}}}},{\"index\":{"
        "\"status\":500}}]}";
    static const char *const reasons[] = {"r", ": c", ""};
    struct bulk_response r;
    struct item_answer item;
    char text[64];

    (void)state;
    assert_int_equal(bulk_response_open(&r, slice_of(body)), 0);
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        assert_int_equal(bulk_response_next(&r, &item), 1);
        item_reason(&item, text, sizeof(text));
        assert_string_equal(text, reasons[i]);
    }
}

static void white_space_may_follow_an_answer(void **state)
{
    (void)state;
    assert_int_equal(bulk_response_count(slice_of("{\"items\":[]} \t\r\n")), 0);
    assert_int_equal(bulk_response_count(slice_of("{\"items\":[]}\r\n}")), -1);
    assert_int_equal(bulk_response_count(slice_of("{\"items\":[]}\v")), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(successes_are_read_in_order),
        cmocka_unit_test(items_that_say_the_same_are_read_together),
        cmocka_unit_test(a_run_ends_where_the_answer_is_cut),
        cmocka_unit_test(a_whole_answer_reads_like_a_filtered_one),
        cmocka_unit_test(failures_are_read_with_type_and_reason),
        cmocka_unit_test(the_innermost_cause_is_told),
        cmocka_unit_test(the_cause_does_not_stand_for_the_error),
        cmocka_unit_test(an_error_may_be_a_text_or_have_no_type),
        cmocka_unit_test(items_may_stand_first_or_last_or_spread_out),
        cmocka_unit_test(no_items_are_none),
        cmocka_unit_test(an_answer_cut_at_any_byte_is_no_answer),
        cmocka_unit_test(what_is_no_bulk_answer_counts_as_none),
        cmocka_unit_test(more_items_than_sent_are_counted_as_they_are),
        cmocka_unit_test(the_filter_keeps_the_status_of_every_item),
        cmocka_unit_test(causes_without_end_are_read_so_deep),
        cmocka_unit_test(a_cause_that_is_no_object_says_nothing),
        cmocka_unit_test(white_space_may_follow_an_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
