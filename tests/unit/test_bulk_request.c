/* The exact bytes of a record's lines, and why a record has none. */
#include "bridge/bulk_request.h"

#include "tests/unit/failing_memory.h"

#include "bridge/attributes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct bulk_options by_key = {.index = "marcap",
    .id = "%{_key}",
    .version = "none",
    .on_tombstone = TOMBSTONE_SKIP};

static struct bulk_encoder *encoder_of(const struct bulk_options *o)
{
    struct error err;
    struct bulk_encoder *e = bulk_encoder_new(o, &err);

    if (e == NULL) {
        fail_msg("%s", err.text);
    }
    return e;
}

static struct record record_of(const char *value)
{
    return (struct record){.topic = "Stock_Data",
        .partition = 3,
        .offset = 77,
        .timestamp_ms = 1641168000123,
        .has_key = true,
        .key = {"005930", 6},
        .has_value = value != NULL,
        .value = value != NULL ? slice_of(value) : (struct slice){NULL, 0}};
}

/* The lines of r; "!why" when refused, "skipped" or "full". What stood in the
 * buffer before must stand there after. */
static const char *encode(struct bulk_encoder *e, const struct record *r)
{
    static char result[8192];
    struct error why = {""};
    struct buf out;
    bool is_delete = !r->has_value;

    buf_init(&out, 6000);
    assert_int_equal(buf_append_str(&out, "before\n"), 0);
    switch (bulk_encode(e, r, &out, &is_delete, &why)) {
    case BULK_ENCODED:
        assert_memory_equal(out.data, "before\n", 7);
        assert_true(is_delete == !r->has_value);
        (void)snprintf(result, sizeof(result), "%s", buf_str(&out) + 7);
        buf_fini(&out);
        return result;
    case BULK_REFUSED:
        (void)snprintf(result, sizeof(result), "!%s", why.text);
        break;
    case BULK_SKIPPED:
        (void)strcpy(result, "skipped");
        break;
    case BULK_FULL:
        (void)strcpy(result, "full");
        break;
    }
    assert_string_equal(buf_str(&out), "before\n");
    buf_fini(&out);
    return result;
}

static void expect(
    const struct bulk_options *o, const struct record *r, const char *lines)
{
    struct bulk_encoder *e = encoder_of(o);
    const char *got = encode(e, r);

    if (strcmp(got, lines) != 0) {
        fail_msg("gives\n%s\nnot\n%s", got, lines);
    }
    bulk_encoder_free(e);
}

/* ---- forms of the action ---- */

static void actions_have_exactly_what_is_asked_for(void **state)
{
#define VALUE "{\"Code\":\"005930\",\"Date\":\"2022-01-03\",\"Rev\":12}"
    static const struct {
        struct bulk_options options;
        const char *action;
    } cases[] = {
        {{"marcap", "%{_key}", "none", NULL, 0},
            "{\"index\":{\"_id\":\"005930\"}}"},
        {{"marcap", "%{_topic}-%{_partition}-%{_offset}", "timestamp", NULL, 0},
            "{\"index\":{\"_id\":\"Stock_Data-3-77\",\"version\":1641168000123,"
            "\"version_type\":\"external_gte\"}}"},
        {{"marcap", "%{Date}-%{Code}", "Rev", NULL, 0},
            "{\"index\":{\"_id\":\"2022-01-03-005930\",\"version\":12,"
            "\"version_type\":\"external_gte\"}}"},
        {{"marcap-%{Date:%Y}", "%{Date}-%{Code}", "none", NULL, 0},
            "{\"index\":{\"_index\":\"marcap-2022\","
            "\"_id\":\"2022-01-03-005930\"}}"},
        {{"m-%{Date:%Y}", "%{Code}", "Rev", "_doc", 0},
            "{\"index\":{\"_index\":\"m-2022\",\"_type\":\"_doc\","
            "\"_id\":\"005930\",\"version\":12,"
            "\"version_type\":\"external_gte\"}}"},
        {{"marcap", "%{_key}", "none", "json", 0},
            "{\"index\":{\"_type\":\"json\",\"_id\":\"005930\"}}"},
        {{"%{_topic}", "%{Rev}", "Rev", NULL, 0},
            "{\"index\":{\"_index\":\"Stock_Data\",\"_id\":\"12\","
            "\"version\":12,\"version_type\":\"external_gte\"}}"},
    };
    struct record r = record_of(VALUE);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char lines[512];

        (void)snprintf(
            lines, sizeof(lines), "%s\n%s\n", cases[i].action, VALUE);
        expect(&cases[i].options, &r, lines);
    }
