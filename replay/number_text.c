/* Judging number texts; see number_text.h. */
#include "replay/number_text.h"

#include "common/ascii.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SURELY_FINITE_BYTES 300 /* fewer digits than DBL_MAX has */
#define LONGEST_BYTES 1024

static size_t digit_run(struct slice text, size_t from)
{
    size_t i = from;

    while (i < text.len && ascii_is_digit(text.p[i])) {
        i++;
    }
    return i - from;
}

/* Where the parts of a number are; lengths are 0 for parts that are absent. */
struct shape {
    size_t whole_at, whole_len;
    size_t fraction_at, fraction_len;
    bool has_exponent;
};

/* Read JSON's number grammar over all of text. */
static bool read_shape(struct slice text, struct shape *s)
{
    size_t i = text.len > 0 && text.p[0] == '-' ? 1 : 0;
    size_t n;

    *s = (struct shape){.whole_at = i};
    s->whole_len = digit_run(text, i);
    if (s->whole_len == 0 || (s->whole_len > 1 && text.p[i] == '0')) {
        return false;
    }
    i += s->whole_len;
    if (i < text.len && text.p[i] == '.') {
        s->fraction_at = i + 1;
        s->fraction_len = digit_run(text, i + 1);
        if (s->fraction_len == 0) {
            return false;
        }
        i += 1 + s->fraction_len;
    }
    if (i < text.len && (text.p[i] == 'e' || text.p[i] == 'E')) {
        s->has_exponent = true;
        i++;
        if (i < text.len && (text.p[i] == '+' || text.p[i] == '-')) {
            i++;
        }
        n = digit_run(text, i);
        if (n == 0) {
            return false;
        }
        i += n;
    }
    return i == text.len;
}

/* Why did text not have the shape: would a laxer reader see a number? */
static enum number_fault why_not(struct slice text)
{
    char copy[64];
    char *end;

    if (text.len == 0 || text.len >= sizeof(copy) ||
        (!ascii_is_digit(text.p[0]) && strchr("+-.", text.p[0]) == NULL) ||
        !(ascii_is_digit(text.p[text.len - 1]) ||
            text.p[text.len - 1] == '.')) {
        return NUMBER_NOT_ONE;
    }
    memcpy(copy, text.p, text.len);
    copy[text.len] = '\0';
    if (strpbrk(copy, "xXnN") != NULL) {
        return NUMBER_NOT_ONE;
    }
    (void)strtod(copy, &end);
    return *end == '\0' ? NUMBER_NOT_PLAIN : NUMBER_NOT_ONE;
}

static bool all_zeros(struct slice text, size_t at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text.p[at + i] != '0') {
            return false;
        }
    }
    return true;
}

#define SURELY_64_BIT_DIGITS 18

/*
 * What most whole numbers look like: up to 18 digits, without a sign or a
 * leading zero, perhaps ".0". Returns false for all others.
 */
static bool read_simple_whole(
    struct slice text, struct slice *digits, int64_t *value)
{
    size_t n = 0;
    int64_t sum = 0;

    while (n < text.len && ascii_is_digit(text.p[n])) {
        if (n == SURELY_64_BIT_DIGITS) {
            return false;
        }
        sum = sum * 10 + (text.p[n++] - '0');
    }
    if (n == 0 || (n > 1 && text.p[0] == '0') ||
        (n < text.len &&
            !(text.p[n] == '.' && text.len - n == 2 && text.p[n + 1] == '0'))) {
        return false;
    }
    *digits = (struct slice){text.p, n};
    *value = sum;
    return true;
}

enum number_fault number_read_whole(
    struct slice text, struct slice *digits, int64_t *value)
{
    struct shape s;
    bool negative;
    uint64_t limit, sum = 0;

    if (read_simple_whole(text, digits, value)) {
        return NUMBER_FINE;
    }
    if (!read_shape(text, &s)) {
        return why_not(text);
    }
    if (s.has_exponent || !all_zeros(text, s.fraction_at, s.fraction_len)) {
        return NUMBER_NOT_ONE;
    }
    negative = text.p[0] == '-';
    limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    for (size_t i = 0; i < s.whole_len; i++) {
        unsigned digit = (unsigned)(text.p[s.whole_at + i] - '0');

        if (sum > (limit - digit) / 10) {
            return NUMBER_OUT_OF_RANGE;
        }
        sum = sum * 10 + digit;
    }
    *value = negative && sum > 0 ? -(int64_t)(sum - 1) - 1 : (int64_t)sum;
    *digits = sum == 0 ? (struct slice){text.p + s.whole_at, 1}
                       : (struct slice){text.p, s.whole_at + s.whole_len};
    return NUMBER_FINE;
}

/* "78600.0", "-2.41": what most decimals look like. */
static bool is_simple_decimal(struct slice text)
{
    const char *p = text.p;
    const char *end = p + text.len;
    const char *first;

    if (text.len == 0 || text.len >= SURELY_FINITE_BYTES) {
        return false;
    }
    p += *p == '-';
    first = p;
    while (p < end && ascii_is_digit(*p)) {
        p++;
    }
    if (p == first || (p - first > 1 && *first == '0')) {
        return false;
    }
    if (p == end) {
        return true;
    }
    if (*p++ != '.' || p == end) {
        return false;
    }
    while (p < end && ascii_is_digit(*p)) {
        p++;
    }
    return p == end;
}

enum number_fault number_check_decimal(struct slice text)
{
    char copy[LONGEST_BYTES + 1];
    struct shape s;

    if (is_simple_decimal(text)) {
        return NUMBER_FINE;
    }
    if (!read_shape(text, &s)) {
        return why_not(text);
    }
    if (!s.has_exponent && text.len < SURELY_FINITE_BYTES) {
        return NUMBER_FINE;
    }
    if (text.len > LONGEST_BYTES) {
        return NUMBER_OUT_OF_RANGE;
    }
    memcpy(copy, text.p, text.len);
    copy[text.len] = '\0';
    return isfinite(strtod(copy, NULL)) ? NUMBER_FINE : NUMBER_OUT_OF_RANGE;
}

bool number_is_zero(struct slice text)
{
    struct shape s;

    return read_shape(text, &s) && all_zeros(text, s.whole_at, s.whole_len) &&
           all_zeros(text, s.fraction_at, s.fraction_len);
}
