/*
 * Which ids are under way; see id_order.h. A hash table with linear probing,
 * at most half full; a slot whose key left is filled from those behind it, so
 * that no marks of removed keys pile up.
 */
#include "bridge/id_order.h"

#include "common/fnv.h"

#include <assert.h>
#include <stdlib.h>

#define FIRST_SLOTS 1024

struct waiter {
    struct doc doc;
    size_t bytes;
    STAILQ_ENTRY(waiter) link;
};

STAILQ_HEAD(waiters, waiter);

struct slot {
    uint64_t key;
    bool taken;
    /* Behind the one under way, NULL: none. No STAILQ_HEAD, which points into
     * itself: slots move. */
    struct waiter *first, *last;
};

struct id_order {
    struct slot *slots;
    size_t n_slots; /* a power of two */
    size_t n_taken;
    struct waiters ready;
    size_t n_waiting;
    size_t waiting_bytes;
};

struct id_order *id_order_new(void)
{
    struct id_order *o = calloc(1, sizeof(*o));

    if (o == NULL) {
        return NULL;
    }
    STAILQ_INIT(&o->ready);
    o->n_slots = FIRST_SLOTS;
    o->slots = calloc(o->n_slots, sizeof(*o->slots));
    if (o->slots == NULL) {
        free(o);
        return NULL;
    }
    return o;
}

void id_order_free(struct id_order *o)
{
    struct doc doc;

    if (o == NULL) {
        return;
    }
    while (id_order_next(o, &doc)) {
        message_free(doc.message);
    }
    for (size_t i = 0; i < o->n_slots; i++) {
        struct waiter *w = o->slots[i].first;

        while (w != NULL) {
            struct waiter *next = STAILQ_NEXT(w, link);

            message_free(w->doc.message);
            free(w);
            w = next;
        }
    }
    free(o->slots);
    free(o);
}

uint64_t id_order_key(struct slice id)
{
    return fnv_hash(id);
}

static size_t home_of(const struct id_order *o, uint64_t key)
{
    /* The upper bits are the better mixed ones. */
    return (size_t)(key ^ (key >> 32)) & (o->n_slots - 1);
}

/* The key's slot, or the free one where it belongs. */
static size_t find(const struct id_order *o, uint64_t key)
{
    size_t at = home_of(o, key);

    while (o->slots[at].taken && o->slots[at].key != key) {
        at = (at + 1) & (o->n_slots - 1);
    }
    return at;
}

static int grow(struct id_order *o)
{
    struct slot *old = o->slots;
    size_t n_old = o->n_slots;
    struct slot *grown = calloc(n_old * 2, sizeof(*grown));

    if (grown == NULL) {
        return -1;
    }
    o->slots = grown;
    o->n_slots = n_old * 2;
    for (size_t i = 0; i < n_old; i++) {
        if (old[i].taken) {
            o->slots[find(o, old[i].key)] = old[i];
        }
    }
    free(old);
    return 0;
}

static int wait_behind(
    struct id_order *o, struct slot *s, const struct doc *doc, size_t bytes)
{
    struct waiter *w = calloc(1, sizeof(*w));

    if (w == NULL) {
        return -1;
    }
    w->doc = *doc;
    w->bytes = bytes;
    if (s->last != NULL) {
        STAILQ_NEXT(s->last, link) = w;
    } else {
        s->first = w;
    }
    s->last = w;
    o->n_waiting++;
    o->waiting_bytes += bytes;
    return 1;
}

int id_order_enter(struct id_order *o, const struct doc *doc, size_t bytes)
{
    struct slot *s = &o->slots[find(o, doc->order_key)];

    if (s->taken) {
        return wait_behind(o, s, doc, bytes);
    }
    if ((o->n_taken + 1) * 2 > o->n_slots) {
        if (grow(o) != 0) {
            return -1;
        }
        s = &o->slots[find(o, doc->order_key)];
    }
    *s = (struct slot){.key = doc->order_key, .taken = true};
    o->n_taken++;
    return 0;
}

/* Close the gap: whoever stands behind it and would be looked for at or before
 * it moves into it (Knuth, The Art of Computer Programming, 6.4, algorithm R).
 */
static void remove_at(struct id_order *o, size_t gap)
{
    size_t mask = o->n_slots - 1;

    for (size_t at = (gap + 1) & mask; o->slots[at].taken;
         at = (at + 1) & mask) {
        size_t home = home_of(o, o->slots[at].key);

        if (((at - home) & mask) >= ((at - gap) & mask)) {
            o->slots[gap] = o->slots[at];
            gap = at;
        }
    }
    o->slots[gap] = (struct slot){0};
    o->n_taken--;
}

void id_order_leave(struct id_order *o, uint64_t key)
{
    size_t at = find(o, key);
    struct slot *s = &o->slots[at];
    struct waiter *next = s->first;

    assert(s->taken);
    if (next == NULL) {
        remove_at(o, at);
        return;
    }
    s->first = STAILQ_NEXT(next, link);
    if (s->first == NULL) {
        s->last = NULL;
    }
    STAILQ_INSERT_TAIL(&o->ready, next, link);
}

bool id_order_next(struct id_order *o, struct doc *doc)
{
    struct waiter *w = STAILQ_FIRST(&o->ready);

    if (w == NULL) {
        return false;
    }
    STAILQ_REMOVE_HEAD(&o->ready, link);
    *doc = w->doc;
    o->n_waiting--;
    o->waiting_bytes -= w->bytes;
    free(w);
    return true;
}

size_t id_order_waiting(const struct id_order *o)
{
    return o->n_waiting;
}

size_t id_order_waiting_bytes(const struct id_order *o)
{
    return o->waiting_bytes;
}

size_t id_order_under_way(const struct id_order *o)
{
    return o->n_taken;
}
