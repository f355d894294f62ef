/*
 * struct index_batch: letters on their way into the index: one bulk request's
 * worth, sent and brought to an end, each told of once.
 */
#ifndef NARU_DLQ_INDEX_BATCH_H
#define NARU_DLQ_INDEX_BATCH_H

#include "bridge/dlq/retry_target.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/endpoint.h"
#include "common/error.h"

#include <stddef.h>

struct index_item;

struct index_batch {
    struct buf body; /* lines of all items */
    struct index_item *items;
    size_t n_items, cap_items;
    struct buf request; /* those being sent */

    /* To be set before sending; borrowed. */
    const struct endpoint *endpoint;
    const char *path;
    const struct retry_calls *calls;
    void *arg;
};

/* index_batch_init(b, max_bytes): An empty one for so many bytes of lines. */
void index_batch_init(struct index_batch *b, size_t max_bytes);
void index_batch_fini(struct index_batch *b);

/* index_batch_clear(b): Forget all items. */
void index_batch_clear(struct index_batch *b);

/*
 * index_batch_add(b, stored, at_bytes): The lines of stored were just appended
 * to the body, from at_bytes on. Returns 0; -1 out of memory, and the body is
 * without them.
 */
int index_batch_add(struct index_batch *b, const struct stored_letter *stored,
    size_t at_bytes) MUST_CHECK;

/*
 * index_batch_send(b, err):
 * Send all items (blocking), again and in parts where that is called for.
 * Returns 0 when each was told of; -1 with err when the engine takes none now.
 */
int index_batch_send(struct index_batch *b, struct error *err) MUST_CHECK;

/* index_batch_pretend(b): Tell of all as accepted, for a dry run. */
void index_batch_pretend(struct index_batch *b);

#endif
