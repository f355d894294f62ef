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

struct attributes;

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

    /* Of a document that steps of [transform] made of a record. */
    const struct attributes *attributes; /* NULL: it has none */
    size_t split;                        /* its number, from 0 */
};

#endif
