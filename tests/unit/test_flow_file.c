/* Reading flows: all forms, and what is broken or hostile. */
#include "bridge/nifi/flow_file.h"

#include "bridge/nifi/flow_path.h"
#include "common/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define CONSUME "org.apache.nifi.processors.kafka.pubsub.ConsumeKafka_2_0"
#define PUT "org.apache.nifi.processors.elasticsearch.PutElasticsearchHttp"

static struct flow *read_text(const char *text, struct error *err)
{
    err->text[0] = '\0';
    return flow_from_bytes(slice_of(text), err);
}

static void refuses(struct slice bytes, const char *because)
{
    struct error err = {""};
    struct flow *f = flow_from_bytes(bytes, &err);

    if (f != NULL) {
        fail_msg("taken, though %s", because);
    }
    if (strstr(err.text, because) == NULL) {
        fail_msg("says   %s\nwanted %s", err.text, because);
    }
}

static void what_is_no_flow_is_told_what_would_be(void **state)
{
    static const char *const cases[][2] = {
        {"", "it is empty"},
        {"  \n", "it is empty"},
        {"hello", "it is neither XML nor JSON"},
        {"{}", "it is JSON, but no flow of NiFi's"},
        {"{\"rootGroup\":[]}", "no flow of NiFi's"},
        {"<project/>", "the root is <project>"},
        {"<template/>", "it has no <snippet>"},
        {"<flowController></flowController>", "it has no <rootGroup>"},
        {"{\"rootGroup\":{\"a\":1,\"a\":2}}", "line 1, column"},
        {"{\"rootGroup\":{\"processors\":[{\"properties\":{\"a\":1}}]}}",
            "the property 'a' is neither text nor null"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        refuses(slice_of(cases[i][0]), cases[i][1]);
    }
}

static void entities_and_document_types_are_refused(void **state)
{
    static const char *const cases[] = {
        "<?xml version='1.0'?><!DOCTYPE t [<!ENTITY a 'ha'><!ENTITY b "
        "'&a;&a;&a;&a;&a;&a;&a;&a;'>]><template>&b;</template>",
        "<!DOCTYPE t SYSTEM 'file:///etc/passwd'><template/>",
        "<!DOCTYPE t [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
        "<template><name>&a;</name></template>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        refuses(slice_of(cases[i]), "a document type is declared");
    }
    refuses(
        slice_of("<template><name>&a;</name></template>"), "undefined entity");
}

/* times over, between head and tail. */
static void refuses_many(const char *head, const char *one, size_t times,
    const char *tail, const char *because)
{
    struct buf text;

    buf_init(&text, (size_t)256 << 20);
    assert_int_equal(buf_append_str(&text, head), 0);
    for (size_t i = 0; i < times; i++) {
        assert_int_equal(buf_append_str(&text, one), 0);
    }
    assert_int_equal(buf_append_str(&text, tail), 0);
    refuses(buf_slice(&text), because);
    buf_fini(&text);
}

static void a_million_processors_are_too_many(void **state)
{
    (void)state;
    refuses_many("{\"rootGroup\":{\"processors\":[", "{},", 1000000, "{}]}}",
        "more than 100000 groups, processors");
    refuses_many("<template><snippet>", "<processors/>", 1000000,
        "</snippet></template>", "more than 100000 groups, processors");
    refuses_many("<flowController><rootGroup>", "<connection/>", 1000000,
        "</rootGroup></flowController>", "more than 100000 groups, processors");
    refuses_many("{\"rootGroup\":{\"x\":[", "0,", 5000000, "0]}}",
        "it holds more than 3000000 values");
    refuses_many("{\"rootGroup\":{\"x\":\"", "0123456789abcdef", 5000000,
        "\"}}", "it is larger than 64 MB");
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    refuses_many("{\"rootGroup\":", "{\"processGroups\":[{\"a\":", 100000, "",
        "nest deeper");
    refuses_many("", "[", 1000000, "", "neither XML nor JSON");
    refuses_many("{\"rootGroup\":", "[", 1000000, "", "nest deeper");
    refuses_many("<template><snippet>", "<processGroups>", 100000, "",
        "nest deeper than 64 levels");
    refuses_many("<flowController><rootGroup>", "<processGroup>", 100000, "",
        "nest deeper than 64 levels");
    refuses_many(
        "<template><snippet>", "<contents>", 100000, "", "nest deeper");
    refuses_many(
        "<template><snippet><processors>", "<a>", 100000, "", "nest deeper");
    /* What is passed over is not built, so that its depth costs nothing. */
    refuses_many(
        "<template><snippet><labels>", "<a>", 100000, "", "no element found");
}

static void one_element_cannot_be_without_end(void **state)
{
    (void)state;
    refuses_many("<template><snippet><processors><name>", "0123456789abcdef",
        2000000, "", "an element is larger than any of NiFi's");
    refuses_many("<template><snippet><processors>", "<a/>", 500000, "",
        "an element is larger than any of NiFi's");
    refuses_many("{\"rootGroup\":{\"processors\":[{\"properties\":{\"a\":\"\"",
        "", 0, "}}]}}x", "line 1");
}

static size_t gzip_of(const void *plain, size_t n, char *to, size_t room)
{
    z_stream z = {0};

    assert_int_equal(
        deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    memcpy(&z.next_in, &plain, sizeof(z.next_in));
    z.avail_in = (uInt)n;
    z.next_out = (unsigned char *)(void *)to;
    z.avail_out = (uInt)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    (void)deflateEnd(&z);
    return room - z.avail_out;
}

static void a_packed_bomb_is_refused(void **state)
{
    size_t n = (size_t)65 << 20, room = (size_t)1 << 20;
    char *zeros = calloc(1, n), *packed = malloc(room);

    (void)state;
    assert_non_null(zeros);
    assert_non_null(packed);
    n = gzip_of(zeros, n, packed, room);
    assert_true(n < room / 4);
    refuses((struct slice){packed, n}, "it is larger than 64 MB");
    free(zeros);
    free(packed);
}

static char *read_corpus(const char *name, size_t *n)
{
    char path[512];
    char *bytes = malloc(65536);
    FILE *file;

    (void)snprintf(path, sizeof(path), "%s/%s", NARU_CORPUS, name);
    file = fopen(path, "rb");
    if (file == NULL || bytes == NULL) {
        fail_msg("%s: cannot be read", path);
    }
    *n = fread(bytes, 1, 65536, file);
    (void)fclose(file);
    return bytes;
}

/* No prefix of a file is a file. */
static void a_file_cut_short_at_any_byte_is_refused(void **state)
{
    static const char *const names[] = {"nifi_template/seed.xml",
        "nifi_template/nested.xml", "nifi_flow_xml/login.xml",
        "nifi_flow_xml/seed.xml.gz", "nifi_flow_json/two.json",
        "nifi_flow_json/records.json.gz", "nifi_definition/steps.json",
        "nifi_registry/snapshot.json"};

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t n;
        char *bytes = read_corpus(names[i], &n);
        struct error err;
        struct flow *f = flow_from_bytes((struct slice){bytes, n}, &err);

        assert_non_null(f);
        flow_free(f);
        while (n > 0 && (bytes[n - 1] == '\n' || bytes[n - 1] == ' ')) {
            n--;
        }
        for (size_t cut = 0; cut < n; cut++) {
            /* Just as long, so that a read behind the end is seen. */
            char *prefix = malloc(cut + 1);

            assert_non_null(prefix);
            memcpy(prefix, bytes, cut);
            err.text[0] = '\0';
            f = flow_from_bytes((struct slice){prefix, cut}, &err);
            if (f != NULL || err.text[0] == '\0') {
                fail_msg("%s cut at %zu: taken", names[i], cut);
            }
            free(prefix);
        }
        free(bytes);
    }
}

static void several_members_of_gzip_are_one_file(void **state)
{
    const char *a = "{\"rootGroup\":", *b = "{\"name\":\"x\"}}";
    char packed[4096];
    struct error err;
    struct flow *f;
    size_t n;

    (void)state;
    n = gzip_of(a, strlen(a), packed, sizeof(packed));
    n += gzip_of(b, strlen(b), packed + n, sizeof(packed) - n);
    f = flow_from_bytes((struct slice){packed, n}, &err);
    assert_non_null(f);
    assert_string_equal(f->groups[0]->name, "x");
    flow_free(f);
}

/* ---- connections ---- */

#define PROCESSOR(id, class)                                                   \
    "{\"identifier\":\"" id "\",\"name\":\"" id "\",\"type\":\"" class "\"}"
#define CONNECTION(id, from, to)                                               \
    "{\"identifier\":\"" id "\",\"source\":{\"id\":\"" from                    \
    "\"},\"destination\":{\"id\":\"" to                                        \
    "\"},\"selectedRelationships\":[\"success\"]}"

static size_t count_paths(const char *text)
{
    struct flow_paths paths;
    struct error err;
    struct flow *f = read_text(text, &err);
    size_t n;

    if (f == NULL || flow_find_paths(f, &paths, &err) != 0) {
        fail_msg("%s", err.text);
    }
    n = paths.n;
    flow_free(f);
    return n;
}

static void wrong_references_are_named(void **state)
{
    struct error err;
    struct flow *f =
        read_text("{\"rootGroup\":{\"name\":\"G\",\"processors\":[" PROCESSOR(
                      "a", CONSUME) "," PROCESSOR("b",
                      PUT) "],\"connections\":[" CONNECTION("x", "a",
                      "nobody") "," CONNECTION("y", "gone",
                      "b") ","
                           "{\"identifier\":\"z\"}]}}",
            &err);

    (void)state;
    assert_non_null(f);
    assert_int_equal(f->faults.n, 4);
    assert_string_equal(f->faults.items[0],
        "connection x in group 'G': its destination nobody is not in the "
        "file");
    assert_string_equal(f->faults.items[1],
        "connection y in group 'G': its source gone is not in the file");
    assert_non_null(strstr(f->faults.items[2], "its source (no id)"));
    flow_free(f);
}

static void cycles_end(void **state)
{
    (void)state;
    assert_int_equal(
        count_paths("{\"rootGroup\":{\"processors\":[" PROCESSOR(
            "a", CONSUME) "," PROCESSOR("b", "x") "," PROCESSOR("c",
            "x") "," PROCESSOR("p", PUT) "],\"connections\":[" CONNECTION("1",
            "a", "b") "," CONNECTION("2", "b", "c") "," CONNECTION("3", "c",
            "b") "," CONNECTION("4", "b", "b") "," CONNECTION("5", "c",
            "p") "," CONNECTION("6", "p", "p") "," CONNECTION("7", "p",
            "a") "]}}"),
        1);
    assert_int_equal(
        count_paths("{\"rootGroup\":{\"processors\":[" PROCESSOR(
            "a", CONSUME) "," PROCESSOR("b", "x") "," PROCESSOR("p",
            PUT) "],\"connections\":[" CONNECTION("1", "a",
            "b") "," CONNECTION("2", "b", "a") "]}}"),
        0);
}

/* A ladder of n steps has 2^n ways. */
static void very_many_ways_are_not_all_walked(void **state)
{
    struct flow_paths paths;
    struct error err;
    struct flow *f;
    struct buf text;

    (void)state;
    buf_init(&text, (size_t)16 << 20);
    assert_int_equal(
        buf_append_str(
            &text, "{\"rootGroup\":{\"processors\":[" PROCESSOR("n0", CONSUME)),
        0);
    for (int i = 1; i <= 60; i++) {
        assert_int_equal(
            buf_printf(&text,
                ",{\"identifier\":\"n%d\"},{\"identifier\":\"l%d\"},"
                "{\"identifier\":\"r%d\"}",
                i, i, i),
            0);
    }
    assert_int_equal(
        buf_append_str(&text, "," PROCESSOR("p", PUT) "],\"connections\":["),
        0);
    for (int i = 1; i <= 60; i++) {
        assert_int_equal(buf_printf(&text,
                             "{\"source\":{\"id\":\"n%d\"},\"destination\":{"
                             "\"id\":\"l%d\"}},"
                             "{\"source\":{\"id\":\"n%d\"},\"destination\":{"
                             "\"id\":\"r%d\"}},"
                             "{\"source\":{\"id\":\"l%d\"},\"destination\":{"
                             "\"id\":\"n%d\"}},"
                             "{\"source\":{\"id\":\"r%d\"},\"destination\":{"
                             "\"id\":\"n%d\"}},",
                             i - 1, i, i - 1, i, i, i, i, i),
            0);
    }
    assert_int_equal(
        buf_append_str(&text, CONNECTION("z", "n60", "p") "]}}"), 0);
    f = flow_from_bytes(buf_slice(&text), &err);
    assert_non_null(f);
    assert_int_equal(flow_find_paths(f, &paths, &err), 0);
    assert_int_equal(paths.n, FLOW_MAX_PATHS);
    assert_true(paths.is_cut);
    flow_free(f);
    buf_fini(&text);
}

/* Two copies of one versioned group share their ids in flow.json. */
static void copies_of_a_group_keep_to_themselves(void **state)
{
#define COPY(n)                                                                \
    "{\"identifier\":\"g\",\"instanceIdentifier\":\"g" n                       \
    "\",\"name\":\"copy" n "\",\"processors\":[{\"identifier\":\"a\","         \
    "\"instanceIdentifier\":\"a" n "\",\"type\":\"" CONSUME "\"},"             \
    "{\"identifier\":\"p\",\"instanceIdentifier\":\"p" n "\",\"type\":\"" PUT  \
    "\"}],\"connections\":[{\"source\":{\"id\":\"a\",\"groupId\":\"g\"},"      \
    "\"destination\":{\"id\":\"p\",\"groupId\":\"g\"}}]}"
    struct flow_paths paths;
    struct error err;
    struct flow *f = read_text(
        "{\"rootGroup\":{\"processGroups\":[" COPY("1") "," COPY("2") "]}}",
        &err);

    (void)state;
    assert_non_null(f);
    assert_int_equal(flow_find_paths(f, &paths, &err), 0);
    assert_int_equal(paths.n, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_ptr_equal(
            paths.items[i].hops[0].at->group, paths.items[i].hops[1].at->group);
    }
    flow_free(f);
}

static void many_connections_from_one_place_cost_little(void **state)
{
    struct flow_paths paths;
    struct error err;
    struct flow *f;
    struct buf text;

    (void)state;
    buf_init(&text, (size_t)32 << 20);
    assert_int_equal(
        buf_append_str(
            &text, "{\"rootGroup\":{\"processors\":[" PROCESSOR("a",
                       CONSUME) "," PROCESSOR("p", PUT) "],\"connections\":["),
        0);
    for (int i = 0; i < 90000; i++) {
        assert_int_equal(
            buf_append_str(&text, CONNECTION("x", "a", "p") ","), 0);
    }
    assert_int_equal(buf_append_str(&text, CONNECTION("y", "p", "p") "]}}"), 0);
    f = flow_from_bytes(buf_slice(&text), &err);
    assert_non_null(f);
    assert_int_equal(flow_find_paths(f, &paths, &err), 0);
    assert_true(paths.n >= 1);
    flow_free(f);
    buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_flow_is_told_what_would_be),
        cmocka_unit_test(entities_and_document_types_are_refused),
        cmocka_unit_test(a_million_processors_are_too_many),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(one_element_cannot_be_without_end),
        cmocka_unit_test(a_packed_bomb_is_refused),
        cmocka_unit_test(a_file_cut_short_at_any_byte_is_refused),
        cmocka_unit_test(several_members_of_gzip_are_one_file),
        cmocka_unit_test(wrong_references_are_named),
        cmocka_unit_test(cycles_end),
        cmocka_unit_test(very_many_ways_are_not_all_walked),
        cmocka_unit_test(copies_of_a_group_keep_to_themselves),
        cmocka_unit_test(many_connections_from_one_place_cost_little),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
