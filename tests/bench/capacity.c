/* A server's capacity; see capacity.h. */
#include "tests/bench/capacity.h"

void capacity_advance(struct capacity *c, int64_t now_us)
{
    double can = (double)(now_us - c->at_us) * c->docs_per_s / 1e6;

    c->at_us = now_us;
    if (c->docs_per_s == 0.0 || c->done + can > c->taken) {
        c->done = c->taken;
    } else {
        c->done += can;
    }
}

bool capacity_is_full(const struct capacity *c)
{
    return c->docs_per_s > 0.0 && c->taken - c->done >= c->queue_docs;
}

void capacity_take(struct capacity *c, double docs)
{
    c->taken += docs;
}

int64_t capacity_wait_us(const struct capacity *c, double ticket)
{
    if (c->docs_per_s == 0.0 || c->done >= ticket) {
        return 0;
    }
    return (int64_t)((ticket - c->done) / c->docs_per_s * 1e6) + 1;
}
