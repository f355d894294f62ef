/*
 * struct merge_heap: a binary heap of things to be merged, the one that comes
 * first on top. It owns only the places, not the things. Pure.
 */
#ifndef NARU_REPLAY_MERGE_HEAP_H
#define NARU_REPLAY_MERGE_HEAP_H

#include "common/attr.h"

#include <stdbool.h>
#include <stddef.h>

typedef bool (*merge_heap_before_fn)(const void *a, const void *b);

struct merge_heap {
    void **all; /* all[0] comes first; NULL before merge_heap_init */
    size_t n;
    merge_heap_before_fn before; /* does a come before b? */
};

/* merge_heap_init(h, most, before): Empty, with room for so many. 0, or -1 out
 * of memory; merge_heap_fini is safe after both, and on {0}. */
int merge_heap_init(
    struct merge_heap *h, size_t most, merge_heap_before_fn before) MUST_CHECK;
void merge_heap_fini(struct merge_heap *h);

/* merge_heap_put(h, thing): Into the next place, in no order yet; there must
 * be room. merge_heap_order(h): Afterwards, once. O(n). */
void merge_heap_put(struct merge_heap *h, void *thing);
void merge_heap_order(struct merge_heap *h);

/* After the one on top has changed, or is to leave: O(log n). */
void merge_heap_sink_top(struct merge_heap *h);
void merge_heap_drop_top(struct merge_heap *h);

#endif
