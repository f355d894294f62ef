/* Validity of UTF-8: the whole of its ranges, and what lies just outside. */
#include "common/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* The shortest form of a code point; surrogates too, wrongly. */
static size_t encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

static void every_code_point_is_valid_and_each_of_its_prefixes_not(void **state)
{
    char bytes[4];

    (void)state;
    for (uint32_t c = 0; c <= 0x13FFFF; c++) {
        size_t n = encode(c, bytes);
        size_t want = (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF ? 0 : n;

        for (size_t len = 1; len <= n; len++) {
            size_t got = utf8_valid_bytes((struct slice){bytes, len});

            if (got != (len == n ? want : 0)) {
                fail_msg("U+%04X, %zu bytes of it: %zu", c, len, got);
            }
        }
    }
}

static void bad_sequences_are_found_where_they_begin(void **state)
{
    static const struct {
        const char *text;
        size_t valid;
    } cases[] = {
        {"", 0},
        {"plain", 5},
        {"\xEC\x82\xBC\xEC\x84\xB1", 6}, /* two Hangul syllables */
        {"\x80", 0},                     /* a tail without a head */
        {"ab\xBF", 2},
        {"a\xC0\x80", 1},         /* U+0000 in two bytes */
        {"a\xC1\xBF", 1},         /* U+007F in two bytes */
        {"a\xE0\x9F\xBF", 1},     /* U+07FF in three */
        {"a\xF0\x8F\xBF\xBF", 1}, /* U+FFFF in four */
        {"a\xED\xA0\x80", 1},     /* U+D800 */
        {"a\xF4\x90\x80\x80", 1}, /* U+110000 */
        {"a\xF5\x80\x80\x80", 1},
        {"a\xFF", 1},
        {"a\xFE", 1},
        {"\xEC\x82\xBC\xEC\x84", 3}, /* the second cut short */
        {"\xEC\x82\xBC\xEC\x84Q", 3},
        {"\xEC\x82\xBCQ\xC3", 4},
        {"12345678\xFF", 8},
        {"1234567\xFF", 7},
        {"1234567\xC3\xA9", 9}, /* across an eight-byte border */
        {"1234567\xC3Q", 7},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct slice text = slice_of(cases[i].text);
        size_t got = utf8_valid_bytes(text);

        if (got != cases[i].valid ||
            utf8_is_valid(text) != (cases[i].valid == text.len)) {
            fail_msg("case %zu: %zu", i, got);
        }
    }
}

static void a_bad_byte_is_found_at_any_place_of_a_long_text(void **state)
{
    char text[80];

    (void)state;
    for (size_t len = 1; len < sizeof(text); len++) {
        for (size_t at = 0; at < len; at++) {
            memset(text, 'a', sizeof(text));
            text[at] = (char)0x80;
            assert_int_equal(utf8_valid_bytes((struct slice){text, len}), at);
        }
    }
}

static void an_empty_slice_without_bytes_is_valid(void **state)
{
    (void)state;
    assert_true(utf8_is_valid((struct slice){NULL, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            every_code_point_is_valid_and_each_of_its_prefixes_not),
        cmocka_unit_test(bad_sequences_are_found_where_they_begin),
        cmocka_unit_test(a_bad_byte_is_found_at_any_place_of_a_long_text),
        cmocka_unit_test(an_empty_slice_without_bytes_is_valid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
