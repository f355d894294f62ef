/*
 * struct fetch_nudge: keeps librdkafka fetching. When its queue is full (see
 * queued.max.messages.kbytes) the thread of a broker goes to sleep for up to a
 * second, and nothing that is taken from the queue wakes it: a small queue,
 * which memory asks for, makes a slow consumer (its issue 2879). From 2.2 on
 * fetch.queue.backoff.ms mends that. Before, rd_kafka_sasl_set_credentials is
 * the one call of its interface that wakes the threads and does nothing else
 * when the credentials are those it has (rdkafka_sasl.c); it is called for
 * each part of the queue that was worked off.
 */
#ifndef NARU_BRIDGE_FETCH_NUDGE_H
#define NARU_BRIDGE_FETCH_NUDGE_H

#include <librdkafka/rdkafka.h>
#include <stddef.h>

#define FETCH_NUDGE_MOST_CREDENTIAL_BYTES 1024

struct fetch_nudge {
    rd_kafka_t *rk;     /* borrowed; NULL: nothing to do */
    size_t taken_bytes; /* since it was last woken */
    size_t every_bytes;
    char user[FETCH_NUDGE_MOST_CREDENTIAL_BYTES];
    char password[FETCH_NUDGE_MOST_CREDENTIAL_BYTES];
};

/* fetch_nudge_init(n, rk): For a consumer that was just made, or has another
 * login now. Does nothing where librdkafka has no need of it, or credentials of
 * another kind. */
void fetch_nudge_init(struct fetch_nudge *n, rd_kafka_t *rk);

/* fetch_nudge_took(n, bytes): So much was taken from the queue. */
void fetch_nudge_took(struct fetch_nudge *n, size_t bytes);

/* fetch_nudge_dry(n): The queue is empty. A thread that went to sleep after
 * the last call of it would sleep on. */
void fetch_nudge_dry(struct fetch_nudge *n);

#endif
