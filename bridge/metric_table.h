/*
 * The metrics of the bridge, as /metrics shows them (pipeline_pages) and the
 * reference lists them. One row each: symbol, name, type, labels, help.
 */
#ifndef NARU_BRIDGE_METRIC_TABLE_H
#define NARU_BRIDGE_METRIC_TABLE_H

#include "common/metric.h"

#define METRIC_TABLE(X)                                                        \
    X(READY, "naru_ready", "gauge", "", "1 when nothing blocks the way.")      \
    X(CPU, "process_cpu_seconds_total", "counter", "",                         \
        "CPU time used, user and system.")                                     \
    X(CONSUMED, "naru_records_consumed_total", "counter", "topic, partition",  \
        "Records taken from Kafka.")                                           \
    X(RECORDS, "naru_records_total", "counter", "topic, partition, outcome",   \
        "Records by how they ended; with pending they add up to consumed.")    \
    X(PENDING, "naru_records_pending", "gauge", "topic, partition",            \
        "Records taken and not ended.")                                        \
    X(LAG, "naru_lag_records", "gauge", "topic, partition",                    \
        "Records between the frontier and the partition's end.")               \
    X(LOST, "naru_records_lost_total", "counter", "topic, partition",          \
        "Records deleted in the topic before they were read.")                 \
    X(COMMITTED, "naru_committed_offset", "gauge", "topic, partition",         \
        "Committed offset since the partition was assigned.")                  \
    X(RESPONSES, "naru_bulk_responses_total", "counter", "class",              \
        "Bulk requests by the class of the answer; none: no answer.")          \
    X(REQUESTS, "naru_bulk_requests_total", "counter", "",                     \
        "Bulk requests sent.")                                                 \
    X(SENT_BYTES, "naru_bulk_sent_bytes_total", "counter", "",                 \
        "Bytes of their bodies.")                                              \
    X(PUSHED_BACK, "naru_bulk_pushed_back_total", "counter", "",               \
        "Requests and items answered with 429.")                               \
    X(SENT_AGAIN, "naru_records_sent_again_total", "counter", "",              \
        "Records sent again because the engine was busy.")                     \
    X(IN_FLIGHT, "naru_bulk_in_flight", "gauge", "",                           \
        "Bulk requests under way.")                                            \
    X(WINDOW, "naru_bulk_window", "gauge", "",                                 \
        "Bulk requests that may be under way now.")                            \
    X(BATCH_BYTES, "naru_bulk_batch_bytes", "gauge", "",                       \
        "Bytes that the body of a bulk request is filled to now.")             \
    X(LATENCY, "naru_bulk_latency_seconds", "gauge", "",                       \
        "Time from sending a bulk request to its answer, of late.")            \
    X(HELD_BYTES, "naru_held_bytes", "gauge", "",                              \
        "Bytes of bulk requests being built, waiting or under way.")           \
    X(SECONDS, "naru_bulk_seconds", "histogram", "le",                         \
        "Time from sending a bulk request to its answer.")

enum metric {
#define METRIC_SYMBOL(symbol, name, type, labels, help) METRIC_##symbol,
    METRIC_TABLE(METRIC_SYMBOL)
#undef METRIC_SYMBOL
        METRIC_COUNT
};

extern const struct metric_row metric_table[METRIC_COUNT];

#endif
