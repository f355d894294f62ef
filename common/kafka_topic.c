/*
 * Topics; see kafka_topic.h. The handle is a consumer without a group: a
 * producer's metadata request may create the topic it asks about.
 */
#include "common/kafka_topic_private.h"

#include "common/clock.h"
#include "common/kafka_conf.h"
#include "common/kafka_end.h"
#include "common/kafka_offsets.h"
#include "common/topic_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LEADER_POLL_NS 50000000

const char *kafka_topics_brokers(const struct config *c)
{
    const char *property, *value, *origin, *found = NULL;

    for (size_t i = 0; config_kafka_at(c, i, &property, &value, &origin) == 0;
         i++) {
        if (strcmp(property, "bootstrap.servers") == 0 ||
            strcmp(property, "metadata.broker.list") == 0) {
            found = value;
        }
    }
    return found;
}

/* Keep the cause of a failing connection for the message. */
static void on_error(rd_kafka_t *rk, int code, const char *reason, void *arg)
{
    struct kafka_topics *k = arg;

    (void)rk;
    kafka_conf_cause(code, reason, k->why, sizeof(k->why));
}

static int no_answer(
    struct kafka_topics *k, rd_kafka_resp_err_t code, struct error *err)
{
    (void)rd_kafka_poll(k->rk, 0); /* on_error */
    return error_set(err,
        "no Kafka broker answered within %d s at %s (%s); start them, or name "
        "others as kafka.bootstrap.servers",
        KAFKA_TOPICS_WAIT_MS / 1000, k->brokers,
        k->why[0] != '\0' ? k->why : rd_kafka_err2str(code));
}

static rd_kafka_conf_t *make_conf(
    struct kafka_topics *k, const struct config *c, struct error *err)
{
    /* Its causes come through on_error; nothing else is of interest. */
    static const struct kafka_default defaults[] = {{"log_level", "2"}};
    const char *brokers = kafka_topics_brokers(c);
    rd_kafka_conf_t *conf;

    if (brokers == NULL) {
        (void)error_set(err,
            "kafka.bootstrap.servers is not set; name the brokers as "
            "HOST:PORT,HOST:PORT");
        return NULL;
    }
    (void)snprintf(k->brokers, sizeof(k->brokers), "%s", brokers);
    conf = kafka_conf_new(c, KAFKA_ADMIN, defaults, 1, err);
    if (conf != NULL) {
        rd_kafka_conf_set_opaque(conf, k);
        rd_kafka_conf_set_error_cb(conf, on_error);
    }
    return conf;
}

struct kafka_topics *kafka_topics_open(
    const struct config *c, struct error *err)
{
    struct kafka_topics *k = calloc(1, sizeof(*k));
    const struct rd_kafka_metadata *meta;
    rd_kafka_resp_err_t code;
    rd_kafka_conf_t *conf;
    char why[512];

    if (k == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    conf = make_conf(k, c, err);
    if (conf == NULL) {
        goto fail;
    }
    k->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    if (k->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        (void)error_set(err, "[kafka]: %s", why);
        goto fail;
    }
    code = rd_kafka_metadata(k->rk, 0, NULL, &meta, KAFKA_TOPICS_WAIT_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        (void)no_answer(k, code, err);
        goto fail;
    }
    rd_kafka_metadata_destroy(meta);
    return k;

fail:
    kafka_topics_free(k);
    return NULL;
}

void kafka_topics_free(struct kafka_topics *k)
{
    if (k != NULL) {
        if (k->rk != NULL) {
            (void)kafka_end(k->rk, KAFKA_DESTROY);
        }
        free(k);
    }
}

/* The metadata of one topic; the caller destroys it. */
static int ask(struct kafka_topics *k, const char *topic,
    const struct rd_kafka_metadata **meta, struct error *err)
{
    rd_kafka_topic_t *rkt = rd_kafka_topic_new(k->rk, topic, NULL);
    rd_kafka_resp_err_t code;

    if (rkt == NULL) {
        return error_set(err, "topic %s: %s", topic,
            rd_kafka_err2str(rd_kafka_last_error()));
    }
    code = rd_kafka_metadata(k->rk, 0, rkt, meta, KAFKA_TOPICS_WAIT_MS);
    rd_kafka_topic_destroy(rkt);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return no_answer(k, code, err);
    }
    if ((*meta)->topic_cnt != 1) {
        rd_kafka_metadata_destroy(*meta);
        return error_set(err, "topic %s: the broker says nothing of it", topic);
    }
    return 0;
}

