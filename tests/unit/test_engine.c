/* The engine probe's pure part: who answered, and what it can do. */
#include "mappings/engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* An answer to GET / as Elasticsearch forms it since 7.0. */
#define ELASTICSEARCH(number, flavor)                                          \
    "{\"name\":\"node-1\",\"cluster_name\":\"elasticsearch\","                 \
    "\"cluster_uuid\":\"4xWe0VTnQSaa5JtmqgDUUA\",\"version\":{"                \
    "\"number\":\"" number "\",\"build_flavor\":\"" flavor "\","               \
    "\"build_type\":\"docker\",\"build_hash\":\"78dcaaa8\","                   \
    "\"build_date\":\"2021-03-18T06:17:15.410153305Z\","                       \
    "\"build_snapshot\":false,\"lucene_version\":\"8.8.0\","                   \
    "\"minimum_wire_compatibility_version\":\"6.8.0\","                        \
    "\"minimum_index_compatibility_version\":\"6.0.0-beta1\"},"                \
    "\"tagline\":\"You Know, for Search\"}"

/* ... and as OpenSearch does; masked, it hides "distribution" too. */
#define OPENSEARCH(distribution, number)                                       \
    "{\"name\":\"node-1\",\"cluster_name\":\"opensearch-cluster\","            \
    "\"cluster_uuid\":\"ikW1u3jySuWNpBrn5jNnmg\",\"version\":{" distribution   \
    "\"number\":\"" number "\",\"build_type\":\"tar\","                        \
    "\"build_hash\":\"7e9a3d8\",\"build_snapshot\":false,"                     \
    "\"lucene_version\":\"9.12.0\","                                           \
    "\"minimum_wire_compatibility_version\":\"7.10.0\"},"                      \
    "\"tagline\":\"The OpenSearch Project: https://opensearch.org/\"}"
#define IS_OPENSEARCH "\"distribution\":\"opensearch\","

#define NODE(version, more)                                                    \
    "{\"nodes\":{\"qPyXc9zrRHWuU7Vk5wG1rQ\":{\"version\":\"" version "\"" more \
    "}}}"
#define FLAVOR ",\"build_flavor\":\"default\""

typedef int (*read_fn)(
    struct slice body, struct engine *engine, struct error *err);

struct row {
    read_fn read;
    const char *body;
    const char *name;
    bool typeless, composable_templates, require_alias, include_type_name;
};

