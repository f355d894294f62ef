/*
 * struct slice: bytes that belong to somebody else, valid as long as their
 * owner says. Not NUL-terminated. p may be NULL only when len is 0.
 */
#ifndef NARU_COMMON_SLICE_H
#define NARU_COMMON_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *p;
    size_t len;
};

static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, strlen(text)};
}

static inline bool slice_eq(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static inline bool slice_is(struct slice a, const char *text)
{
    return slice_eq(a, slice_of(text));
}

/* slice_take(rest, n): The first n bytes of *rest, which goes on behind them;
 * it must have as many. */
static inline struct slice slice_take(struct slice *rest, size_t n)
{
    struct slice taken = {rest->p, n};

    rest->p += n;
    rest->len -= n;
    return taken;
}

/* For printf: SLICE_FMT in the format, SLICE_ARG(s) for it. */
#define SLICE_FMT "%.*s"
#define SLICE_ARG(s) (int)(s).len, (s).p != NULL ? (s).p : ""

/* slice_trim(s): s without the spaces and tabs around it. */
static inline struct slice slice_trim(struct slice s)
{
    while (s.len > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s.p++;
        s.len--;
    }
    while (s.len > 0 && (s.p[s.len - 1] == ' ' || s.p[s.len - 1] == '\t')) {
        s.len--;
    }
    return s;
}

#endif
