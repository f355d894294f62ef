/* What --until-end waits for; see group_ends.h. */
#include "bridge/group_ends.h"

#include "common/kafka_conf.h"
#include "common/kafka_end.h"
#include "common/kafka_offsets.h"
#include "common/topic_names.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct kafka_default defaults[] = {
    {"client.id", "naru-ends"},
    {"group.id", "naru-bridge"},
};

struct group_ends {
    rd_kafka_t *rk;
    rd_kafka_topic_partition_list_t *ends; /* only those with records */
};

static int note_topic(struct group_ends *g, const char *topic, int n,
    int wait_ms, struct error *err)
{
    struct kafka_span *spans =
        kafka_offsets_spans(g->rk, topic, n, wait_ms, err);

    if (spans == NULL) {
        return -1;
    }
    for (int i = 0; i < n; i++) {
        if (spans[i].next > spans[i].low) {
            rd_kafka_topic_partition_list_add(g->ends, topic, i)->offset =
                spans[i].next;
        }
    }
    free(spans);
    return 0;
}

static int note_ends(
    struct group_ends *g, const char *topics, int wait_ms, struct error *err)
{
    const struct rd_kafka_metadata *meta;
    rd_kafka_resp_err_t code =
        rd_kafka_metadata(g->rk, 1, NULL, &meta, wait_ms);
    int rc = 0;

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(
            err, "the topics' ends are not known: %s", rd_kafka_err2str(code));
    }
    for (int i = 0; rc == 0 && i < meta->topic_cnt; i++) {
        const struct rd_kafka_metadata_topic *t = &meta->topics[i];

        if (topic_names_match(topics, t->topic)) {
            rc = note_topic(g, t->topic, t->partition_cnt, wait_ms, err);
        }
    }
    rd_kafka_metadata_destroy(meta);
    return rc;
}

struct group_ends *group_ends_new(const struct config *config,
    const char *topics, int wait_ms, struct error *err)
{
    struct group_ends *g = calloc(1, sizeof(*g));
    rd_kafka_conf_t *conf;
    char why[512];

    if (g == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    g->ends = rd_kafka_topic_partition_list_new(16);
    conf = kafka_conf_new(config, KAFKA_CONSUMER, defaults,
        sizeof(defaults) / sizeof(defaults[0]), err);
    if (conf == NULL) {
        goto fail;
    }
    g->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    if (g->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        (void)error_set(err, "kafka: %s", why);
        goto fail;
    }
    if (note_ends(g, topics, wait_ms, err) != 0) {
        goto fail;
    }
    return g;
fail:
    group_ends_free(g);
    return NULL;
}

void group_ends_free(struct group_ends *g)
{
    if (g == NULL) {
        return;
    }
    if (g->rk != NULL) {
        (void)kafka_end(g->rk, KAFKA_DESTROY);
    }
    rd_kafka_topic_partition_list_destroy(g->ends);
    free(g);
}

bool group_ends_reached(
    struct group_ends *g, group_ends_skip_fn skip, void *arg, int wait_ms)
{
    rd_kafka_topic_partition_list_t *left =
        rd_kafka_topic_partition_list_new(g->ends->cnt);
    bool reached;

    for (int i = 0; i < g->ends->cnt; i++) {
        const rd_kafka_topic_partition_t *end = &g->ends->elems[i];

        if (!skip(arg, end->topic, end->partition)) {
            (void)rd_kafka_topic_partition_list_add(
                left, end->topic, end->partition);
        }
    }
    reached = left->cnt == 0 || rd_kafka_committed(g->rk, left, wait_ms) == 0;
    for (int i = 0; reached && i < left->cnt; i++) {
        const rd_kafka_topic_partition_t *one = &left->elems[i];

        reached = one->offset >= rd_kafka_topic_partition_list_find(
                                     g->ends, one->topic, one->partition)
                                     ->offset;
    }
    rd_kafka_topic_partition_list_destroy(left);
    return reached;
}