static void each_engine_is_told_by_its_answer(void **state)
{
    static const struct row rows[] = {
        {engine_from_root, ELASTICSEARCH("6.8.23", "default"),
            "Elasticsearch 6.8.23", false, false, false, true},
        {engine_from_root, ELASTICSEARCH("7.0.0", "oss"), "Elasticsearch 7.0.0",
            true, false, false, false},
        {engine_from_root, ELASTICSEARCH("7.7.1", "default"),
            "Elasticsearch 7.7.1", true, false, false, false},
        {engine_from_root, ELASTICSEARCH("7.8.0", "default"),
            "Elasticsearch 7.8.0", true, true, false, false},
        {engine_from_root, ELASTICSEARCH("7.10.2", "oss"),
            "Elasticsearch 7.10.2", true, true, true, false},
        {engine_from_root, ELASTICSEARCH("7.12.0", "default"),
            "Elasticsearch 7.12.0", true, true, true, false},
        {engine_from_root, ELASTICSEARCH("7.17.29", "default"),
            "Elasticsearch 7.17.29", true, true, true, false},
        {engine_from_root, ELASTICSEARCH("8.19.21", "default"),
            "Elasticsearch 8.19.21", true, true, true, false},
        {engine_from_root, ELASTICSEARCH("9.5.3-SNAPSHOT", "default"),
            "Elasticsearch 9.5.3", true, true, true, false},
        {engine_from_root, ELASTICSEARCH("8.11.0", "serverless"),
            "Elasticsearch 8.11.0", true, true, true, false},
        {engine_from_root, OPENSEARCH(IS_OPENSEARCH, "1.3.20"),
            "OpenSearch 1.3.20", true, true, true, false},
        {engine_from_root, OPENSEARCH(IS_OPENSEARCH, "2.19.4"),
            "OpenSearch 2.19.4", true, true, true, false},
        {engine_from_root, OPENSEARCH(IS_OPENSEARCH, "3.8.0"),
            "OpenSearch 3.8.0", true, true, true, false},
        {engine_from_root, OPENSEARCH("", "7.10.2"),
            "OpenSearch (calling itself 7.10.2)", true, true, true, false},
        {engine_from_root, OPENSEARCH(IS_OPENSEARCH, "7.10.2"),
            "OpenSearch (calling itself 7.10.2)", true, true, true, false},
        {engine_from_nodes, NODE("7.17.29", FLAVOR), "Elasticsearch 7.17.29",
            true, true, true, false},
        {engine_from_nodes, NODE("6.8.23", FLAVOR), "Elasticsearch 6.8.23",
            false, false, false, true},
        {engine_from_nodes, NODE("3.8.0", ""), "OpenSearch 3.8.0", true, true,
            true, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error err = {""};
        struct engine engine;

        if (rows[i].read(slice_of(rows[i].body), &engine, &err) != 0) {
            print_error("%s: %s\n", rows[i].name, err.text);
            fail();
        }
        assert_string_equal(engine.name, rows[i].name);
        assert_int_equal(engine.product,
            rows[i].name[0] == 'O' ? ENGINE_OPENSEARCH : ENGINE_ELASTICSEARCH);
        assert_int_equal(engine.typeless, rows[i].typeless);
        assert_int_equal(
            engine.composable_templates, rows[i].composable_templates);
        assert_int_equal(engine.require_alias, rows[i].require_alias);
        assert_int_equal(engine.include_type_name, rows[i].include_type_name);
        assert_int_equal(
            engine.unpacks_zstd, strcmp(rows[i].name, "OpenSearch 3.8.0") == 0);
    }
}

static void a_type_is_sent_where_it_is_taken_and_dropped_where_not(void **state)
{
    static const struct {
        const char *answer, *wanted, *sent;
        bool dropped;
    } rows[] = {
        {ELASTICSEARCH("6.8.23", "default"), NULL, "_doc", false},
        {ELASTICSEARCH("6.8.23", "default"), "json", "json", false},
        {ELASTICSEARCH("7.17.29", "default"), NULL, NULL, false},
        {ELASTICSEARCH("7.17.29", "default"), "json", "json", false},
        {ELASTICSEARCH("8.0.0", "default"), "json", NULL, true},
        {ELASTICSEARCH("9.5.3", "default"), NULL, NULL, false},
        {OPENSEARCH(IS_OPENSEARCH, "1.3.20"), "json", "json", false},
        {OPENSEARCH(IS_OPENSEARCH, "2.0.0"), "json", NULL, true},
        {OPENSEARCH("", "7.10.2"), "json", NULL, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct engine engine;
        const char *sent;
        bool dropped;

        assert_int_equal(
            engine_from_root(slice_of(rows[i].answer), &engine, NULL), 0);
        sent = engine_bulk_type(&engine, rows[i].wanted, &dropped);
        assert_int_equal(sent == NULL, rows[i].sent == NULL);
        if (sent != NULL) {
            assert_string_equal(sent, rows[i].sent);
        }
        assert_int_equal(dropped, rows[i].dropped);
    }
}

static void what_differs_by_version_only_differs_there(void **state)
{
    static const struct {
        const char *answer;
        bool simulate_template, policy_meta;
    } rows[] = {
        {ELASTICSEARCH("6.8.23", "default"), false, false},
        {ELASTICSEARCH("7.8.1", "default"), false, false},
        {ELASTICSEARCH("7.9.0", "default"), true, false},
        {ELASTICSEARCH("8.19.21", "default"), true, true},
        {OPENSEARCH(IS_OPENSEARCH, "1.0.0"), true, false},
        {OPENSEARCH("", "7.10.2"), true, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct engine engine;

        assert_int_equal(
            engine_from_root(slice_of(rows[i].answer), &engine, NULL), 0);
        assert_int_equal(engine.simulate_template, rows[i].simulate_template);
        assert_int_equal(engine.policy_meta, rows[i].policy_meta);
    }
}

static void a_refusals_header_tells_the_product_and_no_version(void **state)
{
    struct engine engine;

    (void)state;
    assert_int_equal(engine_from_product("Elasticsearch", &engine), 0);
    assert_string_equal(engine.name, "Elasticsearch (7.14 or later)");
    assert_true(engine.typeless && engine.composable_templates &&
                engine.require_alias && engine.simulate_template);
    assert_false(engine.takes_type || engine.include_type_name);
    assert_int_equal(engine_from_product("", &engine), -1);
    assert_int_equal(engine_from_product("nginx", &engine), -1);
}

static void masked_opensearch_has_no_version_of_its_own(void **state)
{
    struct engine engine;

    (void)state;
    assert_int_equal(
        engine_from_root(slice_of(OPENSEARCH("", "7.10.2")), &engine, NULL), 0);
    assert_int_equal(engine.major, 0);
    assert_int_equal(engine_from_root(slice_of(ELASTICSEARCH("7.10.2", "oss")),
                         &engine, NULL),
        0);
    assert_int_equal(engine.major, 7);
}

static void answers_of_others_are_refused_in_words(void **state)
{
    static const struct {
        read_fn read;
        const char *body, *says;
    } rows[] = {
        {engine_from_root, "", "neither Elasticsearch nor OpenSearch"},
        {engine_from_root, "<html>It works!</html>", "neither"},
        {engine_from_root, "[]", "neither"},
        {engine_from_root, "{\"tagline\":\"hello\"}", "neither"},
        {engine_from_root, "{\"tagline\":\"You Know, for Search\"}",
            "version \"\" is unreadable"},
        {engine_from_root, ELASTICSEARCH("x.y.z", "default"), "unreadable"},
        {engine_from_root, ELASTICSEARCH("5.6.16", "default"),
            "Elasticsearch 5.6.16 is older than 6.8"},
        {engine_from_root, ELASTICSEARCH("6.7.2", "default"), "older than 6.8"},
        {engine_from_nodes, "{}", "neither"},
        {engine_from_nodes, "{\"nodes\":{}}", "neither"},
        {engine_from_nodes, "nothing", "neither"},
        {engine_from_nodes, "{\"nodes\":{\"a\":{}}}", "unreadable"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error err = {""};
        struct engine engine;

        assert_int_equal(
            rows[i].read(slice_of(rows[i].body), &engine, &err), -1);
        if (strstr(err.text, rows[i].says) == NULL) {
            print_error("%s\nwants: %s\nsays:  %s\n", rows[i].body,
                rows[i].says, err.text);
            fail();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_engine_is_told_by_its_answer),
        cmocka_unit_test(
            a_type_is_sent_where_it_is_taken_and_dropped_where_not),
        cmocka_unit_test(what_differs_by_version_only_differs_there),
        cmocka_unit_test(a_refusals_header_tells_the_product_and_no_version),
        cmocka_unit_test(masked_opensearch_has_no_version_of_its_own),
        cmocka_unit_test(answers_of_others_are_refused_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
