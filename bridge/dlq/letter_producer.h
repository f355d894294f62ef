/*
 * struct letter_producer: records to Kafka that carry a letter's origin along,
 * so that their fate can be told: idempotent, acks=all, partitions chosen as
 * naru replay does (murmur2_random).
 */
#ifndef NARU_DLQ_LETTER_PRODUCER_H
#define NARU_DLQ_LETTER_PRODUCER_H

#include "bridge/dlq/letter_source.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#define LETTER_ANY_PARTITION (-1) /* by the key */

/* The record was stored, or why not. origin: a letter with its topic,
 * partition, offset, and slot set; valid for the call. */
typedef void (*letter_sent_fn)(
    void *arg, const struct stored_letter *origin, const char *failure);

struct letter_record {
    const char *topic;
    int32_t partition; /* or LETTER_ANY_PARTITION */
    bool has_key;
    struct slice key;
    bool has_value;
    struct slice value;
    int64_t timestamp_ms; /* -1: now */
    const struct letter_header *headers;
    size_t n_headers;
};

struct letter_producer; /* opaque */

struct letter_producer *letter_producer_new(const struct config *config,
    letter_sent_fn sent, void *arg, struct error *err) MUST_CHECK;

/* letter_producer_free(p): What is under way is given up. NULL is fine. */
void letter_producer_free(struct letter_producer *p);

/*
 * letter_producer_send(p, record, origin, err):
 * Waits while the queue is full, and meanwhile sent may run, for others.
 * Returns 0, and then sent runs once for it; or -1 with err.
 */
int letter_producer_send(struct letter_producer *p,
    const struct letter_record *record, const struct stored_letter *origin,
    struct error *err) MUST_CHECK;

/* letter_producer_finish(p): Wait until sent ran for all. */
void letter_producer_finish(struct letter_producer *p);

#endif
