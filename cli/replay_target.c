/* Where records go; see replay_target.h. */
#include "cli/replay_target.h"

#include "common/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COPY_TEXT(to, from) (void)snprintf((to), sizeof(to), "%s", (from))

static struct producer_plan plan_of(const struct replay_target *t)
{
    const struct replay_options *o = t->options;

    return (struct producer_plan){.topic = o->topic,
        .at_full_speed = o->pace.kind == PACE_MAX,
        .event_timestamps = o->event_timestamps,
        .headers = o->headers,
        .n_headers = o->n_headers,
        .transactional_id = t->transactional ? t->transactional_id : NULL};
}

int replay_target_init(
    struct replay_target *t, const struct replay_options *o, struct error *err)
{
    struct producer_plan plan;

    *t = (struct replay_target){.options = o, .transactional = o->exactly_once};
    if (t->transactional) {
        progress_topic_name(o->resume, t->transactional_id);
    }
    plan = plan_of(t);
    t->producer = producer_new(o->config, &plan, err);
    return t->producer != NULL ? 0 : -1;
}

static void say_as_it_is(
    const struct replay_options *o, const struct kafka_topic_info *info)
{
    bool same = info->partitions == o->partitions &&
                (o->replicas < 0 || info->replicas == o->replicas);

    if (!same && !o->quiet) {
        (void)fprintf(stderr,
            "naru replay: topic %s exists with %d partitions and %d replicas; "
            "it is used as it is\n",
            o->topic, info->partitions, info->replicas);
    }
}

/* See that the topic is there, making it if asked. */
static int prepare_topic(struct kafka_topics *k, const struct replay_options *o,
    struct kafka_topic_info *info, struct error *err)
{
    int made;

    if (kafka_topic_describe(k, o->topic, info, err) != 0) {
        return -1;
    }
    if (info->exists) {
        if (o->partitions > 0) {
            say_as_it_is(o, info);
        }
        return 0;
    }
    if (o->partitions == 0) {
        return error_set(err,
            "topic %s does not exist: create it, or use --create-topic 6:3",
            o->topic);
    }
    made = kafka_topic_create(k,
        &(struct kafka_new_topic){.name = o->topic,
            .partitions = o->partitions,
            .replicas = o->replicas},
        err);
    if (made == 0) { /* another broker may not have heard of it yet */
        *info = (struct kafka_topic_info){true, o->partitions, o->replicas};
    }
    return made > 0 ? kafka_topic_describe(k, o->topic, info, err) : made;
}

/* One of the topic's settings; empty where we may not ask. */
static void topic_text(struct kafka_topics *k, const char *topic,
    const char *name, char text[KAFKA_SETTING_BYTES])
{
    struct error unsaid;

    if (kafka_topic_setting(k, topic, name, text, &unsaid) != 0) {
        text[0] = '\0';
    }
}

static int64_t topic_number(struct kafka_topics *k, const char *topic,
    const char *name, int64_t fallback)
{
    char text[KAFKA_SETTING_BYTES];

    topic_text(k, topic, name, text);
    return text[0] != '\0' ? strtoll(text, NULL, 10) : fallback;
}

/* What the topic deletes for its age, in event time; 0: nothing. */
static int64_t oldest_kept_ms(struct kafka_topics *k, const char *topic)
{
    char policy[KAFKA_SETTING_BYTES];
    int64_t retention_ms = topic_number(k, topic, "retention.ms", -1);

    topic_text(k, topic, "cleanup.policy", policy);
    if (retention_ms < 0 ||
        (policy[0] != '\0' && strstr(policy, "delete") == NULL)) {
        return 0;
    }
    return clock_wall_ms() - retention_ms;
}

/* The producer again, when the topic's own settings ask for another one. */
static int suit_producer(
    struct replay_target *t, struct kafka_topics *k, struct error *err)
{
    const struct replay_options *o = t->options;
    struct producer_plan plan = plan_of(t);
    int64_t most = topic_number(k, o->topic, "max.message.bytes", 0);

