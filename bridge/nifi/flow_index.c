/* See flow_index.h: chains of a hash table. */
#include "bridge/nifi/flow_index.h"

#include "common/fnv.h"

#include <string.h>

struct flow_index_entry {
    const char *id;
    struct flow_component *component;
    struct flow_index_entry *next;
};

struct flow_index {
    struct flow_index_entry **buckets;
    size_t n_buckets; /* a power of two */
};

static int add(struct flow *f, struct flow_index *index, const char *id,
    struct flow_component *component)
{
    struct flow_index_entry *entry = arena_alloc(&f->arena, sizeof(*entry));
    struct flow_index_entry **at;

    if (entry == NULL) {
        return -1;
    }
    at = &index->buckets[fnv_hash(slice_of(id)) & (index->n_buckets - 1)];
    *entry = (struct flow_index_entry){id, component, *at};
    *at = entry;
    return 0;
}

struct flow_index *flow_index_new(struct flow *f)
{
    struct flow_index *index = arena_alloc(&f->arena, sizeof(*index));

    if (index == NULL) {
        return NULL;
    }
    for (index->n_buckets = 64; index->n_buckets < f->n_components * 2;
         index->n_buckets *= 2) {
    }
    index->buckets = arena_alloc(
        &f->arena, index->n_buckets * sizeof(struct flow_index_entry *));
    if (index->buckets == NULL) {
        return NULL;
    }
    /* Backward: each goes to its chain's head. */
    for (size_t i = f->n_components; i > 0; i--) {
        struct flow_component *c = f->components[i - 1];

        if ((c->id[0] != '\0' && add(f, index, c->id, c) != 0) ||
            (c->instance_id != NULL && strcmp(c->instance_id, c->id) != 0 &&
                add(f, index, c->instance_id, c) != 0)) {
            return NULL;
        }
    }
    return index;
}

struct flow_component *flow_index_each(const struct flow_index *index,
    const char *id, const struct flow_index_entry **cursor)
{
    const struct flow_index_entry *at = *cursor;

    at = at == NULL
             ? index->buckets[fnv_hash(slice_of(id)) & (index->n_buckets - 1)]
             : at->next;
    while (at != NULL && strcmp(at->id, id) != 0) {
        at = at->next;
    }
    *cursor = at;
    return at != NULL ? at->component : NULL;
}
