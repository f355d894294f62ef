/*
 * Ids of one moment in an open-addressed table; see id_watch.h. The bytes are
 * kept, so that a hash in common is not taken for an id in common.
 */
#include "replay/id_watch.h"

#include "common/buf.h"
#include "common/fnv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 1024u /* a power of two */
#define TEXT_MAX_BYTES ((size_t)1 << 30)
#define SHOWN_BYTES 200

struct seen {
    uint32_t round; /* of the moment it belongs to; others are free places */
    uint32_t hash;
    size_t at, len; /* in text */
    const char *path;
    int64_t line;
};

struct id_watch {
    const struct dataset *dataset;
    struct seen *places;
    uint32_t cap, n;
    uint32_t round;
    struct buf text; /* the ids, end to end */
    int64_t event_ms;
    bool any;
};

bool id_watch_wanted(const struct dataset *dataset)
{
    return dataset->id_is_of_row && dataset->id_has_time;
}

struct id_watch *id_watch_new(const struct dataset *dataset)
{
    struct id_watch *w = calloc(1, sizeof(*w));

    if (w == NULL) {
        return NULL;
    }
    w->dataset = dataset;
    w->cap = FIRST_CAP;
    w->round = 1;
    w->places = calloc(w->cap, sizeof(*w->places));
    buf_init(&w->text, TEXT_MAX_BYTES);
    if (w->places == NULL) {
        free(w);
        return NULL;
    }
    return w;
}

void id_watch_free(struct id_watch *w)
{
    if (w != NULL) {
        buf_fini(&w->text);
        free(w->places);
        free(w);
    }
}

void id_watch_forget(struct id_watch *w)
{
    w->any = false;
}

/* Leave the moment behind, and with it all ids. */
static void next_moment(struct id_watch *w, int64_t event_ms)
{
    w->any = true;
    w->event_ms = event_ms;
    w->n = 0;
    buf_clear(&w->text);
    if (++w->round == 0) {
        memset(w->places, 0, w->cap * sizeof(*w->places));
        w->round = 1;
    }
}

static uint32_t hash_of(const char *p, size_t n)
{
    uint64_t h = fnv_hash((struct slice){p, n});

    return (uint32_t)(h ^ h >> 32); /* the upper bits are the better mixed */
}

/* The place of an id with that hash and text, or the free one for it. */
static struct seen *find_place(
    const struct id_watch *w, uint32_t hash, const char *text, size_t len)
{
    for (uint32_t i = hash & (w->cap - 1);; i = (i + 1) & (w->cap - 1)) {
        struct seen *s = &w->places[i];

        if (s->round != w->round ||
            (s->hash == hash && s->len == len &&
                memcmp(w->text.data + s->at, text, len) == 0)) {
            return s;
        }
    }
}

static int grow(struct id_watch *w)
{
    struct id_watch larger = *w;

    larger.cap = w->cap * 2;
    larger.places = calloc(larger.cap, sizeof(*larger.places));
    if (larger.places == NULL) {
        return -1;
    }
    for (uint32_t i = 0; i < w->cap; i++) {
        const struct seen *s = &w->places[i];

        if (s->round == w->round) {
            *find_place(&larger, s->hash, w->text.data + s->at, s->len) = *s;
        }
    }
    free(w->places);
    *w = larger;
    return 0;
}

/* Append the id's parts, but for the time, which all have in common. */
static int put_id(struct id_watch *w, const struct source_row *row)
{
    for (size_t i = 0; i < w->dataset->n_columns; i++) {
        if (w->dataset->columns[i].in_id && i != w->dataset->time_column) {
            struct slice value = row->fields[row->map->slot_of[i]];

            if (buf_append_slice(&w->text, value) != 0 ||
                buf_append_char(&w->text, '\0') != 0) {
                return -1;
            }
        }
    }
    return buf_append_char(&w->text, '\0'); /* so that there is a text */
}

static void describe(const struct id_watch *w, const struct source_row *row,
    const struct seen *first, struct error *note)
{
    char id[SHOWN_BYTES] = "";
    size_t at = 0;

    for (size_t i = 0; i < w->dataset->n_columns; i++) {
        if (w->dataset->columns[i].in_id && at < sizeof(id)) {
            struct slice value = row->fields[row->map->slot_of[i]];

            at += (size_t)snprintf(id + at, sizeof(id) - at, "%s%s %.*s",
                at > 0 ? ", " : "", w->dataset->columns[i].name,
                (int)(value.len < 60 ? value.len : 60), value.p);
        }
    }
    (void)error_set(note, "%s:%lld: %s is the id of %s:%lld, too", row->path,
        (long long)row->line, id, first->path, (long long)first->line);
}

int id_watch_add(
    struct id_watch *w, const struct source_row *row, struct error *note)
{
    size_t start;
    uint32_t hash;
    struct seen *place;

    if (!w->any || row->event_ms != w->event_ms) {
        next_moment(w, row->event_ms);
    }
    if (w->n >= w->cap / 2 && grow(w) != 0) {
        return -1;
    }
    start = w->text.len_bytes;
    if (put_id(w, row) != 0) {
        return -1;
    }
    hash = hash_of(w->text.data + start, w->text.len_bytes - start);
    place =
        find_place(w, hash, w->text.data + start, w->text.len_bytes - start);
    if (place->round == w->round) {
        describe(w, row, place, note);
        w->text.len_bytes = start;
        return 1;
    }
    *place = (struct seen){
        w->round, hash, start, w->text.len_bytes - start, row->path, row->line};
    w->n++;
    return 0;
}
