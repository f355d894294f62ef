/*
 * struct mock_kafka: librdkafka's mock cluster of three brokers in the test's
 * process, with what a test needs of it: topics, records, committed offsets.
 * Failures end the running test case.
 *
 * The mock keeps 5 MiB a partition and forgets older record sets.
 */
#ifndef NARU_TESTS_FAKES_MOCK_KAFKA_H
#define NARU_TESTS_FAKES_MOCK_KAFKA_H

#include "common/attr.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOCK_KAFKA_BROKERS 3

/* Requests as the protocol numbers them, for mock_kafka_fail. */
#define MOCK_KAFKA_PRODUCE 0
#define MOCK_KAFKA_FETCH 1
#define MOCK_KAFKA_OFFSET_COMMIT 8
#define MOCK_KAFKA_HEARTBEAT 12
#define MOCK_KAFKA_INIT_PRODUCER_ID 22

struct mock_kafka;

struct mock_kafka *mock_kafka_new(void) MUST_CHECK;
void mock_kafka_free(struct mock_kafka *k);

/* mock_kafka_brokers(k): For bootstrap.servers. */
const char *mock_kafka_brokers(const struct mock_kafka *k);

/*
 * mock_kafka_keep_group(k, group, session_ms):
 * Put a member into the group that wants none of the tests' topics. In a group
 * that nobody is in, the mock makes a first member wait 3 s; in one that is
 * never empty, session_ms - 1000. All members need that session_ms. Takes 3 s.
 */
void mock_kafka_keep_group(
    struct mock_kafka *k, const char *group, int session_ms);

/* mock_kafka_leave_group(k): That member leaves again. */
void mock_kafka_leave_group(struct mock_kafka *k);

void mock_kafka_topic(struct mock_kafka *k, const char *topic, int partitions);

struct mock_header {
    const char *name;
    struct slice value;
};

struct mock_record {
    int32_t partition;
    struct slice key;     /* p NULL: none */
    struct slice value;   /* p NULL: a tombstone */
    int64_t timestamp_ms; /* 0: now */
    const struct mock_header *headers;
    size_t n_headers;
};

/* mock_kafka_produce(k, topic, record): Queue it; flush makes it certain. */
void mock_kafka_produce(
    struct mock_kafka *k, const char *topic, const struct mock_record *record);
void mock_kafka_flush(struct mock_kafka *k);

/* mock_kafka_end(k, topic, partition): Offset of the next record to come. */
int64_t mock_kafka_end(
    struct mock_kafka *k, const char *topic, int32_t partition);

/* mock_kafka_committed(k, group, topic, partition): -1: none. */
int64_t mock_kafka_committed(struct mock_kafka *k, const char *group,
    const char *topic, int32_t partition);

/*
 * mock_kafka_read(k, topic, partition, each, arg):
 * Hand over every record of the partition, oldest first.
 */
typedef void (*mock_record_fn)(
    void *arg, int64_t offset, const struct mock_record *record);
void mock_kafka_read(struct mock_kafka *k, const char *topic, int32_t partition,
    mock_record_fn each, void *arg);

/* mock_kafka_fail(k, request, error, times): The next requests of that kind
 * are answered with an error of librdkafka's RD_KAFKA_RESP_ERR_*. */
void mock_kafka_fail(
    struct mock_kafka *k, int request, int error, unsigned times);

/* mock_kafka_forgive(k, request): Forget failures that are left. */
void mock_kafka_forgive(struct mock_kafka *k, int request);

/* mock_kafka_set_up(k, broker, up): broker 1 to 3, or -1 for all. */
void mock_kafka_set_up(struct mock_kafka *k, int broker, bool up);

#endif
