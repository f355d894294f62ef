/*
 * Numbers by value; see decimal.h. A number is its sign, its digits without
 * zeros at either end, and the power of ten that stands behind them.
 */
#include "verify/decimal.h"

#include <math.h>
#include <stdlib.h>

#define MAX_EXPONENT_DIGITS 18
#define SURELY_FINITE_BYTES 300 /* of a number without an exponent */
#define LONGEST_BYTES 1024

/* Where the parts of a number lie in its text. */
struct parts {
    bool negative;
    struct slice whole;
    struct slice fraction; /* empty when there is no point */
    bool has_exponent;
    int64_t exponent;
};

static struct slice take_digits(struct slice *rest)
{
    struct slice digits = {rest->p, 0};

    while (digits.len < rest->len && rest->p[digits.len] >= '0' &&
           rest->p[digits.len] <= '9') {
        digits.len++;
    }
    rest->p += digits.len;
    rest->len -= digits.len;
    return digits;
}

static bool take_char(struct slice *rest, char c)
{
    if (rest->len == 0 || rest->p[0] != c) {
        return false;
    }
    rest->p++;
    rest->len--;
    return true;
}

static int take_exponent(struct slice *rest, struct parts *n)
{
    bool negative = take_char(rest, '-');
    struct slice digits;

    if (!negative) {
        (void)take_char(rest, '+');
    }
    digits = take_digits(rest);
    if (digits.len == 0 || digits.len > MAX_EXPONENT_DIGITS) {
        return -1;
    }
    n->has_exponent = true;
    for (size_t i = 0; i < digits.len; i++) {
        n->exponent = n->exponent * 10 + (digits.p[i] - '0');
    }
    n->exponent = negative ? -n->exponent : n->exponent;
    return 0;
}

static int split(struct slice text, struct parts *n)
{
    *n = (struct parts){0};
    n->negative = take_char(&text, '-');
    n->whole = take_digits(&text);
    if (n->whole.len == 0 || (n->whole.len > 1 && n->whole.p[0] == '0')) {
        return -1;
    }
    n->fraction = (struct slice){text.p, 0};
    if (take_char(&text, '.')) {
        n->fraction = take_digits(&text);
        if (n->fraction.len == 0) {
            return -1;
        }
    }
    if ((take_char(&text, 'e') || take_char(&text, 'E')) &&
        take_exponent(&text, n) != 0) {
        return -1;
    }
    return text.len == 0 ? 0 : -1;
}

static size_t zeros_ahead(struct slice s)
{
    size_t n = 0;

    while (n < s.len && s.p[n] == '0') {
        n++;
    }
    return n;
}

static size_t zeros_behind(struct slice s)
{
    size_t n = 0;

    while (n < s.len && s.p[s.len - 1 - n] == '0') {
        n++;
    }
    return n;
}

/* Take the zeros off both ends of the digits; what is left is the value's. */
static void trim(struct parts *n)
{
    size_t zeros = zeros_behind(n->fraction);

    n->fraction.len -= zeros;
    n->exponent -= (int64_t)n->fraction.len;
    if (n->fraction.len == 0) {
        zeros = zeros_behind(n->whole);
        n->whole.len -= zeros;
        n->exponent += (int64_t)zeros;
    }
    zeros = zeros_ahead(n->whole);
    n->whole.p += zeros;
    n->whole.len -= zeros;
    if (n->whole.len == 0) {
        zeros = zeros_ahead(n->fraction);
        n->fraction.p += zeros;
        n->fraction.len -= zeros;
    }
}

int decimal_canon(struct slice text, struct buf *out)
{
    size_t before = out->len_bytes;
    struct parts n;

    if (split(text, &n) != 0) {
        return -1;
    }
    trim(&n);
    if (n.whole.len + n.fraction.len == 0) {
        return buf_append_char(out, '0');
    }
    if ((n.negative && buf_append_char(out, '-') != 0) ||
        buf_append_slice(out, n.whole) != 0 ||
        buf_append_slice(out, n.fraction) != 0 ||
        (n.exponent != 0 &&
            buf_printf(out, "e%lld", (long long)n.exponent) != 0)) {
        out->len_bytes = before;
        return -1;
    }
    return 0;
}

/* Read digits up to a magnitude of limit. */
static bool read_magnitude(struct slice digits, uint64_t limit, uint64_t *sum)
{
    *sum = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t digit = (uint64_t)(digits.p[i] - '0');

        if (digit > limit || *sum > (limit - digit) / 10) {
            return false;
        }
        *sum = *sum * 10 + digit;
    }
    return true;
}

bool decimal_whole(
    struct slice text, int64_t least, int64_t most, struct slice *digits)
{
    struct parts n;
    uint64_t sum;

    if (split(text, &n) != 0 || n.has_exponent ||
        zeros_ahead(n.fraction) != n.fraction.len) {
        return false;
    }
    if (!read_magnitude(n.whole,
            n.negative ? (uint64_t)0 - (uint64_t)least : (uint64_t)most,
            &sum)) {
        return false;
    }
    *digits = n.negative && sum > 0
                  ? (struct slice){n.whole.p - 1, n.whole.len + 1}
                  : n.whole;
    return true;
}

bool decimal_is_finite(struct slice text)
{
    char copy[LONGEST_BYTES + 1];
    struct parts n;

    if (split(text, &n) != 0) {
        return false;
    }
    if (!n.has_exponent && text.len < SURELY_FINITE_BYTES) {
        return true;
    }
    if (text.len > LONGEST_BYTES) {
        return false;
    }
    memcpy(copy, text.p, text.len);
    copy[text.len] = '\0';
    return isfinite(strtod(copy, NULL)) != 0;
}
