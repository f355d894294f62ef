/* What rows say, by name and value, wherever they come from. */
#include "index/marked_json.h"
#include "verify/csv_content.h"
#include "verify/json_content.h"
#include "verify/sip_hash.h"

#include "tests/unit/small_dataset.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct sip_key key = {1, 2};

/* The example of the paper's appendix A: key 00..0f, message 00..0e. */
static void sip_hash_gives_the_papers_value(void **state)
{
    char message[15];

    (void)state;
    for (int i = 0; i < 15; i++) {
        message[i] = (char)i;
    }
    assert_true(
        sip_hash((struct sip_key){UINT64_C(0x0706050403020100),
                     UINT64_C(0x0f0e0d0c0b0a0908)},
            (struct slice){message, 15}) == UINT64_C(0xa129ca6149be45e5));
}

static uint64_t hash_of(struct content *c)
{
    uint64_t hash;

    assert_int_equal(content_hash(c, key, &hash), 0);
    return hash;
}

/* Read JSON into c; -1 when it is refused. */
static int read_json(const char *text, struct content *c)
{
    struct buf marked;
    struct error err;
    json_t *tree;
    int rc;

    buf_init(&marked, 1 << 20);
    tree = marked_json_load(slice_of(text), &marked, &err);
    rc = tree != NULL ? json_content(tree, c) : -1;
    json_decref(tree);
    buf_fini(&marked);
    return rc;
}

static bool are_equal(const char *a, const char *b)
{
    struct content one, two;
    bool equal;

    content_init(&one);
    content_init(&two);
    assert_int_equal(read_json(a, &one), 0);
    assert_int_equal(read_json(b, &two), 0);
    equal = hash_of(&one) == hash_of(&two);
    content_fini(&one);
    content_fini(&two);
    return equal;
}

static void json_is_compared_by_what_it_says(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"{\"a\":1,\"b\":\"x\"}", "{ \"b\" : \"x\" ,\n\"a\":1.0 }", true},
        {"{\"a\":78600.0}", "{\"a\":7.86e4}", true},
        {"{\"a\":1,\"b\":null}", "{\"a\":1}", true},
        {"{\"a\":1}", "{\"a\":2}", false},
        {"{\"a\":1}", "{\"b\":1}", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":1}", false},
        {"{\"a\":1}", "{\"a\":\"1\"}", false},
        {"{\"a\":true}", "{\"a\":\"true\"}", false},
        {"{\"a\":\"\"}", "{}", false},
        {"{\"a\":\"x\",\"b\":\"y\"}", "{\"a\":\"y\",\"b\":\"x\"}", false},
        {"{\"ab\":\"c\"}", "{\"a\":\"bc\"}", false},
        {"{\"a\":\"\\uc0bc\\u0022\"}", "{\"a\":\"\xec\x82\xbc\\\"\"}", true},
        {"{\"a\":\"x\\u0000y\"}", "{\"a\":\"x\\u0000z\"}", false},
        {"{\"a\":\"#1\"}", "{\"a\":1}", false},
        {"{\"a\":[1,2.0]}", "{\"a\":[1.0,2]}", true},
        {"{\"a\":[1,2]}", "{\"a\":[2,1]}", false},
        {"{\"a\":{\"x\":1,\"y\":2}}", "{\"a\":{\"y\":2.0,\"x\":1}}", true},
        {"{\"a\":469224908430000}", "{\"a\":469224908430001}", false},
        {"{\"a\":9007199254740993}", "{\"a\":9007199254740992.0}", false},
        {"{\"a\":9223372036854775808}", "{\"a\":9223372036854775807}", false},
        {"{\"a\":0.1}", "{\"a\":0.10000000000000001}", false},
        {"\xef\xbb\xbf{\"a\":1}", "{\"a\":1}", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (are_equal(cases[i].a, cases[i].b) != cases[i].equal) {
            fail_msg("%s and %s", cases[i].a, cases[i].b);
        }
    }
}

static void what_is_no_json_object_is_refused(void **state)
{
    static const char *const cases[] = {"", "{", "[]", "5", "null", "\"x\"",
        "{\"a\":01}", "{\"a\":1.}", "{\"a\":--1}", "{\"a\":1x}", "{\"a\":x}",
        "{\"a\":1,\"a\":2}", "{\"a\":1} {", "{\"a\":\"\xff\"}", "{\"a\":\"x",
        "{\"a\":\"\\", "{\"a\":[1,+2]}", "{1:2}", "{\"a\":{1:2}}",
        "{\"a\":[-]}"};
    struct content c;

    (void)state;
    content_init(&c);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (read_json(cases[i], &c) == 0) {
            fail_msg("taken: %s", cases[i]);
        }
    }
    content_fini(&c);
}

#define HEADER "Code,Name,Dept,Close,Volume,Rank,Seen,Date"
#define MAX_FIELDS 8

static size_t cut(const char *text, struct slice out[MAX_FIELDS])
{
    size_t n = 0;

    for (;;) {
        size_t len = strcspn(text, ",");

        out[n++] = (struct slice){text, len};
        if (text[len] == '\0') {
            return n;
        }
        text += len + 1;
    }
}

