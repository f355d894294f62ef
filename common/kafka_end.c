/* Leaving librdkafka; see kafka_end.h. */
#include "common/kafka_end.h"

#include "common/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define WAIT_S 10

struct ending {
    rd_kafka_t *rk;
    unsigned steps;
};

static void *take_steps(void *arg)
{
    struct ending *e = arg;

    if ((e->steps & KAFKA_LEAVE) != 0) {
        (void)rd_kafka_consumer_close(e->rk);
    }
    if ((e->steps & KAFKA_DESTROY) != 0) {
        rd_kafka_destroy(e->rk);
    }
    free(e);
    return NULL;
}

bool kafka_end(rd_kafka_t *rk, unsigned steps)
{
    struct ending *e = malloc(sizeof(*e));
    struct timespec until;
    pthread_t thread;

    if (e == NULL) {
        return false;
    }
    *e = (struct ending){rk, steps};
    if (pthread_create(&thread, NULL, take_steps, e) != 0) {
        (void)take_steps(e);
        return true;
    }
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_S;
    if (pthread_timedjoin_np(thread, NULL, &until) != 0) {
        (void)pthread_detach(thread);
        log_debug(LOG_MSG("librdkafka does not end; leaving it behind"));
        return false;
    }
    return true;
}
