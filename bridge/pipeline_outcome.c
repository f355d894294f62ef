/* Records' ends: stored, refused and put away, or refused so often that the
 * bridge stops. */
#include "bridge/pipeline_state.h"

#include "common/clock.h"
#include "common/fault_point.h"
#include "common/log.h"

#include <stdio.h>

/* The record is neither stored nor dead-lettered: its offset stays where it is
 * and the bridge ends. */
static void stop_at(struct pipeline *p, const struct doc *doc,
    const struct refusal *why, const char *rule)
{
    if (p->failure[0] == '\0') {
        (void)snprintf(p->failure, sizeof(p->failure),
            "a record of %s partition %d was refused and %s: %s: %s",
            doc->partition->topic, doc->partition->number, rule, why->type,
            why->reason);
        p->failed_by_refusal = true;
    }
    p->stuck++;
    if (p->phase == PIPELINE_RUNNING) {
        pipeline_stop(p);
    }
}

static bool budget_is_over(struct pipeline *p, char *rule, size_t size)
{
    int64_t now_us = clock_mono_us();
    uint64_t records, dead;

    budget_count(&p->budget, now_us, 1, true);
    if (!budget_is_spent(&p->budget, now_us, &records, &dead)) {
        return false;
    }
    if (records == 0) {
        (void)snprintf(rule, size, "bridge.max_dead_letters = %llu is used up",
            (unsigned long long)p->budget.max_dead);
    } else {
        (void)snprintf(rule, size,
            "%llu of the last %llu records were, more than "
            "bridge.max_dead_letter_share = %u %%",
            (unsigned long long)dead, (unsigned long long)records,
            p->budget.max_dead_percent);
    }
    return true;
}

void pipeline_count_refused(
    struct pipeline *p, size_t bytes, const struct refusal *why)
{
    traffic_add(p->traffic, TRAFFIC_REFUSED, bytes);
    tally_add(&p->refused, why->type, why->reason);
}

void pipeline_refuse(struct pipeline *p, const struct doc *doc,
    const struct record *record, const struct refusal *why)
{
    char rule[160];

    log_write(LOG_DEBUG,
        LOG_FIELDS(LOG_MSG("record refused"),
            LOG_STR("topic", doc->partition->topic),
            LOG_INT("partition", doc->partition->number),
            LOG_INT("status", why->status), LOG_STR("type", why->type),
            LOG_STR("reason", why->reason)));
    if (p->stop_on_refusal) {
        stop_at(p, doc, why, "bridge.dead_letter is stop");
    } else if (budget_is_over(p, rule, sizeof(rule))) {
        stop_at(p, doc, why, rule);
    } else if (dead_letter_take(p->dead_letter, doc, record, why) != 0) {
        pipeline_fail(p, "out of memory");
    }
}

/* How many docs from the first on are whole records of one partition, taken
 * one after the other; 0 when the first is not a whole record. */
static size_t consecutive(const struct doc *docs, size_t n)
{
    size_t i = 0;

    while (i < n && docs[i].origin == NULL &&
           docs[i].partition == docs[0].partition &&
           docs[i].ticket == docs[0].ticket + i) {
        i++;
    }
    return i;
}

static void on_ended(
    void *arg, const struct doc *docs, size_t n, enum outcome outcome)
{
    struct pipeline *p = arg;
    size_t bytes = 0;

    for (size_t i = 0; i < n; i++) {
        bytes += docs[i].document_bytes;
    }
    budget_count(&p->budget, sender_answered_us(p->sender), n, false);
    traffic_add_all(p->traffic, TRAFFIC_STORED, n, bytes);
    for (const struct doc *doc = docs, *next; doc < docs + n; doc = next) {
        size_t run = consecutive(doc, (size_t)(docs + n - doc));

        if (run == 0) {
            next = doc + 1;
            pipeline_part_ended(p, doc, outcome);
            continue;
        }
        next = doc + run;
        offsets_end(doc->partition->offsets, doc->ticket, run, outcome);
        for (; p->order != NULL && doc < next; doc++) {
            id_order_leave(p->order, doc->order_key);
        }
    }
}

/* A refused record changes nothing in the index: the next of its id may go. */
static void on_refused(void *arg, const struct doc *doc,
    const struct record *record, const struct refusal *why)
{
    struct pipeline *p = arg;

    if (doc->origin != NULL) {
        pipeline_part_refused(p, doc, why);
        return;
    }
    if (p->order != NULL) {
        id_order_leave(p->order, doc->order_key);
    }
    pipeline_count_refused(p, doc->document_bytes, why);
    pipeline_refuse(p, doc, record, why);
}

/* Only where steps of [transform] want to see what was stored. */
static void on_stored(
    void *arg, const struct doc *doc, const struct record *record)
{
    pipeline_after(arg, doc, record);
}

static void on_roomier(void *arg)
{
    struct pipeline *p = arg;

    pipeline_take_ready(p);
    pipeline_hold_or_go_on(p); /* first: then what is open may fill */
    pipeline_submit_if_due(p);
    pipeline_settle(p);
}

const struct sender_calls pipeline_sender_calls = {
    .ended = on_ended,
    .refused = on_refused,
    .roomier = on_roomier,
};

const struct sender_calls pipeline_sender_calls_with_stored = {
    .stored = on_stored,
    .ended = on_ended,
    .refused = on_refused,
    .roomier = on_roomier,
};

void pipeline_on_buried(void *arg, struct partition *partition, uint64_t ticket)
{
    struct pipeline *p = arg;

    FAULT_POINT("buried");
    p->traffic[TRAFFIC_BURIED]++;
    offsets_end(partition->offsets, ticket, 1, OUTCOME_DEAD_LETTERED);
    pipeline_hold_or_go_on(p);
    pipeline_settle(p);
}
