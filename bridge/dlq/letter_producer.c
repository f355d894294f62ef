/* Records to Kafka with a letter's origin; see letter_producer.h. */
#include "bridge/dlq/letter_producer.h"

#include "common/kafka_conf.h"

#include <librdkafka/rdkafka.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS 100
#define GIVE_UP_MS 1000

static const struct kafka_default defaults[] = {
    {"client.id", "naru-dlq-retry"}, {"enable.idempotence", "true"},
    {"acks", "all"}, {"partitioner", "murmur2_random"},
    {"compression.type", "lz4"}, {"linger.ms", "20"},
    {"queue.buffering.max.kbytes", "65536"},
    {"message.max.bytes", "1000000000"}, /* the brokers have a limit */
    {"message.timeout.ms", "120000"},
    {"max.in.flight.requests.per.connection", "1"}, /* as the bridge's */
    {"log_level", "2"}, /* what matters is told as the record's failure */
};

struct letter_producer {
    rd_kafka_t *rk;
    letter_sent_fn sent; /* NULL while it is being freed */
    void *arg;
};

/* What sent is told of; a copy, the letter itself goes by. */
struct origin {
    struct stored_letter stored;
    char topic[];
};

static struct origin *copy_origin(const struct stored_letter *from)
{
    const struct letter *l = &from->letter;
    struct origin *o = malloc(sizeof(*o) + l->topic.len + 1);

    if (o != NULL) {
        (void)memcpy(o->topic, l->topic.p, l->topic.len);
        o->topic[l->topic.len] = '\0';
        o->stored = (struct stored_letter){.slot = from->slot,
            .place = from->place,
            .letter = {.topic = {o->topic, l->topic.len},
                .partition = l->partition,
                .offset = l->offset}};
    }
    return o;
}

static void on_delivery(
    rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
    struct letter_producer *p = opaque;
    struct origin *o = m->_private;

    (void)rk;
    if (p->sent != NULL) {
        p->sent(
            p->arg, &o->stored, m->err != 0 ? rd_kafka_err2str(m->err) : NULL);
    }
    free(o);
}

struct letter_producer *letter_producer_new(const struct config *config,
    letter_sent_fn sent, void *arg, struct error *err)
{
    struct letter_producer *p = calloc(1, sizeof(*p));
    rd_kafka_conf_t *conf;
    char why[512];

    if (p == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    p->sent = sent;
    p->arg = arg;
    conf = kafka_conf_new(config, KAFKA_PRODUCER, defaults,
        sizeof(defaults) / sizeof(defaults[0]), err);
    if (conf == NULL) {
        free(p);
        return NULL;
    }
    rd_kafka_conf_set_opaque(conf, p);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    p->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (p->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        (void)error_set(err, "[kafka]: %s", why);
        free(p);
        return NULL;
    }
    return p;
}

void letter_producer_free(struct letter_producer *p)
{
    if (p == NULL) {
        return;
    }
    p->sent = NULL;
    (void)rd_kafka_purge(
        p->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    (void)rd_kafka_flush(p->rk, GIVE_UP_MS); /* on_delivery frees each */
    rd_kafka_destroy(p->rk);
    free(p);
}

static rd_kafka_headers_t *headers_of(const struct letter_record *r)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(r->n_headers + 1);

    for (size_t i = 0; i < r->n_headers; i++) {
        const struct letter_header *h = &r->headers[i];

        (void)rd_kafka_header_add(headers, h->name.p, (ssize_t)h->name.len,
            h->has_value ? (h->value.p != NULL ? h->value.p : "") : NULL,
            (ssize_t)h->value.len);
    }
    return headers;
}

/* librdkafka tells an empty value from none by the pointer. */
static const void *bytes_of(bool is_there, struct slice s)
{
    return !is_there ? NULL : s.p != NULL ? s.p : "";
}

static rd_kafka_resp_err_t produce(
    struct letter_producer *p, const struct letter_record *r, struct origin *o)
{
    rd_kafka_headers_t *headers = headers_of(r);
    rd_kafka_resp_err_t code = rd_kafka_producev(p->rk,
        RD_KAFKA_V_TOPIC(r->topic), RD_KAFKA_V_PARTITION(r->partition),
        RD_KAFKA_V_KEY(bytes_of(r->has_key, r->key), r->key.len),
        RD_KAFKA_V_VALUE(
            (void *)(uintptr_t)bytes_of(r->has_value, r->value), r->value.len),
        RD_KAFKA_V_TIMESTAMP(r->timestamp_ms > 0 ? r->timestamp_ms : 0),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_OPAQUE(o), RD_KAFKA_V_END);

    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_headers_destroy(headers); /* else they are librdkafka's */
    }
    return code;
}

int letter_producer_send(struct letter_producer *p,
    const struct letter_record *record, const struct stored_letter *origin,
    struct error *err)
{
    struct origin *o = copy_origin(origin);
    rd_kafka_resp_err_t code;

    if (o == NULL) {
        return error_set(err, "out of memory");
    }
    while ((code = produce(p, record, o)) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        (void)rd_kafka_poll(p->rk, WAIT_MS);
    }
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        free(o);
        return error_set(
            err, "topic %s: %s", record->topic, rd_kafka_err2str(code));
    }
    (void)rd_kafka_poll(p->rk, 0);
    return 0;
}

void letter_producer_finish(struct letter_producer *p)
{
    while (rd_kafka_outq_len(p->rk) > 0) {
        (void)rd_kafka_flush(p->rk, GIVE_UP_MS);
    }
}
