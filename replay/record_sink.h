/*
 * struct record_sink: where a replay's records go: to Kafka (producer.h) or,
 * with --dry-run, to standard output (line_sink.h). One thread uses it.
 */
#ifndef NARU_REPLAY_RECORD_SINK_H
#define NARU_REPLAY_RECORD_SINK_H

#include "common/error.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* A record on its way; all is borrowed until send returns, but for path, which
 * lives as long as the replay. */
struct out_record {
    struct slice key;
    struct slice value;
    int64_t event_ms;
    const char *path; /* where the row came from */
    int64_t line;
    uint32_t chain; /* a checksum over all records up to this one */
};

enum record_outcome {
    RECORD_TAKEN,  /* copied; it will be delivered or reported */
    RECORD_BUSY,   /* not taken, there is no room now: offer it again */
    RECORD_CLOSED, /* not taken, nobody reads any more: end quietly */
    RECORD_FAILED  /* the sink is broken */
};

struct record_counts {
    int64_t taken;
    int64_t acknowledged; /* of those, stored for good */
    uint64_t bytes;       /* of the values taken */
};

struct record_sink {
    void *self;
    const struct record_counts *counts;

    /* Is the record small enough to be taken at all? NULL: all are. */
    bool (*fits)(void *self, const struct out_record *record);

    /* Take a record that fits. */
    enum record_outcome (*send)(
        void *self, const struct out_record *record, struct error *err);

    /* Let the sink work, for at most wait_us (0: what is at hand). TAKEN
     * means that all is well, else CLOSED or FAILED. */
    enum record_outcome (*serve)(
        void *self, int64_t wait_us, struct error *err);

    /* As serve, pressing to be done: TAKEN once nothing is left under way,
     * BUSY as long as something is. */
    enum record_outcome (*drain)(
        void *self, int64_t wait_us, struct error *err);
};

#endif
