/*
 * struct host_ring: which of an engine's hosts takes the next request. They
 * take turns. One that failed is put aside, for longer each time; when that is
 * over one request goes there to see, and the others follow if it is answered.
 * Pure: the time is handed in.
 */
#ifndef NARU_BRIDGE_HOST_RING_H
#define NARU_BRIDGE_HOST_RING_H

#include "common/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_RING_FIRST_REST_US INT64_C(1000000)
#define HOST_RING_LONGEST_REST_US INT64_C(30000000)

struct host_turn {
    unsigned failures; /* since it last answered */
    int64_t rest_until_us;
    bool is_tried; /* the one request that sees whether it is back */
};

struct host_ring {
    struct host_turn *all;
    size_t n, next;
};

/* host_ring_init(r, n): n hosts, 1 or more. Returns 0, -1 out of memory.
 * host_ring_fini(r): Free what it holds; a zeroed ring is fine. */
int host_ring_init(struct host_ring *r, size_t n) MUST_CHECK;
void host_ring_fini(struct host_ring *r);

/*
 * host_ring_pick(r, now_us):
 * Where the next request goes, 0 to n-1. When every host is put aside it is
 * the one whose rest ends first: the caller has reasons of its own to wait or
 * not. Each pick is followed by one of the next three.
 */
size_t host_ring_pick(struct host_ring *r, int64_t now_us);

/* host_ring_worked(r, i): It answered. True when it was put aside before. */
bool host_ring_worked(struct host_ring *r, size_t i);

/* host_ring_failed(r, i, now_us): It did not, or cannot serve us now. Failures
 * of requests sent before it was put aside count once. True when this is news.
 */
bool host_ring_failed(struct host_ring *r, size_t i, int64_t now_us);

/* host_ring_left(r, i): The request was not sent after all. */
void host_ring_left(struct host_ring *r, size_t i);

/* host_ring_has_good(r): Is there one that did not fail last? */
bool host_ring_has_good(const struct host_ring *r);

#endif
