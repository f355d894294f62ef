/*
 * struct buf: growable bytes with a ceiling. An append that would pass the
 * ceiling, or finds no memory, fails and leaves the contents as they were;
 * nothing is ever truncated.
 */
#ifndef NARU_COMMON_BUF_H
#define NARU_COMMON_BUF_H

#include "common/attr.h"
#include "common/slice.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct buf {
    char *data; /* owned; NULL until the first append */
    size_t len_bytes;
    size_t cap_bytes;
    size_t max_bytes;
};

/* buf_init(b, max_bytes): Make b empty. Allocates nothing. */
void buf_init(struct buf *b, size_t max_bytes);

/* buf_fini(b): Free the bytes and make b empty; b may be used again. */
void buf_fini(struct buf *b);

/* buf_clear(b): Forget the contents, keep the memory. */
void buf_clear(struct buf *b);

/*
 * buf_reserve(b, extra_bytes):
 * Make room so that appending extra_bytes cannot fail. Amortised O(1) per
 * byte. Returns 0, or -1 past the ceiling or out of memory.
 */
int buf_reserve(struct buf *b, size_t extra_bytes) MUST_CHECK;

/* buf_append(b, p, n): Append n bytes of p. Returns 0 or -1. Here and below:
 * inline, since every record takes some of them. */
static inline MUST_CHECK int buf_append(struct buf *b, const void *p, size_t n)
{
    /* A byte is spare, see buf_str; without memory both are 0. */
    if (n >= b->cap_bytes - b->len_bytes &&
        (n > PTRDIFF_MAX || buf_reserve(b, n) != 0)) {
        return -1;
    }
    if (n > 0) {
        memcpy(b->data + b->len_bytes, p, n);
        b->len_bytes += n;
    }
    return 0;
}

/* buf_append_str(b, text): Append a C string without its NUL. */
static inline MUST_CHECK int buf_append_str(struct buf *b, const char *text)
{
    return buf_append(b, text, strlen(text));
}

/* buf_append_slice(b, s): Append a slice. */
static inline MUST_CHECK int buf_append_slice(struct buf *b, struct slice s)
{
    return buf_append(b, s.p, s.len);
}

/* buf_append_char(b, c): Append one byte. */
static inline MUST_CHECK int buf_append_char(struct buf *b, char c)
{
    return buf_append(b, &c, 1);
}

/* buf_append_number(b, n): Append n in decimal, without printf's price. */
int buf_append_number(struct buf *b, int64_t n) MUST_CHECK;

/* buf_printf(b, fmt, ...): Append formatted text. Returns 0 or -1. */
int buf_printf(struct buf *b, const char *fmt, ...) MUST_CHECK
    PRINTF_LIKE(2, 3);

/*
 * buf_str(b):
 * The contents as a C string, "" when empty; a NUL is put behind them without
 * counting, for which there is always room. Valid until b changes.
 */
const char *buf_str(struct buf *b);

/* buf_slice(b): The contents; valid until b changes. */
static inline struct slice buf_slice(const struct buf *b)
{
    return (struct slice){b->data, b->len_bytes};
}

#endif
