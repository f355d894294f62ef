/* The search for the best setting; see climb.h. */
#include "bridge/climb.h"

#define FIRST_BYTES ((size_t)3 << 20)
#define FIRST_WINDOW ((size_t)2)
#define LEAST_BYTES ((size_t)256 << 10)
#define LEAST_GAIN 0.03 /* that a step must bring, or more: see noise */
#define FAST_GAIN 1.10  /* ... when it doubles the requests */
#define CLEAR_GAIN 1.10 /* taken at once */
#define NO_LOSS 0.99    /* enough for fewer requests, unless one is left */
#define NO_GAIN 1.0     /* ... for larger bodies: each request costs us, too */
#define SMALL_LOSS 0.95 /* ... for smaller bodies, where so much at once is */
                        /* refused: more of them may fit */
#define CLEAR_LOSS 0.9
#define BELOW_REFUSED 0.75
#define HOPELESS 0.8 /* a loss seen before the trial is over */
#define NEWS 2.0     /* the base became so much faster: look anew */
#define LONGEST_REST 64u
#define REST_AFTER_OPPOSITE 8u
#define REST_AFTER_HOPELESS 16u
/* Of steps that seldom pay after slow start, and cost much where they do not.
 * Where the engine refused, or became another, they may soon. */
#define REST_AT_FIRST 12u
#define REST_ANEW 8u
#define SMOOTHING 0.25 /* of the noise */
/* A refusal now and then is how the limit is found: at most one in so many
 * answers at first, then fewer. */
#define FIRST_HOLD 200u
#define LONGEST_HOLD 3200u
/* How long refusals are not listened to, when the smallest setting did not help
 * against them. */
#define FIRST_DEAF 400u
#define LONGEST_DEAF 6400u

static size_t at_most(size_t n, size_t most)
{
    return n < most ? n : most;
}

static size_t at_least(size_t n, size_t least)
{
    return n > least ? n : least;
}

static void forget_failures(struct climb *c, unsigned rest)
{
    for (size_t i = 0; i < CLIMB_STAY; i++) {
        c->rest[i] = 0;
        c->span[i] = 1;
    }
    c->rest[CLIMB_FEWER_REQUESTS] = rest;
    c->rest[CLIMB_SMALLER_BODIES] = rest;
    c->is_fast = true;
}

static void go_back(struct climb *c)
{
    c->at = c->base;
    c->trying = CLIMB_STAY;
}

void climb_init(struct climb *c, const struct climb_bounds *most)
{
    size_t window = at_most(FIRST_WINDOW, most->window);

    *c = (struct climb){.most = *most,
        .base = {window, at_most(FIRST_BYTES, most->bytes)},
        .hold_span = FIRST_HOLD,
        .deaf_span = FIRST_DEAF};
    c->base.bytes = at_most(c->base.bytes, most->under_way_bytes / window);
    c->min_bytes = at_most(LEAST_BYTES, c->base.bytes);
    forget_failures(c, REST_AT_FIRST);
    go_back(c);
}

void climb_cap(struct climb *c, size_t bytes)
{
    c->most.bytes = at_most(bytes, c->most.bytes);
    c->min_bytes = at_most(c->min_bytes, c->most.bytes);
    c->base.bytes = at_most(c->base.bytes, c->most.bytes);
    c->at.bytes = at_most(c->at.bytes, c->most.bytes);
    c->tried_at.bytes = at_most(c->tried_at.bytes, c->most.bytes);
}

static double under_way(const struct climb_setting *s)
{
    return (double)s->window * (double)s->bytes;
}

/* No more under way than there may ever be, and less than was refused, of late
 * or ever. */
static bool fits(const struct climb *c, const struct climb_setting *to,
    bool below_all_refused)
{
    bool is_barred = c->refused_bytes > 0 && (c->hold > 0 || below_all_refused);

    return under_way(to) <= (double)c->most.under_way_bytes &&
           !(is_barred && under_way(to) >= c->refused_bytes);
}

/* As much under way as at the base, in more requests. */
static void share_out(const struct climb *c, struct climb_setting *to)
{
    to->bytes =
        at_least(c->base.bytes * c->base.window / to->window, c->min_bytes);
}

/* So many requests, smaller where their bodies are too much at once: of smaller
 * ones more may fit, if need be of less in all than what was refused. */
static bool spread(const struct climb *c, size_t window, bool below_all_refused,
    struct climb_setting *to)
{
    *to =
        (struct climb_setting){at_most(window, c->most.window), c->base.bytes};
    if (!fits(c, to, below_all_refused)) {
        share_out(c, to);
    }
    if (c->refused_bytes > 0 && !fits(c, to, below_all_refused)) {
        to->bytes =
            at_least((size_t)(c->refused_bytes * BELOW_REFUSED) / to->window,
                c->min_bytes);
    }
    return to->window > c->base.window && fits(c, to, below_all_refused);
}

