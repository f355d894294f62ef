/*
 * What an answer means for its batch; see sender_state.h: records end, go
 * again or are refused; batches go again, are halved or bisected; the gate
 * and the limiter learn.
 */
#include "bridge/sender_state.h"

#include "bridge/bulk_response.h"
#include "bridge/verdict.h"
#include "common/clock.h"
#include "common/log.h"

#include <assert.h>
#include <stdio.h>

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

static void shut(struct sender *s, const char *why, int64_t asked_ms)
{
    gate_shut(&s->gate, why, asked_ms, sender_random(s), s->answered_us);
}

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
    s->held_bytes += batch_bytes(part);
    return part;
}

/* Send again as two halves; without memory for that, send again whole. */
static void halve(struct sender *s, struct batch *b)
{
    size_t half = b->n_docs / 2;
    struct batch *rest = split_off(s, b, half, b->n_docs - half);

    if (rest == NULL) {
        b->not_before_us = clock_mono_us() + 1000000;
        sender_wait(s, b, true);
        return;
    }
    s->held_bytes -= batch_bytes(b);
    batch_keep_front(b, half);
    s->held_bytes += batch_bytes(b);
    sender_wait(s, rest, true);
    sender_wait(s, b, true);
}

static void end(struct sender *s, struct batch *b, size_t first, size_t n,
    enum outcome outcome)
{
    struct record record;

    for (size_t i = first; s->calls->stored != NULL && i < first + n; i++) {
        batch_record(b, i, &record);
        s->calls->stored(s->arg, &b->docs[i], &record);
    }
    s->calls->ended(s->arg, &b->docs[first], n, outcome);
}

static void refuse(struct sender *s, struct batch *b, size_t i,
    const struct item_answer *answer)
{
    char type[SENDER_MAX_TEXT], reason[2 * SENDER_MAX_TEXT];
    struct refusal why = {answer->status, b->attempts, type, reason};
    struct record record;

    (void)snprintf(
        type, sizeof(type), SLICE_FMT, SLICE_ARG(answer->error_type));
    item_reason(answer, reason, sizeof(reason));
    batch_record(b, i, &record);
    s->calls->refused(s->arg, &b->docs[i], &record, &why);
}

/* A request that is refused as a whole and holds a single record. */
static void refuse_single(
    struct sender *s, struct batch *b, const struct transport_answer *a)
{
    char reason[SENDER_MAX_TEXT];

    describe(a, reason, sizeof(reason));
    refuse(s, b, 0,
        &(struct item_answer){.status = (int)a->status,
            .error_type = slice_of("request_refused"),
            .error_reason = slice_of(reason)});
    sender_put_idle(s, b);
}

struct tally {
    size_t again; /* docs, which stand at the front */
    size_t hold;
    char why[SENDER_MAX_TEXT]; /* of the first on hold */
};

/* Docs first..first+n-1 are to be sent again: to the front with them, so that
 * one move makes a batch of all. */
static void keep(struct batch *b, size_t first, size_t n, struct tally *tally)
{
    for (size_t i = first; i < first + n; i++) {
        struct doc doc = b->docs[i];

        b->docs[i] = b->docs[tally->again];
        b->docs[tally->again++] = doc;
    }
}

static void hold(const struct item_answer *item, size_t n, struct tally *tally)
{
    if (tally->hold == 0) {
        (void)snprintf(tally->why, sizeof(tally->why), SLICE_FMT ": " SLICE_FMT,
            SLICE_ARG(item->error_type), SLICE_ARG(item->error_reason));
    }
    tally->hold += n;
}

/* End each record whose item is final. body has been counted: there is no way
 * back once the first record has ended. */
static void read_items(
    struct sender *s, struct batch *b, struct slice body, struct tally *tally)
{
    struct bulk_response r;
    struct item_answer item;
    int rc = bulk_response_open(&r, body);
    size_t n;

    assert(rc == 0);
    (void)rc;
    for (size_t i = 0; i < b->n_docs; i += n) {
        enum outcome outcome = OUTCOME_CREATED;
        long alike = bulk_response_run(&r, &item);

        assert(alike > 0);
        n = (size_t)alike;
        s->stats.pushed_back += item.status == 429 ? n : 0;
        switch (verdict_of_item(&item, &outcome)) {
        case ITEM_DONE:
            end(s, b, i, n, outcome);
            break;
        case ITEM_DEAD:
            for (size_t k = i; k < i + n; k++) {
                refuse(s, b, k, &item);
            }
            break;
        case ITEM_HOLD:
            hold(&item, n, tally);
            keep(b, i, n, tally);
            break;
        case ITEM_AGAIN:
            keep(b, i, n, tally);
            break;
        }
    }
}

