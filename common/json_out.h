/*
 * struct json_out: JSON members written one after the other into a struct buf,
 * commas seen to. A failure (no room) is kept until json_out_end, so that the
 * writer need not ask at each member. For pages, not for the hot path.
 */
#ifndef NARU_COMMON_JSON_OUT_H
#define NARU_COMMON_JSON_OUT_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct json_out {
    struct buf *to;
    bool failed;
    bool has_before; /* a member stands before the next one */
};

/* json_out_of(to): A writer at the end of to, which is borrowed. */
static inline struct json_out json_out_of(struct buf *to)
{
    return (struct json_out){to, false, false};
}

/* In all of them key is the member's name, plain ASCII; NULL: an element of an
 * array, or the whole. */

/* json_out_open, json_out_close: '{' and '}', or '[' and ']'. */
void json_out_open(struct json_out *o, const char *key, char bracket);
void json_out_close(struct json_out *o, char bracket);

/* Text: bytes that are not UTF-8 become question marks; NULL is null. */
void json_out_text(struct json_out *o, const char *key, const char *value);
void json_out_slice(struct json_out *o, const char *key, struct slice value);

void json_out_count(struct json_out *o, const char *key, uint64_t n);
void json_out_number(struct json_out *o, const char *key, int64_t n);
void json_out_bool(struct json_out *o, const char *key, bool value);

/* json_out_raw(o, key, json): A value that is JSON already. */
void json_out_raw(struct json_out *o, const char *key, const char *json);

/* json_out_key(o, key): The caller writes the value itself, to o->to; what he
 * finds fails he tells with json_out_failed. */
void json_out_key(struct json_out *o, const char *key);
void json_out_failed(struct json_out *o, int rc);

/* json_out_end(o): 0, or -1 when something did not fit. */
int json_out_end(const struct json_out *o) MUST_CHECK;

#endif
