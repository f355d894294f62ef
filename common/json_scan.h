/*
 * Reading JSON in place, without a tree and without allocation: a cursor that
 * walks objects and arrays, and a finder of an object's fields. What is passed
 * over is checked only as far as finding its end needs (brackets are counted,
 * strings ended with regard to escapes, commas and numbers not looked at
 * closely); Elasticsearch checks the whole. Depth is limited so that a
 * hostile text cannot exhaust anything.
 */
#ifndef NARU_COMMON_JSON_SCAN_H
#define NARU_COMMON_JSON_SCAN_H

#include "common/attr.h"
#include "common/slice.h"

#include <stddef.h>
#include <stdint.h>

#define JSON_MAX_DEPTH 1000

struct json_cursor {
    const char *at;
    const char *end;
};

enum json_kind {
    JSON_STRING, /* raw is what stands between the quotes, still escaped */
    JSON_NUMBER,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL,
    JSON_OBJECT, /* raw is the whole, braces included */
    JSON_ARRAY
};

struct json_value {
    enum json_kind kind;
    struct slice raw; /* points into the text */
};

/* json_cursor_of(text): A cursor at the text's first byte. */
static inline struct json_cursor json_cursor_of(struct slice text)
{
    return (struct json_cursor){text.p, text.p + text.len};
}

/*
 * json_enter(c, open):
 * Step past white space and the bracket open ('{' or '['). Returns 0, or -1
 * when something else stands there.
 */
int json_enter(struct json_cursor *c, char open) MUST_CHECK;

/*
 * json_next_key(c, key):
 * In an object, just entered or behind a value: step to the next member's
 * value. *key is the raw key. Returns 1; 0 when the object ended (the cursor
 * stands behind it); -1 when the text is not JSON.
 */
int json_next_key(struct json_cursor *c, struct slice *key) MUST_CHECK;

/*
 * json_next_element(c):
 * In an array: step to the next element. Returns 1; 0 when it ended; -1.
 */
int json_next_element(struct json_cursor *c) MUST_CHECK;

/* json_read(c, v): Read the value at the cursor and step behind it. 0 or -1. */
int json_read(struct json_cursor *c, struct json_value *v) MUST_CHECK;

struct json_field {
    struct slice name;       /* in: the raw key wanted */
    bool found;              /* out */
    struct json_value value; /* out, when found */
    size_t place;            /* json_flat's own, kept between texts; 0 at first:
                                the quotes up to its key in the last text, */
    unsigned from_end;       /* ... and from there on, 0: too many */
};

/*
 * json_find_fields(text, fields, n, bad_at):
 * Find the fields of a top-level object; reading stops as soon as all are
 * found, so what follows is not looked at. Of a key given twice the first
 * counts; a field wanted twice is found twice. Returns 0; -1 when text is not
 * an object as far as it was read, with the byte position in *bad_at.
 */
int json_find_fields(struct slice text, struct json_field *fields, size_t n,
    size_t *bad_at) MUST_CHECK;

/*
 * json_string_bytes(raw):
 * How many bytes of UTF-8 a raw string has once its escapes are undone. Half a
 * surrogate pair counts three, as the replacement character does.
 */
size_t json_string_bytes(struct slice raw);

#endif
