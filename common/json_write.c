/*
 * JSON strings; see json_write.h. Runs that need no escape are found eight
 * bytes at a time and copied whole.
 */
#include "common/json_write.h"

#include "common/utf8.h"

#include <stdint.h>
#include <string.h>

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS UINT64_C(0x8080808080808080)

/* Has any of the eight bytes to be escaped? May say yes once too often. */
static bool any_escape(uint64_t eight)
{
    uint64_t quote = eight ^ (EACH_BYTE * '"');
    uint64_t backslash = eight ^ (EACH_BYTE * '\\');
    uint64_t control = eight - EACH_BYTE * 0x20;

    return (((quote - EACH_BYTE) & ~quote) |
               ((backslash - EACH_BYTE) & ~backslash) | (control & ~eight)) &
           HIGH_BITS;
}

/* How many bytes at p need no escape. */
static size_t plain_run(const char *p, size_t n)
{
    size_t i = 0;

    while (i < n) {
        unsigned char c = (unsigned char)p[i];
        uint64_t eight;

        if (n - i >= sizeof(eight)) {
            memcpy(&eight, p + i, sizeof(eight));
            if (!any_escape(eight)) {
                i += sizeof(eight);
                continue;
            }
        }
        if (c < 0x20 || c == '"' || c == '\\') {
            break;
        }
        i++;
    }
    return i;
}

/* Write the escape of c to at; returns its length, at most 6. */
static size_t put_escape(char *at, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    at[0] = '\\';
    for (size_t i = 0; named[i] != '\0'; i += 2) {
        if ((unsigned char)named[i] == c) {
            at[1] = named[i + 1];
            return 2;
        }
    }
    memcpy(at + 1, "u00", 3);
    at[4] = hex[c >> 4];
    at[5] = hex[c & 15];
    return 6;
}

/* What text takes exactly, for when there is no room for the worst. */
static size_t escaped_bytes(struct slice text)
{
    char escape[6];
    size_t bytes = 0;

    for (size_t i = 0; i < text.len;) {
        size_t n = plain_run(text.p + i, text.len - i);

        bytes += n;
        i += n;
        if (i < text.len) {
            bytes += put_escape(escape, (unsigned char)text.p[i++]);
        }
    }
    return bytes;
}

/* Write text with its escapes to where there is room; returns the end. */
static char *put_escaped(char *at, struct slice text)
{
    size_t i = 0;

    while (i < text.len) {
        size_t n = plain_run(text.p + i, text.len - i);

        memcpy(at, text.p + i, n);
        at += n;
        i += n;
        if (i < text.len) {
            at += put_escape(at, (unsigned char)text.p[i++]);
        }
    }
    return at;
}

char *json_put_string(char *at, struct slice text)
{
    *at++ = '"';
    at = put_escaped(at, text);
    *at++ = '"';
    return at;
}

int json_write_escaped(struct buf *b, struct slice text)
{
    if (text.len > SIZE_MAX / 8 ||
        (buf_reserve(b, 6 * text.len) != 0 &&
            buf_reserve(b, escaped_bytes(text)) != 0)) {
        return -1;
    }
    if (text.len > 0) {
        b->len_bytes =
            (size_t)(put_escaped(b->data + b->len_bytes, text) - b->data);
    }
    return 0;
}

int json_write_string(struct buf *b, struct slice text)
{
    size_t before = b->len_bytes;

    if (buf_append_char(b, '"') == 0 && json_write_escaped(b, text) == 0 &&
        buf_append_char(b, '"') == 0) {
        return 0;
    }
    b->len_bytes = before;
    return -1;
}

int json_write_words(struct buf *b, struct slice text)
{
    size_t good;

    if (utf8_is_valid(text)) {
        return json_write_string(b, text);
    }
    if (buf_append_char(b, '"') != 0) {
        return -1;
    }
    while ((good = utf8_valid_bytes(text)) < text.len) {
        if (json_write_escaped(b, (struct slice){text.p, good}) != 0 ||
            buf_append_char(b, '?') != 0) {
            return -1;
        }
        text.p += good + 1;
        text.len -= good + 1;
    }
    return json_write_escaped(b, text) != 0 ? -1 : buf_append_char(b, '"');
}
