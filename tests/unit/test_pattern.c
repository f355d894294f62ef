/* Ids and index names made of records and documents. */
#include "reference_json.h"

#include "bridge/pattern.h"

#include "tests/unit/failing_memory.h"

#include "bridge/attributes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define MOST_FIELDS 8

static struct record record_of(const char *value)
{
    return (struct record){.topic = "Stock_Data",
        .partition = 3,
        .offset = INT64_C(12345678901),
        .timestamp_ms = 1641168000123,
        .has_key = true,
        .key = {"005930", 6},
        .has_value = true,
        .value = slice_of(value)};
}

static struct pattern *pattern_of(const char *text)
{
    struct error err;
    struct pattern *p = pattern_new(text, &err);

    if (p == NULL) {
        fail_msg("%s: %s", text, err.text);
    }
    return p;
}

/* Fill text in from record; "!why" when that fails. */
static const char *fill(const char *text, const struct record *record)
{
    static char result[2048];
    struct pattern *p = pattern_of(text);
    struct json_field fields[MOST_FIELDS];
    struct error err = {""};
    struct buf out;
    size_t bad_at;

    assert_true(pattern_field_count(p) <= MOST_FIELDS);
    for (size_t i = 0; i < pattern_field_count(p); i++) {
        fields[i] = (struct json_field){.name = pattern_field(p, i)};
    }
    assert_int_equal(json_find_fields(record->value, fields,
                         pattern_field_count(p), &bad_at),
        0);
    buf_init(&out, 1000);
    if (pattern_expand(p, record, fields, &out, &err) == 0) {
        (void)snprintf(result, sizeof(result), "%s", buf_str(&out));
    } else {
        (void)snprintf(result, sizeof(result), "!%s", err.text);
    }
    buf_fini(&out);
    pattern_free(p);
    return result;
}

struct fill_case {
    const char *pattern, *result;
};

static void expect_fills(
    const struct fill_case *cases, size_t n, const struct record *record)
{
    for (size_t i = 0; i < n; i++) {
        const char *got = fill(cases[i].pattern, record);

        if (strcmp(got, cases[i].result) != 0) {
            fail_msg("%s\n  gives  %s\n  not    %s", cases[i].pattern, got,
                cases[i].result);
        }
    }
}

static void parts_are_filled_in_from_record_and_document(void **state)
{
    static const struct fill_case cases[] = {
        {"", ""},
        {"marcap", "marcap"},
        {"100%", "100%"},
        {"a%b}c{d", "a%b}c{d"},
        {"%{Code}", "005930"},
        {"%{Date}-%{Code}", "2022-01-03-005930"},
        {"<%{Code}%{Code}>", "<005930005930>"},
        {"marcap-%{Date:%Y}", "marcap-2022"},
        {"%{Date:%d.%m.%Y}", "03.01.2022"},
        {"%{Date:%Y%m%d}", "20220103"},
        {"%{Time:%Y-%m}", "2021-12"},
        {"%{_topic}-%{_partition}-%{_offset}", "Stock_Data-3-12345678901"},
        {"%{_key}@%{_timestamp}", "005930@1641168000123"},
        {"%{Close}/%{Ratio}", "78600/-0.38"},
        {"%{Yes}%{No}", "truefalse"},
        {"%{Empty}", ""},
        {"%{\xEC\x9D\xB4\xEB\xA6\x84}", "\xEC\x82\xBC"},
        {"%{Escaped}", "a\\\"b\\\\\\ud55c\\/\\n"},
        {"%{with space}", "5"},
    };
    struct record r =
        record_of("{\"Code\":\"005930\",\"Date\":\"2022-01-03\",\"Time\":"
                  "\"2021-12-31T23:59:59Z\",\"Close\":78600,\"Ratio\":-0.38,"
                  "\"Yes\":true,\"No\":false,\"Empty\":\"\","
                  "\"\xEC\x9D\xB4\xEB\xA6\x84\":\"\xEC\x82\xBC\","
                  "\"Escaped\":\"a\\\"b\\\\\\ud55c\\/\\n\",\"with space\":5}");

    (void)state;
    expect_fills(cases, COUNT_OF(cases), &r);
}

