/*
 * struct batch: the body of one bulk request and the records it is made of.
 * It owns the records' messages until they are taken out. Batches are linked
 * into lists by their holder.
 */
#ifndef NARU_BRIDGE_BATCH_H
#define NARU_BRIDGE_BATCH_H

#include "bridge/message.h"
#include "bridge/partitions.h"
#include "common/attr.h"
#include "common/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct doc {
    struct message *message; /* owned by the batch */
    struct partition *partition;
    uint64_t ticket;    /* of offsets_track */
    uint64_t order_key; /* of id_order; not set without bridge.ordering = id */
    size_t at_bytes;    /* where its lines stand in the body */
    size_t len_bytes;
};

struct batch {
    struct buf body;
    struct doc *docs;
    size_t n_docs;
    size_t cap_docs;
    unsigned attempts;     /* times it was sent */
    int64_t opened_us;     /* when its first record came */
    int64_t sent_us;       /* when it was last sent */
    int64_t not_before_us; /* when it may be sent again */
    TAILQ_ENTRY(batch) link;
};

TAILQ_HEAD(batch_list, batch);

/*
 * batch_new(max_bytes): An empty one whose body holds at most max_bytes.
 * NULL out of memory.
 */
struct batch *batch_new(size_t max_bytes) MUST_CHECK;

/* batch_free(b): Free it and the messages still in it; NULL is fine. */
void batch_free(struct batch *b);

/* batch_clear(b): Free the messages, empty it, keep its memory. */
void batch_clear(struct batch *b);

/* batch_reserve(b): Make room for one more doc. 0 or -1 out of memory. */
int batch_reserve(struct batch *b) MUST_CHECK;

/*
 * batch_add(b, doc): Take doc, whose lines were just appended to the body,
 * with its message. Room must have been reserved.
 */
void batch_add(struct batch *b, const struct doc *doc);

/*
 * batch_move(from, first, n, to):
 * Copy the lines of docs first..first+n-1 to the end of to, with the docs; in
 * from their messages are then NULL. Returns 0; -1 out of memory or room, both
 * then as they were.
 */
int batch_move(
    struct batch *from, size_t first, size_t n, struct batch *to) MUST_CHECK;

/*
 * batch_keep_front(b, n):
 * Keep only the first n docs, whose at_bytes rise; free the messages of the
 * others and close the gaps in the body. Needs no memory.
 */
void batch_keep_front(struct batch *b, size_t n);

#endif
