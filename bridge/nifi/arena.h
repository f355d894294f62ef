/*
 * struct arena: memory that is given bit by bit and freed as a whole, with a
 * ceiling. A flow lives in one.
 */
#ifndef NARU_BRIDGE_NIFI_ARENA_H
#define NARU_BRIDGE_NIFI_ARENA_H

#include "common/attr.h"
#include "common/slice.h"

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t left_bytes;
};

/* arena_init(a, max_bytes): An empty arena; allocates nothing. */
void arena_init(struct arena *a, size_t max_bytes);
void arena_fini(struct arena *a);

/* arena_alloc(a, n): n bytes, all zero, aligned for any type; NULL past the
 * ceiling or out of memory. Valid until arena_fini. */
void *arena_alloc(struct arena *a, size_t n) MUST_CHECK;

/* arena_text(a, s), arena_printf(a, fmt, ...) and arena_vprintf: A C string;
 * NULL as above. */
char *arena_text(struct arena *a, struct slice s) MUST_CHECK;
char *arena_vprintf(struct arena *a, const char *fmt, va_list args) MUST_CHECK
    PRINTF_LIKE(2, 0);
char *arena_printf(struct arena *a, const char *fmt, ...) MUST_CHECK
    PRINTF_LIKE(2, 3);

/*
 * arena_grow(a, items, n, room, item_bytes):
 * Room for one more item behind the n that stand at items: items itself, or a
 * larger copy of it. NULL as above.
 */
void *arena_grow(struct arena *a, void *items, size_t n, size_t *room,
    size_t item_bytes) MUST_CHECK;

#endif