/* Does every partition have a leader, as far as the broker asked knows? */
static bool is_led(const struct rd_kafka_metadata_topic *t)
{
    for (int i = 0; i < t->partition_cnt; i++) {
        if (t->partitions[i].leader < 0) {
            return false;
        }
    }
    return t->partition_cnt > 0;
}

static int describe(struct kafka_topics *k, const char *topic,
    struct kafka_topic_info *info, bool *led, struct error *err)
{
    const struct rd_kafka_metadata *meta;
    const struct rd_kafka_metadata_topic *t;
    int result = 0;

    *info = (struct kafka_topic_info){false, 0, 0};
    *led = false;
    if (ask(k, topic, &meta, err) != 0) {
        return -1;
    }
    t = &meta->topics[0];
    if (t->err == RD_KAFKA_RESP_ERR_NO_ERROR ||
        t->err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE) {
        info->exists = t->partition_cnt > 0;
        info->partitions = t->partition_cnt;
        info->replicas =
            t->partition_cnt > 0 ? t->partitions[0].replica_cnt : 0;
        *led = is_led(t);
    } else if (t->err != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
        result =
            error_set(err, "topic %s: %s", topic, rd_kafka_err2str(t->err));
    }
    rd_kafka_metadata_destroy(meta);
    return result;
}

int kafka_topics_list(struct kafka_topics *k, const char *names,
    kafka_topic_fn each, void *arg, struct error *err)
{
    const struct rd_kafka_metadata *meta;
    rd_kafka_resp_err_t code =
        rd_kafka_metadata(k->rk, 1, NULL, &meta, KAFKA_TOPICS_WAIT_MS);
    int found = 0;

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return no_answer(k, code, err);
    }
    for (int i = 0; i < meta->topic_cnt; i++) {
        const char *name = meta->topics[i].topic;

        if (topic_names_match(names, name)) {
            each(arg, name);
            found++;
        }
    }
    rd_kafka_metadata_destroy(meta);
    return found;
}

int kafka_topic_describe(struct kafka_topics *k, const char *topic,
    struct kafka_topic_info *info, struct error *err)
{
    bool led;

    return describe(k, topic, info, &led, err);
}

/* The brokers' verdict on a creation: 0 made, 1 there already, -1. */
static int read_creation(
    rd_kafka_event_t *event, const char *topic, struct error *err)
{
    const rd_kafka_topic_result_t *const *results;
    const rd_kafka_CreateTopics_result_t *answer;
    rd_kafka_resp_err_t code;
    size_t n = 0;

    if (event == NULL) {
        return error_set(err, "topic %s: creating it timed out", topic);
    }
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "topic %s: cannot be created: %s", topic,
            rd_kafka_event_error_string(event));
    }
    answer = rd_kafka_event_CreateTopics_result(event);
    results = rd_kafka_CreateTopics_result_topics(answer, &n);
    if (n != 1) {
        return error_set(err, "topic %s: no word of its creation", topic);
    }
    code = rd_kafka_topic_result_error(results[0]);
    if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
        return 1;
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char *text = rd_kafka_topic_result_error_string(results[0]);

        return error_set(err, "topic %s: cannot be created: %s", topic,
            text != NULL ? text : rd_kafka_err2str(code));
    }
    return 0;
}

void kafka_request_open(struct kafka_request *r, const struct kafka_topics *k,
    rd_kafka_admin_op_t op)
{
    char why[256];

    *r = (struct kafka_request){
        rd_kafka_queue_new(k->rk), rd_kafka_AdminOptions_new(k->rk, op), NULL};
    (void)rd_kafka_AdminOptions_set_request_timeout(
        r->options, KAFKA_TOPICS_WAIT_MS, why, sizeof(why));
}

