/*
 * struct recent: the last few records, shortened, for the page. Of many
 * records only some are looked at: as many a second as there is place, so that
 * it costs the way in next to nothing. Pure.
 */
#ifndef NARU_BRIDGE_WATCH_RECENT_H
#define NARU_BRIDGE_WATCH_RECENT_H

#include "bridge/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECENT_MOST 6
#define RECENT_KEY_BYTES 64
#define RECENT_VALUE_BYTES 400

struct recent_row {
    char topic[250]; /* Kafka's longest is 249 */
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    size_t value_bytes; /* of the whole */
    size_t shown_bytes;
    size_t key_bytes; /* shown */
    bool has_key, has_value;
    char key[RECENT_KEY_BYTES];
    char value[RECENT_VALUE_BYTES];
};

struct recent {
    struct recent_row rows[RECENT_MOST];
    size_t n;
    size_t next;   /* the row to be written */
    size_t wanted; /* records still to be looked at before the next refill */
};

/* recent_refill(r): A second has passed: look at the next ones again. */
void recent_refill(struct recent *r);

/* recent_take(r, record): Copy the beginning of its key and value. */
void recent_take(struct recent *r, const struct record *record);

/* recent_row(r, i): The i-th, newest first; i is below r->n. */
const struct recent_row *recent_row(const struct recent *r, size_t i);

#endif
