/*
 * What passes through the bridge, counted where it happens: an addition or two
 * a record, read once a second by those who watch (see window.h).
 *
 * TAKEN are records from Kafka; DOCS are what became of them on its way into
 * bulk requests; each of those is STORED, REFUSED or SKIPPED in the end, so
 * docs - stored - refused - skipped are queued or under way.
 */
#ifndef NARU_BRIDGE_WATCH_TRAFFIC_H
#define NARU_BRIDGE_WATCH_TRAFFIC_H

#include <stddef.h>
#include <stdint.h>

enum traffic_value {
    /* A number, and behind it the bytes of the values. */
    TRAFFIC_TAKEN,
    TRAFFIC_TAKEN_BYTES,
    TRAFFIC_DOCS,
    TRAFFIC_DOCS_BYTES,
    TRAFFIC_STORED,
    TRAFFIC_STORED_BYTES,
    TRAFFIC_REFUSED,
    TRAFFIC_REFUSED_BYTES,
    TRAFFIC_SKIPPED,
    TRAFFIC_SKIPPED_BYTES,
    TRAFFIC_BURIED, /* dead letters that are safe */

    /* Looked up when somebody reads. */
    TRAFFIC_STEP_REFUSED, /* by steps of [transform]: no DOCS */
    TRAFFIC_STEP_REFUSED_BYTES,
    TRAFFIC_ENDED,      /* records, by the ledger */
    TRAFFIC_TURNS,      /* in which records were read */
    TRAFFIC_TURN_US,    /* and what they took */
    TRAFFIC_REQUESTS,   /* bulk requests answered */
    TRAFFIC_REQUEST_US, /* and what they took */
    TRAFFIC_LAG,        /* records, as it is now */
    TRAFFIC_COUNT
};

/* traffic_add_all(traffic, which, n, bytes): So many more of TAKEN to SKIPPED,
 * with so many bytes together. */
static inline void traffic_add_all(
    uint64_t *traffic, enum traffic_value which, uint64_t n, size_t bytes)
{
    traffic[which] += n;
    traffic[which + 1] += bytes;
}

/* traffic_add(traffic, which, bytes): One more of them. */
static inline void traffic_add(
    uint64_t *traffic, enum traffic_value which, size_t bytes)
{
    traffic_add_all(traffic, which, 1, bytes);
}

#endif
