/*
 * Bringing every record of a batch to an end; see sender.h.
 *
 * A batch is idle (pooled), waiting (closed, to be sent, perhaps not before
 * some time) or flying. What is sent again keeps its ids and versions, so it
 * does not matter how often the engine applied it before.
 *
 * The gate is shut when the engine as a whole does not serve us (no answer,
 * 5xx, 429, a refused login): then nothing is sent until gate_until_us, and
 * the first answer decides. Items that are busy wait alone.
 */
#include "bridge/sender.h"

#include "bridge/bulk_response.h"
#include "bridge/fault_point.h"
#include "bridge/limiter.h"
#include "bridge/retry.h"
#include "bridge/verdict.h"
#include "common/clock.h"
#include "common/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_BASE_MS 100
#define MAX_IDLE 8
#define MAX_TEXT 512
#define TELL_AGAIN_US 30000000

struct flight {
    struct sender *s;
    struct batch *batch; /* NULL: free */
};

struct sender {
    struct transport *transport;
    const struct sender_calls *calls;
    void *arg;
    struct event *timer; /* for gate and not_before */
    char *path;
    size_t max_body_bytes;
    size_t ceiling_bytes;

    struct limiter limiter;
    struct retry gate_retry;
    struct retry item_retry;
    int64_t gate_until_us;    /* 0: open */
    int64_t blocked_since_us; /* 0: not blocked */
    char blocked[MAX_TEXT];   /* the last trouble, kept when it is over: the */
    int64_t blocked_told_us;  /* same again soon after is no news */
    bool blocked_is_told;     /* this time */

    struct batch_list waiting;
    struct batch_list idle;
    size_t n_idle;
    struct flight *flights;
    size_t n_flights;
    size_t flying;
    size_t held_bytes;
    int64_t answered_us;
    struct sender_stats stats;
    unsigned long long random;
};

static void pump(struct sender *s);

static uint32_t next_random(struct sender *s)
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