/* Twice as many only below what was ever refused, a few more only below what
 * was refused of late. */
static bool more_requests(const struct climb *c, struct climb_setting *to)
{
    size_t w = c->base.window;

    return (c->is_fast && spread(c, 2 * w, true, to)) ||
           spread(c, w + 1 + w / 8, false, to);
}

/* Larger bodies would be too much under way. */
static bool is_bound(const struct climb *c)
{
    return under_way(&c->base) * 1.125 > (double)c->most.under_way_bytes;
}

/* Where larger bodies do not fit beside so many, fewer are larger. */
static void fewer_requests(const struct climb *c, struct climb_setting *to)
{
    if (to->window > 1) {
        to->window -= 1 + to->window / 8;
    }
    if (to->window > 1 && is_bound(c)) {
        to->bytes =
            at_most(c->most.under_way_bytes / to->window, c->most.bytes);
    }
}

/* Where the step leads from the base; false: nowhere, or not now. */
static bool look(
    const struct climb *c, enum climb_step step, struct climb_setting *to)
{
    *to = c->base;
    switch (step) {
    case CLIMB_MORE_REQUESTS:
        return more_requests(c, to);
    case CLIMB_LARGER_BODIES:
        to->bytes = at_most(2 * to->bytes, c->most.bytes);
        to->bytes = at_most(to->bytes, c->most.under_way_bytes / to->window);
        return to->bytes > c->base.bytes && fits(c, to, false);
    case CLIMB_FEWER_REQUESTS:
        fewer_requests(c, to);
        return to->window < c->base.window;
    case CLIMB_SMALLER_BODIES:
        to->bytes = at_least(to->bytes / 2, c->min_bytes);
        return to->bytes < c->base.bytes;
    case CLIMB_STAY:
        break;
    }
    return false;
}

/* The next step that is not resting, in turn; else stay at the base. */
static void try_next(struct climb *c)
{
    go_back(c);
    for (size_t i = 0; i < CLIMB_STAY; i++) {
        enum climb_step step = (enum climb_step)((c->turn + i) % CLIMB_STAY);
        struct climb_setting to;

        if (c->rest[step] > 0) {
            c->rest[step]--;
        } else if (c->trying == CLIMB_STAY && look(c, step, &to)) {
            c->at = to;
            c->trying = step;
        }
    }
    if (c->trying != CLIMB_STAY) {
        c->turn = (enum climb_step)((c->trying + 1) % CLIMB_STAY);
    }
}

static enum climb_step opposite(enum climb_step step)
{
    return (enum climb_step)((step + CLIMB_STAY / 2) % CLIMB_STAY);
}

/* Let the step rest, so many times as long as the last time, at least so many
 * trials of the base. */
static void reject(struct climb *c, unsigned longer, unsigned least)
{
    unsigned *span = &c->span[c->trying];

    if (c->trying == CLIMB_MORE_REQUESTS && c->is_fast) {
        c->is_fast = false; /* a small step may still pay, not much */
        c->rest[CLIMB_MORE_REQUESTS] = REST_AT_FIRST;
    } else {
        *span = *span * longer > least ? *span * longer : least;
        *span = *span < LONGEST_REST ? *span : LONGEST_REST;
        c->rest[c->trying] = *span;
    }
    go_back(c);
}

/* While it pays the same step goes on, without a look back at the base. Chance
 * may have made a bad step look good: the way back to more requests is soon
 * tried, since too few cost more than too many. */
static void accept(struct climb *c, double rate)
{
    enum climb_step step = c->trying;
    struct climb_setting to;

    c->base = c->at;
    c->base_rate = rate;
    c->span[step] = 1;
    if (step == CLIMB_FEWER_REQUESTS) {
        c->rest[CLIMB_MORE_REQUESTS] = 0;
    } else if (c->rest[opposite(step)] < REST_AFTER_OPPOSITE) {
        c->rest[opposite(step)] = REST_AFTER_OPPOSITE;
    }
    go_back(c);
    if (look(c, step, &to)) {
        c->at = to;
        c->trying = step;
    }
}

static double wanted_gain(const struct climb *c)
{
    if (c->trying == CLIMB_MORE_REQUESTS && c->is_fast) {
        return FAST_GAIN;
    }
    if (c->trying == CLIMB_SMALLER_BODIES && c->hold > 0) {
        return SMALL_LOSS;
    }
    if (c->trying == CLIMB_LARGER_BODIES) {
        return NO_GAIN;
    }
    if (c->trying == CLIMB_FEWER_REQUESTS && c->base.window > FIRST_WINDOW) {
        return NO_LOSS;
    }
    return 1 + (c->noise > LEAST_GAIN ? c->noise : LEAST_GAIN);
}

