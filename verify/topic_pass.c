/*
 * Reading a topic; see topic_pass.h. The partitions are assigned by hand, so
 * the group is only asked for its offsets. A partition is done at its bound or
 * at its end, whichever comes first: behind the last record there may be the
 * markers of transactions, which nobody is given.
 */
#include "verify/topic_pass.h"

#include "common/clock.h"
#include "common/kafka_conf.h"
#include "common/kafka_end.h"
#include "common/kafka_offsets.h"
#include "common/kafka_topic.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 1024
#define WAIT_MS 500
#define SILENCE_US (60 * INT64_C(1000000))
#define NO_GROUP "naru-verify" /* never joined; librdkafka wants a name */

struct bounds {
    int64_t low, end;  /* the oldest offset, and the first not to read */
    int64_t committed; /* INT64_MAX without a group */
    bool done;
};

struct topic_pass {
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue;
    char *topic;
    bool has_group;
    struct bounds *partitions;
    int n;
    char why[256]; /* what librdkafka last complained about */
};

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *arg)
{
    struct topic_pass *p = arg;

    (void)rk;
    if (code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        (void)snprintf(p->why, sizeof(p->why), "%s", reason);
    }
}

static int make_client(struct topic_pass *p, const struct config *config,
    const char *group, struct error *err)
{
    static const struct kafka_default defaults[] = {
        {"client.id", "naru-verify"},
        {"check.crcs", "true"},
        {"queued.max.messages.kbytes", "32768"},
    };
    /* Whatever [kafka] says for the bridge. */
    const struct kafka_default forced[] = {
        {"group.id", group != NULL ? group : NO_GROUP},
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"enable.partition.eof", "true"},
        {"auto.offset.reset", "error"},
    };
    char why[512];
    rd_kafka_conf_t *conf =
        kafka_conf_new(config, KAFKA_CONSUMER, defaults, 3, err);

    if (conf == NULL) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(forced) / sizeof(forced[0]); i++) {
        if (rd_kafka_conf_set(conf, forced[i].property, forced[i].value, why,
                sizeof(why)) != RD_KAFKA_CONF_OK) {
            rd_kafka_conf_destroy(conf);
            return error_set(err, "[kafka]: %s", why);
        }
    }
    rd_kafka_conf_set_opaque(conf, p);
    rd_kafka_conf_set_error_cb(conf, on_error);
    p->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    if (p->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        return error_set(err, "[kafka]: %s", why);
    }
    (void)rd_kafka_poll_set_consumer(p->rk);
    p->queue = rd_kafka_queue_get_consumer(p->rk);
    return 0;
}

static int describe(const struct config *config, const char *topic,
    struct kafka_topic_info *info, struct error *err)
{
    struct kafka_topics *k = kafka_topics_open(config, err);
    int rc;

    if (k == NULL) {
        return -1;
    }
    rc = kafka_topic_describe(k, topic, info, err);
    kafka_topics_free(k);
    return rc;
}

int topic_pass_exists(const struct config *config, const char *topic,
    bool *exists, struct error *err)
{
    struct kafka_topic_info info;

    if (describe(config, topic, &info, err) != 0) {
        return -1;
    }
    *exists = info.exists;
    return 0;
}

static rd_kafka_topic_partition_list_t *list_of(const struct topic_pass *p)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(p->n);

    for (int i = 0; i < p->n; i++) {
        (void)rd_kafka_topic_partition_list_add(list, p->topic, i);
    }
    return list;
}

static int read_committed(
    struct topic_pass *p, const char *group, struct error *err)
{
    rd_kafka_topic_partition_list_t *list = list_of(p);
    rd_kafka_resp_err_t code =
        rd_kafka_committed(p->rk, list, KAFKA_TOPICS_WAIT_MS);
    bool any = false;

    for (int i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < p->n; i++) {
        int64_t offset = list->elems[i].offset;

        code = list->elems[i].err;
        p->partitions[i].committed = offset >= 0 ? offset : 0;
        any = any || offset >= 0;
    }
    rd_kafka_topic_partition_list_destroy(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "group %s: its offsets are not to be had: %s",
            group, rd_kafka_err2str(code));
    }
    if (!any && topic_pass_expected(p) > 0) {
        return error_set(err,
            "group %s has committed nothing in topic %s; is that the bridge's "
            "group? Name it with --group",
            group, p->topic);
    }
    return 0;
}

int topic_pass_bound(struct topic_pass *p, struct error *err)
{
    struct kafka_span *spans =
        kafka_offsets_spans(p->rk, p->topic, p->n, KAFKA_TOPICS_WAIT_MS, err);

    if (spans == NULL) {
        return -1;
    }
    for (int i = 0; i < p->n; i++) {
        p->partitions[i].low = spans[i].low;
        p->partitions[i].end = spans[i].next;
    }
    free(spans);
    return 0;
}

struct topic_pass *topic_pass_open(const struct config *config,
    const char *topic, const char *group, struct error *err)
{
    struct topic_pass *p = calloc(1, sizeof(*p));
    struct kafka_topic_info info;

    if (p == NULL || (p->topic = strdup(topic)) == NULL) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    if (describe(config, topic, &info, err) != 0) {
        goto fail;
    }
    if (!info.exists) {
        (void)error_set(err, "topic %s does not exist", topic);
        goto fail;
    }
    p->n = info.partitions;
    p->has_group = group != NULL;
    p->partitions = calloc((size_t)p->n, sizeof(*p->partitions));
    if (p->partitions == NULL) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    for (int i = 0; i < p->n; i++) {
        p->partitions[i].committed = INT64_MAX;
    }
    if (make_client(p, config, group, err) != 0 ||
        topic_pass_bound(p, err) != 0 ||
        (p->has_group && read_committed(p, group, err) != 0)) {
        goto fail;
    }
    return p;

fail:
    topic_pass_free(p);
    return NULL;
}

