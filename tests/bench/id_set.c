/* Ids by their hash, with linear probing; see id_set.h. */
#include "tests/bench/id_set.h"

#include "verify/sip_hash.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_SLOTS 1024

int id_set_init(struct id_set *s, size_t expected)
{
    s->n_ids = 0;
    s->n_slots = LEAST_SLOTS;
    while (s->n_slots / 2 < expected) {
        s->n_slots *= 2;
    }
    s->slots = malloc(s->n_slots * sizeof(*s->slots));
    if (s->slots == NULL) {
        return -1;
    }
    id_set_clear(s);
    return 0;
}

void id_set_fini(struct id_set *s)
{
    free(s->slots);
    *s = (struct id_set){0};
}

void id_set_clear(struct id_set *s)
{
    memset(s->slots, 0, s->n_slots * sizeof(*s->slots));
    s->n_ids = 0;
}

static bool put(struct id_set *s, uint64_t hash)
{
    size_t at = hash & (s->n_slots - 1);

    while (s->slots[at] != 0) {
        if (s->slots[at] == hash) {
            return false;
        }
        at = (at + 1) & (s->n_slots - 1);
    }
    s->slots[at] = hash;
    s->n_ids++;
    return true;
}

static int grow(struct id_set *s)
{
    struct id_set larger;

    if (id_set_init(&larger, s->n_slots) != 0) {
        return -1;
    }
    for (size_t i = 0; i < s->n_slots; i++) {
        if (s->slots[i] != 0) {
            (void)put(&larger, s->slots[i]);
        }
    }
    id_set_fini(s);
    *s = larger;
    return 0;
}

int id_set_add(struct id_set *s, struct slice id, bool *is_new)
{
    static const struct sip_key key = {0x6e617275, 0x62656e6368};
    uint64_t hash = sip_hash(key, id);

    if (s->n_ids >= s->n_slots / 2 && grow(s) != 0) {
        return -1;
    }
    *is_new = put(s, hash != 0 ? hash : 1);
    return 0;
}
