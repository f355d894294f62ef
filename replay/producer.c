/*
 * Records to Kafka; see producer.h. librdkafka's threads send; its reports
 * come back on ours, whenever the sink is served, so there are no locks here.
 */
#include "replay/producer.h"

#include "common/kafka_conf.h"
#include "common/log.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BUSY_WAIT_MS 50
#define LONGEST_POLL_US 100000
#define GIVE_UP_MS 1000
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct kafka_default defaults[] = {
    {"enable.idempotence", "true"}, {"acks", "all"},
    {"partitioner", "murmur2_random"}, /* where a Java client looks for a key */
    {"compression.type", "lz4"},
    {"linger.ms", "20"}, /* full batches at speed, still prompt at row:1s */
    {"queue.buffering.max.messages", "500000"},
    {"queue.buffering.max.kbytes", "262144"},
    {"message.timeout.ms", "300000"}, /* outlasts a broker's restart */
    {"log_level", "2"},               /* what matters comes as an error below */
};

struct producer {
    rd_kafka_t *rk;
    rd_kafka_topic_t *topic;
    struct record_counts counts;
    bool failed;
    bool closing;
    int64_t told_of;  /* acknowledged when absent brokers were last told of */
    struct error err; /* of the first failure */
};

static void on_delivery(
    rd_kafka_t *rk, const rd_kafka_message_t *message, void *arg)
{
    struct producer *p = arg;

    (void)rk;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        p->counts.acknowledged++;
        return;
    }
    if (!p->failed) {
        p->failed = true;
        (void)error_set(&p->err,
            "record with key %.*s was not delivered to topic %s: %s",
            (int)message->key_len, (const char *)message->key,
            rd_kafka_topic_name(message->rkt), rd_kafka_err2str(message->err));
    }
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *arg)
{
    struct producer *p = arg;
    char why[512];

    if (code == RD_KAFKA_RESP_ERR__FATAL && !p->failed) {
        p->failed = true;
        (void)rd_kafka_fatal_error(rk, why, sizeof(why));
        (void)error_set(&p->err, "Kafka refuses to go on: %s", why);
    } else if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !p->closing &&
               p->counts.taken > p->counts.acknowledged &&
               p->told_of != p->counts.acknowledged) {
        p->told_of = p->counts.acknowledged;
        log_warn(LOG_MSG("no broker answers; holding the rows and trying on"),
            LOG_STR("reason", reason),
            LOG_INT("waiting", p->counts.taken - p->counts.acknowledged));
    }
}

struct producer *producer_new(
    const struct config *c, const char *topic, struct error *err)
{
    struct producer *p = calloc(1, sizeof(*p));
    rd_kafka_conf_t *conf;
    char why[512];

    if (p == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    conf = kafka_conf_new(c, KAFKA_PRODUCER, defaults, COUNT(defaults), err);
    if (conf == NULL) {
        producer_free(p);
        return NULL;
    }
    rd_kafka_conf_set_opaque(conf, p);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_error_cb(conf, on_error);
    p->told_of = -1;
    p->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (p->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        (void)error_set(err, "[kafka]: %s", why);
        producer_free(p);
        return NULL;
    }
    p->topic = rd_kafka_topic_new(p->rk, topic, NULL);
    if (p->topic == NULL) {
        (void)error_set(err, "topic %s: %s", topic,
            rd_kafka_err2str(rd_kafka_last_error()));
        producer_free(p);
        return NULL;
    }
    return p;
}

void producer_free(struct producer *p)
{
    if (p == NULL) {
        return;
    }
    if (p->rk != NULL) {
        p->closing = true;
        if (rd_kafka_outq_len(p->rk) > 0) {
            (void)rd_kafka_purge(
                p->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
            (void)rd_kafka_flush(p->rk, GIVE_UP_MS);
        }
        if (p->topic != NULL) {
            rd_kafka_topic_destroy(p->topic);
        }
        rd_kafka_destroy(p->rk);
    }
    free(p);
}

static enum record_outcome state_of(const struct producer *p, struct error *err)
{
    if (p->failed) {
        *err = p->err;
        return RECORD_FAILED;
    }
    return RECORD_TAKEN;
}

static enum record_outcome send_record(
    void *self, struct slice key, struct slice value, struct error *err)
{
    struct producer *p = self;
    rd_kafka_resp_err_t code;

    /* F_COPY: librdkafka writes nothing through the pointer. */
    if (rd_kafka_produce(p->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
            (void *)(uintptr_t)value.p, value.len, key.p, key.len, NULL) == 0) {
        p->counts.taken++;
        p->counts.bytes += value.len;
        return RECORD_TAKEN;
    }
    code = rd_kafka_last_error();
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        (void)rd_kafka_poll(p->rk, BUSY_WAIT_MS);
        return p->failed ? state_of(p, err) : RECORD_BUSY;
    }
    if (!p->failed) {
        (void)error_set(err,
            "record with key %.*s was not taken for topic %s: %s", (int)key.len,
            key.p, rd_kafka_topic_name(p->topic), rd_kafka_err2str(code));
        return RECORD_FAILED;
    }
    return state_of(p, err);
}

static enum record_outcome serve(void *self, int64_t wait_us, struct error *err)
{
    struct producer *p = self;
    int wait_ms =
        (int)((wait_us < LONGEST_POLL_US ? wait_us : LONGEST_POLL_US) / 1000);

    /* librdkafka waits whole milliseconds; the rest is slept. */
    if (rd_kafka_poll(p->rk, wait_ms) == 0 && wait_us > 0 && wait_ms == 0) {
        const struct timespec rest = {0, (long)wait_us * 1000};

        (void)nanosleep(&rest, NULL);
    }
    return state_of(p, err);
}

static enum record_outcome drain(void *self, int64_t wait_us, struct error *err)
{
    struct producer *p = self;
    rd_kafka_resp_err_t code = rd_kafka_flush(p->rk, (int)(wait_us / 1000));

    if (p->failed) {
        return state_of(p, err);
    }
    return code == RD_KAFKA_RESP_ERR__TIMED_OUT ? RECORD_BUSY : RECORD_TAKEN;
}

struct record_sink producer_sink(struct producer *p)
{
    return (struct record_sink){p, &p->counts, send_record, serve, drain};
}
