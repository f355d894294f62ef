/*
 * Batches in, requests out; see sender.h. Nothing is sent while the gate is
 * shut; behind one that has just opened one request goes first, and its
 * answer decides. Items that are busy wait alone.
 */
#include "bridge/sender_state.h"

#include "common/clock.h"
#include "common/fault_point.h"

#include <stdlib.h>
#include <string.h>

#define RETRY_BASE_MS 100
#define SPARE_BYTES 65536
#define BODIES_AHEAD 2 /* ready to go when an answer comes */
#define OWN_PAGES_BYTES ((size_t)1 << 20)

static void pump(struct sender *s);

uint32_t sender_random(struct sender *s)
{
    /* splitmix64 (Steele, Lea, Flood 2014); only for jitter. */
    unsigned long long z = (s->random += 0x9e3779b97f4a7c15ull);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return (uint32_t)(z >> 32);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    pump(arg);
}

/* What is under way, as much again that is ready or being filled, and what is
 * kept of each record beside its body: a quarter of a body with records of 300
 * bytes. */
static struct climb_bounds bounds(const struct sender_options *options)
{
    return (struct climb_bounds){.window = options->max_in_flight,
        .bytes = options->max_batch_bytes,
        .under_way_bytes = options->memory_bytes / 8 * 3};
}

