/* Reading JSON in place: what is found, where it stops, and that no text,
 * however broken, is read beyond its end. */
#include "reference_json.h"

#include "common/json_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* Find the fields of a copy that ends exactly where the text does, so that a
 * sanitizer sees a step beyond. */
static int find_in_copy(const char *text, size_t len, struct json_field *fields,
    size_t n, size_t *bad_at, char **copy)
{
    *copy = malloc(len > 0 ? len : 1);
    assert_non_null(*copy);
    memcpy(*copy, text, len);
    return json_find_fields((struct slice){*copy, len}, fields, n, bad_at);
}

/* ---- fields ---- */

static void fields_are_found_with_their_kinds_and_raw_text(void **state)
{
    static const struct {
        const char *name;
        enum json_kind kind;
        const char *raw;
    } cases[] = {
        {"s", JSON_STRING, "text"},
        {"empty", JSON_STRING, ""},
        {"esc", JSON_STRING, "a\\\"b\\\\"},
        {"uni", JSON_STRING, "\\ud55c"},
        {"kor", JSON_STRING, "\xEC\x82\xBC"},
        {"i", JSON_NUMBER, "-12"},
        {"d", JSON_NUMBER, "1.5e+10"},
        {"t", JSON_TRUE, "true"},
        {"f", JSON_FALSE, "false"},
        {"n", JSON_NULL, "null"},
        {"o", JSON_OBJECT, "{ \"s\": [ {} , \"}\" ] }"},
        {"a", JSON_ARRAY, "[1,[2,\"]\"],{\"x\":3}]"},
        {"\xEC\x9D\xB4", JSON_NUMBER, "7"},
        {"key\\\"q", JSON_NUMBER, "8"},
        {"", JSON_NUMBER, "9"},
    };
    static const char text[] =
        " \n{\"s\":\"text\" , \"empty\":\"\",\"esc\":\"a\\\"b\\\\\","
        "\"uni\":\"\\ud55c\",\"kor\":\"\xEC\x82\xBC\",\"i\":-12,"
        "\"d\" : 1.5e+10\t,\"t\":true,\"f\":false,\"n\":null,"
        "\"o\":{ \"s\": [ {} , \"}\" ] },\"a\":[1,[2,\"]\"],{\"x\":3}],"
        "\"\xEC\x9D\xB4\":7,\"key\\\"q\":8,\"\":9} ";
    size_t bad_at;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct json_field f = {.name = slice_of(cases[i].name)};

        assert_int_equal(json_find_fields(slice_of(text), &f, 1, &bad_at), 0);
        if (!f.found || f.value.kind != cases[i].kind ||
            !slice_is(f.value.raw, cases[i].raw)) {
            fail_msg("'%s': found %d, kind %d, %.*s", cases[i].name, f.found,
                (int)f.value.kind, (int)f.value.raw.len, f.value.raw.p);
        }
    }
}

static void all_wanted_are_found_in_one_pass_in_any_order(void **state)
{
    struct json_field f[] = {{.name = {"c", 1}}, {.name = {"a", 1}},
        {.name = {"gone", 4}}, {.name = {"b", 1}, .found = true}};
    size_t bad_at;

    (void)state;
    assert_int_equal(
        json_find_fields(slice_of("{\"a\":1,\"b\":2,\"c\":3}"), f, 4, &bad_at),
        0);
    assert_true(f[0].found && slice_is(f[0].value.raw, "3"));
    assert_true(f[1].found && slice_is(f[1].value.raw, "1"));
    assert_false(f[2].found);
    assert_true(f[3].found && slice_is(f[3].value.raw, "2"));
    assert_int_equal(json_find_fields(slice_of("{}"), f, 4, &bad_at), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_false(f[i].found);
    }
}

static void of_a_key_given_twice_the_first_counts(void **state)
{
    struct json_field f[] = {{.name = {"a", 1}}, {.name = {"z", 1}}};
    size_t bad_at;

    (void)state;
    assert_int_equal(
        json_find_fields(
            slice_of("{\"a\":1,\"a\":2,\"b\":{\"z\":5}}"), f, 2, &bad_at),
        0);
    assert_true(f[0].found && slice_is(f[0].value.raw, "1"));
    assert_false(f[1].found); /* z is nobody's but b's */
}