static double difference(double a, double b)
{
    return a > b ? a / b - 1 : b / a - 1;
}

/* Two trials of the same are better than one, unless the engine is another
 * one by now. */
static void measured_base(struct climb *c, double rate)
{
    if (c->base_rate > 0 && rate > NEWS * c->base_rate) {
        forget_failures(c, REST_ANEW);
        c->refused_bytes = 0;
        c->hold = 0;
        c->hold_span = FIRST_HOLD;
        c->deaf_span = FIRST_DEAF;
        c->base_rate = rate;
    } else if (rate < c->base_rate / NEWS || c->base_rate <= 0) {
        c->base_rate = rate;
    } else {
        c->noise += SMOOTHING * (difference(c->base_rate, rate) - c->noise);
        c->base_rate = (c->base_rate + rate) / 2;
    }
}

static void judge_later(struct climb *c, double rate)
{
    c->tried = c->trying;
    c->tried_at = c->at;
    c->tried_rate = rate;
    go_back(c);
}

/* What was tried stood between these two trials of the base. Returns whether
 * it stays. */
static bool judge(struct climb *c, double before, double after)
{
    double base = (before + after) / 2, rate = c->tried_rate;

    c->at = c->tried_at;
    c->trying = c->tried;
    c->tried_rate = 0;
    if (rate >= wanted_gain(c) * base) {
        accept(c, rate * after / base);
        return true;
    }
    reject(c, rate < CLEAR_LOSS * base ? 4 : 2, 0);
    return false;
}

void climb_measured(struct climb *c, double rate)
{
    double before = c->base_rate;

    if (c->trying == CLIMB_STAY) {
        measured_base(c, rate);
        if (c->tried_rate <= 0 || !judge(c, before, rate)) {
            try_next(c);
        }
    } else if (rate >= CLEAR_GAIN * c->base_rate) {
        accept(c, rate);
    } else if (climb_is_hopeless(c, rate)) {
        reject(c, 4, REST_AFTER_HOPELESS);
    } else {
        judge_later(c, rate);
    }
}

bool climb_is_hopeless(const struct climb *c, double rate)
{
    return c->trying != CLIMB_STAY && rate < HOPELESS * c->base_rate;
}

void climb_unreachable(struct climb *c)
{
    if (c->trying != CLIMB_STAY) {
        reject(c, 2, 0);
    }
    c->tried_rate = 0; /* by the time the base is measured it says nothing */
}

void climb_answered(struct climb *c)
{
    if (c->hold > 0) {
        c->hold--;
    }
    if (c->deaf > 0) {
        c->deaf--;
    }
}

static unsigned twice(unsigned span, unsigned longest)
{
    return span < longest / 2 ? span * 2 : longest;
}

static bool is_least(const struct climb *c)
{
    return c->base.window == 1 && c->base.bytes <= c->min_bytes;
}

/* Slow start, wherever it leads. */
static void stop_listening(struct climb *c)
{
    c->deaf = c->deaf_span;
    c->deaf_span = twice(c->deaf_span, LONGEST_DEAF);
    c->hold = 0;
    c->refused_bytes = 0;
}

static size_t cut(size_t n, double share)
{
    return (size_t)((double)n * (1.0 - share / 2));
}

/* More requests need not rest: they are tried smaller next. */
static void take_back(struct climb *c)
{
    if (c->trying == CLIMB_MORE_REQUESTS) {
        go_back(c);
    } else {
        reject(c, 2, 0);
    }
    c->turn = CLIMB_MORE_REQUESTS;
}

/* Slow start again, below what was refused. The first few requests get smaller
 * before they get fewer. */
static void cut_base(struct climb *c, double share)
{
    if (c->base.window <= FIRST_WINDOW && c->base.bytes > c->min_bytes) {
        c->base.bytes = at_least(cut(c->base.bytes, share), c->min_bytes);
    } else {
        c->base.window = at_least(cut(c->base.window, share), 1);
    }
    c->base_rate = 0;
    c->tried_rate = 0;
    forget_failures(c, REST_ANEW);
    go_back(c);
}

void climb_refused(struct climb *c, double share)
{
    if (c->trying != CLIMB_STAY || !is_least(c)) {
        c->refused_bytes = under_way(&c->at);
        c->hold = c->hold_span;
        c->hold_span = twice(c->hold_span, LONGEST_HOLD);
    } else {
        stop_listening(c);
    }
    if (c->trying != CLIMB_STAY) {
        take_back(c);
    } else {
        cut_base(c, share);
    }
}