#undef VALUE
}

static void a_constant_index_stands_in_the_path(void **state)
{
    struct bulk_options o = by_key;
    struct bulk_encoder *e = encoder_of(&o);

    (void)state;
    assert_string_equal(bulk_encoder_index(e), "marcap");
    bulk_encoder_free(e);
    o.index = "m-%{_topic}";
    e = encoder_of(&o);
    assert_null(bulk_encoder_index(e));
    bulk_encoder_free(e);
    bulk_encoder_free(NULL);
}

static void options_are_borrowed_for_the_call_only(void **state)
{
    char index[] = "m-%{a}", id[] = "%{b}", version[] = "c", type[] = "t";
    struct bulk_options o = {index, id, version, type, TOMBSTONE_SKIP};
    struct bulk_encoder *e = encoder_of(&o);
    struct record r = record_of("{\"a\":1,\"b\":2,\"c\":3}");

    (void)state;
    memset(index, 'x', sizeof(index));
    memset(id, 'x', sizeof(id));
    memset(version, 'x', sizeof(version));
    memset(type, 'x', sizeof(type));
    assert_string_equal(encode(e, &r),
        "{\"index\":{\"_index\":\"m-1\",\"_type\":\"t\",\"_id\":\"2\","
        "\"version\":3,\"version_type\":\"external_gte\"}}\n"
        "{\"a\":1,\"b\":2,\"c\":3}\n");
    bulk_encoder_free(e);
}

/* ---- values ---- */

static void a_value_takes_one_line_as_it_is(void **state)
{
    static const struct {
        const char *value, *line;
    } cases[] = {
        {"{}", "{}"}, {"  {\"a\" : 1.50}  ", "  {\"a\" : 1.50}  "},
        {"{\n  \"a\": 1,\r\n  \"b\": [\n1\n]\n}\n",
            "{   \"a\": 1,\r   \"b\": [ 1 ] } "},
        {"{\"a\":\"x\\ny\"}\n", "{\"a\":\"x\\ny\"} "},
        {"{\"a\":\"\\\"\",\n\"b\":\"\\\\\"\n}",
            "{\"a\":\"\\\"\", \"b\":\"\\\\\" }"},
        {"\xEF\xBB\xBF{\"a\":1}", "{\"a\":1}"},
        {"{\"a\":", "{\"a\":"}, /* the engine's to refuse */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct record r = record_of(cases[i].value);
        char lines[256];

        (void)snprintf(lines, sizeof(lines),
            "{\"index\":{\"_id\":\"005930\"}}\n%s\n", cases[i].line);
        expect(&by_key, &r, lines);
    }
}