static void a_field_without_a_text_is_refused_by_name(void **state)
{
    static const struct fill_case cases[] = {
        {"x%{Gone}", "!the field 'Gone' is missing"},
        {"%{Null}", "!the field 'Null' is neither text nor a number"},
        {"%{Object}", "!the field 'Object' is neither text nor a number"},
        {"%{Array}", "!the field 'Array' is neither text nor a number"},
        {"%{Gone:%Y}",
            "!the field 'Gone' does not begin with a date YYYY-MM-DD"},
        {"%{Null:%Y}",
            "!the field 'Null' does not begin with a date YYYY-MM-DD"},
        {"%{Number:%Y}",
            "!the field 'Number' does not begin with a date YYYY-MM-DD"},
        {"%{Short:%Y}",
            "!the field 'Short' does not begin with a date YYYY-MM-DD"},
        {"%{Never:%Y}",
            "!the field 'Never' does not begin with a date YYYY-MM-DD"},
        {"%{Raw}", "!the field 'Raw' is not a JSON text"},
        {"%{Tab}", "!the field 'Tab' is not a JSON text"},
        {"%{Slash}", "!the field 'Slash' is not a JSON text"},
        {"%{Hex}", "!the field 'Hex' is not a JSON text"},
        {"%{Cut}", "!the field 'Cut' is not a JSON text"},
        {"%{Bytes}", "!the field 'Bytes' is not a JSON text"},
    };
    struct record r = record_of(
        "{\"Null\":null,\"Object\":{\"Gone\":1},\"Array\":[1],\"Number\":2022,"
        "\"Short\":\"2022-01\",\"Never\":\"2022-02-30\",\"Raw\":\"a\nb\","
        "\"Tab\":\"a\tb\",\"Slash\":\"a\\xb\",\"Hex\":\"\\u12g4\","
        "\"Cut\":\"\\u12\",\"Bytes\":\"\xEC\x82\"}");

    (void)state;
    expect_fills(cases, COUNT_OF(cases), &r);
}

static void a_key_is_escaped_or_refused(void **state)
{
    static const struct {
        const char *key;
        size_t len;
        const char *result;
    } cases[] = {
        {"plain", 5, "plain"},
        {"", 0, ""},
        {"a\"b\\c\n\x01", 7, "a\\\"b\\\\c\\n\\u0001"},
        {"a\0b", 3, "a\\u0000b"},
        {"\xEC\x82\xBC", 3, "\xEC\x82\xBC"},
        {"\xEC\x82", 2, "!the record's key is not UTF-8"},
        {"\xff", 1, "!the record's key is not UTF-8"},
    };
    struct record r = record_of("{}");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        r.key = (struct slice){cases[i].key, cases[i].len};
        assert_string_equal(fill("%{_key}", &r), cases[i].result);
    }
    r.has_key = false;
    assert_string_equal(fill("%{_key}", &r), "!the record has no key");
}

static void a_record_without_timestamp_is_refused_where_one_is_needed(
    void **state)
{
    struct record r = record_of("{}");

    (void)state;
    r.timestamp_ms = 0;
    assert_string_equal(fill("%{_timestamp}", &r), "0");
    r.timestamp_ms = -1;
    assert_string_equal(
        fill("%{_timestamp}", &r), "!the record has no timestamp");
}

