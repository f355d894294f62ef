/*
 * struct letter: a dead letter, whatever keeps it: a record that the engine
 * would not take, with where it came from and why. Everything is borrowed.
 *
 * Its JSON form is one object on one line; the file sink writes it and
 * `naru dlq list --json` prints it:
 *
 *   {"when":MS,"topic":"t","partition":0,"offset":17,"timestamp":MS,
 *    "key":"k","value":"...","headers":[{"name":"n","value":"v"}],
 *    "status":400,"type":"...","reason":"...","attempts":1}
 *
 * Bytes that are not UTF-8 stand as base64 under key_base64, value_base64 (and
 * name_base64, value_base64 of a header) instead; what is absent is null.
 */
#ifndef NARU_BRIDGE_LETTER_H
#define NARU_BRIDGE_LETTER_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct letter_header {
    struct slice name;
    bool has_value;
    struct slice value;
};

struct letter {
    int64_t when_ms; /* when it was put away */
    struct slice topic;
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms; /* the record's; -1: it has none */
    bool has_key;
    struct slice key;
    bool has_value; /* false: a tombstone */
    struct slice value;
    const struct letter_header *headers; /* the record's own */
    size_t n_headers;
    int status; /* 0: refused before it was sent */
    unsigned attempts;
    struct slice type;
    struct slice reason;
};

/*
 * letter_write_json(out, l): Append the object, without a line's end.
 * Returns 0, -1 when out has no room; out then holds a part of it.
 */
int letter_write_json(struct buf *out, const struct letter *l) MUST_CHECK;

/*
 * letter_write_members(out, l): The same without the closing brace, for more
 * members to follow.
 */
int letter_write_members(struct buf *out, const struct letter *l) MUST_CHECK;

#endif