struct sender *sender_new(struct event_base *base, struct transport *transport,
    const struct sender_options *options, const struct sender_calls *calls,
    void *arg, struct error *err)
{
    struct sender *s = calloc(1, sizeof(*s));

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
    limiter_init(&s->limiter, options->max_in_flight);
    retry_init(&s->gate_retry, RETRY_BASE_MS, options->retry_max_ms);
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

struct batch *sender_take_idle(struct sender *s)
{
    struct batch *b = TAILQ_FIRST(&s->idle);

    if (b == NULL) {
        return batch_new(s->max_body_bytes);
    }
    TAILQ_REMOVE(&s->idle, b, link);
    s->n_idle--;
    return b;
}

static void put_idle(struct sender *s, struct batch *b)
{
    s->held_bytes -= b->body.len_bytes;
    batch_clear(b);
    if (s->n_idle < MAX_IDLE) {
        TAILQ_INSERT_HEAD(&s->idle, b, link);
        s->n_idle++;
    } else {
        batch_free(b);
    }
}

/* ---- what keeps records from getting through ---- */

/* Numbers (bytes, milliseconds, items) differ from one try to the next though
 * the trouble is the same; a status is not such a number. */
static bool is_same_trouble(const char *a, const char *b)
{
    const char *status = strstr(a, ": HTTP ");

    if (status != NULL && strncmp(a, b, (size_t)(status - a) + 10) != 0) {
        return false;
    }
    for (;;) {
        a += strspn(a, "0123456789");
        b += strspn(b, "0123456789");
        if (*a != *b || *a == '\0') {
            return *a == *b;
        }
        a++;
        b++;
    }
}

static void block(struct sender *s, int64_t wait_ms, const char *why)
{
    int64_t now_us = clock_mono_us();
    bool is_news = !is_same_trouble(s->blocked, why) ||
                   now_us - s->blocked_told_us >= TELL_AGAIN_US;

    (void)snprintf(s->blocked, sizeof(s->blocked), "%s", why);
    if (s->blocked_since_us == 0) {
        s->blocked_since_us = now_us;
    }
    s->gate_until_us = now_us + wait_ms * 1000;
    log_write(is_news ? LOG_WARN : LOG_DEBUG,
        LOG_FIELDS(LOG_MSG("elasticsearch does not take records; waiting"),
            LOG_STR("why", why), LOG_INT("retry_in_ms", wait_ms),
            LOG_INT("blocked_ms", (now_us - s->blocked_since_us) / 1000)));
    if (is_news) {
        s->blocked_told_us = now_us;
        s->blocked_is_told = true;
    }
}

static void unblock(struct sender *s)
{
    s->gate_until_us = 0;
    retry_reset(&s->gate_retry);
    if (s->blocked_is_told) {
        log_info(LOG_MSG("elasticsearch takes records again"),
            LOG_INT(
                "blocked_ms", (clock_mono_us() - s->blocked_since_us) / 1000));
        s->blocked_is_told = false;
    }
    s->blocked_since_us = 0;
}

const char *sender_blocked(const struct sender *s, int64_t *since_us)
{
    *since_us = s->blocked_since_us;
    return s->blocked_since_us != 0 ? s->blocked : NULL;
}

/* The engine's own words of a whole answer, e.g. {"error":{"reason":...}}. */
static void describe(const struct transport_answer *a, char *out, size_t size)
{
    struct json_field error = {.name = {"error", 5}};
    struct json_field reason = {.name = {"reason", 6}};
    size_t bad_at;
    struct slice text = a->body;

    if (a->status == 0) {
        (void)snprintf(out, size, "%s: %s", a->host, a->problem);
        return;
    }
    if (json_find_fields(a->body, &error, 1, &bad_at) == 0 && error.found) {
        text = error.value.raw;
        if (error.value.kind == JSON_OBJECT &&
            json_find_fields(text, &reason, 1, &bad_at) == 0 && reason.found) {
            text = reason.value.raw;
        }
    }
    (void)snprintf(out, size, "%s: HTTP %ld: %.*s", a->host, a->status,
        (int)(text.len > 300 ? 300 : text.len), text.p != NULL ? text.p : "");
}

/* ---- sending ---- */

static void wait_again(struct sender *s, struct batch *b, bool first)
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

static int send_one(struct sender *s, struct batch *b, int64_t now_us)
{
    struct flight *f = free_flight(s);

    if (f == NULL) {
        return -1;
    }
    *f = (struct flight){s, b};
    if (transport_post(
            s->transport, s->path, buf_slice(&b->body), on_answer, f) != 0) {
        f->batch = NULL;
        return -1;
    }
    TAILQ_REMOVE(&s->waiting, b, link);
    b->attempts++;
    b->sent_us = now_us;
    s->flying++;
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

/* Send what may be sent; else wake up when something may. */
static void pump(struct sender *s)
{
    int64_t now_us = clock_mono_us();
    int64_t soonest_us = INT64_MAX;
    struct batch *b, *next;

    if (s->gate_until_us > now_us) {
        wake_at(s, s->gate_until_us, now_us);
        return;
    }
    for (b = TAILQ_FIRST(&s->waiting); b != NULL; b = next) {
        next = TAILQ_NEXT(b, link);
        /* Behind a gate that has just opened, one goes first to see. */
        if (!limiter_allows(&s->limiter, s->flying) ||
            (s->gate_until_us != 0 && s->flying > 0)) {
            return; /* an answer brings us back */
        }
        if (b->not_before_us > now_us) {
            soonest_us =
                b->not_before_us < soonest_us ? b->not_before_us : soonest_us;
        } else if (send_one(s, b, now_us) != 0) {
            wake_at(s, now_us + RETRY_BASE_MS * 1000, now_us);
            return;
        }
    }
    if (soonest_us != INT64_MAX) {
        wake_at(s, soonest_us, now_us);
    }
}

void sender_submit(struct sender *s, struct batch *batch)
{
    s->held_bytes += batch->body.len_bytes;
    wait_again(s, batch, false);
    pump(s);
}

/* ---- answers ---- */

/* Docs first..first+n-1 of b as a batch of their own, to be sent again. */
static struct batch *split_off(
    struct sender *s, struct batch *b, size_t first, size_t n)
{
    struct batch *part = sender_take_idle(s);

    if (part == NULL || batch_move(b, first, n, part) != 0) {
        batch_free(part);
        return NULL;
    }
    part->attempts = b->attempts;
    part->opened_us = b->opened_us;
    s->held_bytes += part->body.len_bytes;
    return part;
}

/* Send again as two halves; without memory for that, send again whole. */
static void halve(struct sender *s, struct batch *b)
{
    size_t half = b->n_docs / 2;
    struct batch *rest = split_off(s, b, half, b->n_docs - half);

    if (rest == NULL) {
        b->not_before_us = clock_mono_us() + 1000000;
        wait_again(s, b, true);
        return;
    }
    s->held_bytes -= b->body.len_bytes;
    b->body.len_bytes = b->docs[half].at_bytes;
    s->held_bytes += b->body.len_bytes;
    b->n_docs = half;
    wait_again(s, rest, true);
    wait_again(s, b, true);
}

static void refuse(struct sender *s, struct batch *b, size_t i,
    const struct item_answer *answer)
{
    char type[MAX_TEXT], reason[2 * MAX_TEXT];
    struct refusal why = {answer->status, b->attempts, type, reason};
    struct doc doc = b->docs[i];

    (void)snprintf(
        type, sizeof(type), SLICE_FMT, SLICE_ARG(answer->error_type));
    item_reason(answer, reason, sizeof(reason));
    b->docs[i].message = NULL;
    s->calls->refused(s->arg, &doc, &why);
}

/* A request that is refused as a whole and holds a single record. */
static void refuse_single(
    struct sender *s, struct batch *b, const struct transport_answer *a)
{
    char reason[MAX_TEXT];

    describe(a, reason, sizeof(reason));
    refuse(s, b, 0,
        &(struct item_answer){.status = (int)a->status,
            .error_type = slice_of("request_refused"),
            .error_reason = slice_of(reason)});
    put_idle(s, b);
}

struct tally {
    size_t again;
    size_t hold;
    char why[MAX_TEXT]; /* of the first on hold */
};

/*
 * End each record whose item is final. Those to be sent again are gathered at
 * the front of docs, so that one move makes a batch of them.
 */
static int read_items(
    struct sender *s, struct batch *b, struct slice body, struct tally *tally)
{
    struct bulk_response r;
    struct item_answer item;
    size_t kept = 0;

    if (bulk_response_open(&r, body) != 0) {
        return -1;
    }
    for (size_t i = 0; i < b->n_docs; i++) {
        enum outcome outcome = OUTCOME_CREATED;
        enum item_verdict verdict;

        if (bulk_response_next(&r, &item) != 1) {
            return -1; /* cannot be: the items were counted before */
        }
        s->stats.pushed_back += item.status == 429;
        verdict = verdict_of_item(&item, &outcome);
        if (verdict == ITEM_DONE) {
            s->calls->ended(s->arg, &b->docs[i], outcome);
        } else if (verdict == ITEM_DEAD) {
            refuse(s, b, i, &item);
        } else {
            struct doc doc = b->docs[i];

            tally->again++;
            if (verdict == ITEM_HOLD && tally->hold++ == 0) {
                (void)snprintf(tally->why, sizeof(tally->why), "%.*s: %.*s",
                    (int)item.error_type.len, item.error_type.p,
                    (int)item.error_reason.len, item.error_reason.p);
            }
            b->docs[i] = b->docs[kept];
            b->docs[kept++] = doc;
        }
    }
    return 0;
}

/* The docs kept at the front go again; the others have ended. */
static void send_again(
    struct sender *s, struct batch *b, const struct tally *tally)
{
    int64_t wait_ms = retry_next_ms(&s->item_retry, next_random(s), 0);

    s->held_bytes -= b->body.len_bytes;
    batch_keep_front(b, tally->again);
    s->held_bytes += b->body.len_bytes;
    s->stats.items_again += tally->again;
    b->not_before_us = clock_mono_us() + wait_ms * 1000;
    if (tally->hold > 0) {
        block(s, retry_next_ms(&s->gate_retry, next_random(s), 0), tally->why);
    }
    wait_again(s, b, true);
}

static void read_answer(
    struct sender *s, struct batch *b, const struct transport_answer *a)
{
    struct tally tally = {0};
    long n = bulk_response_count(a->body);

    if (n < 0 || (size_t)n != b->n_docs ||
        read_items(s, b, a->body, &tally) != 0) {
        char why[MAX_TEXT];

        (void)snprintf(why, sizeof(why),
            "%s: the answer is not one for our %zu items (%ld read); sending "
            "them again",
            a->host, b->n_docs, n);
        block(s, retry_next_ms(&s->gate_retry, next_random(s), 0), why);
        wait_again(s, b, true);
        return;
    }
    if (tally.again > tally.hold) {
        limiter_pushed_back(&s->limiter, s->flying);
    } else {
        limiter_good(&s->limiter);
        retry_reset(&s->item_retry);
    }
    if (tally.hold == 0) {
        unblock(s);
    }
    if (tally.again > 0) {
        send_again(s, b, &tally);
    } else {
        put_idle(s, b);
    }
}

static void try_later(
    struct sender *s, struct batch *b, const struct transport_answer *a)
{
    char why[MAX_TEXT];

    describe(a, why, sizeof(why));
    s->stats.pushed_back += verdict_is_pressure(a->status);
    limiter_pushed_back(&s->limiter, s->flying);
    block(s, retry_next_ms(&s->gate_retry, next_random(s), a->retry_after_ms),
        why);
    wait_again(s, b, true);
}

static void settle(
    struct sender *s, struct batch *b, const struct transport_answer *a)
{
    switch (verdict_of_request(a->status, a->body)) {
    case REQUEST_READ:
        read_answer(s, b, a);
        break;
    case REQUEST_AGAIN:
    case REQUEST_HOLD:
        try_later(s, b, a);
        break;
    case REQUEST_HALVE:
        unblock(s);
        if (b->n_docs == 1) {
            refuse_single(s, b, a);
            break;
        }
        if (b->body.len_bytes / 2 < s->ceiling_bytes) {
            s->ceiling_bytes = b->body.len_bytes / 2;
            log_info(LOG_MSG("the engine takes no larger bulk request"),
                LOG_INT("refused_bytes", b->body.len_bytes),
                LOG_INT("ceiling_bytes", s->ceiling_bytes));
        }
        halve(s, b);
        break;
    case REQUEST_BISECT:
        unblock(s);
        if (b->n_docs == 1) {
            refuse_single(s, b, a);
        } else {
            halve(s, b);
        }
        break;
    }
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
    s->flying--;
    s->stats.by_class[class < SENDER_STATUS_CLASSES ? class : 5]++;
    if (answer->status != 0) {
        histogram_add(&s->stats.took_us, answer->took_us);
    }
    settle(s, b, answer);
    FAULT_POINT("settled");
    pump(s);
    s->calls->roomier(s->arg);
}

size_t sender_held_bytes(const struct sender *s)
{
    return s->held_bytes;
}

size_t sender_flying(const struct sender *s)
{
    return s->flying;
}

size_t sender_window(const struct sender *s)
{
    return s->limiter.window;
}

bool sender_takes_now(const struct sender *s)
{
    int64_t now_us = clock_mono_us();
    const struct batch *b;

    if (s->gate_until_us != 0 || !limiter_allows(&s->limiter, s->flying)) {
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
    return s->ceiling_bytes;
}

int64_t sender_answered_us(const struct sender *s)
{
    return s->answered_us;
}

const struct sender_stats *sender_stats(const struct sender *s)
{
    return &s->stats;
}