static void a_result_that_finds_no_room_is_refused(void **state)
{
    char longer[1100];
    struct record r = record_of("{}");

    (void)state;
    memset(longer, 'x', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    assert_string_equal(fill(longer, &r), "!the result is too long");
    r.key = (struct slice){longer, 1000};
    assert_int_equal(strlen(fill("%{_key}", &r)), 1000);
    assert_string_equal(fill("%{_key}x", &r), "!the result is too long");
    assert_string_equal(fill("x%{_key}", &r), "!the result is too long");
    assert_string_equal(
        fill("%{_key}%{_offset}", &r), "!the result is too long");
}

static void each_field_is_asked_for_once(void **state)
{
    struct pattern *p = pattern_of("%{a}%{b:%Y}%{a}-%{_key}%{b}%{c}%{a:%m}");

    (void)state;
    assert_int_equal(pattern_field_count(p), 3);
    assert_true(slice_is(pattern_field(p, 0), "a"));
    assert_true(slice_is(pattern_field(p, 1), "b"));
    assert_true(slice_is(pattern_field(p, 2), "c"));
    pattern_free(p);
    pattern_free(NULL);
}

static void a_pattern_without_references_is_constant(void **state)
{
    static const struct {
        const char *text;
        bool constant;
    } cases[] = {{"", true}, {"marcap", true}, {"100%", true},
        {"%{_topic}", false}, {"a%{b}", false}, {"%{b}a", false}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct pattern *p = pattern_of(cases[i].text);

        assert_true(pattern_is_constant(p) == cases[i].constant);
        pattern_free(p);
    }
}

static void a_bad_pattern_is_told_with_its_place(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"a%{b", "pattern 'a%{b': a %{ has no }"},
        {"%{Date-%{Code}", "pattern '%{Date-%{Code}': a %{ has no } before "
                           "the next"},
        {"a%{}", "pattern 'a%{}': a %{...} has no name"},
        {"%{:%Y}", "pattern '%{:%Y}': a %{...} has no name"},
        {"%{Date:}", "pattern '%{Date:}': '' is not a date format of %Y, %m, "
                     "%d"},
        {"%{Date:Y}", "pattern '%{Date:Y}': 'Y' is not a date format of %Y, "
                      "%m, %d"},
        {"%{Date:%H}", "pattern '%{Date:%H}': '%H' is not a date format of "
                       "%Y, %m, %d"},
        {"%{Date:%Y%}", "pattern '%{Date:%Y%}': '%Y%' is not a date format of "
                        "%Y, %m, %d"},
        {"%{_id}", "pattern '%{_id}': no '_id'; a record has _topic, "
                   "_partition, _offset, _key, _timestamp and _split"},
        {"%{_timestamp:%Y}", "pattern '%{_timestamp:%Y}': '_timestamp:%Y' has "
                             "no date format; only a field's date has"},
        {"%{_key:%Y}", "pattern '%{_key:%Y}': '_key:%Y' has no date format; "
                       "only a field's date has"},
        {"a\"b", "pattern 'a\"b': control characters, quotes and backslashes "
                 "cannot stand in it"},
        {"a\\b", "pattern 'a\\b': control characters, quotes and backslashes "
                 "cannot stand in it"},
        {"a\tb", "pattern 'a\tb': control characters, quotes and backslashes "
                 "cannot stand in it"},
        {"%{a\"}", "pattern '%{a\"}': control characters, quotes and "
                   "backslashes cannot stand in it"},
        {"caf\xE9", "pattern 'caf\xE9': it is not UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = {""};
        struct pattern *p = pattern_new(cases[i].text, &err);

        if (p != NULL || strcmp(err.text, cases[i].says) != 0) {
            fail_msg("%s\n  says  %s\n  not   %s", cases[i].text, err.text,
                cases[i].says);
        }
    }
}

