/* Where a partition begins and ends; see kafka_offsets.h. */
#include "common/kafka_offsets.h"

#include "common/clock.h"

#include <stdbool.h>
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

int kafka_offsets_query(rd_kafka_t *rk, const char *topic, int32_t partition,
    int64_t *low, int64_t *next, int wait_ms, struct error *err)
{
    const struct timespec nap = {0, AGAIN_AFTER_MS * 1000000L};
    int64_t until_us = clock_mono_us() + (int64_t)wait_ms * 1000;
    rd_kafka_resp_err_t code;

    for (;;) {
        int64_t left_ms = (until_us - clock_mono_us()) / 1000;

        code = rd_kafka_query_watermark_offsets(
            rk, topic, partition, low, next, left_ms > 1 ? (int)left_ms : 1);
        if (!is_passing(code) || left_ms <= AGAIN_AFTER_MS) {
            break;
        }
        (void)nanosleep(&nap, NULL);
    }
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? 0
               : error_set(err, "topic %s, partition %d: %s", topic,
                     (int)partition, rd_kafka_err2str(code));
}
