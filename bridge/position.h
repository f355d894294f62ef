/*
 * struct position: one partition and an offset: what to commit, what was
 * assigned, what is asked for; and librdkafka's lists of them.
 */
#ifndef NARU_BRIDGE_POSITION_H
#define NARU_BRIDGE_POSITION_H

#include "common/attr.h"

#include <librdkafka/rdkafka.h>
#include <stddef.h>
#include <stdint.h>

struct position {
    const char *topic; /* borrowed */
    int32_t partition;
    int64_t offset;
};

/* positions_of(list): list->cnt positions, whose topics are the list's; the
 * caller frees them. NULL: out of memory. */
struct position *positions_of(
    const rd_kafka_topic_partition_list_t *list) MUST_CHECK;

/* positions_list(positions, n): As librdkafka's list, which is the caller's. */
rd_kafka_topic_partition_list_t *positions_list(
    const struct position *positions, size_t n) MUST_CHECK;

#endif
