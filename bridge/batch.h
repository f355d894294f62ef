/*
 * struct batch: the body of one bulk request and the records it is made of.
 * It has all of them that is worth keeping: the value stands in the body, and
 * aside are key, headers and a value that the body has in another form; so no
 * message of Kafka's is held while requests wait. Batches are linked into
 * lists by their holder.
 */
#ifndef NARU_BRIDGE_BATCH_H
#define NARU_BRIDGE_BATCH_H

#include "bridge/message.h"
#include "bridge/origin.h"
#include "bridge/partitions.h"
#include "bridge/record.h"
#include "common/attr.h"
#include "common/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct doc {
    struct message *message; /* while it waits in id_order; NULL in a batch */
    struct partition *partition;
    uint64_t ticket;    /* of offsets_track */
    uint64_t order_key; /* of id_order; not set without bridge.ordering = id */
    size_t at_bytes;    /* where its lines stand in the body */
    size_t len_bytes;

    /* Of several documents that one record became; NULL: it is the only one.
     * Borrowed: the origin lives until the last of them has ended. */
    struct origin *origin;
    uint32_t split;          /* its number among them */
    uint32_t document_bytes; /* as sent, without the action's line */

    /* For batch_record; filled in by batch_add. */
    int64_t offset;
    int64_t timestamp_ms;
    size_t aside_at; /* key, headers and, when it is aside, value */
    uint32_t key_bytes, headers_bytes, value_bytes;
    bool has_key, has_value;
    bool value_is_aside; /* else it is the body's last value_bytes of it */
};

struct batch {
    struct buf body;
    struct buf aside;
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

/* batch_free(b): Free it; NULL is fine. */
void batch_free(struct batch *b);

/* batch_clear(b): Empty it, keep its memory. */
void batch_clear(struct batch *b);

/* batch_reserve(b): Make room for one more doc. 0 or -1 out of memory. */
int batch_reserve(struct batch *b) MUST_CHECK;

/*
 * batch_add(b, doc, record, is_verbatim):
 * Take doc, whose lines were just appended to the body, and what it takes to
 * make record again, which is then not needed any more. is_verbatim: the lines
 * end in its value and a line's end (bulk_encoder_is_verbatim). Room must have
 * been reserved. Returns 0, -1 out of memory, the docs then as they were.
 */
int batch_add(struct batch *b, const struct doc *doc,
    const struct record *record, bool is_verbatim) MUST_CHECK;

/* batch_record(b, i, record): The record that doc i was made of, borrowed
 * until b changes; it has no message. */
void batch_record(const struct batch *b, size_t i, struct record *record);

/* batch_bytes(b): What it holds in memory: body, docs and what is aside. */
static inline size_t batch_bytes(const struct batch *b)
{
    return b->body.len_bytes + b->aside.len_bytes +
           b->n_docs * sizeof(*b->docs);
}

/*
 * batch_move(from, first, n, to):
 * Copy the lines of docs first..first+n-1 to the end of to, with the docs.
 * Returns 0; -1 out of memory or room, to then as it was.
 */
int batch_move(
    struct batch *from, size_t first, size_t n, struct batch *to) MUST_CHECK;

/*
 * batch_keep_front(b, n):
 * Keep only the first n docs, whose at_bytes rise, and close the gaps in the
 * body; what is aside stays. Needs no memory.
 */
void batch_keep_front(struct batch *b, size_t n);

#endif