static void a_field_wanted_twice_is_found_twice(void **state)
{
    struct json_field f[] = {
        {.name = {"d", 1}}, {.name = {"c", 1}}, {.name = {"d", 1}}};
    size_t bad_at;

    (void)state;
    assert_int_equal(
        json_find_fields(
            slice_of("{\"d\":1,\"c\":2,\"d\":3,\"x\":"), f, 3, &bad_at),
        0);
    for (size_t i = 0; i < 3; i++) {
        assert_true(f[i].found);
        assert_true(slice_is(f[i].value.raw, i == 1 ? "2" : "1"));
    }
}

static void reading_stops_once_all_are_found(void **state)
{
    struct json_field f = {.name = {"a", 1}};
    size_t bad_at;

    (void)state;
    assert_int_equal(
        json_find_fields(slice_of("{\"a\":1,!!!"), &f, 1, &bad_at), 0);
    assert_true(f.found);
    assert_int_equal(
        json_find_fields(slice_of("{ nonsense"), NULL, 0, &bad_at), 0);
}

/* The caret in mark stands below the byte that is complained of. */
static void what_is_no_object_is_told_where(void **state)
{
    /* clang-format off */
    static const struct {
        const char *text, *mark;
    } cases[] = {
        {"",
         "^"},
        {"  ",
         "  ^"},
        {"[1]",
         "^"},
        {" 5",
         " ^"},
        {"{",
         " ^"},
        {"{a:1}",
         " ^"},
        {"{\"a\" 1}",
         "     ^"},
        {"{\"a\":}",
         "     ^"},
        {"{\"a\":1,}",
         "       ^"},
        {"{\"a\":1 ,, \"b\":2}",
         "        ^"},
        {"{\"a\":tru}",
         "     ^"},
        {"{\"a\":nul",
         "     ^"},
        {"{\"a\":'x'}",
         "     ^"},
        {"{\"a\":1 x}",
         "       ^"},
        {"{\"a\":1]",
         "      ^"},
        {"{\"a\":\"x}",
         "        ^"},
        {"{\"a\":\"x\\\"}",
         "          ^"},
        {"{\"a",
         "   ^"},
        {"{\"a\":[\"]\"",
         "         ^"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct json_field f = {.name = {"wanted", 6}};
        size_t bad_at = 4711;
        char *copy;
        int rc = find_in_copy(
            cases[i].text, strlen(cases[i].text), &f, 1, &bad_at, &copy);

        free(copy);
        if (rc != -1 || bad_at != strlen(cases[i].mark) - 1) {
            fail_msg("%s\n%s expected, %d at %zu", cases[i].text, cases[i].mark,
                rc, bad_at);
        }
    }
}

static void a_text_cut_at_any_byte_is_no_object(void **state)
{
    static const char text[] =
        "{\"Code\":\"005930\",\"a\":[1,{\"b\":\"\\\\\\\"]\"},null],\"t\":true,"
        "\"o\":{\"x\":{\"y\":[]}},\"n\":-1.5e3,\"\\u00e9\":\"\xC3\xA9\"}";
    struct json_field f = {.name = {"absent", 6}};
    size_t bad_at;
    char *copy;

    (void)state;
    for (size_t n = 0; n < strlen(text); n++) {
        if (find_in_copy(text, n, &f, 1, &bad_at, &copy) != -1 || bad_at > n) {
            fail_msg("%.*s is taken for an object", (int)n, text);
        }
        free(copy);
    }
    assert_int_equal(
        find_in_copy(text, strlen(text), &f, 1, &bad_at, &copy), 0);
    free(copy);
}

static void no_text_is_read_beyond_its_end(void **state)
{
    static const char letters[] = "{}[]\",:\\ 1-.etrufalsn";
    char text[12];
    uint64_t random = 1;

    (void)state;
    for (int turn = 0; turn < 300000; turn++) {
        struct json_field f[] = {{.name = {"a", 1}}, {.name = {"", 0}}};
        size_t n, bad_at = 0;
        char *copy;

        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        n = 1 + (size_t)(random >> 60) % sizeof(text);
        text[0] = '{';
        for (size_t i = 1; i < n; i++) {
            random =
                random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            text[i] = letters[(random >> 40) % (sizeof(letters) - 1)];
        }
        if (find_in_copy(text, n, f, 2, &bad_at, &copy) != 0) {
            assert_true(bad_at <= n);
        } else {
            for (size_t i = 0; i < 2; i++) {
                assert_true(
                    !f[i].found ||
                    (f[i].value.raw.p >= copy &&
                        f[i].value.raw.p + f[i].value.raw.len <= copy + n));
            }
        }
        free(copy);
    }
}

/* ---- depth ---- */

static int read_nested(size_t depth, char open, char close)
{
    static char text[2 * JSON_MAX_DEPTH + 100];
    struct json_cursor c;
    struct json_value v;

    memset(text, open, depth);
    memset(text + depth, close, depth);
    c = json_cursor_of((struct slice){text, 2 * depth});
    if (json_read(&c, &v) != 0) {
        return -1;
    }
    assert_int_equal(v.raw.len, 2 * depth);
    assert_true(c.at == c.end);
    return 0;
}

static void nesting_ends_at_its_limit(void **state)
{
    (void)state;
    assert_int_equal(read_nested(1, '[', ']'), 0);
    assert_int_equal(read_nested(JSON_MAX_DEPTH, '[', ']'), 0);
    assert_int_equal(read_nested(JSON_MAX_DEPTH + 1, '[', ']'), -1);
    assert_int_equal(read_nested(JSON_MAX_DEPTH, '{', '}'), 0);
    assert_int_equal(read_nested(JSON_MAX_DEPTH + 1, '{', '}'), -1);
}

/* ---- against jansson ---- */

static void compare(struct json_cursor *c, const json_t *want);

static void compare_object(struct json_cursor *c, const json_t *want)
{
    struct slice key;
    size_t n = 0;
    int more;

    assert_int_equal(json_enter(c, '{'), 0);
    while ((more = json_next_key(c, &key)) == 1) {
        char name[64];

        (void)snprintf(name, sizeof(name), "%.*s", (int)key.len, key.p);
        compare(c, json_object_get(want, name));
        n++;
    }
    assert_int_equal(more, 0);
    assert_int_equal(n, json_object_size(want));
}

static void compare_array(struct json_cursor *c, const json_t *want)
{
    size_t n = 0;
    int more;

    assert_int_equal(json_enter(c, '['), 0);
    while ((more = json_next_element(c)) == 1) {
        compare(c, json_array_get(want, n++));
    }
    assert_int_equal(more, 0);
    assert_int_equal(n, json_array_size(want));
}

static void compare_string(const struct json_value *v, const json_t *want)
{
    size_t n = json_string_length(want);

    assert_int_equal(v->kind, JSON_STRING);
    assert_int_equal(json_string_bytes(v->raw), n);
    if (memchr(v->raw.p, '\\', v->raw.len) == NULL) {
        assert_int_equal(v->raw.len, n);
        assert_memory_equal(v->raw.p, json_string_value(want), n);
    }
}

static void compare_number(const struct json_value *v, const json_t *want)
{
    char number[64];

    (void)snprintf(number, sizeof(number), "%.*s", (int)v->raw.len, v->raw.p);
    assert_true(strtod(number, NULL) == reference_number(want));
}

static void compare(struct json_cursor *c, const json_t *want)
{
    static const char kinds[] = {[JSON_STRING] = 's',
        [JSON_NUMBER] = 'n',
        [JSON_TRUE] = 't',
        [JSON_FALSE] = 'f',
        [JSON_NULL] = '0',
        [JSON_OBJECT] = 'o',
        [JSON_ARRAY] = 'a'};
    struct json_cursor ahead = *c;
    struct json_value v;

    assert_non_null(want);
    assert_int_equal(json_read(&ahead, &v), 0);
    assert_int_equal(kinds[v.kind], reference_kind(want));
    if (v.kind == JSON_OBJECT) {
        compare_object(c, want);
    } else if (v.kind == JSON_ARRAY) {
        compare_array(c, want);
    } else {
        *c = ahead;
    }
    assert_ptr_equal(c->at, ahead.at);
    if (v.kind == JSON_STRING) {
        compare_string(&v, want);
    } else if (v.kind == JSON_NUMBER) {
        compare_number(&v, want);
    }
}

static void valid_texts_read_as_jansson_reads_them(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        " [ ] ",
        "{\"a\":{}}",
        "[[],[[]],{},[{}]]",
        "\"\"",
        "\"a\"",
        "0",
        "-0.0",
        "1e5",
        "-1.25E-3",
        "12345678901234",
        "true",
        "false",
        "null",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\\\\"",
        "\"\\\\\\\\\"",
        "\"\\\\\\\"\"",
        "\"\\u0041\\u00e9\\u20ac\\ud55c\"",
        "\"\\ud83d\\ude00\"",
        "\"x\\uD83D\\uDE00y\\u007f\\u0080\\u07ff\\u0800\\uFFFF\"",
        "\"\xED\x95\x9C\xEA\xB5\xAD\"",
        "[1,2,3]",
        "[ 1 , \"2\" , [ 3 ] , { \"4\" : 5 } ]",
        "{\"a\":1,\"b\":\"{\\\"}\",\"c\":[\"]\",\"}\"]}",
        "\t{\r\n \"a\" : true , \"b\" : null\n}\n",
        "{\"Code\":\"005930\",\"Name\":\"\xEC\x82\xBC\xEC\x84\xB1\","
        "\"Close\":78600,\"ChagesRatio\":0.38,\"Marcap\":469224908430000}",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct json_cursor c = json_cursor_of(slice_of(texts[i]));
        json_t *want = json_loads(texts[i], JSON_DECODE_ANY, NULL);

        assert_non_null(want);
        compare(&c, want);
        json_decref(want);
    }
}

