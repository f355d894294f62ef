/*
 * struct gate: what keeps records from getting through. It is shut while the
 * engine as a whole does not serve us (no answer, 5xx, 429, a refused login),
 * for longer each time; then one request goes first to see. It also says so
 * in the log, once for each trouble, and keeps the words for those who ask.
 */
#ifndef NARU_BRIDGE_GATE_H
#define NARU_BRIDGE_GATE_H

#include "bridge/retry.h"

#include <stdbool.h>
#include <stdint.h>

#define GATE_MAX_TEXT 512

struct gate {
    struct retry retry;
    int64_t until_us; /* 0: open */
    int64_t since_us; /* of the trouble, 0: there is none */
    int64_t told_us;  /* when it was last logged: the same again soon after */
    bool is_told;     /* is no news; this time */
    char why[GATE_MAX_TEXT]; /* kept when it is over */
};

/* gate_init(g, base_ms, max_ms): Open; waits as of retry_init. */
void gate_init(struct gate *g, int64_t base_ms, int64_t max_ms);

/* gate_shut(g, why, asked_ms, random, now_us): Trouble: shut it for a while,
 * for asked_ms if the server asks so (see retry_next_ms). */
void gate_shut(struct gate *g, const char *why, int64_t asked_ms,
    uint32_t random, int64_t now_us);

/* gate_open(g, now_us): It works. */
void gate_open(struct gate *g, int64_t now_us);

/* gate_is_shut(g, now_us): Must everything wait?
 * gate_lets_one(g): Has it been shut, and no good answer come since? */
static inline bool gate_is_shut(const struct gate *g, int64_t now_us)
{
    return g->until_us > now_us;
}

static inline bool gate_lets_one(const struct gate *g)
{
    return g->until_us != 0;
}

/* gate_trouble(g, since_us): Why nothing gets through and since when, or
 * NULL. Valid until the next call. */
const char *gate_trouble(const struct gate *g, int64_t *since_us);

#endif
