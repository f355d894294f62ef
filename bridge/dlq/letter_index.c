/*
 * What became of each letter; see letter_index.h. An open-addressing table,
 * never more than half full. "Follows" is by the place within a slot; across
 * slots, which happens only when the dead letter topic was given more
 * partitions, by time.
 */
#include "bridge/dlq/letter_index.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ENTRIES 1024

struct place {
    int64_t place; /* -1: none */
    int64_t when_ms;
    int32_t slot;
};

struct entry {
    int64_t offset;
    int32_t partition;
    uint32_t topic; /* its number + 1; 0: the entry is free */
    struct place letter;
    struct place mark;
};

struct letter_index {
    struct entry *entries;
    size_t n_entries; /* a power of two */
    size_t used;
    char **topics;
    size_t n_topics;
};

struct letter_index *letter_index_new(void)
{
    struct letter_index *ix = calloc(1, sizeof(*ix));

    if (ix == NULL) {
        return NULL;
    }
    ix->entries = calloc(FIRST_ENTRIES, sizeof(*ix->entries));
    ix->n_entries = FIRST_ENTRIES;
    if (ix->entries == NULL) {
        letter_index_free(ix);
        return NULL;
    }
    return ix;
}

void letter_index_free(struct letter_index *ix)
{
    if (ix == NULL) {
        return;
    }
    for (size_t i = 0; i < ix->n_topics; i++) {
        free(ix->topics[i]);
    }
    free(ix->topics);
    free(ix->entries);
    free(ix);
}

/* The topic's number + 1, 0 when it is not known. */
static uint32_t find_topic(const struct letter_index *ix, struct slice topic)
{
    for (size_t i = 0; i < ix->n_topics; i++) {
        if (slice_is(topic, ix->topics[i])) {
            return (uint32_t)i + 1;
        }
    }
    return 0;
}

static uint32_t add_topic(struct letter_index *ix, struct slice topic)
{
    char **grown =
        realloc(ix->topics, (ix->n_topics + 1) * sizeof(*ix->topics));

    if (grown == NULL) {
        return 0;
    }
    ix->topics = grown;
    ix->topics[ix->n_topics] = strndup(topic.p, topic.len);
    return ix->topics[ix->n_topics] != NULL ? (uint32_t)++ix->n_topics : 0;
}

/* The entry of that origin, or the free one where it belongs. */
static struct entry *find(struct entry *entries, size_t n_entries,
    uint32_t topic, int32_t partition, int64_t offset)
{
    uint64_t h = (uint64_t)offset * UINT64_C(0x9e3779b97f4a7c15);
    size_t at;

    h ^= ((uint64_t)topic << 32 | (uint32_t)partition) *
         UINT64_C(0xc2b2ae3d27d4eb4f);
    h ^= h >> 29;
    at = (size_t)h & (n_entries - 1);
    while (entries[at].topic != 0 && (entries[at].offset != offset ||
                                         entries[at].partition != partition ||
                                         entries[at].topic != topic)) {
        at = (at + 1) & (n_entries - 1);
    }
    return &entries[at];
}

static int grow(struct letter_index *ix)
{
    size_t n = ix->n_entries * 2;
    struct entry *grown = calloc(n, sizeof(*grown));

    if (grown == NULL) {
        return -1;
    }
    for (size_t i = 0; i < ix->n_entries; i++) {
        const struct entry *e = &ix->entries[i];

        if (e->topic != 0) {
            *find(grown, n, e->topic, e->partition, e->offset) = *e;
        }
    }
    free(ix->entries);
    ix->entries = grown;
    ix->n_entries = n;
    return 0;
}

static bool follows(const struct place *later, const struct place *earlier)
{
    if (later->place < 0) {
        return false;
    }
    return later->slot == earlier->slot ? later->place > earlier->place
                                        : later->when_ms >= earlier->when_ms;
}

static struct place place_of(const struct stored_letter *s)
{
    return (struct place){s->place, s->letter.when_ms, s->slot};
}

int letter_index_note(struct letter_index *ix, const struct stored_letter *s)
{
    const struct letter *l = &s->letter;
    struct place here = place_of(s), *last;
    uint32_t topic = find_topic(ix, l->topic);
    struct entry *e;

    if (topic == 0 && (topic = add_topic(ix, l->topic)) == 0) {
        return -1;
    }
    if ((ix->used + 1) * 2 > ix->n_entries && grow(ix) != 0) {
        return -1;
    }
    e = find(ix->entries, ix->n_entries, topic, l->partition, l->offset);
    if (e->topic == 0) {
        *e = (struct entry){.topic = topic,
            .partition = l->partition,
            .offset = l->offset,
            .letter = {.place = -1},
            .mark = {.place = -1}};
        ix->used++;
    }
    last = s->is_mark ? &e->mark : &e->letter;
    if (last->place < 0 || follows(&here, last)) {
        *last = here;
    }
    return 0;
}

enum letter_state letter_index_state(const struct letter_index *ix,
    const struct stored_letter *s, int64_t *retried_ms)
{
    const struct letter *l = &s->letter;
    struct place here = place_of(s);
    const struct entry *e = find(ix->entries, ix->n_entries,
        find_topic(ix, l->topic), l->partition, l->offset);

    if (e->topic == 0) {
        return LETTER_OPEN;
    }
    if (e->letter.place != here.place || e->letter.slot != here.slot) {
        return LETTER_REPEATED;
    }
    if (follows(&e->mark, &here)) {
        *retried_ms = e->mark.when_ms;
        return LETTER_RETRIED;
    }
    return LETTER_OPEN;
}
