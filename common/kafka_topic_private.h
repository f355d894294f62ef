/* What the files about topics share. */
#ifndef NARU_COMMON_KAFKA_TOPIC_PRIVATE_H
#define NARU_COMMON_KAFKA_TOPIC_PRIVATE_H

#include <librdkafka/rdkafka.h>

struct kafka_topics {
    rd_kafka_t *rk;
    char brokers[512];
    char why[512]; /* what librdkafka last complained about */
};

#endif
