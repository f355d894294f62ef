/*
 * What the bridge tells of itself at one moment, as a document of dataset
 * metrics (mappings/metrics.json). Pure.
 */
#ifndef NARU_BRIDGE_METRICS_DOCUMENT_H
#define NARU_BRIDGE_METRICS_DOCUMENT_H

#include "bridge/offsets.h"
#include "common/attr.h"
#include "common/buf.h"

#include <stdint.h>

struct metrics_sample {
    int64_t at_ms; /* since 1970 UTC */
    const char *host, *instance, *group, *phase;
    const char *blocked; /* NULL: nothing is in the way */
    struct offsets_counts counts;
    uint64_t pending, lost;
    int64_t lag; /* of the partitions it is known of */
    double per_s;
    uint64_t in_flight, window, batch_bytes, held_bytes;
    double latency_ms;
    uint64_t requests, refused, sent_again;
};

/*
 * metrics_document_write(s, index, type, out):
 * Append the two lines of a bulk request that store s in index; type is the
 * mapping type that Elasticsearch 6 wants, else NULL. Returns 0 or -1.
 */
int metrics_document_write(const struct metrics_sample *s, const char *index,
    const char *type, struct buf *out) MUST_CHECK;

#endif
