/*
 * Numbers as the engines read them, which are Java programs: which texts Java
 * takes for a number, and what becomes of them. Pure.
 */
#ifndef NARU_PREFLIGHT_JAVA_NUMBER_H
#define NARU_PREFLIGHT_JAVA_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

enum java_number {
    JAVA_NUMBER,
    JAVA_NO_NUMBER,
    JAVA_NOT_A_NUMBER, /* the text NaN */
    JAVA_FRACTION,     /* a fraction, which a whole number would lose */
    JAVA_OUT_OF_RANGE  /* too large for the type; for a double: not finite */
};

/*
 * java_number_whole(text, least, most):
 * A number of JSON (text ends in NUL) read as a whole one, as Jackson's
 * getLongValue and getIntValue do: digits exactly; what has a point or an
 * exponent by way of a double, so that 5.0 and 1e2 are whole.
 */
enum java_number java_number_whole(
    const char *text, int64_t least, int64_t most);

/*
 * java_number_whole_text(text, least, most):
 * A string read as a whole number where the mapping coerces, as Numbers.toLong
 * does (with a fraction, which is cut off): as BigDecimal takes it, no blanks.
 */
enum java_number java_number_whole_text(
    const char *text, int64_t least, int64_t most);

/*
 * java_number_decimal(text, largest):
 * A string or number read as a double, as Double.parseDouble does: blanks
 * around it and a letter d or f behind it are fine. largest is what the type
 * can hold.
 */
enum java_number java_number_decimal(const char *text, double largest);

#endif
