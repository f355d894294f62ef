/*
 * struct producer: records into one Kafka topic, each stored once and in the
 * order sent within its key, or reported: idempotent, acks=all, partitions
 * chosen as Java clients do (murmur2).
 */
#ifndef NARU_REPLAY_PRODUCER_H
#define NARU_REPLAY_PRODUCER_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "replay/record_sink.h"

struct producer; /* opaque */

/*
 * producer_new(c, topic, err):
 * A producer by our defaults and [kafka] over them. Does not wait for a
 * connection, and does not look whether topic exists. NULL with err when a
 * setting is wrong.
 */
struct producer *producer_new(
    const struct config *c, const char *topic, struct error *err) MUST_CHECK;

/* producer_free(p): Free it; records still under way are given up. */
void producer_free(struct producer *p);

/*
 * producer_sink(p): p as a record_sink, valid as long as p. When the queue
 * is full, send answers BUSY after having waited a little for room. A record
 * that could not be delivered (within message.timeout.ms, 5 minutes, if
 * brokers are away) is FAILED from any of the calls, with its topic and key.
 */
struct record_sink producer_sink(struct producer *p);

#endif
