/* The end of a consumer, which librdkafka may not come back from. */
#ifndef NARU_COMMON_KAFKA_END_H
#define NARU_COMMON_KAFKA_END_H

#include "common/attr.h"

#include <librdkafka/rdkafka.h>
#include <stdbool.h>

enum kafka_end_steps {
    KAFKA_LEAVE = 1,  /* rd_kafka_consumer_close */
    KAFKA_DESTROY = 2 /* rd_kafka_destroy */
};

/*
 * kafka_end(rk, steps):
 * Take the steps, waiting no longer than ten seconds. librdkafka may wait for
 * ever: in rd_kafka_consumer_close for an assignment that came when it ended
 * (before 2.4, its issue 4527); in rd_kafka_destroy where a topic was deleted
 * or a broker lost while it ran (its issues 4362, 4674, 5434). It takes a
 * thread, because nothing else can give up a call that does not return; rk's
 * callbacks run in it. Returns true when all was done; false: the thread goes
 * on, and what the callbacks use must stay.
 */
bool kafka_end(rd_kafka_t *rk, unsigned steps);

#endif
