/*
 * struct letter_source: a place that keeps dead letters, a topic or a file,
 * read from its beginning to the end it had when it was opened, as often as
 * wanted.
 */
#ifndef NARU_DLQ_LETTER_SOURCE_H
#define NARU_DLQ_LETTER_SOURCE_H

#include "bridge/letter.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <stdbool.h>
#include <stdint.h>

/* A letter, or the mark that one was retried. Valid until the call returns. */
struct stored_letter {
    bool is_mark;
    int32_t slot;         /* the dead letter topic's partition; 0 in a file */
    int64_t place;        /* the offset there; the line's first byte */
    struct letter letter; /* of a mark only when_ms and the origin */
};

/* Returns 0 to go on, 1 when that is enough, -1 to fail with err set. */
typedef int (*letter_fn)(
    void *arg, const struct stored_letter *stored, struct error *err);

struct letter_source {
    const char *name; /* the topic or the file */
    uint64_t strange; /* what the last pass met that is no dead letter */
    int (*read)(
        struct letter_source *s, letter_fn fn, void *arg, struct error *err);
    void (*free)(struct letter_source *s);
};

/*
 * topic_source_open(config, topic, exists, err):
 * Asks the brokers (blocking) where the topic ends. NULL with err; *exists is
 * false when that is because there is no such topic.
 */
struct letter_source *topic_source_open(const struct config *config,
    const char *topic, bool *exists, struct error *err) MUST_CHECK;

/* file_source_open(path, exists, err): Likewise of a file. */
struct letter_source *file_source_open(
    const char *path, bool *exists, struct error *err) MUST_CHECK;

/*
 * letter_source_read(s, fn, arg, err):
 * One pass: fn for each letter and mark; in the order of each slot. Returns 0,
 * -1 with err.
 */
static inline int letter_source_read(
    struct letter_source *s, letter_fn fn, void *arg, struct error *err)
{
    s->strange = 0;
    return s->read(s, fn, arg, err);
}

/* letter_source_free(s): Close it; NULL is fine. */
static inline void letter_source_free(struct letter_source *s)
{
    if (s != NULL) {
        s->free(s);
    }
}

#endif
