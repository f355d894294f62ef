/*
 * enum offset_reset: [kafka]'s auto.offset.reset, followed by naru and not by
 * librdkafka, which would do it without a word, and nobody would know that
 * records were lost.
 */
#ifndef NARU_BRIDGE_OFFSET_RESET_H
#define NARU_BRIDGE_OFFSET_RESET_H

#include "common/attr.h"
#include "common/error.h"

#include <librdkafka/rdkafka.h>
#include <stdint.h>

enum offset_reset { RESET_EARLIEST, RESET_LATEST, RESET_ERROR };

/* offset_reset_take(reset, conf, err): Read the setting from conf, by any of
 * librdkafka's words for it, and make librdkafka report instead of following
 * it. 0, or -1 with err. */
int offset_reset_take(enum offset_reset *reset, rd_kafka_conf_t *conf,
    struct error *err) MUST_CHECK;

/* offset_reset_point(reset): RD_KAFKA_OFFSET_BEGINNING or _END; with
 * RESET_ERROR RD_KAFKA_OFFSET_INVALID. */
int64_t offset_reset_point(enum offset_reset reset);

/*
 * offset_reset_start(reset, rk, list, wait_ms):
 * Where reading of newly assigned partitions begins: a list, the caller's, with
 * the committed offsets; without one by reset. When the brokers do not tell
 * within wait_ms, it is list's copy: librdkafka asks them again by itself, and
 * what it then misses comes as an offset out of range.
 */
rd_kafka_topic_partition_list_t *offset_reset_start(enum offset_reset reset,
    rd_kafka_t *rk, const rd_kafka_topic_partition_list_t *list,
    int wait_ms) MUST_CHECK;

#endif