/* Whatever stands in the document: what comes out can be quoted. */
static void a_result_is_sound_json(void **state)
{
    static const char letters[] = "\\u\"/bnx0aF{}\x01\xEC\x82\xBC \xff";
    uint64_t random = 7;
    size_t filled = 0;

    (void)state;
    for (int turn = 0; turn < 20000; turn++) {
        char value[64] = "{\"a\":\"", quoted[2100];
        size_t n = strlen(value);
        struct record r;
        struct json_field f = {.name = {"a", 1}};
        size_t bad_at;
        const char *got;
        json_t *back;

        for (int i = 0; i < 8; i++) {
            random =
                random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            value[n++] = letters[(random >> 40) % (sizeof(letters) - 1)];
        }
        (void)strcpy(value + n, "\"}");
        r = record_of(value);
        if (json_find_fields(r.value, &f, 1, &bad_at) != 0) {
            continue;
        }
        got = fill("%{a}", &r);
        if (got[0] != '!') {
            (void)snprintf(quoted, sizeof(quoted), "\"%s\"", got);
            back = json_loads(quoted, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
            /* jansson also refuses half of a surrogate pair. */
            if (back == NULL && strstr(got, "\\u") == NULL) {
                fail_msg("%s", quoted);
            }
            json_decref(back);
            filled++;
        }
    }
    assert_true(filled > 100);
}

/* What a byte means does not depend on where in a text it stands. */
static void each_byte_counts_wherever_it_stands(void **state)
{
    (void)state;
    for (size_t len = 1; len < 20; len++) {
        for (size_t at = 0; at < len; at++) {
            for (unsigned ch = 1; ch < 256; ch++) {
                char text[32];
                struct record r = record_of("{}");
                struct json_field f = {.name = {"a", 1},
                    .found = true,
                    .value = {JSON_STRING, {text, len}}};
                struct pattern *p = pattern_of("%{a}");
                struct error err;
                struct buf out;

                memset(text, '~', len);
                text[at] = (char)ch;
                buf_init(&out, 100);
                if ((pattern_expand(p, &r, &f, &out, &err) == 0) !=
                    (ch >= ' ' && ch < 0x80 && ch != '\\')) {
                    fail_msg("byte %u at %zu of %zu", ch, at, len);
                }
                buf_fini(&out);
                pattern_free(p);
            }
        }
    }
}

static void attributes_and_the_split_are_filled_in(void **state)
{
    static const struct attribute own[] = {{{"a", 1}, {"old", 3}},
        {{"a", 1}, {"q\"\\", 3}}, {{"kafka.key", 9}, {"k", 1}},
        {{"empty", 5}, {"", 0}}, {{"bad", 3}, {"\xff", 1}}};
    static const struct attributes attributes = {own, 5};
    static const struct fill_case cases[] = {
        {"%{attr:a}", "q\\\"\\\\"},
        {"%{attr:kafka.key}-%{_split}", "k-3"},
        {"<%{attr:empty}>", "<>"},
        {"%{attr:none}", "!the record has no attribute 'none'"},
        {"%{attr:bad}", "!the attribute 'bad' is not UTF-8"},
    };
    struct record r = record_of("{}");
    struct pattern *p;
    struct error err;

    (void)state;
    assert_string_equal(
        fill("%{attr:a}", &r), "!the record has no attribute 'a'");
    assert_string_equal(fill("%{_split}", &r), "0");
    r.attributes = &attributes;
    r.split = 3;
    expect_fills(cases, COUNT_OF(cases), &r);
    assert_null(pattern_new("%{attr:}", &err));
    assert_string_equal(
        err.text, "pattern '%{attr:}': a %{attr:...} has no name");
    p = pattern_new("%{attr:a}", &err);
    assert_true(pattern_reads_attributes(p));
    assert_int_equal(pattern_field_count(p), 0);
    assert_false(pattern_is_constant(p));
    pattern_free(p);
    p = pattern_new("%{a}%{_key}", &err);
    assert_false(pattern_reads_attributes(p));
    pattern_free(p);
}

static void a_pattern_without_memory_is_told(void **state)
{
    struct pattern *p = NULL;
    unsigned long n = 0;

    (void)state;
    for (; p == NULL; n++) {
        struct error err = {""};

        failing_memory_begin(n);
        p = pattern_new("m-%{Date:%Y}-%{_key}", &err);
        assert_true(failing_memory_end() == (p == NULL));
        assert_string_equal(err.text, p == NULL ? "out of memory" : "");
    }
    assert_int_equal(n, 5); /* four allocations, then none fails */
    pattern_free(p);
    for (p = NULL, n = 0; p == NULL; n++) {
        struct error err = {""};

        failing_memory_begin(n);
        p = pattern_new("%{_topic}-%{_partition}", &err);
        assert_true(failing_memory_end() == (p == NULL));
    }
    pattern_free(p);
}

/* A part that finds no room must say so, whichever it is. */
static void each_part_is_refused_where_it_finds_no_room(void **state)
{
    static const char *const texts[] = {"literal", "%{a}", "%{d:%Y%m%d}",
        "%{_topic}", "%{_partition}", "%{_offset}", "%{_key}", "%{_timestamp}",
        "%{attr:x}", "%{_split}"};
    static const struct attribute own[] = {{{"x", 1}, {"value", 5}}};
    static const struct attributes attributes = {own, 1};
    struct record r = record_of("{\"a\":\"b\",\"d\":\"2022-01-03\"}");

    (void)state;
    r.attributes = &attributes;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct pattern *p = pattern_of(texts[i]);
        struct json_field field = {.name = {"", 0}};
        struct error err = {""};
        struct buf out;
        size_t bad_at, whole;

        if (pattern_field_count(p) > 0) {
            field.name = pattern_field(p, 0);
        }
        assert_int_equal(json_find_fields(r.value, &field, 1, &bad_at), 0);
        buf_init(&out, 1000);
        assert_int_equal(pattern_expand(p, &r, &field, &out, &err), 0);
        whole = out.len_bytes;
        buf_fini(&out);
        for (size_t room = 0; room < whole; room++) {
            buf_init(&out, room);
            assert_int_equal(pattern_expand(p, &r, &field, &out, &err), 1);
            assert_string_equal(err.text, "the result is too long");
            buf_fini(&out);
        }
        assert_true(pattern_reads_attributes(p) == (i >= 8));
        pattern_free(p);
    }
}

