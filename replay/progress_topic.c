/* Resume points in Kafka; see progress_topic.h. */
#include "replay/progress_topic.h"

#include "common/clock.h"
#include "common/kafka_conf.h"
#include "common/kafka_end.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <string.h>

#define POLL_MS 500
/* So long without a word is a failure. */
#define SILENCE_US INT64_C(30000000)

void progress_topic_name(const char *name, char out[PROGRESS_TOPIC_BYTES])
{
    (void)snprintf(out, PROGRESS_TOPIC_BYTES, "naru-replay-%s", name);
}

int progress_topic_prepare(
    struct kafka_topics *k, const char *topic, int replicas, struct error *err)
{
    const struct kafka_new_topic wanted = {.name = topic,
        .partitions = 1,
        .replicas = replicas,
        .compacted = true};
    struct kafka_topic_info info;

    if (kafka_topic_describe(k, topic, &info, err) != 0) {
        return -1;
    }
    return info.exists || kafka_topic_create(k, &wanted, err) >= 0 ? 0 : -1;
}

static rd_kafka_t *open_reader(const struct config *c, struct error *err)
{
    static const struct kafka_default defaults[] = {{"log_level", "2"}};
    /* Not for the user to choose; the group is named and never joined. */
    static const struct kafka_default ours[] = {
        {"isolation.level", "read_committed"}, {"enable.partition.eof", "true"},
        {"enable.auto.commit", "false"}, {"group.id", "naru-replay"}};
    rd_kafka_conf_t *conf = kafka_conf_new(c, KAFKA_CONSUMER, defaults, 1, err);
    rd_kafka_t *rk;
    char why[512];

    if (conf == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        (void)rd_kafka_conf_set(
            conf, ours[i].property, ours[i].value, why, sizeof(why));
    }
    rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    if (rk == NULL) {
        rd_kafka_conf_destroy(conf);
        (void)error_set(err, "[kafka]: %s", why);
        return NULL;
    }
    (void)rd_kafka_poll_set_consumer(rk);
    return rk;
}

static int start_at_beginning(
    rd_kafka_t *rk, const char *topic, struct error *err)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);
    rd_kafka_resp_err_t code;

    rd_kafka_topic_partition_list_add(list, topic, 0)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
    code = rd_kafka_assign(rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    return code == RD_KAFKA_RESP_ERR_NO_ERROR
               ? 0
               : error_set(err, "topic %s: %s", topic, rd_kafka_err2str(code));
}

static bool has_key(const rd_kafka_message_t *m, const char *key)
{
    return slice_is((struct slice){m->key, m->key_len}, key);
}

/* 1: go on; 0: the end; -1 with err. */
static int take_message(const rd_kafka_message_t *m, const char *key,
    struct resume_point *point, bool *found, struct error *err)
{
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        return 0;
    }
    if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "%s", rd_kafka_message_errstr(m));
    }
    if (m->payload != NULL && has_key(m, key)) {
        if (resume_point_read((struct slice){m->payload, m->len}, point, err) !=
            0) {
            return error_prefix(err, "offset %lld ", (long long)m->offset);
        }
        *found = true;
    }
    return 1;
}

static int read_to_end(rd_kafka_t *rk, const char *key,
    struct resume_point *point, bool *found, struct error *err)
{
    int64_t heard_us = clock_mono_us();
    int result = 1;

    while (result > 0) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(rk, POLL_MS);

        if (m != NULL) {
            result = take_message(m, key, point, found, err);
            rd_kafka_message_destroy(m);
            heard_us = clock_mono_us();
        } else if (clock_mono_us() - heard_us > SILENCE_US) {
            result = error_set(err, "cannot be read: the brokers are silent");
        }
    }
    return result;
}

int progress_topic_read(const struct config *c, const char *topic,
    const char *key, struct resume_point *point, struct error *err)
{
    rd_kafka_t *rk = open_reader(c, err);
    bool found = false;
    int result = -1;

    if (rk == NULL) {
        return -1;
    }
    if (start_at_beginning(rk, topic, err) == 0) {
        result = read_to_end(rk, key, point, &found, err);
        if (result != 0) {
            (void)error_prefix(err, "topic %s: ", topic);
        }
    }
    (void)kafka_end(rk, KAFKA_LEAVE | KAFKA_DESTROY);
    return result != 0 ? -1 : found;
}