static void what_is_no_document_is_refused(void **state)
{
    static const struct {
        const char *value, *says;
    } cases[] = {
        {"", "!the value is empty"},
        {"\xEF\xBB\xBF", "!the value is empty"},
        {" ", "!the value is not a JSON object"},
        {"[1]", "!the value is not a JSON object"},
        {"\"{}\"", "!the value is not a JSON object"},
        {"null", "!the value is not a JSON object"},
        {"a,b,c", "!the value is not a JSON object"},
        {"{\"a\":\"x\ny\"}", "!the value is not JSON: a line break inside a "
                             "string, see byte 8"},
        {"{\"a\":\"x\\\ny\"}", "!the value is not JSON: a line break inside a "
                               "string, see byte 9"},
        {"{\n\"a\":\"x\\\\\",\n\"b\n\":1}",
            "!the value is not JSON: a line break inside a string, see byte "
            "16"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct record r = record_of(cases[i].value);

        expect(&by_key, &r, cases[i].says);
    }
}

static void a_value_that_breaks_off_before_its_fields_is_refused(void **state)
{
    struct bulk_options o = by_key;
    struct record r = record_of("{\"a\":1,\"Code\":\"00");

    (void)state;
    o.id = "%{Code}";
    expect(&o, &r, "!the value is not JSON: see byte 18");
    r = record_of("{\"a\" 1}");
    expect(&o, &r, "!the value is not JSON: see byte 6");
    r = record_of("{\"a\":1}");
    expect(&o, &r, "!id: the field 'Code' is missing");
    o.index = "m-%{Date:%Y}";
    r = record_of("{\"Code\":1,\"Date\":\"soon\"}");
    expect(&o, &r,
        "!index: the field 'Date' does not begin with a date YYYY-MM-DD");
}

static void a_refused_record_leaves_nothing_for_the_next(void **state)
{
    struct bulk_options o = {"m-%{a}", "%{b}", "c", NULL, TOMBSTONE_SKIP};
    struct bulk_encoder *e = encoder_of(&o);
    struct record whole = record_of("{\"a\":1,\"b\":2,\"c\":3}");
    struct record partly = record_of("{\"b\":9}");
    struct record late = record_of("{\"a\":1,\"b\":2}");
    struct record broken = record_of("{\"a\":5,\"b\"");
    static const char lines[] =
        "{\"index\":{\"_index\":\"m-1\",\"_id\":\"2\",\"version\":3,"
        "\"version_type\":\"external_gte\"}}\n{\"a\":1,\"b\":2,\"c\":3}\n";

    (void)state;
    assert_string_equal(encode(e, &whole), lines);
    assert_string_equal(encode(e, &partly), "!index: the field 'a' is missing");
    assert_string_equal(encode(e, &late),
        "!version: the field 'c' is not a whole number from 0");
    assert_string_equal(
        encode(e, &broken), "!the value is not JSON: see byte 11");
    assert_string_equal(encode(e, &whole), lines);
    bulk_encoder_free(e);
}

/* ---- ids ---- */

static void an_id_has_at_most_512_bytes(void **state)
{
    static const struct {
        const char *unit; /* repeated to make the key */
        size_t n;
        size_t bytes; /* of UTF-8 */
    } cases[] = {{"x", 1, 1}, {"x", 512, 512}, {"x", 513, 513},
        {"\xEC\x82\xBC", 170, 510}, {"\xEC\x82\xBC", 171, 513},
        {"\x01", 512, 512}, {"\x01", 513, 513}, {"\"", 512, 512},
        {"\"", 513, 513}, {"x", 5000, 5000}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char key[6000] = "", says[100];
        struct record r = record_of("{}");
        struct bulk_encoder *e = encoder_of(&by_key);
        const char *got;

        for (size_t k = 0; k < cases[i].n; k++) {
            (void)strcat(key, cases[i].unit);
        }
        r.key = slice_of(key);
        got = encode(e, &r);
        if (cases[i].bytes <= BULK_MAX_ID_BYTES) {
            assert_memory_equal(got, "{\"index\":{\"_id\":\"", 17);
        } else if (cases[i].bytes < 4096) {
            (void)snprintf(says, sizeof(says),
                "!id: %zu bytes long, at most 512 are allowed", cases[i].bytes);
            assert_string_equal(got, says);
        } else {
            assert_string_equal(got, "!id: the result is too long");
        }
        bulk_encoder_free(e);
    }
}

static void a_name_that_comes_out_empty_is_refused(void **state)
{
    struct bulk_options o = by_key;
    struct record r = record_of("{\"Market\":\"\"}");

    (void)state;
    r.key.len = 0;
    expect(&o, &r, "!id: it is empty");
    o.id = "%{_offset}";
    o.index = "%{Market}";
    expect(&o, &r, "!index: it is empty");
}

static void a_record_without_key_has_no_id_of_it(void **state)
{
    struct record r = record_of("{}");

    (void)state;
    r.has_key = false;
    expect(&by_key, &r, "!id: the record has no key");
    r = record_of("{}");
    r.key = (struct slice){"\xff\xfe", 2};
    expect(&by_key, &r, "!id: the record's key is not UTF-8");
}

static void a_key_is_escaped_in_the_action(void **state)
{
    struct record r = record_of("{}");

    (void)state;
    r.key = slice_of("a\"}}\n{\"delete\":{}}\\");
    expect(&by_key, &r,
        "{\"index\":{\"_id\":\"a\\\"}}\\n{\\\"delete\\\":{}}\\\\\"}}\n{}\n");
}

/* ---- versions ---- */

static void versions_are_whole_numbers_from_nought(void **state)
{
    static const struct {
        const char *json;
        bool good;
    } cases[] = {
        {"0", true},
        {"7", true},
        {"1641168000123456789", true}, /* nanoseconds */
        {"9223372036854775807", true},
        {"9223372036854775808", false},
        {"9999999999999999999", false},
        {"10000000000000000000", false},
        {"007", false}, /* would not be JSON in the action */
        {"\"007\"", false},
        {"00", false},
        {"-1", false},
        {"1.0", false},
        {"1e3", false},
        {"\"\"", false},
        {"\"v1\"", false},
        {"null", false},
        {"true", false},
        {"{}", false},
        {"[5]", false},
    };
    struct bulk_options o = by_key;

    (void)state;
    o.version = "v";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char value[64], lines[256];
        struct record r;

        (void)snprintf(value, sizeof(value), "{\"v\":%s}", cases[i].json);
        r = record_of(value);
        (void)snprintf(lines, sizeof(lines),
            "{\"index\":{\"_id\":\"005930\",\"version\":%s,\"version_type\":"
            "\"external_gte\"}}\n%s\n",
            cases[i].json, value);
        expect(&o, &r,
            cases[i].good
                ? lines
                : "!version: the field 'v' is not a whole number from 0");
    }
}

