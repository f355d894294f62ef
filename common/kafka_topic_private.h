/* The connection of kafka_topic.h, and one administrative request over it, for
 * the files that speak to the brokers. */
#ifndef NARU_COMMON_KAFKA_TOPIC_PRIVATE_H
#define NARU_COMMON_KAFKA_TOPIC_PRIVATE_H

#include "common/kafka_topic.h"

#include <librdkafka/rdkafka.h>

struct kafka_topics {
    rd_kafka_t *rk;
    char brokers[512];
    char why[512]; /* what librdkafka last complained about */
};

struct kafka_request {
    rd_kafka_queue_t *queue; /* where the answer comes */
    rd_kafka_AdminOptions_t *options;
    rd_kafka_event_t *answer; /* NULL: none came in time */
};

/* kafka_request_open(r, k, op): Queue and options, to be handed to librdkafka's
 * function of that name; always followed by kafka_request_close. */
void kafka_request_open(struct kafka_request *r, const struct kafka_topics *k,
    rd_kafka_admin_op_t op);

/* kafka_request_await(r): Wait for the answer, KAFKA_TOPICS_WAIT_MS and a
 * little: the brokers' own word that it took too long comes then. */
void kafka_request_await(struct kafka_request *r);
void kafka_request_close(struct kafka_request *r);

#endif
