/*
 * Letters to the index in bulk requests; see index_batch.h. The bridge's
 * verdicts read the answers, so that a record ends here as it would there; but
 * one request at a time, and what does not get through after some tries ends
 * the command, which a person can start again.
 *
 * An item is open until it is told of. A range of items is sent as one body of
 * those still open; refused as a whole it is halved until one is alone.
 */
#include "bridge/dlq/index_batch.h"

#include "bridge/bulk_response.h"
#include "bridge/verdict.h"
#include "common/http_call.h"
#include "common/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_TRIES 6
#define FIRST_PAUSE_S 1
#define TEXT_BYTES 512

struct index_item {
    struct stored_letter origin; /* its topic's name is owned */
    size_t at_bytes, len_bytes;
    unsigned attempts;
    bool is_told;
};

void index_batch_init(struct index_batch *b, size_t max_bytes)
{
    *b = (struct index_batch){0};
    buf_init(&b->body, max_bytes);
    buf_init(&b->request, max_bytes + 1);
}

void index_batch_clear(struct index_batch *b)
{
    for (size_t i = 0; i < b->n_items; i++) {
        free((void *)(uintptr_t)b->items[i].origin.letter.topic.p);
    }
    b->n_items = 0;
    buf_clear(&b->body);
}

void index_batch_fini(struct index_batch *b)
{
    index_batch_clear(b);
    free(b->items);
    buf_fini(&b->body);
    buf_fini(&b->request);
}

static int reserve_item(struct index_batch *b)
{
    size_t cap = b->cap_items > 0 ? b->cap_items * 2 : 256;
    struct index_item *grown;

    if (b->n_items < b->cap_items) {
        return 0;
    }
    grown = realloc(b->items, cap * sizeof(*grown));
    if (grown == NULL) {
        return -1;
    }
    b->items = grown;
    b->cap_items = cap;
    return 0;
}

/* The lines are in the body from at_bytes on. */
int index_batch_add(
    struct index_batch *b, const struct stored_letter *stored, size_t at_bytes)
{
    const struct letter *l = &stored->letter;
    char *topic;
    struct index_item *item;

    if (reserve_item(b) != 0 ||
        (topic = strndup(l->topic.p, l->topic.len)) == NULL) {
        b->body.len_bytes = at_bytes;
        return -1;
    }
    item = &b->items[b->n_items++];
    *item = (struct index_item){.origin = {.slot = stored->slot,
                                    .place = stored->place,
                                    .letter = {.topic = {topic, l->topic.len},
                                        .partition = l->partition,
                                        .offset = l->offset}},
        .at_bytes = at_bytes,
        .len_bytes = b->body.len_bytes - at_bytes};
    return 0;
}

static void tell_accepted(
    struct index_batch *b, struct index_item *item, enum outcome how)
{
    item->is_told = true;
    b->calls->accepted(b->arg, &item->origin, how);
}

static void tell_refused(struct index_batch *b, struct index_item *item,
    const struct item_answer *answer)
{
    char type[TEXT_BYTES], reason[TEXT_BYTES];
    struct refusal why = {answer->status, item->attempts, type, reason};

    (void)snprintf(
        type, sizeof(type), SLICE_FMT, SLICE_ARG(answer->error_type));
    item_reason(answer, reason, sizeof(reason));
    item->is_told = true;
    b->calls->refused(b->arg, &item->origin, &why);
}

/* Gather the open items of the range. Returns their number, -1: no memory. */
static long gather(struct index_batch *b, size_t first, size_t end)
{
    long n = 0;

    buf_clear(&b->request);
    for (size_t i = first; i < end; i++) {
        struct index_item *item = &b->items[i];

        if (!item->is_told) {
            if (buf_append(&b->request, b->body.data + item->at_bytes,
                    item->len_bytes) != 0) {
                return -1;
            }
            item->attempts++;
            n++;
        }
    }
    return n;
}

/* End the items that the answer ends. Returns how many are to be sent again;
 * -1 with err when the engine holds all up. */
static long read_items(struct index_batch *b, size_t first, size_t end,
    struct slice answer, struct error *err)
{
    struct bulk_response r;
    struct item_answer a;
    long again = 0;

