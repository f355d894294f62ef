/*
 * Dead letters out of a topic; see letter_source.h. Each pass starts a plain
 * reader at the oldest record of every partition, without a group: nothing is
 * committed and no bridge is disturbed.
 */
#include "bridge/dlq/letter_source.h"
#include "common/kafka_conf.h"
#include "common/kafka_end.h"
#include "common/kafka_offsets.h"
#include "common/kafka_topic.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWN_PREFIX "naru."
#define SILENCE_MS 30000 /* longer than a broker's restart takes to be seen */

static const struct kafka_default defaults[] = {
    {"client.id", "naru-dlq"},
    {"group.id", "naru-dlq"}, /* named, never joined */
    {"auto.offset.reset", "earliest"},
    {"queued.max.messages.kbytes", "16384"},
    {"log_level", "2"},
};

struct span {
    int64_t low, high; /* from low to before high */
    bool is_read;
};

struct topic_source {
    struct letter_source base; /* first, so that one is the other */
    rd_kafka_t *rk;
    rd_kafka_topic_t *topic;
    struct span *spans; /* one a partition */
    int n_spans;
    struct letter_header *headers; /* of the record at hand */
    size_t cap_headers;
};

static void topic_source_free(struct letter_source *base)
{
    struct topic_source *s = (struct topic_source *)base;

    if (s->topic != NULL) {
        rd_kafka_topic_destroy(s->topic);
    }
    if (s->rk != NULL) {
        (void)kafka_end(s->rk, KAFKA_DESTROY);
    }
    free(s->spans);
    free(s->headers);
    free(s);
}

/* ---- a record as a letter ---- */

static bool header_is(const char *name, const char *wanted)
{
    return strcmp(name + strlen(OWN_PREFIX), wanted) == 0;
}

static int64_t number_of(struct slice text)
{
    char digits[24];

    (void)snprintf(digits, sizeof(digits), "%.*s", (int)text.len, text.p);
    return strtoll(digits, NULL, 10);
}

/* One of the bridge's own headers. The last of a name counts: the bridge puts
 * its own behind what the record had. */
static void take_own(
    struct stored_letter *to, const char *name, struct slice value)
{
    struct letter *l = &to->letter;

    if (header_is(name, "key")) {
        l->has_key = true;
        l->key = value;
    } else if (header_is(name, "topic")) {
        l->topic = value;
    } else if (header_is(name, "partition")) {
        l->partition = (int32_t)number_of(value);
    } else if (header_is(name, "offset")) {
        l->offset = number_of(value);
    } else if (header_is(name, "timestamp")) {
        l->timestamp_ms = number_of(value);
    } else if (header_is(name, "status")) {
        l->status = (int)number_of(value);
    } else if (header_is(name, "error.type")) {
        l->type = value;
    } else if (header_is(name, "error.reason")) {
        l->reason = value;
    } else if (header_is(name, "attempts")) {
        l->attempts = (unsigned)number_of(value);
    } else if (header_is(name, "retried")) {
        to->is_mark = true;
    }
}

static int grow_headers(struct topic_source *s, size_t n)
{
    struct letter_header *grown;

    if (n <= s->cap_headers) {
        return 0;
    }
    grown = realloc(s->headers, n * sizeof(*grown));
    if (grown == NULL) {
        return -1;
    }
    s->headers = grown;
    s->cap_headers = n;
    return 0;
}

/* Returns 0, 1 when it is no dead letter, -1 out of memory. */
static int read_record(struct topic_source *s, const rd_kafka_message_t *m,
    struct stored_letter *to)
{
    rd_kafka_headers_t *all;
    rd_kafka_timestamp_type_t type;
    size_t n;

    *to = (struct stored_letter){.slot = m->partition, .place = m->offset};
    to->letter.when_ms = rd_kafka_message_timestamp(m, &type);
    to->letter.timestamp_ms = -1;
    to->letter.has_value = m->payload != NULL;
    to->letter.value =
        (struct slice){m->payload, m->payload != NULL ? m->len : 0};
    if (rd_kafka_message_headers(m, &all) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 1;
    }
    n = rd_kafka_header_cnt(all);
    if (grow_headers(s, n) != 0) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        const char *name;
        const void *value;
        size_t size;

        (void)rd_kafka_header_get_all(all, i, &name, &value, &size);
        if (strncmp(name, OWN_PREFIX, strlen(OWN_PREFIX)) == 0) {
            take_own(to, name, (struct slice){value, value != NULL ? size : 0});
            continue;
        }
        s->headers[to->letter.n_headers++] = (struct letter_header){
            slice_of(name), value != NULL, {value, value != NULL ? size : 0}};
    }
    to->letter.headers = s->headers;
    return to->letter.topic.len > 0 ? 0 : 1;
}

/* ---- a pass ---- */

static int on_record(struct topic_source *s, const rd_kafka_message_t *m,
    letter_fn fn, void *arg, struct error *err)
{
    struct stored_letter stored;
    int rc = read_record(s, m, &stored);

    if (rc < 0) {
        return error_set(err, "out of memory");
    }
    if (rc == 1) {
        s->base.strange++;
        return 0;
    }
    return fn(arg, &stored, err);
}

