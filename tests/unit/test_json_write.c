/* JSON strings, read back by jansson. */
#include "reference_json.h"

#include "common/json_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static void expect_round_trip(struct slice text)
{
    struct buf b;
    json_t *back;

    buf_init(&b, 1 << 20);
    assert_int_equal(json_write_string(&b, text), 0);
    assert_true(b.len_bytes <= JSON_STRING_MAX_BYTES(text.len));
    back =
        json_loadb(b.data, b.len_bytes, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (back == NULL) {
        fail_msg("not JSON: %s", buf_str(&b));
    }
    assert_int_equal(json_string_length(back), text.len);
    assert_memory_equal(json_string_value(back), text.p, text.len);
    json_decref(back);
    buf_fini(&b);
}

static void every_byte_of_ascii_goes_there_and_back_at_every_place(void **state)
{
    char text[20];

    (void)state;
    for (int c = 0; c < 0x80; c++) {
        for (size_t at = 0; at < sizeof(text); at++) {
            memset(text, 'a', sizeof(text));
            text[at] = (char)c;
            expect_round_trip((struct slice){text, sizeof(text)});
            expect_round_trip((struct slice){text, at + 1});
        }
    }
}

static void mixed_text_goes_there_and_back(void **state)
{
    static const char *const cases[] = {"", "plain",
        "\xEC\x82\xBC\xEC\x84\xB1\xEC\xA0\x84\xEC\x9E\x90", "a\"b", "\"", "\\",
        "\\\\\\\"\"\"", "{\"a\":\"b\\n\"}", "line\nline\r\n\ttab\b\f\x01\x1f",
        "\xF0\x9F\x98\x80 emoji \"q\" \xF0\x9F\x98\x80", "\x7f\xC2\x80"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        expect_round_trip(slice_of(cases[i]));
    }
}

static void only_what_must_be_escaped_is(void **state)
{
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"", "\"\""},
        {"a/b'c", "\"a/b'c\""},
        {"\xED\x95\x9C\x7f", "\"\xED\x95\x9C\x7f\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x0b\x1f", "\"\\u0001\\u000b\\u001f\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct buf b;

        buf_init(&b, 1000);
        assert_int_equal(json_write_string(&b, slice_of(cases[i].text)), 0);
        assert_string_equal(buf_str(&b), cases[i].json);
        buf_clear(&b);
        assert_int_equal(buf_append_str(&b, "x"), 0);
        assert_int_equal(json_write_escaped(&b, slice_of(cases[i].text)), 0);
        assert_int_equal(b.len_bytes, strlen(cases[i].json) - 1);
        assert_memory_equal(
            b.data + 1, cases[i].json + 1, strlen(cases[i].json) - 2);
        buf_fini(&b);
    }
}

static void what_fits_is_written_and_what_does_not_changes_nothing(void **state)
{
    static const char text[] = "say \"\x01\" \xED\x95\x9C and much more text";
    const size_t need = strlen(text) + 2 + 5 + 2; /* escapes, quotes */

    (void)state;
    for (size_t max = 1; max < need + 60; max++) {
        struct buf b;

        buf_init(&b, max);
        assert_int_equal(buf_append_str(&b, "x"), 0);
        if (max >= need + 1) {
            assert_int_equal(json_write_string(&b, slice_of(text)), 0);
            assert_int_equal(b.len_bytes, need + 1);
            assert_int_equal(b.data[b.len_bytes - 1], '"');
        } else {
            assert_int_equal(json_write_string(&b, slice_of(text)), -1);
            assert_string_equal(buf_str(&b), "x");
            assert_int_equal(json_write_escaped(&b, slice_of(text)),
                max >= need - 1 ? 0 : -1);
        }
        buf_fini(&b);
    }
}

static void the_worst_text_takes_six_bytes_each(void **state)
{
    char text[100] = {0};
    struct buf b;

    (void)state;
    buf_init(&b, JSON_STRING_MAX_BYTES(sizeof(text)));
    assert_int_equal(
        json_write_string(&b, (struct slice){text, sizeof(text)}), 0);
    assert_int_equal(b.len_bytes, JSON_STRING_MAX_BYTES(sizeof(text)));
    buf_fini(&b);
}

static void a_slice_without_bytes_is_the_empty_string(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 2);
    assert_int_equal(json_write_string(&b, (struct slice){NULL, 0}), 0);
    assert_string_equal(buf_str(&b), "\"\"");
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            every_byte_of_ascii_goes_there_and_back_at_every_place),
        cmocka_unit_test(mixed_text_goes_there_and_back),
        cmocka_unit_test(only_what_must_be_escaped_is),
        cmocka_unit_test(
            what_fits_is_written_and_what_does_not_changes_nothing),
        cmocka_unit_test(the_worst_text_takes_six_bytes_each),
        cmocka_unit_test(a_slice_without_bytes_is_the_empty_string),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
