/* Records' way in: taken, encoded into the open batch, the batch sent when it
 * is full or due, intake held while there is no room. */
#include "bridge/pipeline_state.h"

#include "common/clock.h"

#include <string.h>

/* Room is looked for once for so many bytes of records, which are little beside
 * what may be held (bridge.memory_bytes is 1 MiB or more). */
#define LOOK_EVERY_BYTES ((size_t)64 << 10)

/* The open batch waits anew: while intake was held it could not fill. */
static void go_on(struct pipeline *p)
{
    if (consumer_is_held(p->consumer) && p->open != NULL &&
        p->open->n_docs > 0) {
        p->open_is_due = false;
        pipeline_arm(p->linger_timer, p->limits.linger_us / 1000);
    }
    consumer_hold(p->consumer, false);
}

/* Hold when memory is full, when enough is ready to be sent, or when dead
 * letters cannot get away. */
void pipeline_hold_or_go_on(struct pipeline *p)
{
    size_t held =
        sender_held_bytes(p->sender) +
        (p->open != NULL ? batch_bytes(p->open) : 0) +
        (p->order != NULL ? id_order_waiting_bytes(p->order) : 0) +
        pipeline_steps_bytes(p) +
        (p->dead_letter != NULL ? dead_letter_pending_bytes(p->dead_letter)
                                : 0);
    size_t dead =
        p->dead_letter != NULL ? dead_letter_pending(p->dead_letter) : 0;

    p->unlooked_bytes = 0;
    if (p->phase != PIPELINE_RUNNING || held >= p->limits.memory_bytes ||
        sender_has_enough(p->sender) || dead >= PIPELINE_DEAD_LETTERS_MOST) {
        consumer_hold(p->consumer, true);
    } else if (held < p->limits.memory_bytes / 4 * 3 &&
               dead < PIPELINE_DEAD_LETTERS_MOST / 4 * 3) {
        go_on(p);
    }
}

void pipeline_submit_open(struct pipeline *p)
{
    struct batch *b = p->open;

    (void)event_del(p->linger_timer);
    p->open = NULL;
    p->open_is_due = false;
    p->unlooked_bytes = LOOK_EVERY_BYTES;
    if (b != NULL && b->n_docs > 0) {
        sender_submit(p->sender, b);
    } else {
        batch_free(b);
    }
}

/* An idle engine gets the batch when it has waited enough; a busy one lets it
 * grow on, since it would only wait elsewhere. So does one that intake was kept
 * from filling: the next answer makes room for that. */
void pipeline_submit_if_due(struct pipeline *p)
{
    bool is_due = p->open_is_due && (!consumer_is_held(p->consumer) ||
                                        sender_flying(p->sender) == 0);

    if (p->open != NULL && p->open->n_docs > 0 && sender_takes_now(p->sender) &&
        (is_due || p->phase != PIPELINE_RUNNING)) {
        pipeline_submit_open(p);
    }
}

/* The timer alone says when: a clock read here could find it a little early,
 * and nothing would ask again. */
void pipeline_on_linger(evutil_socket_t fd, short what, void *arg)
{
    struct pipeline *p = arg;

    (void)fd;
    (void)what;
    p->open_is_due = true;
    pipeline_submit_if_due(p);
}

static struct partition *partition_of(
    struct pipeline *p, const struct record *r)
{
    if (p->last == NULL || p->last->number != r->partition ||
        strcmp(p->last->topic, r->topic) != 0) {
        p->last = partitions_find(&p->partitions, r->topic, r->partition);
    }
    return p->last;
}

/* Encode into the open batch, closing it first when it has no room. */
static enum bulk_result encode(struct pipeline *p, const struct record *r,
    size_t *at_bytes, struct error *why)
{
    enum bulk_result result = BULK_FULL;
    bool is_delete;

    for (int tries = 0; tries < 2 && result == BULK_FULL; tries++) {
        if (tries > 0) {
            pipeline_submit_open(p);
        }
        if (p->open == NULL) {
            p->open = sender_take_idle(p->sender);
        }
        if (p->open == NULL || batch_reserve(p->open) != 0) {
            return BULK_FULL;
        }
        *at_bytes = p->open->body.len_bytes;
        result = bulk_encode(p->encoder, r, &p->open->body, &is_delete, why);
    }
    if (result == BULK_FULL) {
        (void)error_set(why, "larger than any bulk request may be");
        return BULK_REFUSED;
    }
    return result;
}

static int add_to_open(struct pipeline *p, const struct doc *doc,
    const struct record *r, bool is_verbatim)
{
    if (batch_add(p->open, doc, r, is_verbatim) != 0) {
        return -1;
    }
    traffic_add(p->traffic, TRAFFIC_DOCS, doc->document_bytes);
    if (p->open->n_docs == 1) {
        p->open->opened_us = clock_mono_us();
        pipeline_arm(p->linger_timer, p->limits.linger_us / 1000);
    }
    if (p->open->body.len_bytes >= sender_batch_ceiling(p->sender) ||
        p->open->n_docs >= p->limits.batch_docs) {
        pipeline_submit_open(p);
    }
    return 0;
}