static int open_spans(const struct topic_source *s)
{
    int n = 0;

    for (int i = 0; i < s->n_spans; i++) {
        n += !s->spans[i].is_read;
    }
    return n;
}

/* Returns as letter_fn does. */
static int take_message(struct topic_source *s, const rd_kafka_message_t *m,
    letter_fn fn, void *arg, struct error *err)
{
    struct span *span = &s->spans[m->partition];
    int rc = 0;

    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        span->is_read = true;
        return 0;
    }
    if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "topic %s, partition %d: %s", s->base.name,
            m->partition, rd_kafka_message_errstr(m));
    }
    if (!span->is_read && m->offset < span->high) {
        rc = on_record(s, m, fn, arg, err);
    }
    if (m->offset >= span->high - 1) {
        span->is_read = true;
    }
    return rc;
}

static int read_spans(struct topic_source *s, rd_kafka_queue_t *queue,
    letter_fn fn, void *arg, struct error *err)
{
    int rc = 0;

    while (rc == 0 && open_spans(s) > 0) {
        rd_kafka_message_t *m = rd_kafka_consume_queue(queue, SILENCE_MS);

        if (m == NULL) {
            return error_set(err,
                "topic %s: the brokers have sent nothing for %d s; are they "
                "up?",
                s->base.name, SILENCE_MS / 1000);
        }
        rc = take_message(s, m, fn, arg, err);
        rd_kafka_message_destroy(m);
    }
    return rc < 0 ? -1 : 0;
}

static int topic_source_read(
    struct letter_source *base, letter_fn fn, void *arg, struct error *err)
{
    struct topic_source *s = (struct topic_source *)base;
    rd_kafka_queue_t *queue = rd_kafka_queue_new(s->rk);
    int started = 0, rc = 0;

    for (; rc == 0 && started < s->n_spans; started++) {
        struct span *span = &s->spans[started];

        span->is_read = span->low >= span->high;
        if (rd_kafka_consume_start_queue(s->topic, started, span->low, queue) !=
            0) {
            rc = error_set(err, "topic %s, partition %d: %s", base->name,
                started, rd_kafka_err2str(rd_kafka_last_error()));
        }
    }
    if (rc == 0) {
        rc = read_spans(s, queue, fn, arg, err);
    }
    while (started-- > 0) {
        (void)rd_kafka_consume_stop(s->topic, started);
    }
    rd_kafka_queue_destroy(queue);
    return rc;
}

/* ---- opening ---- */

static int make_client(
    struct topic_source *s, const struct config *config, struct error *err)
{
    rd_kafka_conf_t *conf = kafka_conf_new(config, KAFKA_CONSUMER, defaults,
        sizeof(defaults) / sizeof(defaults[0]), err);
    char why[512] = "";

    if (conf == NULL) {
        return -1;
    }
    /* What this reader needs, whatever the bridge's settings are. */
    if (rd_kafka_conf_set(conf, "enable.partition.eof", "true", why,
            sizeof(why)) != RD_KAFKA_CONF_OK ||
        rd_kafka_conf_set(conf, "auto.commit.enable", "false", why,
            sizeof(why)) != RD_KAFKA_CONF_OK ||
        (s->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why))) ==
            NULL) {
        rd_kafka_conf_destroy(conf);
        return error_set(err, "[kafka]: %s", why);
    }
    s->topic = rd_kafka_topic_new(s->rk, s->base.name, NULL);
    return s->topic != NULL ? 0
                            : error_set(err, "topic %s: %s", s->base.name,
                                  rd_kafka_err2str(rd_kafka_last_error()));
}

static int find_ends(struct topic_source *s, struct error *err)
{
    struct kafka_span *spans = kafka_offsets_spans(
        s->rk, s->base.name, s->n_spans, KAFKA_TOPICS_WAIT_MS, err);

    if (spans == NULL) {
        return -1;
    }
    for (int i = 0; i < s->n_spans; i++) {
        s->spans[i].low = spans[i].low;
        s->spans[i].high = spans[i].next;
    }
    free(spans);
    return 0;
}

/* Returns 0 with the number of partitions, -1 with err. */
static int look_up(const struct config *config, const char *topic,
    struct kafka_topic_info *info, struct error *err)
{
    struct kafka_topics *topics = kafka_topics_open(config, err);
    int rc =
        topics != NULL ? kafka_topic_describe(topics, topic, info, err) : -1;

    kafka_topics_free(topics);
    return rc;
}

struct letter_source *topic_source_open(const struct config *config,
    const char *topic, bool *exists, struct error *err)
{
    struct kafka_topic_info info;
    struct topic_source *s;

    *exists = true;
    if (look_up(config, topic, &info, err) != 0) {
        return NULL;
    }
    if (!info.exists) {
        *exists = false;
        (void)error_set(err, "topic %s does not exist", topic);
        return NULL;
    }
    s = calloc(1, sizeof(*s));
    if (s == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    s->base = (struct letter_source){
        .name = topic, .read = topic_source_read, .free = topic_source_free};
    s->n_spans = info.partitions;
    s->spans = calloc((size_t)info.partitions, sizeof(*s->spans));
    if (s->spans == NULL) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    if (make_client(s, config, err) != 0 || find_ends(s, err) != 0) {
        goto fail;
    }
    return &s->base;
fail:
    topic_source_free(&s->base);
    return NULL;
}