static void a_version_needs_its_field_or_timestamp(void **state)
{
    struct bulk_options o = by_key;
    struct record r = record_of("{\"w\":1}");

    (void)state;
    o.version = "v";
    expect(&o, &r, "!version: the field 'v' is not a whole number from 0");
    o.version = "timestamp";
    r.timestamp_ms = -1;
    expect(&o, &r, "!version: the record has no timestamp");
    r.timestamp_ms = 0;
    expect(&o, &r,
        "{\"index\":{\"_id\":\"005930\",\"version\":0,"
        "\"version_type\":\"external_gte\"}}\n{\"w\":1}\n");
}

static void each_record_has_its_own_timestamp(void **state)
{
    static const struct {
        int64_t timestamp_ms;
        const char *text;
    } cases[] = {{7, "7"}, {7, "7"}, {1641168000123, "1641168000123"},
        {INT64_MAX, "9223372036854775807"}, {7, "7"}, {0, "0"}};
    struct bulk_options o = by_key;
    struct bulk_encoder *e;

    (void)state;
    o.version = "timestamp";
    e = encoder_of(&o);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct record r = record_of("{}");
        char want[200];

        r.timestamp_ms = cases[i].timestamp_ms;
        (void)snprintf(want, sizeof(want),
            "{\"index\":{\"_id\":\"005930\",\"version\":%s,"
            "\"version_type\":\"external_gte\"}}\n{}\n",
            cases[i].text);
        assert_string_equal(encode(e, &r), want);
    }
    bulk_encoder_free(e);
}

/* ---- tombstones ---- */

static void a_tombstone_does_what_the_rule_says(void **state)
{
    static const struct {
        struct bulk_options options;
        const char *lines;
    } cases[] = {
        {{"m", "%{_key}", "none", NULL, TOMBSTONE_SKIP}, "skipped"},
        {{"m", "%{Code}", "v", NULL, TOMBSTONE_SKIP}, "skipped"},
        {{"m", "%{_key}", "none", NULL, TOMBSTONE_DEAD_LETTER},
            "!the record is a tombstone (it has no value)"},
        {{"m", "%{_key}", "none", NULL, TOMBSTONE_DELETE},
            "{\"delete\":{\"_id\":\"005930\"}}\n"},
        {{"m-%{_topic}", "%{_key}", "timestamp", "_doc", TOMBSTONE_DELETE},
            "{\"delete\":{\"_index\":\"m-Stock_Data\",\"_type\":\"_doc\","
            "\"_id\":\"005930\",\"version\":1641168000123,"
            "\"version_type\":\"external_gte\"}}\n"},
    };
    struct record r = record_of(NULL);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect(&cases[i].options, &r, cases[i].lines);
    }
    r.has_key = false;
    expect(&cases[3].options, &r, "!id: the record has no key");
}

