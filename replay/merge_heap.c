/* A heap of things to be merged; see merge_heap.h. */
#include "replay/merge_heap.h"

#include <assert.h>
#include <stdlib.h>

int merge_heap_init(
    struct merge_heap *h, size_t most, merge_heap_before_fn before)
{
    *h = (struct merge_heap){
        .all = calloc(most + 1, sizeof(*h->all)), .before = before};
    return h->all != NULL ? 0 : -1;
}

void merge_heap_fini(struct merge_heap *h)
{
    free(h->all);
    *h = (struct merge_heap){0};
}

static void sift_down(struct merge_heap *h, size_t i)
{
    for (;;) {
        size_t first = i;

        for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++) {
            if (child < h->n && h->before(h->all[child], h->all[first])) {
                first = child;
            }
        }
        if (first == i) {
            return;
        }
        void *moved = h->all[i];
        h->all[i] = h->all[first];
        h->all[first] = moved;
        i = first;
    }
}

void merge_heap_put(struct merge_heap *h, void *thing)
{
    h->all[h->n++] = thing;
}

void merge_heap_order(struct merge_heap *h)
{
    for (size_t i = h->n; i-- > 0;) {
        sift_down(h, i);
    }
}

void merge_heap_sink_top(struct merge_heap *h)
{
    sift_down(h, 0);
}

void merge_heap_drop_top(struct merge_heap *h)
{
    assert(h->n > 0);
    h->all[0] = h->all[--h->n];
    sift_down(h, 0);
}