static int read_csv(const char *line, struct content *c, struct error *err)
{
    struct slice header[MAX_FIELDS], fields[MAX_FIELDS];
    struct column_choices choices = {0};
    struct column_map map;
    int rc;

    assert_int_equal(cut(line, fields), cut(HEADER, header));
    assert_int_equal(
        column_map_init(&map, &small_dataset, header, 8, &choices, err), 0);
    rc = csv_content(&map, fields, c, err);
    column_map_fini(&map);
    return rc;
}

static void a_row_of_csv_equals_the_record_it_should_become(void **state)
{
    static const struct {
        const char *line, *json;
        bool equal;
    } cases[] = {
        {"005930,X,D,78600.0,13502112.0,1,5,2022-01-03",
            "{\"Code\":\"005930\",\"Name\":\"X\",\"Close\":78600,\"Volume\":"
            "13502112,\"Rank\":1,\"Seen\":5,\"Date\":\"2022-01-03\"}",
            true},
        {"005930,,,,13502112,,,2022-01-03",
            "{\"Volume\":13502112,\"Code\":\"005930\",\"Date\":\"2022-01-03\"}",
            true},
        {"005930,,,,13502112,,,2022-01-03",
            "{\"Volume\":13502113,\"Code\":\"005930\",\"Date\":\"2022-01-03\"}",
            false},
        {"005930,,,,13502112,,,2022-01-03",
            "{\"Volume\":\"13502112\",\"Code\":\"005930\",\"Date\":"
            "\"2022-01-03\"}",
            false},
        {"005930,,,,1,,,2022-01-03",
            "{\"Volume\":1,\"Code\":5930,\"Date\":\"2022-01-03\"}", false},
        {"005930,,D,,1,,,2022-01-03",
            "{\"Dept\":\"D\",\"Volume\":1,\"Code\":\"005930\",\"Date\":"
            "\"2022-01-03\"}",
            false},
    };
    struct content csv, json;
    struct error err;

    (void)state;
    content_init(&csv);
    content_init(&json);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(read_csv(cases[i].line, &csv, &err), 0);
        assert_int_equal(read_json(cases[i].json, &json), 0);
        if ((hash_of(&csv) == hash_of(&json)) != cases[i].equal) {
            fail_msg("%s and %s", cases[i].line, cases[i].json);
        }
    }
    content_fini(&csv);
    content_fini(&json);
}

static void a_value_that_does_not_fit_is_named(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"A,,,,abc,,,2022-01-03", "Volume: 'abc' is not a whole number of 64"},
        {"A,,,,1,2147483648,,2022-01-03", "Rank: '2147483648' is not a whole"},
        {"A,,,+5,1,,,2022-01-03", "Close: '+5' is not a plain number"},
        {"A,,,1e999,1,,,2022-01-03", "Close: '1e999' is not a plain number"},
        {"A,,,,1,,,2022-02-30", "Date: '2022-02-30' is not a date"},
        {"A,\xff,,,1,,,2022-01-03", "is not UTF-8"},
        {",,,,1,,,2022-01-03", "Code: empty, and the dataset requires it"},
    };
    struct content c;
    struct error err;

    (void)state;
    content_init(&c);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(read_csv(cases[i].line, &c, &err), -1);
        assert_non_null(strstr(err.text, cases[i].says));
    }
    content_fini(&c);
}

static int note(void *arg, struct slice name, const struct content_field *a,
    const struct content_field *b)
{
    return buf_printf(arg, "%.*s:%.*s/%.*s ", (int)name.len, name.p,
        a != NULL ? (int)a->text.len : 1, a != NULL ? a->text.p : "-",
        b != NULL ? (int)b->text.len : 1, b != NULL ? b->text.p : "-");
}

static void differences_are_told_field_by_field(void **state)
{
    struct content a, b;
    struct buf out;

    (void)state;
    content_init(&a);
    content_init(&b);
    buf_init(&out, 1024);
    assert_int_equal(
        read_json("{\"a\":1,\"b\":\"x\",\"c\":2.50,\"d\":4,\"f\":\"6\"}", &a),
        0);
    assert_int_equal(
        read_json("{\"e\":5,\"c\":2.51,\"b\":\"x\",\"a\":1.0,\"f\":6}", &b), 0);
    assert_int_equal(content_differences(&a, &b, note, &out), 0);
    assert_string_equal(buf_str(&out), "c:2.50/2.51 d:4/- f:6/6 e:-/5 ");
    assert_int_equal(content_copy(&b, &a), 0);
    buf_clear(&out);
    assert_int_equal(content_differences(&a, &b, note, &out), 0);
    assert_string_equal(buf_str(&out), "");
    buf_fini(&out);
    content_fini(&a);
    content_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sip_hash_gives_the_papers_value),
        cmocka_unit_test(json_is_compared_by_what_it_says),
        cmocka_unit_test(what_is_no_json_object_is_refused),
        cmocka_unit_test(a_row_of_csv_equals_the_record_it_should_become),
        cmocka_unit_test(a_value_that_does_not_fit_is_named),
        cmocka_unit_test(differences_are_told_field_by_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