static void an_empty_value_is_no_tombstone(void **state)
{
    struct bulk_options o = by_key;
    struct record r = record_of("");

    (void)state;
    o.on_tombstone = TOMBSTONE_DELETE;
    expect(&o, &r, "!the value is empty");
}

static void deleting_needs_nothing_of_a_value(void **state)
{
    static const struct {
        struct bulk_options options;
        const char *says;
    } cases[] = {
        {{"m", "%{Code}", "none", NULL, TOMBSTONE_DELETE},
            "on_tombstone = delete: a record without a value has no fields, so "
            "id and index must be made of %{_key} and the like"},
        {{"m-%{Date:%Y}", "%{_key}", "none", NULL, TOMBSTONE_DELETE},
            "on_tombstone = delete: a record without a value has no fields, so "
            "id and index must be made of %{_key} and the like"},
        {{"m", "%{_key}", "v", NULL, TOMBSTONE_DELETE},
            "on_tombstone = delete: a record without a value has no field 'v'; "
            "version must be timestamp or none"},
        {{"", "%{_key}", "none", NULL, TOMBSTONE_SKIP}, "index: it is empty"},
        {{"m", "", "none", NULL, TOMBSTONE_SKIP}, "id: it is empty"},
        {{"m%{", "%{_key}", "none", NULL, TOMBSTONE_SKIP},
            "pattern 'm%{': a %{ has no }"},
        {{"m", "%{", "none", NULL, TOMBSTONE_SKIP},
            "pattern '%{': a %{ has no }"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = {""};

        assert_null(bulk_encoder_new(&cases[i].options, &err));
        assert_string_equal(err.text, cases[i].says);
    }
}

/* ---- room ---- */

static void what_finds_no_room_leaves_the_buffer_as_it_was(void **state)
{
    struct bulk_options o = {
        "m-%{Date:%Y}", "%{Code}", "timestamp", "_doc", TOMBSTONE_SKIP};
    struct bulk_encoder *e = encoder_of(&o);
    struct record r =
        record_of("{\"Code\":\"005930\",\n\"Date\":\"2022-01-03\"}");
    size_t need = strlen(encode(e, &r));

    (void)state;
    for (size_t max = 4; max < need + 10; max++) {
        struct buf out;
        struct error why;
        bool is_delete;
        enum bulk_result result;

        buf_init(&out, max);
        assert_int_equal(buf_append_str(&out, "pre\n"), 0);
        result = bulk_encode(e, &r, &out, &is_delete, &why);
        if (max >= need + 4) {
            assert_int_equal(result, BULK_ENCODED);
            assert_int_equal(out.len_bytes, need + 4);
        } else {
            assert_int_equal(result, BULK_FULL);
            assert_string_equal(buf_str(&out), "pre\n");
        }
        buf_fini(&out);
    }
    bulk_encoder_free(e);
}

/* ---- operations, types, attributes ---- */

/* encode asserts what is_delete is for records without operations of their
 * own; here it is told. */
static const char *encode_op(struct bulk_encoder *e, const struct record *r)
{
    static char result[2048];
    struct error why = {""};
    struct buf out;
    bool is_delete = false;

    buf_init(&out, 1000);
    if (bulk_encode(e, r, &out, &is_delete, &why) == BULK_ENCODED) {
        assert_true(
            is_delete == (strstr(buf_str(&out), "{\"delete\":") != NULL));
        (void)snprintf(result, sizeof(result), "%s", buf_str(&out));
    } else {
        (void)snprintf(result, sizeof(result), "!%s", why.text);
    }
    buf_fini(&out);
    return result;
}

static void each_operation_has_its_lines(void **state)
{
    static const struct {
        const char *op, *lines;
        bool is_verbatim;
    } cases[] = {
        {"index", "{\"index\":{\"_id\":\"005930\"}}\n{\"a\":1}\n", true},
        {"create", "{\"create\":{\"_id\":\"005930\"}}\n{\"a\":1}\n", true},
        {"update", "{\"update\":{\"_id\":\"005930\"}}\n{\"doc\":{\"a\":1}}\n",
            false},
        {"upsert",
            "{\"update\":{\"_id\":\"005930\"}}\n{\"doc\":{\"a\":1},"
            "\"doc_as_upsert\":true}\n",
            false},
        {"delete", "{\"delete\":{\"_id\":\"005930\"}}\n", false},
        {"%{attr:op}",
            "{\"update\":{\"_id\":\"005930\"}}\n{\"doc\":{\"a\":1}}\n", false},
        {"%{attr:none}", "!op: the record has no attribute 'none'", false},
        {"x%{attr:op}",
            "!op: 'xupdate' is none of index, create, update, upsert and "
            "delete",
            false},
    };
    static const struct attribute own[] = {{{"op", 2}, {"update", 6}}};
    static const struct attributes attributes = {own, 1};
    struct record r = record_of("{\"a\":1}");

    (void)state;
    r.attributes = &attributes;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct bulk_encoder *e = encoder_of(&by_key);
        struct error err;

        assert_int_equal(bulk_encoder_use_op(e, cases[i].op, &err), 0);
        assert_string_equal(encode_op(e, &r), cases[i].lines);
        if (cases[i].lines[0] != '!') {
            assert_true(bulk_encoder_is_verbatim(e) == cases[i].is_verbatim);
        }
        bulk_encoder_free(e);
    }
}

