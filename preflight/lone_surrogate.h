/*
 * Half of a surrogate pair, "\ud83d" alone, as programs write it that cut a
 * text in the middle of a letter. The engines take it, jansson does not.
 */
#ifndef NARU_PREFLIGHT_LONE_SURROGATE_H
#define NARU_PREFLIGHT_LONE_SURROGATE_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

/*
 * lone_surrogate_replace(json, out):
 * Put json into out (cleared first) with each escape of half a pair replaced by
 * that of U+FFFD. Pure. Returns 0, or -1 when out cannot hold it.
 */
int lone_surrogate_replace(struct slice json, struct buf *out) MUST_CHECK;

#endif