/* ---- strings ---- */

static void a_raw_string_has_the_bytes_that_its_escapes_stand_for(void **state)
{
    static const struct {
        const char *raw;
        size_t bytes;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"\xEC\x82\xBC", 3},
        {"\\n", 1},
        {"\\\\", 1},
        {"\\\\u0041", 6},
        {"\\u0041", 1},
        {"\\u0001\\u001f", 2},
        {"\\u007F", 1},
        {"\\u0080", 2},
        {"\\u07ff", 2},
        {"\\u0800", 3},
        {"\\uffff", 3},
        {"\\ud83d\\ude00", 4},
        {"\\uDBFF\\uDFFFx", 5},
        {"\\ud83d", 3}, /* half a pair: a replacement character */
        {"\\ude00\\ud83d", 6},
        {"\\ud83d\\n", 4},
        {"\\ud83d\\u0041", 4},
        {"\\ud83d\\ud83d\\ude00", 7},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t got = json_string_bytes(slice_of(cases[i].raw));

        if (got != cases[i].bytes) {
            fail_msg("%s: %zu", cases[i].raw, got);
        }
    }
}

static void a_broken_escape_at_the_end_is_not_read_over(void **state)
{
    static const char raw[] = "\\ud83d\\ude00";

    (void)state;
    for (size_t n = 0; n < strlen(raw); n++) {
        char *copy = malloc(n > 0 ? n : 1);

        assert_non_null(copy);
        memcpy(copy, raw, n);
        assert_in_range(json_string_bytes((struct slice){copy, n}), 0, n);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_with_their_kinds_and_raw_text),
        cmocka_unit_test(all_wanted_are_found_in_one_pass_in_any_order),
        cmocka_unit_test(of_a_key_given_twice_the_first_counts),
        cmocka_unit_test(a_field_wanted_twice_is_found_twice),
        cmocka_unit_test(reading_stops_once_all_are_found),
        cmocka_unit_test(what_is_no_object_is_told_where),
        cmocka_unit_test(a_text_cut_at_any_byte_is_no_object),
        cmocka_unit_test(no_text_is_read_beyond_its_end),
        cmocka_unit_test(nesting_ends_at_its_limit),
        cmocka_unit_test(valid_texts_read_as_jansson_reads_them),
        cmocka_unit_test(a_raw_string_has_the_bytes_that_its_escapes_stand_for),
        cmocka_unit_test(a_broken_escape_at_the_end_is_not_read_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