/* What a stranger's record says of itself must not become the action's. */
static void an_update_is_one_object_and_nothing_behind_it(void **state)
{
    static const struct {
        const char *value, *gives;
    } cases[] = {
        {"{\"a\":1},\"doc_as_upsert\":true",
            "!the value is not JSON: something follows the object, see byte "
            "8"},
        {"{\"a\":1},\"b\":{}",
            "!the value is not JSON: something follows the object, see byte "
            "8"},
        {"{} {}",
            "!the value is not JSON: something follows the object, see byte "
            "4"},
        {"{\"a\":\"}", "!the value is not JSON: it breaks off"},
        {"{\"a\":1", "!the value is not JSON: it breaks off"},
        {" {\"a\":\"}\"} \t\r", "{\"update\":{\"_id\":\"005930\"}}\n"
                                "{\"doc\": {\"a\":\"}\"} \t\r}\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct bulk_encoder *e = encoder_of(&by_key);
        struct record r = record_of(cases[i].value);
        struct error err;

        assert_int_equal(bulk_encoder_use_op(e, "update", &err), 0);
        assert_string_equal(encode_op(e, &r), cases[i].gives);
        bulk_encoder_free(e);
    }
}

static void an_update_on_several_lines_is_joined(void **state)
{
    struct bulk_encoder *e = encoder_of(&by_key);
    struct record r = record_of("{\n\"a\":\n1}");
    struct error err;

    (void)state;
    assert_int_equal(bulk_encoder_use_op(e, "update", &err), 0);
    assert_string_equal(encode_op(e, &r),
        "{\"update\":{\"_id\":\"005930\"}}\n{\"doc\":{ \"a\": 1}}\n");
    bulk_encoder_free(e);
}

static void versions_go_with_index_and_delete_alone(void **state)
{
    static const struct {
        const char *op, *says;
    } cases[] = {
        {"create", "op = create: engines take no version with it; set version "
                   "= none"},
        {"update", "op = update: engines take no version with it; set version "
                   "= none"},
        {"%{attr:op}", "op = %{attr:op}: it may become one that engines take "
                       "no version with; set version = none"},
        {"replace", "op: 'replace' is none of index, create, update, upsert "
                    "and delete"},
        {"%{Field}", "op: '%{Field}': it may be made of %{attr:...} and of "
                     "what the record has, not of the document's fields"},
        {"index", NULL},
        {"delete", NULL},
    };
    struct bulk_options o = by_key;

    (void)state;
    o.version = "timestamp";
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct bulk_encoder *e = encoder_of(&o);
        struct error err = {""};
        int rc = bulk_encoder_use_op(e, cases[i].op, &err);

        assert_int_equal(rc, cases[i].says != NULL ? -1 : 0);
        assert_string_equal(
            err.text, cases[i].says != NULL ? cases[i].says : "");
        bulk_encoder_free(e);
    }
}

