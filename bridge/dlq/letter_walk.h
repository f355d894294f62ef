/*
 * struct letter_walk: the letters that are meant, in order: those the filter
 * takes and that are not done, up to a limit. Two passes over the source: the
 * first finds out what was done.
 */
#ifndef NARU_DLQ_LETTER_WALK_H
#define NARU_DLQ_LETTER_WALK_H

#include "bridge/dlq/letter_filter.h"
#include "bridge/dlq/letter_source.h"
#include "common/attr.h"

/* A letter that is meant. retried_ms: -1 when it was not retried. Returns as
 * letter_fn does. */
typedef int (*letter_walk_fn)(void *arg, const struct stored_letter *stored,
    int64_t retried_ms, struct error *err);

struct letter_walk {
    struct letter_filter filter;
    bool all;       /* also those that were retried */
    uint64_t limit; /* 0: none */

    /* Results. Those retried or repeated are counted whether meant or not. */
    uint64_t chosen;
    uint64_t retried;
    uint64_t repeated; /* the same letter follows: it counts once */
};

/* letter_walk(w, source, fn, arg, err): Returns 0, -1 with err. */
int letter_walk(struct letter_walk *w, struct letter_source *source,
    letter_walk_fn fn, void *arg, struct error *err) MUST_CHECK;

#endif
