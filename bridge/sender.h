/*
 * struct sender: takes closed batches and brings every record in them to an
 * end: sends as many at once as the limiter allows, sends again what was
 * busy or unanswered, halves what is too large, bisects what is refused as a
 * whole, reads the items, and hands each record back exactly once, as ended
 * or as refused.
 */
#ifndef NARU_BRIDGE_SENDER_H
#define NARU_BRIDGE_SENDER_H

#include "bridge/batch.h"
#include "bridge/offsets.h"
#include "bridge/transport.h"
#include "common/attr.h"
#include "common/error.h"
#include "common/histogram.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why the engine will not have a record. */
struct refusal {
    int status;         /* the item's, or the request's */
    unsigned attempts;  /* times it was sent */
    const char *type;   /* the engine's name for it; borrowed */
    const char *reason; /* borrowed */
};

struct sender_calls {
    /* NULL, or: the record is stored, and ended comes after it; everything is
     * borrowed for the call. */
    void (*stored)(
        void *arg, const struct doc *doc, const struct record *record);

    /* The records of n docs ended, all alike. */
    void (*ended)(
        void *arg, const struct doc *docs, size_t n, enum outcome outcome);

    /* The record was refused; everything is borrowed for the call. */
    void (*refused)(void *arg, const struct doc *doc,
        const struct record *record, const struct refusal *why);

    /* A batch came to its end: there may be room for more. */
    void (*roomier)(void *arg);
};

struct sender_options {
    size_t max_in_flight;
    size_t max_body_bytes;  /* a batch's ceiling, as given to batch_new */
    size_t max_batch_bytes; /* most that a body is worth filling to */
    size_t max_docs;        /* in a batch */
    size_t memory_bytes;    /* half of it may be emptied bodies, for reuse */
    int64_t retry_max_ms;
    const char *path; /* of the bulk requests; borrowed for the call */
};

#define SENDER_STATUS_CLASSES 6 /* 0: no answer, then 1xx to 5xx */

struct sender_stats {
    uint64_t requests;
    uint64_t by_class[SENDER_STATUS_CLASSES];
    uint64_t pushed_back; /* requests and items answered with 429 */
    uint64_t sent_bytes;
    uint64_t items_again; /* items sent again */
    struct histogram took_us;
};

struct sender;

/*
 * sender_new(base, transport, options, calls, arg, err):
 * transport, base and calls must outlive it. NULL with err.
 */
struct sender *sender_new(struct event_base *base, struct transport *transport,
    const struct sender_options *options, const struct sender_calls *calls,
    void *arg, struct error *err) MUST_CHECK;

/* sender_free(s): Free it and all batches in it; transport must be freed
 * before, so that no answer comes. NULL is fine. */
void sender_free(struct sender *s);

/* sender_take_idle(s): An empty batch, pooled or new. NULL out of memory. */
struct batch *sender_take_idle(struct sender *s) MUST_CHECK;

/* sender_submit(s, batch): Take a batch with one doc or more. */
void sender_submit(struct sender *s, struct batch *batch);

/* What it holds: bytes of all bodies, requests under way. */
size_t sender_held_bytes(const struct sender *s);
size_t sender_flying(const struct sender *s);

/*
 * sender_has_enough(s): Are so many batches ready that the engine cannot run
 * dry? More would only grow cold in memory before it is sent, and be of a size
 * that by then is no longer wanted.
 */
bool sender_has_enough(const struct sender *s);

/* What the limiter found: requests that may be under way, and their latency
 * of late (0: not known yet). */
size_t sender_window(const struct sender *s);
int64_t sender_latency_us(const struct sender *s);

/* sender_takes_now(s): Would a batch that is far from full be sent at once?
 * One that waits after a busy answer of its own does not count. */
bool sender_takes_now(const struct sender *s);

/* sender_batch_ceiling(s): Largest body worth building now: what the limiter
 * found, and less once the engine answered 413. */
size_t sender_batch_ceiling(const struct sender *s);

/*
 * sender_blocked(s, since_us):
 * Why nothing gets through, or NULL while things move. *since_us is when that
 * began. Valid until the loop goes on.
 */
const char *sender_blocked(const struct sender *s, int64_t *since_us);

/* sender_answered_us(s): When the answer being read came, monotonic. */
int64_t sender_answered_us(const struct sender *s);

const struct sender_stats *sender_stats(const struct sender *s);

#endif
