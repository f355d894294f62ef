/*
 * struct intake: reads a consumer's queue on the event loop, hands its messages
 * over one by one, and can be told to hold. librdkafka fetches in threads of
 * its own and makes a file descriptor readable when the queue fills; everything
 * here runs in the loop's thread, librdkafka's callbacks within it.
 */
#ifndef NARU_BRIDGE_INTAKE_H
#define NARU_BRIDGE_INTAKE_H

#include "bridge/record.h"
#include "common/attr.h"

#include <event2/event.h>
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdint.h>

struct intake;

/* What it hands over, from the event loop. Each may call intake_hold and
 * intake_drop. */
struct intake_calls {
    /* A record; its message becomes the owner's (message_free). */
    void (*record)(void *arg, const struct record *record);

    /* A message that tells of an error or of a partition's end; it stays the
     * intake's. */
    void (*notice)(void *arg, const rd_kafka_message_t *m);

    /* Out of memory: a record was dropped, and no later one may count. */
    void (*broken)(void *arg, const char *why);
};

/* Turns of the loop in which records were read, and the time of theirs, what
 * calls->record did included. */
struct intake_stats {
    uint64_t turns;
    int64_t turn_us;
};

/*
 * intake_new(base, rk, calls, arg):
 * For rk's queue, to which its main queue was redirected
 * (rd_kafka_poll_set_consumer). base, rk and calls must outlive it. NULL: out
 * of memory or descriptors.
 */
struct intake *intake_new(struct event_base *base, rd_kafka_t *rk,
    const struct intake_calls *calls, void *arg) MUST_CHECK;

/* intake_start(i): Begin to read. 0, or -1: out of memory. */
int intake_start(struct intake *i) MUST_CHECK;

/*
 * intake_hold(i, hold):
 * Hold: hand over nothing until told otherwise. A short hold leaves what was
 * fetched where it is; a longer one pauses the partitions, so that polling goes
 * on and the group keeps us. Partitions that are assigned or given up then are
 * the caller's to pause and resume (intake_has_paused).
 */
void intake_hold(struct intake *i, bool hold);
bool intake_is_held(const struct intake *i);
bool intake_has_paused(const struct intake *i);

/* intake_drop(i, list): Records of these partitions that were read and not
 * handed over are not ours any more. */
void intake_drop(struct intake *i, const rd_kafka_topic_partition_list_t *list);

/* intake_login_renewed(i): rk logs in otherwise from now on. */
void intake_login_renewed(struct intake *i);

const struct intake_stats *intake_stats(const struct intake *i);

/* intake_free(i): Before the consumer is closed; nothing is called any more.
 * NULL is fine. */
void intake_free(struct intake *i);

#endif
