/*
 * Growable bytes with a ceiling; see buf.h. Capacity doubles, so appending is
 * amortised constant; a spare byte is kept for buf_str's NUL.
 */
#include "common/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY_BYTES 256

void buf_init(struct buf *b, size_t max_bytes)
{
    *b = (struct buf){.max_bytes = max_bytes};
}

void buf_fini(struct buf *b)
{
    free(b->data);
    buf_init(b, b->max_bytes);
}

void buf_clear(struct buf *b)
{
    b->len_bytes = 0;
}

int buf_reserve(struct buf *b, size_t extra_bytes)
{
    size_t cap = b->cap_bytes;
    size_t need;
    char *grown;

    if (extra_bytes > b->max_bytes - b->len_bytes ||
        extra_bytes >= SIZE_MAX - b->len_bytes) {
        return -1;
    }
    need = b->len_bytes + extra_bytes + 1;
    if (need <= cap) {
        return 0;
    }
    if (cap == 0) {
        cap = FIRST_CAPACITY_BYTES;
    }
    if (cap < need) {
        cap = cap > need / 2 ? cap * 2 : need;
    }
    if (cap - 1 > b->max_bytes) {
        cap = b->max_bytes + 1;
    }
    grown = realloc(b->data, cap);
    if (grown == NULL) {
        return -1;
    }
    b->data = grown;
    b->cap_bytes = cap;
    return 0;
}

/* Two digits for one division: every record takes one or two numbers. */
static const char digit_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536"
    "37383940414243444546474849505152535455565758596061626364656667686970717273"
    "7475767778798081828384858687888990919293949596979899";

#define NUMBER_MOST_BYTES 20 /* of INT64_MIN: 19 and a sign */

int buf_append_number(struct buf *b, int64_t n)
{
    char digits[2 * NUMBER_MOST_BYTES]; /* so that as many may be copied */
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    size_t at = NUMBER_MOST_BYTES;

    while (rest >= 10) {
        at -= 2;
        digits[at] = digit_pairs[rest % 100 * 2];
        digits[at + 1] = digit_pairs[rest % 100 * 2 + 1];
        rest /= 100;
    }
    if (rest > 0 || at == NUMBER_MOST_BYTES) {
        digits[--at] = (char)('0' + rest);
    }
    if (n < 0) {
        digits[--at] = '-';
    }
    if (b->cap_bytes - b->len_bytes <= NUMBER_MOST_BYTES) {
        return buf_append(b, digits + at, NUMBER_MOST_BYTES - at);
    }
    memcpy(b->data + b->len_bytes, digits + at, NUMBER_MOST_BYTES);
    b->len_bytes += NUMBER_MOST_BYTES - at;
    return 0;
}

int buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args, again;
    int n;

    va_start(args, fmt);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0 || buf_reserve(b, (size_t)n) != 0) {
        va_end(again);
        return -1;
    }
    (void)vsnprintf(b->data + b->len_bytes, (size_t)n + 1, fmt, again);
    va_end(again);
    b->len_bytes += (size_t)n;
    return 0;
}

const char *buf_str(struct buf *b)
{
    if (b->len_bytes == 0) {
        return "";
    }
    b->data[b->len_bytes] = '\0'; /* the spare byte of buf_reserve */
    return b->data;
}
