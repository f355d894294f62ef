/*
 * struct retry: how long to wait before the next try: exponential with full
 * jitter, so that many waiters spread out, and never given up. Pure: the
 * random number is handed in.
 */
#ifndef NARU_BRIDGE_RETRY_H
#define NARU_BRIDGE_RETRY_H

#include <stdint.h>

struct retry {
    int64_t base_ms;
    int64_t max_ms;
    unsigned failures; /* in a row */
};

/* retry_init(r, base_ms, max_ms): No failures yet. Both are 1 or more. */
void retry_init(struct retry *r, int64_t base_ms, int64_t max_ms);

/* retry_reset(r): It worked. */
void retry_reset(struct retry *r);

/*
 * retry_next_ms(r, random, asked_ms):
 * One more failure: milliseconds to wait, from 1 to max_ms. random is any
 * 32-bit number. asked_ms is what the server asked for (Retry-After), 0 for
 * nothing; it is honoured up to an hour even where it is more than max_ms.
 */
int64_t retry_next_ms(struct retry *r, uint32_t random, int64_t asked_ms);

#endif