static void a_type_may_be_an_attribute(void **state)
{
    static const struct attribute own[] = {
        {{"t", 1}, {"js\"on", 5}}, {{"i", 1}, {"x", 1}}};
    static const struct attributes attributes = {own, 2};
    static const struct bulk_options named = {
        "index-%{attr:i}", "%{_key}/%{_split}", "none", "%{attr:t}", 0};
    static const struct bulk_options constant = {
        "marcap", "%{_key}", "none", "%{attr:t}", 0};
    struct record r = record_of("{}");

    (void)state;
    r.attributes = &attributes;
    r.split = 7;
    expect(&named, &r,
        "{\"index\":{\"_index\":\"index-x\",\"_type\":\"js\\\"on\","
        "\"_id\":\"005930/7\"}}\n{}\n");
    expect(&constant, &r,
        "{\"index\":{\"_type\":\"js\\\"on\",\"_id\":\"005930\"}}\n{}\n");
    r.attributes = NULL;
    expect(&constant, &r, "!type: the record has no attribute 't'");
}

static void an_encoder_without_memory_is_told(void **state)
{
    static const struct bulk_options cases[] = {
        {"marcap", "%{Date}-%{Code}", "Rev", "json", 0},
        {"m-%{Date:%Y}", "%{_key}", "timestamp", "%{attr:t}", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct bulk_encoder *e = NULL;
        unsigned long n = 0;

        for (; e == NULL; n++) {
            struct error err = {""};

            failing_memory_begin(n);
            e = bulk_encoder_new(&cases[i], &err);
            assert_true(failing_memory_end() == (e == NULL));
            assert_true(e != NULL || strstr(err.text, "out of memory"));
        }
        assert_true(n > 10);
        bulk_encoder_free(e);
    }
}

static void an_operation_without_memory_is_told(void **state)
{
    int rc = -1;

    (void)state;
    for (unsigned long n = 0; rc != 0; n++) {
        struct bulk_encoder *e = encoder_of(&by_key);
        struct error err = {""};

        failing_memory_begin(n);
        rc = bulk_encoder_use_op(e, "%{attr:op}", &err);
        assert_true(failing_memory_end() == (rc != 0));
        assert_string_equal(err.text, rc == 0 ? "" : "op: out of memory");
        bulk_encoder_free(e);
    }
}

static void a_type_that_needs_the_document_is_refused(void **state)
{
    static const struct {
        const char *type, *says;
    } cases[] = {
        {"%{Kind}", "type: '%{Kind}': it may be made of %{attr:...} and of "
                    "what the record has, not of the document's fields"},
        {"x%{", "type: pattern 'x%{': a %{ has no }"},
    };
    struct bulk_options o = by_key;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = {""};

        o.type = cases[i].type;
        assert_null(bulk_encoder_new(&o, &err));
        assert_string_equal(err.text, cases[i].says);
    }
}

static void a_version_field_goes_with_no_create_or_update(void **state)
{
    struct bulk_options o = by_key;
    struct bulk_encoder *e;
    struct error err = {""};

    (void)state;
    o.version = "Rev";
    e = encoder_of(&o);
    assert_int_equal(bulk_encoder_use_op(e, "upsert", &err), -1);
    assert_string_equal(err.text,
        "op = upsert: engines take no version with it; set version = none");
    bulk_encoder_free(e);
}

