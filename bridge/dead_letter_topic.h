/*
 * struct dead_letter_topic: dead letters in a Kafka topic, see dead_letter.h
 * for what they look like. Only the brokers' acknowledgement (acks=all,
 * idempotent) ends a record.
 */
#ifndef NARU_BRIDGE_DEAD_LETTER_TOPIC_H
#define NARU_BRIDGE_DEAD_LETTER_TOPIC_H

#include "bridge/dead_letter.h"

struct dead_letter_topic;

/*
 * dead_letter_topic_new(base, config, topic, done, arg, err):
 * topic NULL: the source topic's name followed by ".dlq". A topic that does
 * not exist is made, with one partition, when the first record goes there.
 * config must outlive it. NULL with err.
 */
struct dead_letter_topic *dead_letter_topic_new(struct event_base *base,
    const struct config *config, const char *topic, dead_letter_done_fn done,
    void *arg, struct error *err) MUST_CHECK;

/* The others are as those of dead_letter.h. */
void dead_letter_topic_free(struct dead_letter_topic *d);
int dead_letter_topic_take(struct dead_letter_topic *d, const struct doc *doc,
    const struct record *record, const struct refusal *why) MUST_CHECK;
int dead_letter_topic_renew_login(
    struct dead_letter_topic *d, struct error *err) MUST_CHECK;
size_t dead_letter_topic_pending(const struct dead_letter_topic *d);
size_t dead_letter_topic_pending_bytes(const struct dead_letter_topic *d);
const char *dead_letter_topic_problem(
    const struct dead_letter_topic *d, int64_t *since_us);

#endif
