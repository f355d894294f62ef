/*
 * struct frontier: records under way, in the order they were sent, and how far
 * all of them have ended: what lies behind may be forgotten. Pure.
 */
#ifndef NARU_REPLAY_FRONTIER_H
#define NARU_REPLAY_FRONTIER_H

#include "common/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frontier_entry {
    const char *path; /* borrowed: where the record came from */
    int64_t line;
    uint32_t chain;
    bool ended;
};

struct frontier {
    struct frontier_entry *ring;
    size_t cap;    /* a power of two */
    int64_t first; /* number of the oldest that has not ended, from 0 */
    int64_t next;  /* number of the next to be sent */
    struct frontier_entry last; /* the one in front of first, if first > 0 */
};

/* frontier_init(f): None sent. Allocates nothing. */
void frontier_init(struct frontier *f);
void frontier_fini(struct frontier *f);

/* frontier_add(f, path, line, chain, number): The next one. 0, or -1 without
 * memory. */
int frontier_add(struct frontier *f, const char *path, int64_t line,
    uint32_t chain, int64_t *number) MUST_CHECK;

/* frontier_drop(f): The last one added was not sent after all. */
void frontier_drop(struct frontier *f);

/* frontier_end(f, number): It has ended; it was under way. */
void frontier_end(struct frontier *f, int64_t number);

/* frontier_at(f, number): An entry that is under way. */
const struct frontier_entry *frontier_at(
    const struct frontier *f, int64_t number);

#endif