/* The docs kept at the front go again; the others have ended. */
static void send_again(
    struct sender *s, struct batch *b, const struct tally *tally)
{
    int64_t wait_ms = retry_next_ms(&s->item_retry, sender_random(s), 0);

    s->held_bytes -= batch_bytes(b);
    batch_keep_front(b, tally->again);
    s->held_bytes += batch_bytes(b);
    s->stats.items_again += tally->again;
    b->not_before_us = clock_mono_us() + wait_ms * 1000;
    if (tally->hold > 0) {
        shut(s, tally->why, 0);
    }
    sender_wait(s, b, true);
}

static void read_answer(struct sender *s, const struct flight *f,
    struct batch *b, const struct transport_answer *a)
{
    struct tally tally = {0};
    long n = bulk_response_count(a->body);

    if (n < 0 || (size_t)n != b->n_docs) {
        char why[SENDER_MAX_TEXT];

        (void)snprintf(why, sizeof(why),
            "%s: the answer is not one for our %zu items (%ld read); sending "
            "them again",
            a->host, b->n_docs, n);
        limiter_left(&s->limiter, s->answered_us);
        shut(s, why, 0);
        sender_wait(s, b, true);
        return;
    }
    read_items(s, b, a->body, &tally);
    limiter_answered(&s->limiter, &f->ticket,
        (double)(tally.again - tally.hold) / (double)b->n_docs, s->answered_us);
    if (tally.again == tally.hold) {
        retry_reset(&s->item_retry);
    }
    if (tally.hold == 0) {
        gate_open(&s->gate, s->answered_us);
    }
    if (tally.again > 0) {
        send_again(s, b, &tally);
    } else {
        sender_put_idle(s, b);
    }
}

/* The load is to blame where it asks us to slow down or falls silent, not
 * where a connection breaks or a login is refused. */
static void try_later(struct sender *s, const struct flight *f, struct batch *b,
    const struct transport_answer *a, bool is_load)
{
    char why[SENDER_MAX_TEXT];

    describe(a, why, sizeof(why));
    s->stats.pushed_back += verdict_is_pressure(a->status);
    if (is_load) {
        limiter_answered(&s->limiter, &f->ticket, 1, s->answered_us);
    } else {
        limiter_left(&s->limiter, s->answered_us);
    }
    shut(s, why, a->retry_after_ms);
    sender_wait(s, b, true);
}

/* The host is to blame, and it is put aside. */
static void try_elsewhere(struct sender *s, struct batch *b)
{
    limiter_left(&s->limiter, s->answered_us);
    sender_wait(s, b, true);
}

static void learn_ceiling(struct sender *s, size_t refused_bytes)
{
    if (refused_bytes / 2 < s->ceiling_bytes) {
        s->ceiling_bytes = refused_bytes / 2;
        limiter_cap(&s->limiter, s->ceiling_bytes);
        log_info(LOG_MSG("the engine takes no larger bulk request"),
            LOG_INT("refused_bytes", refused_bytes),
            LOG_INT("ceiling_bytes", s->ceiling_bytes));
    }
}

/* Too large, or something in it is refused. */
static void refuse_whole(struct sender *s, struct batch *b,
    const struct transport_answer *a, bool is_too_large)
{
    limiter_left(&s->limiter, s->answered_us);
    gate_open(&s->gate, s->answered_us);
    if (b->n_docs == 1) {
        refuse_single(s, b, a);
        return;
    }
    if (is_too_large) {
        learn_ceiling(s, b->body.len_bytes);
    }
    halve(s, b);
}

void sender_settle(struct sender *s, const struct flight *f, struct batch *b,
    const struct transport_answer *a)
{
    switch (verdict_of_request(a->status, a->body)) {
    case REQUEST_READ:
        read_answer(s, f, b, a);
        break;
    case REQUEST_AGAIN:
        if (a->elsewhere) {
            try_elsewhere(s, b);
            break;
        }
        try_later(s, f, b, a, a->status != 0 || a->is_late);
        break;
    case REQUEST_HOLD:
        try_later(s, f, b, a, false);
        break;
    case REQUEST_HALVE:
        refuse_whole(s, b, a, true);
        break;
    case REQUEST_BISECT:
        refuse_whole(s, b, a, false);
        break;
    }
}
