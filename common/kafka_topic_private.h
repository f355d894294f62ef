/* The connection of kafka_topic.h, for the files that speak over it. */
#ifndef NARU_COMMON_KAFKA_TOPIC_PRIVATE_H
#define NARU_COMMON_KAFKA_TOPIC_PRIVATE_H

#include "common/kafka_topic.h"

#include <librdkafka/rdkafka.h>

struct kafka_topics {
    rd_kafka_t *rk;
    char brokers[512];
    char why[512]; /* what librdkafka last complained about */
};

#endif
