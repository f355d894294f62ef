/* Exponential back-off with full jitter; see retry.h. */
#include "bridge/retry.h"

#define LONGEST_ASKED_MS 3600000

void retry_init(struct retry *r, int64_t base_ms, int64_t max_ms)
{
    *r = (struct retry){.base_ms = base_ms, .max_ms = max_ms};
}

void retry_reset(struct retry *r)
{
    r->failures = 0;
}

int64_t retry_next_ms(struct retry *r, uint32_t random, int64_t asked_ms)
{
    int64_t ceiling = r->base_ms;
    int64_t wait;

    for (unsigned i = 0; i < r->failures && ceiling < r->max_ms; i++) {
        ceiling = ceiling > r->max_ms / 2 ? r->max_ms : ceiling * 2;
    }
    if (ceiling > r->max_ms) {
        ceiling = r->max_ms;
    }
    if (r->failures < UINT32_MAX) {
        r->failures++;
    }
    /* ceiling * random / 2^32, in two halves so that nothing overflows. */
    wait =
        1 + (ceiling >> 32) * (int64_t)random +
        (int64_t)(((uint64_t)random * (uint64_t)(ceiling & UINT32_MAX)) >> 32);
    if (asked_ms > LONGEST_ASKED_MS) {
        asked_ms = LONGEST_ASKED_MS;
    }
    return asked_ms > wait ? asked_ms : wait;
}