    if (o->event_timestamps) {
        plan.oldest_ms = oldest_kept_ms(k, o->topic);
    }
    if (most > 0 && (size_t)most <= producer_most_bytes(t->producer)) {
        plan.most_bytes = most;
    }
    if (plan.most_bytes == 0 && plan.oldest_ms == 0) {
        return 0;
    }
    producer_free(t->producer);
    t->producer = producer_new(o->config, &plan, err);
    return t->producer != NULL ? 0 : -1;
}

/* Is what was read of runs before still to be trusted? */
static int check_start(
    const struct replay_target *t, struct kafka_topics *k, struct error *err)
{
    const struct replay_options *o = t->options;
    int64_t offsets;

    if (t->start.records == 0) {
        return 0;
    }
    if (strcmp(t->start.topic, o->topic) != 0) {
        return error_set(err,
            "--resume %s: that replay sends to topic %s; take another name, or "
            "--restart",
            o->resume, t->start.topic);
    }
    if (kafka_topic_written(k, o->topic, &offsets, err) != 0) {
        return -1;
    }
    if (offsets < t->start.records) {
        return error_set(err,
            "--resume %s: %" PRId64 " records were sent, but topic %s has had "
            "only %" PRId64 ": it was made anew; --restart begins anew, too",
            o->resume, t->start.records, o->topic, offsets);
    }
    return 0;
}

static int start_over(struct replay_target *t, int found)
{
    if (found == 0 || t->options->restart) {
        t->start = (struct resume_point){.records = 0};
        COPY_TEXT(t->start.topic, t->options->topic);
        return 1;
    }
    return 0;
}

static int open_transactions(struct replay_target *t, struct kafka_topics *k,
    int replicas, struct error *err)
{
    const struct replay_options *o = t->options;
    int found;

    if (progress_topic_prepare(k, t->transactional_id, replicas, err) != 0) {
        return -1;
    }
    found = exactly_once_start(
        &t->exactly_once, t->producer, o->config, o->resume, &t->start, err);
    if (found < 0) {
        return -1;
    }
    (void)start_over(t, found);
    if (check_start(t, k, err) != 0) {
        return -1;
    }
    exactly_once_begin(&t->exactly_once, &t->start);
    t->sink = exactly_once_sink(&t->exactly_once);
    return 0;
}

static int open_checkpoint(
    struct replay_target *t, struct kafka_topics *k, struct error *err)
{
    int found;

    t->checkpoint = checkpoint_open(t->options->resume, err);
    if (t->checkpoint == NULL) {
        return -1;
    }
    found = checkpoint_load(t->checkpoint, &t->start, err);
    if (found < 0) {
        return error_prefix(err, "--resume: ");
    }
    if (start_over(t, found) == 1) {
        if (checkpoint_store(t->checkpoint, &t->start, err) != 0) {
            return -1;
        }
    } else if (check_start(t, k, err) != 0) {
        return -1;
    }
    checkpoint_sink_init(
        &t->checkpoint_sink, t->producer, t->checkpoint, &t->start);
    t->sink = checkpoint_sink_sink(&t->checkpoint_sink);
    return 0;
}

static int open_with(
    struct replay_target *t, struct kafka_topics *k, struct error *err)
{
    struct kafka_topic_info info;

    if (prepare_topic(k, t->options, &info, err) != 0 ||
        suit_producer(t, k, err) != 0) {
        return -1;
    }
    if (t->transactional) {
        return open_transactions(t, k, info.replicas, err);
    }
    if (t->options->resume != NULL) {
        return open_checkpoint(t, k, err);
    }
    t->sink = producer_sink(t->producer);
    return 0;
}

int replay_target_open(struct replay_target *t, struct error *err)
{
    struct kafka_topics *k = kafka_topics_open(t->options->config, err);
    int result;

    if (k == NULL) {
        return -1;
    }
    result = open_with(t, k, err);
    kafka_topics_free(k);
    if (result == 0 && t->start.records > 0 && !t->options->quiet) {
        (void)fprintf(stderr,
            "naru replay: going on behind %" PRId64 " records, sent to %s\n",
            t->start.records, t->start.place);
    }
    return result;
}

void replay_target_fini(struct replay_target *t)
{
    if (t->transactional && t->producer != NULL) {
        exactly_once_end(&t->exactly_once);
    }
    producer_free(t->producer);
    checkpoint_free(t->checkpoint);
}
