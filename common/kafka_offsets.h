/* Where a partition begins and ends. */
#ifndef NARU_COMMON_KAFKA_OFFSETS_H
#define NARU_COMMON_KAFKA_OFFSETS_H

#include "common/attr.h"
#include "common/error.h"

#include <librdkafka/rdkafka.h>

/*
 * kafka_offsets_query(rk, topic, partition, low, next, wait_ms, err):
 * Ask the partition's leader for its oldest offset and the next to be given
 * out. A topic that was just made, or a broker that went, leaves partitions
 * without a leader, or brokers that do not know yet that they lead; those are
 * asked again until wait_ms are over. Returns 0, or -1 with err.
 */
int kafka_offsets_query(rd_kafka_t *rk, const char *topic, int32_t partition,
    int64_t *low, int64_t *next, int wait_ms, struct error *err) MUST_CHECK;

#endif
