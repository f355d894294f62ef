/*
 * struct record: one Kafka record as the bridge's pure parts see it, without
 * librdkafka. Everything is borrowed, from the message behind it or from the
 * batch that has it.
 */
#ifndef NARU_BRIDGE_RECORD_H
#define NARU_BRIDGE_RECORD_H

#include "common/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct record {
    const char *topic;
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms; /* -1: the record has none */
    bool has_key;
    struct slice key;
    bool has_value; /* false: a tombstone */
    struct slice value;
    struct slice headers;    /* packed, see packed_headers.h; empty: none */
    struct message *message; /* the owner, see message.h; NULL: another one */
};

#endif
