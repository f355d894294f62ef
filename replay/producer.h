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
#include "replay/resume_point.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct producer_header {
    const char *name;
    const char *value;
};

struct producer_plan {
    const char *topic;     /* borrowed, as all here */
    bool at_full_speed;    /* batches may wait longer, so that they are full */
    bool event_timestamps; /* of the records: the event time; else now */
    const struct producer_header *headers; /* of each record */
    size_t n_headers;
    int64_t most_bytes; /* the topic's max.message.bytes; 0: not known */
    int64_t oldest_ms;  /* of event timestamps; what is older is deleted */
    const char *transactional_id; /* NULL: without transactions */
};

struct producer; /* opaque */

/*
 * producer_new(c, plan, err):
 * A producer by our defaults and [kafka] over them. Does not wait for a
 * connection, and does not look whether the topic exists. NULL with err when a
 * setting is wrong.
 */
struct producer *producer_new(const struct config *c,
    const struct producer_plan *plan, struct error *err) MUST_CHECK;

/* producer_free(p): Free it; records still under way are given up. */
void producer_free(struct producer *p);

/*
 * producer_sink(p): p as a record_sink, valid as long as p. When the queue
 * is full, send answers BUSY after having waited a little for room. A record
 * that could not be delivered (within message.timeout.ms, 5 minutes, if
 * brokers are away) is FAILED from any of the calls, with its file and line,
 * topic and key.
 */
struct record_sink producer_sink(struct producer *p);

/*
 * producer_progress(p, before, point):
 * How far all records have been acknowledged without a gap, behind before
 * records that were sent earlier. False, with point left alone, before the
 * first.
 */
bool producer_progress(
    const struct producer *p, int64_t before, struct resume_point *point);

/* producer_most_bytes(p): The largest record that it takes, with what Kafka
 * needs beside its key and value. */
size_t producer_most_bytes(const struct producer *p);

/* producer_is_fenced(code, err): Does the error say that another replay has
 * taken over? Then err says so, too. */
bool producer_is_fenced(rd_kafka_resp_err_t code, struct error *err);

/* producer_handle(p): librdkafka's; for exactly_once alone. */
rd_kafka_t *producer_handle(struct producer *p);

#endif
