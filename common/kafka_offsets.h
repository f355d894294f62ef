/* Where partitions begin and end, asked of their leaders. */
#ifndef NARU_COMMON_KAFKA_OFFSETS_H
#define NARU_COMMON_KAFKA_OFFSETS_H

#include "common/attr.h"
#include "common/error.h"

#include <librdkafka/rdkafka.h>
#include <stdint.h>

enum kafka_edge {
    KAFKA_OLDEST, /* the oldest offset a partition still has */
    KAFKA_NEXT    /* the next one to be given out */
};

/*
 * kafka_offsets_ask(rk, list, edge, wait_ms, err):
 * Put that edge of each of list's partitions into its offset. Each leader is
 * asked once for all it leads, by rd_kafka_offsets_for_times, which hands the
 * protocol's times of its own on (ListOffsets: -2 and -1); librdkafka's
 * rd_kafka_query_watermark_offsets would ask twice for each partition. A topic
 * that was just made, or a broker that went, leaves partitions without a
 * leader, or brokers that do not know yet that they lead; those are asked
 * again until wait_ms are over. Blocks. Returns 0, or -1 with err.
 */
int kafka_offsets_ask(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list,
    enum kafka_edge edge, int wait_ms, struct error *err) MUST_CHECK;

struct kafka_span {
    int64_t low;  /* the oldest offset */
    int64_t next; /* the one behind the newest */
};

/* kafka_offsets_edges(rk, list, spans, wait_ms, err): Both edges of each of
 * list's partitions into its place in spans, each asked as kafka_offsets_ask
 * does; the list's offsets are written over. 0, or -1 with err; then what is
 * not known is left alone. */
int kafka_offsets_edges(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list,
    struct kafka_span *spans, int wait_ms, struct error *err) MUST_CHECK;

/* kafka_offsets_spans(rk, topic, n, wait_ms, err): Both edges of the topic's
 * partitions 0 to n-1, asked as kafka_offsets_ask does. The caller frees them;
 * NULL with err. */
struct kafka_span *kafka_offsets_spans(rd_kafka_t *rk, const char *topic, int n,
    int wait_ms, struct error *err) MUST_CHECK;

#endif