    if (bulk_response_open(&r, answer) != 0) {
        return -1; /* cannot be: the items were counted */
    }
    for (size_t i = first; i < end; i++) {
        enum outcome how = OUTCOME_CREATED;

        if (b->items[i].is_told) {
            continue;
        }
        if (bulk_response_next(&r, &a) != 1) {
            return error_set(err, "the answer to the bulk request is broken");
        }
        switch (verdict_of_item(&a, &how)) {
        case ITEM_DONE:
            tell_accepted(b, &b->items[i], how);
            break;
        case ITEM_DEAD:
            tell_refused(b, &b->items[i], &a);
            break;
        case ITEM_AGAIN:
            again++;
            break;
        case ITEM_HOLD:
            return error_set(err, "the index takes nothing now: %d %.*s: %.*s",
                a.status, (int)a.error_type.len, a.error_type.p,
                (int)a.error_reason.len, a.error_reason.p);
        }
    }
    return again;
}

static int refused_text(
    const struct http_answer *answer, char *out, size_t size)
{
    return snprintf(out, size, "HTTP %ld: %.*s", answer->status,
        (int)(answer->body.len_bytes < 200 ? answer->body.len_bytes : 200),
        answer->body.data != NULL ? answer->body.data : "");
}

/* What became of one request. */
enum sent { SENT_DONE, SENT_AGAIN, SENT_HALVE, SENT_FAILED };

/* n open items of the range in one request. *why: what to say of AGAIN. */
static enum sent send_once(
    struct index_batch *b, size_t first, size_t end, long n, struct error *why)
{
    struct http_answer answer;
    enum sent result = SENT_FAILED;
    char text[TEXT_BYTES];
    long again;

    if (http_call(b->endpoint, "POST", b->path, buf_str(&b->request), &answer,
            why) != 0) {
        http_answer_fini(&answer);
        return SENT_AGAIN;
    }
    (void)refused_text(&answer, text, sizeof(text));
    switch (verdict_of_request(answer.status, buf_slice(&answer.body))) {
    case REQUEST_READ:
        if (bulk_response_count(buf_slice(&answer.body)) != n) {
            (void)error_set(why, "the answer is not one for %ld items", n);
            result = SENT_AGAIN;
            break;
        }
        again = read_items(b, first, end, buf_slice(&answer.body), why);
        if (again > 0) {
            (void)error_set(why, "%ld items were answered with busy", again);
        }
        result = again < 0 ? SENT_FAILED : again > 0 ? SENT_AGAIN : SENT_DONE;
        break;
    case REQUEST_AGAIN:
        (void)error_set(why, "%s", text);
        result = SENT_AGAIN;
        break;
    case REQUEST_HALVE:
    case REQUEST_BISECT:
        (void)error_set(why, "%s", text);
        result = SENT_HALVE;
        break;
    case REQUEST_HOLD:
        (void)error_set(why, "the engine refuses us: %s", text);
        break;
    }
    http_answer_fini(&answer);
    return result;
}

static void wait_before(int try_number, const char *why)
{
    struct timespec pause = {FIRST_PAUSE_S << (try_number - 1), 0};

    log_warn(LOG_MSG("elasticsearch does not take the letters now; trying "
                     "again"),
        LOG_STR("why", why), LOG_INT("in_s", pause.tv_sec));
    (void)nanosleep(&pause, NULL);
}

/* Bring the open items first..end-1 to their end. */
static int send_range(
    struct index_batch *b, size_t first, size_t end, struct error *err)
{
    enum sent sent = SENT_AGAIN;
    struct error why;

    for (int i = 0; sent == SENT_AGAIN && i < MOST_TRIES; i++) {
        long n;

        if (i > 0) {
            wait_before(i, why.text);
        }
        n = gather(b, first, end);
        if (n < 0) {
            return error_set(err, "out of memory");
        }
        sent = n > 0 ? send_once(b, first, end, n, &why) : SENT_DONE;
        if (sent == SENT_HALVE && n == 1) {
            while (b->items[first].is_told) {
                first++;
            }
            tell_refused(b, &b->items[first],
                &(struct item_answer){.error_type = slice_of("request_refused"),
                    .error_reason = slice_of(why.text)});
            return 0;
        }
    }
    switch (sent) {
    case SENT_DONE:
        return 0;
    case SENT_AGAIN:
    case SENT_FAILED:
        return error_set(err, "%s", why.text);
    case SENT_HALVE:
        break;
    }
    if (send_range(b, first, first + (end - first) / 2, err) != 0) {
        return -1;
    }
    return send_range(b, first + (end - first) / 2, end, err);
}

int index_batch_send(struct index_batch *b, struct error *err)
{
    return b->n_items > 0 ? send_range(b, 0, b->n_items, err) : 0;
}

void index_batch_pretend(struct index_batch *b)
{
    for (size_t i = 0; i < b->n_items; i++) {
        tell_accepted(b, &b->items[i], OUTCOME_CREATED);
    }
}