struct sender *sender_new(struct event_base *base, struct transport *transport,
    const struct sender_options *options, const struct sender_calls *calls,
    void *arg, struct error *err)
{
    struct sender *s = calloc(1, sizeof(*s));
    struct climb_bounds most;

    if (s == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    TAILQ_INIT(&s->waiting);
    TAILQ_INIT(&s->idle);
    s->transport = transport;
    s->calls = calls;
    s->arg = arg;
    s->max_body_bytes = options->max_body_bytes;
    s->ceiling_bytes = options->max_body_bytes;
    s->random = (unsigned long long)clock_mono_us();
    s->max_docs = options->max_docs;
    s->memory_bytes = options->memory_bytes;
    most = bounds(options);
    limiter_init(&s->limiter, &most);
    gate_init(&s->gate, RETRY_BASE_MS, options->retry_max_ms);
    retry_init(&s->item_retry, RETRY_BASE_MS, options->retry_max_ms);
    s->n_flights = options->max_in_flight;
    s->flights = calloc(s->n_flights, sizeof(*s->flights));
    s->timer = evtimer_new(base, on_timer, s);
    s->path = strdup(options->path);
    if (s->flights == NULL || s->timer == NULL || s->path == NULL) {
        (void)error_set(err, "out of memory");
        sender_free(s);
        return NULL;
    }
    return s;
}

static void free_list(struct batch_list *list)
{
    struct batch *b;

    while ((b = TAILQ_FIRST(list)) != NULL) {
        TAILQ_REMOVE(list, b, link);
        batch_free(b);
    }
}

void sender_free(struct sender *s)
{
    if (s == NULL) {
        return;
    }
    free_list(&s->waiting);
    free_list(&s->idle);
    for (size_t i = 0; s->flights != NULL && i < s->n_flights; i++) {
        batch_free(s->flights[i].batch);
    }
    free(s->flights);
    free(s->path);
    if (s->timer != NULL) {
        event_free(s->timer);
    }
    free(s);
}

/* At once what it will need, so that it is not copied as it grows, and enough
 * for malloc to give it pages of its own (see cli/allocator.c); what is not
 * written to costs nothing. Without memory it grows as far as it can. */
static void reserve_body(const struct sender *s, struct batch *b)
{
    size_t bytes = sender_batch_ceiling(s) + SPARE_BYTES;

    bytes = bytes > OWN_PAGES_BYTES ? bytes : OWN_PAGES_BYTES;
    bytes = bytes < s->max_body_bytes ? bytes : s->max_body_bytes;
    (void)!buf_reserve(&b->body, bytes);
}

struct batch *sender_take_idle(struct sender *s)
{
    struct batch *b = TAILQ_FIRST(&s->idle);

    if (b == NULL) {
        b = batch_new(s->max_body_bytes);
        if (b != NULL) {
            reserve_body(s, b);
        }
        return b;
    }
    TAILQ_REMOVE(&s->idle, b, link);
    s->idle_bytes -= b->body.cap_bytes;
    return b;
}

void sender_put_idle(struct sender *s, struct batch *b)
{
    s->held_bytes -= batch_bytes(b);
    batch_clear(b);
    /* To fault new pages in is a sixth of all that a record costs, so bodies
     * are kept while they are few beside what may be held; one in any case,
     * which the next batch takes. */
    if (TAILQ_EMPTY(&s->idle) ||
        s->idle_bytes + b->body.cap_bytes <= s->memory_bytes / 2) {
        TAILQ_INSERT_HEAD(&s->idle, b, link);
        s->idle_bytes += b->body.cap_bytes;
    } else {
        batch_free(b);
    }
}

/* ---- sending ---- */

void sender_wait(struct sender *s, struct batch *b, bool first)
{
    if (first) {
        TAILQ_INSERT_HEAD(&s->waiting, b, link);
    } else {
        TAILQ_INSERT_TAIL(&s->waiting, b, link);
    }
}

static void on_answer(void *arg, const struct transport_answer *answer);

static struct flight *free_flight(struct sender *s)
{
    for (size_t i = 0; i < s->n_flights; i++) {
        if (s->flights[i].batch == NULL) {
            return &s->flights[i];
        }
    }
    return NULL;
}

/* b, which no longer waits, was filled well, or more waits behind it. */
static bool is_pressed(const struct sender *s, const struct batch *b)
{
    return !TAILQ_EMPTY(&s->waiting) ||
           b->body.len_bytes >= sender_batch_ceiling(s) / 4 * 3;
}

static int send_one(struct sender *s, struct batch *b, int64_t now_us)
{
    struct flight *f = free_flight(s);

    if (f == NULL) {
        return -1;
    }
    *f = (struct flight){.s = s, .batch = b};
    if (transport_post(
            s->transport, s->path, buf_slice(&b->body), on_answer, f) != 0) {
        f->batch = NULL;
        return -1;
    }
    TAILQ_REMOVE(&s->waiting, b, link);
    if (b->attempts++ == 0) {
        s->ahead_bytes -= batch_bytes(b);
    }
    b->sent_us = now_us;
    limiter_sent(
        &s->limiter, &f->ticket, b->body.len_bytes, is_pressed(s, b), now_us);
    s->stats.requests++;
    s->stats.sent_bytes += b->body.len_bytes;
    FAULT_POINT("sent");
    return 0;
}

static void wake_at(struct sender *s, int64_t at_us, int64_t now_us)
{
    int64_t wait_us = at_us > now_us ? at_us - now_us : 0;
    struct timeval tv = {wait_us / 1000000, wait_us % 1000000 + 1};

    (void)event_add(s->timer, &tv);
}

/* What was closed when smaller bodies were wanted, or far from full while all
 * had to wait, goes together: b takes in those behind it. */
static void fill_up(struct sender *s, struct batch *b)
{
    size_t target = sender_batch_ceiling(s);
    struct batch *next;

    while (b->attempts == 0 && (next = TAILQ_NEXT(b, link)) != NULL &&
           next->attempts == 0 &&
           b->body.len_bytes + next->body.len_bytes <= target &&
           b->n_docs + next->n_docs <= s->max_docs) {
        size_t before = batch_bytes(b);

        if (batch_move(next, 0, next->n_docs, b) != 0) {
            return;
        }
        s->held_bytes += batch_bytes(b) - before;
        s->ahead_bytes += batch_bytes(b) - before - batch_bytes(next);
        TAILQ_REMOVE(&s->waiting, next, link);
        sender_put_idle(s, next);
    }
}

/* Nothing more may go before an answer has come. */
static bool is_full(const struct sender *s)
{
    return !limiter_allows(&s->limiter, 0) ||
           (gate_lets_one(&s->gate) && sender_flying(s) > 0);
}

/* Send what may be sent; else wake up when something may. */
static void pump(struct sender *s)
{
    int64_t now_us = clock_mono_us();
    int64_t soonest_us = INT64_MAX;
    struct batch *b, *next;

    if (gate_is_shut(&s->gate, now_us)) {
        wake_at(s, s->gate.until_us, now_us);
        return;
    }
    for (b = TAILQ_FIRST(&s->waiting); b != NULL && !is_full(s); b = next) {
        next = TAILQ_NEXT(b, link);
        if (b->not_before_us > now_us) {
            soonest_us =
                b->not_before_us < soonest_us ? b->not_before_us : soonest_us;
            continue;
        }
        fill_up(s, b);
        next = TAILQ_NEXT(b, link);
        if (limiter_allows(&s->limiter, b->body.len_bytes) &&
            send_one(s, b, now_us) != 0) {
            soonest_us = now_us + RETRY_BASE_MS * 1000;
            break;
        }
    }
    if (soonest_us != INT64_MAX) {
        wake_at(s, soonest_us, now_us);
    }
}

void sender_submit(struct sender *s, struct batch *batch)
{
    s->held_bytes += batch_bytes(batch);
    s->ahead_bytes += batch_bytes(batch);
    sender_wait(s, batch, false);
    pump(s);
}

static void on_answer(void *arg, const struct transport_answer *answer)
{
    struct flight *f = arg;
    struct sender *s = f->s;
    struct batch *b = f->batch;
    long class = answer->status / 100;

    FAULT_POINT("answered");
    f->batch = NULL;
    s->answered_us = clock_mono_us();
    s->stats.by_class[class < SENDER_STATUS_CLASSES ? class : 5]++;
    if (answer->status != 0) {
        histogram_add(&s->stats.took_us, answer->took_us);
    }
    sender_settle(s, f, b, answer);
    FAULT_POINT("settled");
    pump(s);
    s->calls->roomier(s->arg);
}

size_t sender_held_bytes(const struct sender *s)
{
    return s->held_bytes;
}

bool sender_has_enough(const struct sender *s)
{
    size_t bodies = BODIES_AHEAD + limiter_window(&s->limiter) / 2;

    return s->ahead_bytes >= bodies * sender_batch_ceiling(s);
}

size_t sender_flying(const struct sender *s)
{
    return s->limiter.flying;
}

size_t sender_window(const struct sender *s)
{
    return limiter_window(&s->limiter);
}

int64_t sender_latency_us(const struct sender *s)
{
    return (int64_t)s->limiter.latency_us;
}

bool sender_takes_now(const struct sender *s)
{
    int64_t now_us = clock_mono_us();
    const struct batch *b;

    if (gate_lets_one(&s->gate) || !limiter_allows(&s->limiter, 0)) {
        return false;
    }
    TAILQ_FOREACH(b, &s->waiting, link)
    {
        if (b->not_before_us <= now_us) {
            return false;
        }
    }
    return true;
}

size_t sender_batch_ceiling(const struct sender *s)
{
    return limiter_batch_bytes(&s->limiter); /* which knows the ceiling */
}

const char *sender_blocked(const struct sender *s, int64_t *since_us)
{
    return gate_trouble(&s->gate, since_us);
}

int64_t sender_answered_us(const struct sender *s)
{
    return s->answered_us;
}

const struct sender_stats *sender_stats(const struct sender *s)
{
    return &s->stats;
}