void topic_pass_free(struct topic_pass *p)
{
    if (p == NULL) {
        return;
    }
    if (p->queue != NULL) {
        rd_kafka_queue_destroy(p->queue);
    }
    if (p->rk != NULL) {
        (void)kafka_end(p->rk, KAFKA_DESTROY);
    }
    free(p->partitions);
    free(p->topic);
    free(p);
}

int64_t topic_pass_expected(const struct topic_pass *p)
{
    int64_t sum = 0;

    for (int i = 0; i < p->n; i++) {
        sum += p->partitions[i].end - p->partitions[i].low;
    }
    return sum;
}

int64_t topic_pass_expired(const struct topic_pass *p)
{
    int64_t sum = 0;

    for (int i = 0; i < p->n; i++) {
        sum += p->partitions[i].low;
    }
    return sum;
}

/* Assign what has records; how many partitions that is, or -1. */
static int start(struct topic_pass *p, struct error *err)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(p->n);
    rd_kafka_resp_err_t code;
    int n = 0;

    for (int i = 0; i < p->n; i++) {
        struct bounds *b = &p->partitions[i];

        b->done = b->low >= b->end;
        if (!b->done) {
            rd_kafka_topic_partition_list_add(list, p->topic, i)->offset =
                b->low;
            n++;
        }
    }
    code = rd_kafka_assign(p->rk, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "topic %s: %s", p->topic, rd_kafka_err2str(code));
    }
    return n;
}

static int give(struct topic_pass *p, const rd_kafka_message_t *m,
    topic_pass_fn each, void *arg, struct error *err)
{
    rd_kafka_timestamp_type_t type;
    struct topic_record record = {
        .origin = {.topic = slice_of(p->topic),
            .partition = m->partition,
            .offset = m->offset,
            .timestamp_ms = rd_kafka_message_timestamp(m, &type),
            .has_key = m->key != NULL,
            .key = {m->key, m->key_len}},
        .has_value = m->payload != NULL,
        .value = {m->payload, m->len},
        .pending = m->offset >= p->partitions[m->partition].committed,
        .private_ = (const struct topic_record_private *)m,
    };

    return each(arg, &record, err);
}

static int refused(
    const struct topic_pass *p, const rd_kafka_message_t *m, struct error *err)
{
    if (m->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
        return error_set(err,
            "topic %s, partition %d: records were deleted while they were "
            "read; run it again",
            p->topic, (int)m->partition);
    }
    return error_set(err, "topic %s: %s", p->topic, rd_kafka_message_errstr(m));
}

/* One message: a record, a partition's end, or a failure. */
static int take(struct topic_pass *p, const rd_kafka_message_t *m, int *open,
    topic_pass_fn each, void *arg, struct error *err)
{
    struct bounds *b;

    if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR &&
        m->err != RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        return refused(p, m, err);
    }
    b = &p->partitions[m->partition];
    if (b->done) {
        return 0;
    }
    if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR && m->offset < b->end &&
        give(p, m, each, arg, err) != 0) {
        return -1;
    }
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF || m->offset + 1 >= b->end) {
        b->done = true;
        --*open;
    }
    return 0;
}

static int read_batches(struct topic_pass *p, int open, topic_pass_fn each,
    void *arg, struct error *err)
{
    rd_kafka_message_t *messages[BATCH];
    int64_t heard_us = clock_mono_us();
    int rc = 0;

    while (rc == 0 && open > 0) {
        ssize_t n =
            rd_kafka_consume_batch_queue(p->queue, WAIT_MS, messages, BATCH);

        for (ssize_t i = 0; i < n; i++) {
            if (rc == 0) {
                rc = take(p, messages[i], &open, each, arg, err);
            }
            rd_kafka_message_destroy(messages[i]);
        }
        if (n > 0) {
            heard_us = clock_mono_us();
        } else if (clock_mono_us() - heard_us > SILENCE_US) {
            rc = error_set(err, "topic %s: no record for %d s%s%s", p->topic,
                (int)(SILENCE_US / 1000000), p->why[0] != '\0' ? ": " : "",
                p->why);
        }
    }
    return rc;
}

int topic_pass_read(
    struct topic_pass *p, topic_pass_fn each, void *arg, struct error *err)
{
    int open = start(p, err);
    int rc = open > 0 ? read_batches(p, open, each, arg, err) : open;

    (void)rd_kafka_assign(p->rk, NULL);
    return rc;
}

bool topic_record_header(
    const struct topic_record *r, const char *name, struct slice *value)
{
    const rd_kafka_message_t *m = (const rd_kafka_message_t *)r->private_;
    rd_kafka_headers_t *headers;
    const void *bytes;
    size_t len;

    if (rd_kafka_message_headers(m, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        rd_kafka_header_get_last(headers, name, &bytes, &len) !=
            RD_KAFKA_RESP_ERR_NO_ERROR ||
        bytes == NULL) {
        return false;
    }
    *value = (struct slice){bytes, len};
    return true;
}