/* Of every length of room: all of the lines or none of them. */
static void an_operation_that_finds_no_room_leaves_nothing(void **state)
{
    static const char *const ops[] = {
        "index", "create", "update", "upsert", "delete", "%{attr:op}"};
    static const struct attribute own[] = {
        {{"op", 2}, {"upsert", 6}}, {{"t", 1}, {"type", 4}}};
    static const struct attributes attributes = {own, 2};
    static const struct bulk_options o = {
        "m-%{attr:t}", "%{_key}", "none", "%{attr:t}", 0};
    struct record r = record_of("{\"a\":1}");

    (void)state;
    r.attributes = &attributes;
    for (size_t i = 0; i < COUNT_OF(ops); i++) {
        struct bulk_encoder *e = encoder_of(&o);
        struct error err = {""};
        char whole[512];

        assert_int_equal(bulk_encoder_use_op(e, ops[i], &err), 0);
        (void)snprintf(whole, sizeof(whole), "%s", encode_op(e, &r));
        for (size_t room = 0; room <= strlen(whole); room++) {
            struct buf out;
            bool is_delete;
            bool fits = room == strlen(whole);

            buf_init(&out, room);
            assert_int_equal(bulk_encode(e, &r, &out, &is_delete, &err),
                fits ? BULK_ENCODED : BULK_FULL);
            assert_string_equal(buf_str(&out), fits ? whole : "");
            buf_fini(&out);
        }
        bulk_encoder_free(e);
    }
}

/* The engine says what it thinks of such a value; joining its lines must not
 * read past its end. */
static void a_value_that_ends_in_an_escape_is_taken_as_it_is(void **state)
{
    struct record r = record_of("{\n\"a\":\"\\");

    (void)state;
    expect(&by_key, &r, "{\"index\":{\"_id\":\"005930\"}}\n{ \"a\":\"\\\n");
}

/* op = delete with a version of the document's: a record without a value has
 * its rule, and never gets so far. */
static void deleting_by_a_field_version_needs_the_value(void **state)
{
    struct bulk_options o = by_key;
    struct record r = record_of("{\"Rev\":7}");
    struct bulk_encoder *e;
    struct error err;

    (void)state;
    o.version = "Rev";
    e = encoder_of(&o);
    assert_int_equal(bulk_encoder_use_op(e, "delete", &err), 0);
    assert_string_equal(encode_op(e, &r),
        "{\"delete\":{\"_id\":\"005930\",\"version\":7,"
        "\"version_type\":\"external_gte\"}}\n");
    r = record_of(NULL);
    assert_string_equal(encode(e, &r), "skipped");
    bulk_encoder_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_have_exactly_what_is_asked_for),
        cmocka_unit_test(each_operation_has_its_lines),
        cmocka_unit_test(an_update_is_one_object_and_nothing_behind_it),
        cmocka_unit_test(an_update_on_several_lines_is_joined),
        cmocka_unit_test(versions_go_with_index_and_delete_alone),
        cmocka_unit_test(a_type_may_be_an_attribute),
        cmocka_unit_test(a_constant_index_stands_in_the_path),
        cmocka_unit_test(options_are_borrowed_for_the_call_only),
        cmocka_unit_test(a_value_takes_one_line_as_it_is),
        cmocka_unit_test(what_is_no_document_is_refused),
        cmocka_unit_test(a_value_that_breaks_off_before_its_fields_is_refused),
        cmocka_unit_test(a_refused_record_leaves_nothing_for_the_next),
        cmocka_unit_test(an_id_has_at_most_512_bytes),
        cmocka_unit_test(a_name_that_comes_out_empty_is_refused),
        cmocka_unit_test(a_record_without_key_has_no_id_of_it),
        cmocka_unit_test(a_key_is_escaped_in_the_action),
        cmocka_unit_test(versions_are_whole_numbers_from_nought),
        cmocka_unit_test(a_version_needs_its_field_or_timestamp),
        cmocka_unit_test(each_record_has_its_own_timestamp),
        cmocka_unit_test(a_tombstone_does_what_the_rule_says),
        cmocka_unit_test(an_empty_value_is_no_tombstone),
        cmocka_unit_test(deleting_needs_nothing_of_a_value),
        cmocka_unit_test(what_finds_no_room_leaves_the_buffer_as_it_was),
        cmocka_unit_test(an_encoder_without_memory_is_told),
        cmocka_unit_test(an_operation_without_memory_is_told),
        cmocka_unit_test(a_type_that_needs_the_document_is_refused),
        cmocka_unit_test(a_version_field_goes_with_no_create_or_update),
        cmocka_unit_test(an_operation_that_finds_no_room_leaves_nothing),
        cmocka_unit_test(a_value_that_ends_in_an_escape_is_taken_as_it_is),
        cmocka_unit_test(deleting_by_a_field_version_needs_the_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
