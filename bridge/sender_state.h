/* The sender's inside, shared by its files: sender.c (batches in, requests
 * out), sender_answer.c (what an answer means for the batch). */
#ifndef NARU_BRIDGE_SENDER_STATE_H
#define NARU_BRIDGE_SENDER_STATE_H

#include "bridge/gate.h"
#include "bridge/limiter.h"
#include "bridge/retry.h"
#include "bridge/sender.h"

#define SENDER_MAX_TEXT 512

/*
 * A batch is idle (pooled), waiting (closed, to be sent, perhaps not before
 * some time) or flying. What is sent again keeps its ids and versions, so it
 * does not matter how often the engine applied it before.
 */
struct flight {
    struct sender *s;
    struct batch *batch; /* NULL: free */
    struct limiter_ticket ticket;
};

struct sender {
    struct transport *transport;
    const struct sender_calls *calls;
    void *arg;
    struct event *timer; /* for gate and not_before */
    char *path;
    size_t max_body_bytes;
    size_t max_docs;
    size_t ceiling_bytes; /* learnt from 413 */

    struct limiter limiter;
    struct gate gate;
    struct retry item_retry;

    struct batch_list waiting;
    struct batch_list idle;
    size_t idle_bytes; /* of their bodies' memory */
    size_t memory_bytes;
    struct flight *flights;
    size_t n_flights;
    size_t held_bytes;
    size_t ahead_bytes; /* of it, of batches that were never sent */
    int64_t answered_us;
    struct sender_stats stats;
    unsigned long long random;
};

/* sender_random(s): Any number, for jitter. */
uint32_t sender_random(struct sender *s);

/* sender_put_idle(s, b): b has come to its end. */
void sender_put_idle(struct sender *s, struct batch *b);

/* sender_wait(s, b, first): b is to be sent, before all others or after. */
void sender_wait(struct sender *s, struct batch *b, bool first);

/* ---- sender_answer.c ---- */

/* sender_settle(s, f, b, answer): The answer to b, sent as f, has come. */
void sender_settle(struct sender *s, const struct flight *f, struct batch *b,
    const struct transport_answer *answer);

#endif
