/*
 * Numbers as a CSV writes them, judged without losing a digit. The forms are
 * JSON's: no '+', no leading zero (005930 is a code, not a count), digits on
 * both sides of the point, no space, no thousands comma, no nan or inf.
 */
#ifndef NARU_REPLAY_NUMBER_TEXT_H
#define NARU_REPLAY_NUMBER_TEXT_H

#include "common/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum number_fault {
    NUMBER_FINE,
    NUMBER_NOT_ONE,     /* no number of the kind at all */
    NUMBER_NOT_PLAIN,   /* a number, but not in JSON's form */
    NUMBER_OUT_OF_RANGE /* too large for the type */
};

/*
 * number_read_whole(text, digits, value):
 * Read a whole number of 64 bits. "13502112.0" is 13502112: zeros behind the
 * point are how a table with gaps is written by pandas. Any other fraction,
 * and an exponent, is NUMBER_NOT_ONE. digits is set to the part of text that
 * writes the number ("-0" gives "0"). On a fault nothing is set.
 */
enum number_fault number_read_whole(
    struct slice text, struct slice *digits, int64_t *value);

/*
 * number_check_decimal(text):
 * Is text a number that JSON takes as it stands and a double can hold? An
 * exponent is fine; digits beyond a double's precision are, too.
 */
enum number_fault number_check_decimal(struct slice text);

/* number_is_zero(text): Is text a plain number of value 0, e.g. "0.0"? */
bool number_is_zero(struct slice text);

#endif
