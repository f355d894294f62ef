/* Halves of surrogate pairs; see lone_surrogate.h. */
#include "preflight/lone_surrogate.h"

#include <stdbool.h>
#include <string.h>

#define ESCAPE_BYTES 6 /* of \ud83d */

enum half { NO_HALF, HIGH_HALF, LOW_HALF };

/* Which half the escape at s is: \ud800 to \udbff, \udc00 to \udfff. */
static enum half half_at(struct slice s)
{
    if (s.len < ESCAPE_BYTES || s.p[0] != '\\' || s.p[1] != 'u' ||
        (s.p[2] != 'd' && s.p[2] != 'D')) {
        return NO_HALF;
    }
    if (strchr("89abAB", s.p[3]) != NULL) {
        return HIGH_HALF;
    }
    return strchr("cdefCDEF", s.p[3]) != NULL ? LOW_HALF : NO_HALF;
}

/* What stands at s, up to the next place that may be an escape. */
static size_t piece_at(struct slice s, bool *is_lone)
{
    enum half half = half_at(s);
    const char *next;

    *is_lone = false;
    if (half == HIGH_HALF && half_at((struct slice){s.p + ESCAPE_BYTES,
                                 s.len - ESCAPE_BYTES}) == LOW_HALF) {
        return (size_t)2 * ESCAPE_BYTES;
    }
    if (half != NO_HALF) {
        *is_lone = true;
        return ESCAPE_BYTES;
    }
    if (s.p[0] == '\\') {
        return s.len < 2 ? s.len : 2; /* what is escaped begins no escape */
    }
    next = memchr(s.p, '\\', s.len);
    return next != NULL ? (size_t)(next - s.p) : s.len;
}

int lone_surrogate_replace(struct slice json, struct buf *out)
{
    buf_clear(out);
    while (json.len > 0) {
        bool is_lone;
        size_t n = piece_at(json, &is_lone);
        struct slice piece = slice_take(&json, n);

        if ((is_lone ? buf_append_str(out, "\\ufffd")
                     : buf_append_slice(out, piece)) != 0) {
            return -1;
        }
    }
    return 0;
}
