/*
 * struct limiter: how many bulk requests may be under way. It starts at one,
 * grows by one for each full window of good answers, and halves when the
 * engine pushes back (429 of a request or of a share of its items) or falls
 * silent; at most once a window, so that one bad moment counts once. Pure.
 */
#ifndef NARU_BRIDGE_LIMITER_H
#define NARU_BRIDGE_LIMITER_H

#include <stddef.h>

struct limiter {
    size_t max;
    size_t window; /* requests allowed now: 1 to max */
    size_t good;   /* good answers since the window last changed */
    size_t deaf;   /* answers to come that were sent before the last cut */
};

/* limiter_init(l, max): At most max requests; max is 1 or more. */
void limiter_init(struct limiter *l, size_t max);

/* limiter_allows(l, flying): May one more be sent while flying are? */
static inline int limiter_allows(const struct limiter *l, size_t flying)
{
    return flying < l->window;
}

/*
 * limiter_good(l), limiter_pushed_back(l, flying):
 * An answer came. flying counts the requests still under way without it;
 * their push-backs belong to the same moment.
 */
void limiter_good(struct limiter *l);
void limiter_pushed_back(struct limiter *l, size_t flying);

#endif
