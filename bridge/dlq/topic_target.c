/*
 * Letters back to the topics they came from; see retry_target.h. A topic is
 * looked up first: a producer would create it, with whatever number of
 * partitions the brokers think of.
 */
#include "bridge/dlq/letter_producer.h"
#include "bridge/dlq/retry_target.h"
#include "common/kafka_topic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct known_topic {
    char *name;
    bool exists;
};

struct topic_target {
    struct retry_target base; /* first, so that one is the other */
    struct kafka_topics *topics;
    struct letter_producer *producer; /* NULL: a dry run */
    struct known_topic *known;
    size_t n_known;
    const struct retry_calls *calls;
    void *arg;
};

static void topic_target_free(struct retry_target *base)
{
    struct topic_target *t = (struct topic_target *)base;

    letter_producer_free(t->producer);
    kafka_topics_free(t->topics);
    for (size_t i = 0; i < t->n_known; i++) {
        free(t->known[i].name);
    }
    free(t->known);
    free(t);
}

static void on_sent(
    void *arg, const struct stored_letter *origin, const char *failure)
{
    struct topic_target *t = arg;

    if (failure == NULL) {
        t->calls->accepted(t->arg, origin, OUTCOME_CREATED);
    } else {
        t->calls->failed(t->arg, origin, failure);
    }
}

static const struct known_topic *look_up(
    struct topic_target *t, struct slice name, struct error *err)
{
    struct known_topic *grown, *k;
    struct kafka_topic_info info;

    for (size_t i = 0; i < t->n_known; i++) {
        if (slice_is(name, t->known[i].name)) {
            return &t->known[i];
        }
    }
    grown = realloc(t->known, (t->n_known + 1) * sizeof(*grown));
    if (grown == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    t->known = grown;
    k = &grown[t->n_known];
    k->name = strndup(name.p, name.len);
    if (k->name == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    t->n_known++;
    if (kafka_topic_describe(t->topics, k->name, &info, err) != 0) {
        return NULL;
    }
    k->exists = info.exists;
    return k;
}

static int topic_target_take(struct retry_target *base,
    const struct stored_letter *stored, struct error *err)
{
    struct topic_target *t = (struct topic_target *)base;
    const struct letter *l = &stored->letter;
    const struct known_topic *topic = look_up(t, l->topic, err);
    struct letter_record r = {.partition = LETTER_ANY_PARTITION,
        .has_key = l->has_key,
        .key = l->key,
        .has_value = l->has_value,
        .value = l->value,
        .timestamp_ms = l->timestamp_ms,
        .headers = l->headers,
        .n_headers = l->n_headers};
    struct error why;

    if (topic == NULL) {
        return -1;
    }
    if (!topic->exists) {
        t->calls->failed(t->arg, stored, "its topic does not exist any more");
        return 0;
    }
    if (t->producer == NULL) {
        t->calls->accepted(t->arg, stored, OUTCOME_CREATED);
        return 0;
    }
    r.topic = topic->name;
    if (letter_producer_send(t->producer, &r, stored, &why) != 0) {
        t->calls->failed(t->arg, stored, why.text);
    }
    return 0;
}

static int topic_target_finish(struct retry_target *base, struct error *err)
{
    struct topic_target *t = (struct topic_target *)base;

    (void)err;
    if (t->producer != NULL) {
        letter_producer_finish(t->producer);
    }
    return 0;
}

struct retry_target *topic_target_new(const struct config *config, bool dry_run,
    const struct retry_calls *calls, void *arg, struct error *err)
{
    struct topic_target *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    t->base = (struct retry_target){
        topic_target_take, topic_target_finish, topic_target_free};
    t->calls = calls;
    t->arg = arg;
    t->topics = kafka_topics_open(config, err);
    if (t->topics != NULL && !dry_run) {
        t->producer = letter_producer_new(config, on_sent, t, err);
    }
    if (t->topics == NULL || (t->producer == NULL && !dry_run)) {
        topic_target_free(&t->base);
        return NULL;
    }
    return &t->base;
}