/* What is kept from one record to the next must not show in the next one's
 * text: another partition, another topic, no memory to keep it in. */
static void each_record_has_the_text_of_its_own_partition(void **state)
{
    static char longest[300];
    static const struct {
        const char *topic;
        int32_t partition;
    } records[] = {{"a", 1}, {"a", 1}, {"a", 2}, {"ab", 2}, {longest, 2},
        {"a", 2}, {longest, 1}, {longest, 1}, {"", 0}};
    struct pattern *p = pattern_of("<%{_topic}-%{_partition}-%{_offset}");
    struct error err = {""};

    (void)state;
    memset(longest, 'x', sizeof(longest) - 1);
    for (unsigned long fails = 0; fails < 3; fails++) {
        for (size_t i = 0; i < COUNT_OF(records); i++) {
            struct record r = {.topic = records[i].topic,
                .partition = records[i].partition,
                .offset = (int64_t)i};
            char wanted[400];
            struct buf out;

            (void)snprintf(wanted, sizeof(wanted), "<%s-%d-%d", r.topic,
                (int)r.partition, (int)i);
            buf_init(&out, 1000);
            assert_int_equal(buf_reserve(&out, 500), 0);
            failing_memory_begin(fails);
            assert_int_equal(pattern_expand(p, &r, NULL, &out, &err), 0);
            (void)failing_memory_end();
            assert_string_equal(buf_str(&out), wanted);
            buf_fini(&out);
        }
        pattern_free(p);
        p = pattern_of("<%{_topic}-%{_partition}-%{_offset}");
    }
    pattern_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_filled_in_from_record_and_document),
        cmocka_unit_test(a_field_without_a_text_is_refused_by_name),
        cmocka_unit_test(a_key_is_escaped_or_refused),
        cmocka_unit_test(each_byte_counts_wherever_it_stands),
        cmocka_unit_test(
            a_record_without_timestamp_is_refused_where_one_is_needed),
        cmocka_unit_test(a_result_that_finds_no_room_is_refused),
        cmocka_unit_test(each_field_is_asked_for_once),
        cmocka_unit_test(a_pattern_without_references_is_constant),
        cmocka_unit_test(a_bad_pattern_is_told_with_its_place),
        cmocka_unit_test(a_result_is_sound_json),
        cmocka_unit_test(attributes_and_the_split_are_filled_in),
        cmocka_unit_test(a_pattern_without_memory_is_told),
        cmocka_unit_test(each_part_is_refused_where_it_finds_no_room),
        cmocka_unit_test(each_record_has_the_text_of_its_own_partition),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