void kafka_request_await(struct kafka_request *r)
{
    r->answer = rd_kafka_queue_poll(r->queue, KAFKA_TOPICS_WAIT_MS + 1000);
}

void kafka_request_close(struct kafka_request *r)
{
    if (r->answer != NULL) {
        rd_kafka_event_destroy(r->answer);
    }
    rd_kafka_AdminOptions_destroy(r->options);
    rd_kafka_queue_destroy(r->queue);
}

static int request_creation(struct kafka_topics *k, const char *topic,
    rd_kafka_NewTopic_t *wanted, struct error *err)
{
    struct kafka_request r;
    char why[256];
    int result;

    kafka_request_open(&r, k, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    (void)rd_kafka_AdminOptions_set_operation_timeout(
        r.options, KAFKA_TOPICS_WAIT_MS, why, sizeof(why));
    rd_kafka_CreateTopics(k->rk, &wanted, 1, r.options, r.queue);
    kafka_request_await(&r);
    result = read_creation(r.answer, topic, err);
    kafka_request_close(&r);
    return result;
}

static int wait_for_leaders(
    struct kafka_topics *k, const char *topic, struct error *err)
{
    int64_t until_us = clock_mono_us() + KAFKA_TOPICS_WAIT_MS * INT64_C(1000);
    const struct timespec pause = {0, LEADER_POLL_NS};
    struct kafka_topic_info info;
    bool led;

    while (clock_mono_us() < until_us) {
        if (describe(k, topic, &info, &led, err) != 0) {
            return -1;
        }
        if (led) {
            return 0;
        }
        (void)nanosleep(&pause, NULL);
    }
    return error_set(err,
        "topic %s was created, but some partition has no leader after %d s; "
        "are all brokers up?",
        topic, KAFKA_TOPICS_WAIT_MS / 1000);
}

int kafka_topic_create(struct kafka_topics *k,
    const struct kafka_new_topic *topic, struct error *err)
{
    char why[256];
    rd_kafka_NewTopic_t *wanted = rd_kafka_NewTopic_new(
        topic->name, topic->partitions, topic->replicas, why, sizeof(why));
    int result;

    if (wanted == NULL) {
        return error_set(err, "topic %s: %s", topic->name, why);
    }
    if (topic->max_message_bytes != NULL) {
        (void)rd_kafka_NewTopic_set_config(
            wanted, "max.message.bytes", topic->max_message_bytes);
    }
    if (topic->compacted) {
        (void)rd_kafka_NewTopic_set_config(wanted, "cleanup.policy", "compact");
    }
    result = request_creation(k, topic->name, wanted, err);
    rd_kafka_NewTopic_destroy(wanted);
    if (result == 0 && wait_for_leaders(k, topic->name, err) != 0) {
        return -1;
    }
    return result;
}

/* The sums of the oldest and of the next offsets of all partitions. */
static int sum_offsets(struct kafka_topics *k, const char *topic,
    int64_t *lowest, int64_t *next, struct error *err)
{
    struct kafka_topic_info info;
    struct kafka_span *spans;

    *lowest = *next = 0;
    if (kafka_topic_describe(k, topic, &info, err) != 0) {
        return -1;
    }
    if (!info.exists) {
        return error_set(err, "topic %s does not exist", topic);
    }
    spans = kafka_offsets_spans(
        k->rk, topic, info.partitions, KAFKA_TOPICS_WAIT_MS, err);
    if (spans == NULL) {
        return -1;
    }
    for (int i = 0; i < info.partitions; i++) {
        *lowest += spans[i].low;
        *next += spans[i].next;
    }
    free(spans);
    return 0;
}

int kafka_topic_count(struct kafka_topics *k, const char *topic,
    int64_t *records, struct error *err)
{
    int64_t lowest, next;

    if (sum_offsets(k, topic, &lowest, &next, err) != 0) {
        return -1;
    }
    *records = next - lowest;
    return 0;
}

int kafka_topic_written(struct kafka_topics *k, const char *topic,
    int64_t *offsets, struct error *err)
{
    int64_t lowest;

    return sum_offsets(k, topic, &lowest, offsets, err);
}
