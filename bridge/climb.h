/*
 * struct climb: a search for how many bulk requests to have under way and how
 * large to make them, by the throughput that each setting gives. It holds a
 * base, the best setting known, and tries one step away from it at a time:
 * more or fewer requests, larger or smaller bodies. A step stays when it
 * brings a gain, to fewer requests already when it costs nothing; one that
 * failed rests longer each time. Slow start: requests double while that pays.
 *
 * Engines warm up, merge segments and slow down as an index grows, by a tenth
 * and more from one second to the next. So a step that is not plainly better
 * or worse is judged between two trials of the base, one before and one after
 * it, and a gain counts only where it is more than those trials differ by of
 * themselves.
 *
 * A refusal (429) takes a tried step back at once, or cuts the base by half
 * its refused share (as DCTCP does, RFC 8257), and so much at once is not
 * tried again for many answers: more requests then have smaller bodies. Where
 * the smallest setting is refused, too (a proxy that refuses at random, an
 * engine that others keep busy), refusals do not tell what we send too much
 * of: they are not listened to for a while, and settings judged by what gets
 * through alone. Pure.
 *
 * Why throughput and not latency: the knee that Vegas or Envoy's gradient
 * look for in latency needs an unloaded latency, which bodies that differ in
 * size and an engine that warms up, merges and collects garbage do not have.
 */
#ifndef NARU_BRIDGE_CLIMB_H
#define NARU_BRIDGE_CLIMB_H

#include <stdbool.h>
#include <stddef.h>

enum climb_step {
    CLIMB_MORE_REQUESTS,
    CLIMB_LARGER_BODIES,
    CLIMB_FEWER_REQUESTS,
    CLIMB_SMALLER_BODIES,
    CLIMB_STAY
};

struct climb_setting {
    size_t window; /* requests under way, 1 or more */
    size_t bytes;  /* of a body */
};

/* The most of each that the search may ask for. */
struct climb_bounds {
    size_t window;          /* 1 or more */
    size_t bytes;           /* of a body */
    size_t under_way_bytes; /* of all bodies under way */
};

struct climb {
    struct climb_bounds most;
    size_t min_bytes;
    struct climb_setting base;
    struct climb_setting at; /* in force: the base, or a step from it */
    enum climb_step trying;  /* that step; CLIMB_STAY at the base */
    enum climb_step turn;    /* which to look at next */
    double base_rate;        /* measured last at the base; 0: not yet */
    double noise;            /* by which share its trials differ, smoothed */
    /* What was tried, until the base was measured again. */
    enum climb_step tried;
    struct climb_setting tried_at;
    double tried_rate;                           /* 0: nothing */
    unsigned rest[CLIMB_STAY], span[CLIMB_STAY]; /* base trials to wait */
    bool is_fast;                                /* requests double */
    double refused_bytes; /* under way when last refused, 0: never */
    unsigned hold;        /* answers until so many may be tried again */
    unsigned hold_span;
    unsigned deaf; /* answers until refusals are listened to again */
    unsigned deaf_span;
};

/* climb_init(c, most): Begin with two requests (as far as the bounds allow):
 * with one, an engine of two cores has one idle. */
void climb_init(struct climb *c, const struct climb_bounds *most);

/* climb_cap(c, bytes): No body larger than this from now on. */
void climb_cap(struct climb *c, size_t bytes);

/* climb_measured(c, rate): The setting in force gave this throughput, in any
 * unit; c->at is then the next to be measured. */
void climb_measured(struct climb *c, double rate);

/* climb_is_hopeless(c, rate): The step that is tried is so much worse, as far
 * as it was measured, that more answers would not mend it. */
bool climb_is_hopeless(const struct climb *c, double rate);

/* climb_unreachable(c): The setting in force could not be measured, because
 * there was not enough to send: back to the base, and a step that waits to be
 * judged is forgotten. */
void climb_unreachable(struct climb *c);

/* climb_answered(c): One more answer came: without a refusal, or with one that
 * climb_is_deaf to. */
void climb_answered(struct climb *c);

static inline bool climb_is_deaf(const struct climb *c)
{
    return c->deaf > 0;
}

/* climb_refused(c, share): The engine refused this share of a request under
 * the setting in force: above 0, 1 for all of it. */
void climb_refused(struct climb *c, double share);

#endif
