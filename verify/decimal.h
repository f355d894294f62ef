/*
 * Decimal numbers by value: one text for each value however it is spelled, so
 * that two numbers are equal exactly when their canonical texts are. Nothing
 * is rounded, because nothing becomes a double.
 *
 *   78600.0, 78600, 7.86e4  ->  786e2        0.0, -0, 0e9  ->  0
 */
#ifndef NARU_VERIFY_DECIMAL_H
#define NARU_VERIFY_DECIMAL_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * decimal_canon(text, out):
 * Append the canonical text of a number in JSON's grammar. Returns 0, or -1
 * with out as it was: no such number, an exponent past 18 digits, or no room.
 */
int decimal_canon(struct slice text, struct buf *out) MUST_CHECK;

/*
 * decimal_whole(text, least, most, digits):
 * Is text a whole number of that range, without an exponent, with nothing but
 * zeros behind a point? Then *digits is the part of text in front of it ("0"
 * of "-0.0").
 */
bool decimal_whole(
    struct slice text, int64_t least, int64_t most, struct slice *digits);

/* decimal_is_finite(text): Is text a number that a double can hold at all? */
bool decimal_is_finite(struct slice text);

#endif