/* An encoded record whose id is under way leaves the batch again and waits.
 * Returns 0: it stays; 1: it waits; -1 out of memory. */
static int keep_in_order(
    struct pipeline *p, struct doc *doc, const struct record *r)
{
    if (p->order == NULL) {
        return 0;
    }
    doc->order_key = id_order_key(bulk_encoder_id(p->encoder, &p->open->body));
    return id_order_enter(p->order, doc,
        r->key.len + r->value.len + r->headers.len + MESSAGE_COST_BYTES);
}

/* The encoder will not have it. */
static void refuse(struct pipeline *p, const struct doc *doc,
    const struct record *r, const char *reason)
{
    struct refusal why = {0, 0, "record_not_a_document", reason};

    traffic_add(p->traffic, TRAFFIC_DOCS, doc->document_bytes);
    if (doc->origin != NULL) {
        pipeline_part_refused(p, doc, &why);
        return;
    }
    pipeline_count_refused(p, doc->document_bytes, &why);
    pipeline_refuse(p, doc, r, &why);
}

static void skip(struct pipeline *p, const struct doc *doc)
{
    traffic_add(p->traffic, TRAFFIC_DOCS, 0);
    traffic_add(p->traffic, TRAFFIC_SKIPPED, 0);
    tally_add(&p->skipped, "tombstone", NULL);
    offsets_end(doc->partition->offsets, doc->ticket, 1, OUTCOME_SKIPPED);
}

int pipeline_bring_in_one(struct pipeline *p, struct doc *doc,
    const struct record *made, const struct record *r, bool is_in_order,
    bool is_own_value)
{
    struct error reason;
    int rc = 0;

    doc->document_bytes = (uint32_t)made->value.len;
    switch (encode(p, made, &doc->at_bytes, &reason)) {
    case BULK_ENCODED:
        rc = is_in_order ? 0 : keep_in_order(p, doc, r);
        if (rc == 0) {
            doc->len_bytes = p->open->body.len_bytes - doc->at_bytes;
            rc = add_to_open(p, doc, r,
                is_own_value && bulk_encoder_is_verbatim(p->encoder));
        }
        if (rc != 0) { /* its lines stand there without a doc */
            p->open->body.len_bytes = doc->at_bytes;
        }
        return rc;
    case BULK_SKIPPED:
        skip(p, doc);
        break;
    case BULK_REFUSED:
        refuse(p, doc, r, reason.text);
        break;
    case BULK_FULL:
        return -1;
    }
    pipeline_leave_order(p, doc, is_in_order);
    return 0;
}

void pipeline_leave_order(
    struct pipeline *p, const struct doc *doc, bool is_in_order)
{
    if (is_in_order && p->order != NULL) {
        id_order_leave(p->order, doc->order_key);
    }
}

/* From a record that was taken to one in the open batch, or waiting for its
 * turn, or at its end. */
static void bring_in(struct pipeline *p, struct doc *doc,
    const struct record *r, bool is_in_order)
{
    int rc = p->steps == NULL
                 ? pipeline_bring_in_one(p, doc, r, r, is_in_order, true)
                 : pipeline_bring_in_steps(p, doc, r, is_in_order);

    if (rc <= 0) { /* else it waits with its message */
        message_free(r->message);
    }
    if (rc < 0) {
        pipeline_fail(p, "out of memory");
    }
}

void pipeline_take(struct pipeline *p, const struct record *r)
{
    struct partition *partition = partition_of(p, r);
    struct doc doc = {.message = r->message, .partition = partition};
    int tracked = 1;

    if (partition != NULL && partition->assigned && !partition->leaving &&
        p->phase == PIPELINE_RUNNING) {
        tracked = offsets_track(partition->offsets, r->offset, &doc.ticket);
    }
    if (tracked != 0) {
        message_free(r->message);
        if (tracked < 0) {
            pipeline_fail(p, "out of memory");
        }
        return;
    }
    traffic_add(p->traffic, TRAFFIC_TAKEN, r->value.len);
    if (p->watch != NULL) {
        pipeline_watch_record(p, r);
    }
    p->unlooked_bytes += r->value.len + MESSAGE_COST_BYTES;
    bring_in(p, &doc, r, false);
    if (p->unlooked_bytes >= LOOK_EVERY_BYTES) {
        pipeline_hold_or_go_on(p);
    }
}

void pipeline_take_ready(struct pipeline *p)
{
    struct record r;
    struct doc doc;

    while (p->order != NULL && id_order_next(p->order, &doc)) {
        if (doc.partition->assigned &&
            message_record(doc.message, NULL, &p->headers, &r) != 0) {
            message_free(doc.message);
            pipeline_fail(p, "out of memory");
        } else if (doc.partition->assigned) {
            bring_in(p, &doc, &r, true);
        } else { /* its next owner takes it again */
            id_order_leave(p->order, doc.order_key);
            message_free(doc.message);
        }
    }
}
