/*
 * What became of every record of one partition; see offsets.h.
 *
 * The records between frontier and newest are a ring of entries, oldest
 * first. A ticket is an ever-growing sequence number; the entry of ticket t
 * is ring[t mod capacity]. When the oldest has ended, the head moves on:
 *
 *   0 .. head     ended, forgotten
 *   head .. next  taken; ended or not
 */
#include "bridge/offsets.h"

#include "common/fault_point.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#define FIRST_CAPACITY 1024 /* a power of two */

const char *const outcome_names[OUTCOME_COUNT] = {"created", "updated",
    "duplicate", "deleted", "dead_lettered", "skipped", "released"};

struct entry {
    int64_t offset;
    bool ended;
};

struct offsets {
    struct entry *ring;
    uint64_t capacity; /* a power of two */
    uint64_t head;
    uint64_t next;
    uint64_t released; /* tickets below were released by offsets_reset */
    uint64_t pending;
    int64_t last;     /* the newest offset taken, -1 for none */
    int64_t frontier; /* -1 for none */
    int64_t reached;  /* of offsets_reach, -1 for none */
    struct offsets_counts counts;
};

static void forget(struct offsets *o)
{
    o->head = o->next;
    o->released = o->next;
    o->pending = 0;
    o->last = -1;
    o->frontier = -1;
    o->reached = -1;
}

struct offsets *offsets_new(void)
{
    struct offsets *o = calloc(1, sizeof(*o));

    if (o == NULL) {
        return NULL;
    }
    o->capacity = FIRST_CAPACITY;
    o->ring = calloc(o->capacity, sizeof(*o->ring));
    if (o->ring == NULL) {
        offsets_free(o);
        return NULL;
    }
    forget(o);
    return o;
}

void offsets_free(struct offsets *o)
{
    if (o != NULL) {
        free(o->ring);
        free(o);
    }
}

static struct entry *entry_of(const struct offsets *o, uint64_t ticket)
{
    return &o->ring[ticket & (o->capacity - 1)];
}

static int grow(struct offsets *o)
{
    struct offsets bigger = *o;

    bigger.capacity = o->capacity * 2;
    bigger.ring = calloc(bigger.capacity, sizeof(*bigger.ring));
    if (bigger.ring == NULL) {
        return -1;
    }
    for (uint64_t t = o->head; t < o->next; t++) {
        *entry_of(&bigger, t) = *entry_of(o, t);
    }
    free(o->ring);
    *o = bigger;
    return 0;
}

int offsets_track(struct offsets *o, int64_t offset, uint64_t *ticket)
{
    if (offset <= o->last || offset < o->frontier) {
        return 1;
    }
    if (o->next - o->head == o->capacity && grow(o) != 0) {
        return -1;
    }
    *entry_of(o, o->next) = (struct entry){offset, false};
    *ticket = o->next++;
    o->last = offset;
    o->pending++;
    o->counts.consumed++;
    return 0;
}

static void advance(struct offsets *o)
{
    while (o->head < o->next && entry_of(o, o->head)->ended) {
        o->frontier = entry_of(o, o->head)->offset + 1;
        o->head++;
    }
    if (o->head == o->next && o->reached > o->frontier) {
        o->frontier = o->reached;
    }
}

void offsets_end(
    struct offsets *o, uint64_t ticket, uint64_t n, enum outcome outcome)
{
    uint64_t end = ticket + n;
    uint64_t first = ticket > o->released ? ticket : o->released;

    assert(end <= o->next);
    if (first >= end) {
        return;
    }
    assert(first >= o->head); /* else it is ended a second time */
    for (uint64_t t = first; t < end; t++) {
        assert(!entry_of(o, t)->ended);
        entry_of(o, t)->ended = true;
    }
    o->pending -= end - first;
    o->counts.ended[outcome] += end - first;
    advance(o);
}

void offsets_reach(struct offsets *o, int64_t offset)
{
    if (offset > o->reached) {
        o->reached = offset;
        advance(o);
    }
}

int64_t offsets_frontier(const struct offsets *o)
{
    if (FAULT_COMMIT_RULE_IS_OFF() && o->last >= 0) {
        return o->last + 1;
    }
    return o->frontier;
}

uint64_t offsets_pending(const struct offsets *o)
{
    return o->pending;
}

const struct offsets_counts *offsets_counts(const struct offsets *o)
{
    return &o->counts;
}

void offsets_reset(struct offsets *o)
{
    o->counts.ended[OUTCOME_RELEASED] += o->pending;
    forget(o);
}
