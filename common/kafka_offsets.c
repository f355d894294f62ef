/* Where partitions begin and end; see kafka_offsets.h. */
#include "common/kafka_offsets.h"

#include "common/clock.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define AGAIN_AFTER_MS 100

/* Answers of brokers that are still finding out who leads. */
static bool is_passing(rd_kafka_resp_err_t code)
{
    switch ((int)code) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
        return true;
    default:
        return false;
    }
}

static void set_all(rd_kafka_topic_partition_list_t *list, int64_t offset)
{
    for (int i = 0; i < list->cnt; i++) {
        list->elems[i].offset = offset;
        list->elems[i].err = RD_KAFKA_RESP_ERR_NO_ERROR;
    }
}

/* The first partition that was not answered well, NULL: none. */
static const rd_kafka_topic_partition_t *failing(
    const rd_kafka_topic_partition_list_t *list)
{
    for (int i = 0; i < list->cnt; i++) {
        if (list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR ||
            list->elems[i].offset < 0) {
            return &list->elems[i];
        }
    }
    return NULL;
}

/* One question to all. *bad: the partition to be named, NULL: none. */
static rd_kafka_resp_err_t ask(rd_kafka_t *rk,
    rd_kafka_topic_partition_list_t *list, enum kafka_edge edge, int wait_ms,
    const rd_kafka_topic_partition_t **bad)
{
    rd_kafka_resp_err_t code;

    set_all(list,
        edge == KAFKA_OLDEST ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END);
    code = rd_kafka_offsets_for_times(rk, list, wait_ms);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        *bad = list->cnt == 1 ? &list->elems[0] : NULL;
        return code;
    }
    *bad = failing(list);
    if (*bad == NULL) {
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    return (*bad)->err != RD_KAFKA_RESP_ERR_NO_ERROR
               ? (*bad)->err
               : RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE;
}

int kafka_offsets_ask(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list,
    enum kafka_edge edge, int wait_ms, struct error *err)
{
    const struct timespec nap = {0, AGAIN_AFTER_MS * 1000000L};
    int64_t until_us = clock_mono_us() + (int64_t)wait_ms * 1000;
    const rd_kafka_topic_partition_t *bad;
    rd_kafka_resp_err_t code;

    if (list->cnt == 0) {
        return 0;
    }
    for (;;) {
        int64_t left_ms = (until_us - clock_mono_us()) / 1000;

        code = ask(rk, list, edge, left_ms > 1 ? (int)left_ms : 1, &bad);
        if (!is_passing(code) || left_ms <= AGAIN_AFTER_MS) {
            break;
        }
        (void)nanosleep(&nap, NULL);
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    if (bad != NULL) {
        return error_set(err, "topic %s, partition %d: %s", bad->topic,
            (int)bad->partition, rd_kafka_err2str(code));
    }
    return error_set(err, "topic %s, %d partitions: %s", list->elems[0].topic,
        list->cnt, rd_kafka_err2str(code));
}

int kafka_offsets_edges(rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list,
    struct kafka_span *spans, int wait_ms, struct error *err)
{
    if (kafka_offsets_ask(rk, list, KAFKA_OLDEST, wait_ms, err) != 0) {
        return -1;
    }
    for (int i = 0; i < list->cnt; i++) {
        spans[i].low = list->elems[i].offset;
    }
    if (kafka_offsets_ask(rk, list, KAFKA_NEXT, wait_ms, err) != 0) {
        return -1;
    }
    for (int i = 0; i < list->cnt; i++) {
        spans[i].next = list->elems[i].offset;
    }
    return 0;
}

struct kafka_span *kafka_offsets_spans(
    rd_kafka_t *rk, const char *topic, int n, int wait_ms, struct error *err)
{
    struct kafka_span *spans = calloc((size_t)n + 1, sizeof(*spans));
    rd_kafka_topic_partition_list_t *list;

    if (spans == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    list = rd_kafka_topic_partition_list_new(n + 1);
    for (int i = 0; i < n; i++) {
        (void)rd_kafka_topic_partition_list_add(list, topic, i);
    }
    if (kafka_offsets_edges(rk, list, spans, wait_ms, err) != 0) {
        free(spans);
        spans = NULL;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return spans;
}
