/* Trials of the setting in force; see limiter.h. */
#include "bridge/limiter.h"

#define LEAST_ANSWERS 6u
#define LEAST_FAST_ANSWERS 3u
#define LEAST_HOPELESS 2u /* answers */
#define MOST_ANSWERS 32u
#define PATIENCE 4u      /* a trial ends after so many times its answers */
#define PART_WINDOW 4u   /* requests far from full that may go at once */
#define SMOOTHING 0.125  /* as TCP smooths its round trip (RFC 6298) */
#define FULL_ENOUGH 0.75 /* requests that the window may lack on average */

static void start_trial(struct limiter *l)
{
    l->trial = l->sent;
    l->answers = 0;
    l->counted = 0;
    l->work = 0;
    l->spent_us = 0;
    l->refused = 0;
}

void limiter_init(struct limiter *l, const struct climb_bounds *most)
{
    *l = (struct limiter){0};
    climb_init(&l->climb, most);
}

void limiter_cap(struct limiter *l, size_t bytes)
{
    climb_cap(&l->climb, bytes);
}

bool limiter_allows(const struct limiter *l, size_t bytes)
{
    size_t most = limiter_window(l);

    if (bytes < limiter_batch_bytes(l) / 2 && most < PART_WINDOW &&
        l->climb.hold == 0) {
        most = PART_WINDOW < l->climb.most.window ? PART_WINDOW
                                                  : l->climb.most.window;
    }
    return l->flying < most && !l->is_full;
}

static void advance(struct limiter *l, int64_t now_us)
{
    l->flown_us += (double)l->flying * (double)(now_us - l->at_us);
    l->at_us = now_us;
}

void limiter_sent(struct limiter *l, struct limiter_ticket *t, size_t bytes,
    bool is_pressed, int64_t now_us)
{
    advance(l, now_us);
    l->flying++;
    *t = (struct limiter_ticket){.number = l->sent++,
        .sent_us = now_us,
        .flown_us = l->flown_us,
        .bytes = bytes,
        .is_pressed = is_pressed};
}

void limiter_left(struct limiter *l, int64_t now_us)
{
    advance(l, now_us);
    l->flying--;
    l->is_full = l->is_full && l->flying > 0;
}

/* Where requests double the gain is plain after a few. */
static size_t answers_wanted(const struct limiter *l)
{
    size_t window = limiter_window(l);
    size_t least = l->climb.is_fast ? LEAST_FAST_ANSWERS : LEAST_ANSWERS;
    size_t n = l->climb.is_fast ? window : 2 * window;

    n = n > least ? n : least;
    return n < MOST_ANSWERS ? n : MOST_ANSWERS;
}

/* Bodies that were filled before smaller ones were asked for go out first. */
static bool is_of_size(const struct limiter *l, size_t bytes)
{
    size_t asked = l->climb.at.bytes, before = l->climb.base.bytes;

    return asked >= before || bytes <= asked + (before - asked) / 2;
}

/* A refusal that is not listened to still costs a round trip. */
static double taken_share(const struct limiter *l)
{
    return 1.0 - l->refused / (double)l->answers;
}

/* The first answers to requests of this trial: they were sent into what the
 * last one left. */
static bool is_settling(const struct limiter *l)
{
    size_t before = l->climb.base.window;

    return l->answers <=
           (before < limiter_window(l) ? before : limiter_window(l));
}

static void count(struct limiter *l, const struct limiter_ticket *t,
    double refused_share, int64_t now_us)
{
    double took_us = (double)(now_us - t->sent_us) + 1;
    double beside = (l->flown_us - t->flown_us) / took_us;
    size_t window = limiter_window(l);
    double rate;

    l->latency_us +=
        l->latency_us > 0 ? SMOOTHING * (took_us - l->latency_us) : took_us;
    if (t->number < l->trial) {
        return;
    }
    l->answers++;
    l->refused += refused_share;
    if (refused_share < 1 && !is_settling(l) && t->is_pressed &&
        is_of_size(l, t->bytes) && beside >= (double)window - FULL_ENOUGH) {
        l->counted++;
        l->work += beside * (double)t->bytes;
        l->spent_us += took_us;
    }
    rate = l->counted > 0 ? taken_share(l) * l->work / l->spent_us : 0;
    if (l->counted >= answers_wanted(l) ||
        (l->counted >= LEAST_HOPELESS && climb_is_hopeless(&l->climb, rate))) {
        climb_measured(&l->climb, rate);
        start_trial(l);
    } else if (l->answers >= PATIENCE * (window + answers_wanted(l))) {
        climb_unreachable(&l->climb);
        start_trial(l);
    }
}

void limiter_answered(struct limiter *l, const struct limiter_ticket *t,
    double refused_share, int64_t now_us)
{
    limiter_left(l, now_us);
    if (refused_share < 1) {
        l->is_full = false;
    }
    if (refused_share <= 0 || climb_is_deaf(&l->climb)) {
        climb_answered(&l->climb);
        count(l, t, refused_share, now_us);
    } else if (t->number >= l->deaf_to) {
        climb_refused(&l->climb, refused_share);
        l->deaf_to = l->sent;
        l->is_full = l->flying > 0;
        start_trial(l);
    }
}
