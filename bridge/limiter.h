/*
 * struct limiter: how many bulk requests may be under way and how large their
 * bodies should be. It measures what the engine works off at the setting in
 * force, in trials of some answers each, and lets struct climb choose the
 * next. Pure: the times are handed in.
 *
 * The throughput of one request is its bytes times the requests under way
 * with it over its latency (Little's law), so nothing has to be timed across
 * requests; only those count that were full, or behind which more waited,
 * because the others say how little there was to send.
 */
#ifndef NARU_BRIDGE_LIMITER_H
#define NARU_BRIDGE_LIMITER_H

#include "bridge/climb.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct limiter {
    struct climb climb;
    size_t flying;
    double flown_us;  /* sum of the requests under way over time */
    int64_t at_us;    /* when that was right */
    uint64_t sent;    /* requests so far */
    uint64_t deaf_to; /* those before it were sent before the last cut */
    bool is_full;     /* a refusal came, and no room since */
    uint64_t trial;   /* the first of this trial */
    size_t answers;   /* to requests of this trial */
    size_t counted;
    double work, spent_us; /* of those counted */
    double refused;        /* of this trial's answers, not listened to */
    double latency_us;     /* of late, smoothed; 0: none yet */
};

/* One request under way. */
struct limiter_ticket {
    uint64_t number;
    int64_t sent_us;
    double flown_us;
    size_t bytes;
    bool is_pressed;
};

/* limiter_init(l, most): At most so many requests of so many bytes, as far as
 * records allow. */
void limiter_init(struct limiter *l, const struct climb_bounds *most);

/* limiter_cap(l, bytes): The engine takes no body larger than this. */
void limiter_cap(struct limiter *l, size_t bytes);

/*
 * limiter_allows(l, bytes):
 * May a request of so many bytes be sent now? None after a refusal until the
 * engine has taken another: it is full of what is under way. One that is far
 * from full may go beside a few others even where the engine is best served by
 * fewer full ones, so that a record need not wait for another's round trip; but
 * not while the engine is refusing: then they had better fill.
 */
bool limiter_allows(const struct limiter *l, size_t bytes);

/* limiter_sent(l, t, bytes, is_pressed, now_us): It goes; is_pressed: it is
 * full, or more waited behind it. *t is filled in. now_us never falls. */
void limiter_sent(struct limiter *l, struct limiter_ticket *t, size_t bytes,
    bool is_pressed, int64_t now_us);

/*
 * limiter_answered(l, t, refused_share, now_us):
 * Its answer came, and this share of it was refused (429): 0 none, 1 all, as
 * also where none came in time. Refusals of one moment count once.
 */
void limiter_answered(struct limiter *l, const struct limiter_ticket *t,
    double refused_share, int64_t now_us);

/* limiter_left(l, now_us): Its answer came and says nothing of the load. */
void limiter_left(struct limiter *l, int64_t now_us);

/* The setting in force. */
static inline size_t limiter_window(const struct limiter *l)
{
    return l->climb.at.window;
}

static inline size_t limiter_batch_bytes(const struct limiter *l)
{
    return l->climb.at.bytes;
}

#endif
