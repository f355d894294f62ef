/*
 * JSON texts checked, made compact and unescaped, numbers and texts left
 * exactly as they are. Pure.
 */
#ifndef NARU_BRIDGE_TRANSFORM_JSON_TEXT_H
#define NARU_BRIDGE_TRANSFORM_JSON_TEXT_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"

#include <stdbool.h>

/*
 * json_text_compact(text, drop_nulls, out, err):
 * Is text one JSON value (RFC 8259, no deeper than JSON_MAX_DEPTH)? If so
 * append it to out without white space, and without object members that are
 * null when drop_nulls; out may be NULL. Returns 0; -1 with err, which names
 * the byte; 1 when out is full.
 */
int json_text_compact(struct slice text, bool drop_nulls, struct buf *out,
    struct error *err) MUST_CHECK;

/* json_text_unescape(raw, out): What stands between a JSON text's quotes, its
 * escapes undone, as UTF-8; half a surrogate pair becomes U+FFFD. 0 or -1. */
int json_text_unescape(struct slice raw, struct buf *out) MUST_CHECK;

/* json_text_is(raw, name): Does the raw text stand for name? */
bool json_text_is(struct slice raw, struct slice name);

#endif
