/*
 * Records to Kafka; see producer.h. librdkafka's threads send; its reports
 * come back on ours, whenever the sink is served, so there are no locks here.
 */
#include "replay/producer.h"

#include "common/kafka_conf.h"
#include "common/log.h"
#include "replay/frontier.h"

#include <librdkafka/rdkafka.h>
#include <stdint.h>
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
    {"queue.buffering.max.messages", "60000"},
    {"queue.buffering.max.kbytes", "12288"}, /* a bound on memory */
    {"message.timeout.ms", "300000"},        /* outlasts a broker's restart */
    {"log_level", "2"}, /* what matters comes as an error below */
};

/* Five batches a broker are under way at most: fuller ones carry more. */
static const struct kafka_default full_speed_defaults[] = {
    {"linger.ms", "100"},
};

/* A dead replay holds up read_committed readers so long; and no delivery may
 * take longer than its transaction. */
static const struct kafka_default transactional_defaults[] = {
    {"transaction.timeout.ms", "60000"}, {"message.timeout.ms", "60000"},
    {"log_level", "0"}, /* what ends a transaction is told as our error */
};

#define BATCH_HEAD_BYTES 512 /* what a batch takes beside its records */
/* What librdkafka reckons for a record beside its key, value and headers, and
 * refuses by (RD_KAFKAP_MESSAGE_V2_MAX_OVERHEAD, rdkafka_proto.h). */
#define RECORD_HEAD_BYTES 36

struct producer {
    rd_kafka_t *rk;
    rd_kafka_topic_t *topic;
    rd_kafka_headers_t *headers; /* NULL: none; copied for each record */
    size_t headers_bytes;
    size_t most_bytes; /* of a record, key and headers included */
    bool event_timestamps;
    int64_t oldest_ms;
    struct frontier frontier;
    struct record_counts counts;
    bool failed;
    bool closing;
    int64_t told_of;  /* acknowledged when absent brokers were last told of */
    struct error err; /* of the first failure */
};

/* A record's number as its opaque; 0 is what others produce. */
static void *number_to_opaque(int64_t number)
{
    return (void *)(uintptr_t)(number + 1);
}

static void note_failure(
    struct producer *p, const rd_kafka_message_t *message, int64_t number)
{
    const struct frontier_entry *from = frontier_at(&p->frontier, number);

    p->failed = true;
    (void)error_set(&p->err,
        "%s:%lld: the record with key %.*s was not delivered to topic %s: %s",
        from->path, (long long)from->line,
        (int)(message->key_len < 100 ? message->key_len : 100),
        (const char *)message->key, rd_kafka_topic_name(message->rkt),
        rd_kafka_err2str(message->err));
}

static void on_delivery(
    rd_kafka_t *rk, const rd_kafka_message_t *message, void *arg)
{
    struct producer *p = arg;
    int64_t number = (int64_t)(uintptr_t)message->_private - 1;

    (void)rk;
    if (number < 0) {
        return;
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        p->counts.acknowledged++;
        frontier_end(&p->frontier, number);
    } else if (!p->failed) {
        note_failure(p, message, number);
    }
}

bool producer_is_fenced(rd_kafka_resp_err_t code, struct error *err)
{
    if (code != RD_KAFKA_RESP_ERR__FENCED &&
        code != RD_KAFKA_RESP_ERR_PRODUCER_FENCED &&
        code != RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH) {
        return false;
    }
    (void)error_set(
        err, "another replay by the same --resume name has taken over");
    return true;
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *arg)
{
    struct producer *p = arg;
    char why[512];

    if (code == RD_KAFKA_RESP_ERR__FATAL && !p->failed) {
        rd_kafka_resp_err_t cause = rd_kafka_fatal_error(rk, why, sizeof(why));

        p->failed = true;
        if (!producer_is_fenced(cause, &p->err)) {
            (void)error_set(&p->err, "Kafka refuses to go on: %s", why);
        }
    } else if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !p->closing &&
               p->counts.taken > p->counts.acknowledged &&
               p->told_of != p->counts.acknowledged) {
        p->told_of = p->counts.acknowledged;
        log_warn(LOG_MSG("no broker answers; holding the rows and trying on"),
            LOG_STR("reason", reason),
            LOG_INT("waiting", p->counts.taken - p->counts.acknowledged));
    }
}

static int set(rd_kafka_conf_t *conf, const char *name, const char *value,
    struct error *err)
{
    char why[512];

    return rd_kafka_conf_set(conf, name, value, why, sizeof(why)) ==
                   RD_KAFKA_CONF_OK
               ? 0
               : error_set(err, "kafka.%s: %s", name, why);
}

static size_t setting(const rd_kafka_conf_t *conf, const char *name)
{
    char text[32] = "";
    size_t size = sizeof(text);

    (void)rd_kafka_conf_get(conf, name, text, &size);
    return (size_t)strtoull(text, NULL, 10);
}

/*
 * librdkafka refuses a single record that is too large by itself; a batch that
 * the topic refuses would take its good records with it. So batches are kept
 * under the topic's own limit.
 */
static int set_sizes(struct producer *p, rd_kafka_conf_t *conf,
    const struct producer_plan *plan, struct error *err)
{
    size_t most = setting(conf, "message.max.bytes");
    char text[32];

    if (plan->most_bytes > 2 * BATCH_HEAD_BYTES &&
        (size_t)plan->most_bytes - BATCH_HEAD_BYTES < most) {
        most = (size_t)plan->most_bytes - BATCH_HEAD_BYTES;
        /* librdkafka takes no less than 1000. */
        (void)snprintf(text, sizeof(text), "%zu", most < 1000 ? 1000 : most);
        if (set(conf, "message.max.bytes", text, err) != 0) {
            return -1;
        }
        if (setting(conf, "batch.size") > most &&
            set(conf, "batch.size", text, err) != 0) {
            return -1;
        }
    }
    p->most_bytes = most;
    return 0;
}

static rd_kafka_conf_t *make_conf(struct producer *p, const struct config *c,
    const struct producer_plan *plan, struct error *err)
{
    struct kafka_default all[COUNT(defaults) + COUNT(full_speed_defaults) +
                             COUNT(transactional_defaults)];
    size_t n = COUNT(defaults);
    rd_kafka_conf_t *conf;

    memcpy(all, defaults, sizeof(defaults));
    if (plan->at_full_speed) {
        memcpy(all + n, full_speed_defaults, sizeof(full_speed_defaults));
        n += COUNT(full_speed_defaults);
    }
    if (plan->transactional_id != NULL) {
        memcpy(all + n, transactional_defaults, sizeof(transactional_defaults));
        n += COUNT(transactional_defaults);
    }
    conf = kafka_conf_new(c, KAFKA_PRODUCER, all, n, err);
    if (conf == NULL) {
        return NULL;
    }
    if (set_sizes(p, conf, plan, err) != 0 ||
        (plan->transactional_id != NULL &&
            set(conf, "transactional.id", plan->transactional_id, err) != 0)) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    rd_kafka_conf_set_opaque(conf, p);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_error_cb(conf, on_error);
    return conf;
}

static int start(struct producer *p, rd_kafka_conf_t *conf,
    const struct producer_plan *plan, struct error *err)
{
    char why[512];

    p->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (p->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        return error_set(err, "[kafka]: %s", why);
    }
    p->topic = rd_kafka_topic_new(p->rk, plan->topic, NULL);
    if (p->topic == NULL) {
        return error_set(err, "topic %s: %s", plan->topic,
            rd_kafka_err2str(rd_kafka_last_error()));
    }
    return 0;
}

static int make_headers(struct producer *p, const struct producer_plan *plan)
{
    if (plan->n_headers == 0) {
        return 0;
    }
    p->headers = rd_kafka_headers_new(plan->n_headers);
    for (size_t i = 0; i < plan->n_headers; i++) {
        const struct producer_header *h = &plan->headers[i];

        if (rd_kafka_header_add(p->headers, h->name, -1, h->value, -1) !=
            RD_KAFKA_RESP_ERR_NO_ERROR) {
            return -1;
        }
        p->headers_bytes += strlen(h->name) + strlen(h->value) + 10;
    }
    return 0;
}

struct producer *producer_new(
    const struct config *c, const struct producer_plan *plan, struct error *err)
{
    struct producer *p = calloc(1, sizeof(*p));
    rd_kafka_conf_t *conf;

    if (p == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    p->told_of = -1;
    p->event_timestamps = plan->event_timestamps;
    p->oldest_ms = plan->oldest_ms > 0 ? plan->oldest_ms : 0;
    frontier_init(&p->frontier);
    conf = make_conf(p, c, plan, err);
    if (conf == NULL || start(p, conf, plan, err) != 0) {
        producer_free(p);
        return NULL;
    }
    if (make_headers(p, plan) != 0) {
        (void)error_set(err, "--header: cannot be taken");
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
    if (p->headers != NULL) {
        rd_kafka_headers_destroy(p->headers);
    }
    frontier_fini(&p->frontier);
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

static bool fits(void *self, const struct out_record *record)
{
    const struct producer *p = self;

    return RECORD_HEAD_BYTES + record->key.len + record->value.len +
               p->headers_bytes <=
           p->most_bytes;
}

/* Kafka takes no timestamp before 1970, and deletes what is past retention. */
static int check_timestamp(const struct producer *p,
    const struct out_record *record, struct error *err)
{
    if (!p->event_timestamps || record->event_ms >= p->oldest_ms) {
        return 0;
    }
    return error_set(err, "%s:%lld: --timestamps event: %s", record->path,
        (long long)record->line,
        record->event_ms < 0
            ? "Kafka has no timestamps before 1970"
            : "the row is older than the topic keeps records, so Kafka would "
              "delete it at once; set the topic's retention.ms to -1");
}

/* Hand the record to librdkafka, which copies it. */
static rd_kafka_resp_err_t produce(
    struct producer *p, const struct out_record *record, int64_t number)
{
    rd_kafka_vu_t args[8];
    size_t n = 0;
    rd_kafka_error_t *error;
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR_NO_ERROR;

    args[n].vtype = RD_KAFKA_VTYPE_RKT;
    args[n++].u.rkt = p->topic;
    args[n].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    args[n++].u.i = RD_KAFKA_MSG_F_COPY;
    args[n].vtype = RD_KAFKA_VTYPE_KEY;
    args[n].u.mem.ptr = (void *)(uintptr_t)record->key.p;
    args[n++].u.mem.size = record->key.len;
    args[n].vtype = RD_KAFKA_VTYPE_VALUE;
    args[n].u.mem.ptr = (void *)(uintptr_t)record->value.p;
    args[n++].u.mem.size = record->value.len;
    args[n].vtype = RD_KAFKA_VTYPE_OPAQUE;
    args[n++].u.ptr = number_to_opaque(number);
    if (p->event_timestamps) {
        args[n].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
        args[n++].u.i64 = record->event_ms;
    }
    if (p->headers != NULL) {
        args[n].vtype = RD_KAFKA_VTYPE_HEADERS;
        args[n++].u.headers = rd_kafka_headers_copy(p->headers);
    }
    error = rd_kafka_produceva(p->rk, args, n);
    if (error != NULL) {
        code = rd_kafka_error_code(error);
        rd_kafka_error_destroy(error);
        if (p->headers != NULL) {
            rd_kafka_headers_destroy(args[n - 1].u.headers);
        }
    }
    return code;
}

/* librdkafka did not take it; wait for room, or say why. */
static enum record_outcome not_taken(struct producer *p,
    const struct out_record *record, rd_kafka_resp_err_t code,
    struct error *err)
{
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        (void)rd_kafka_poll(p->rk, BUSY_WAIT_MS);
        return p->failed ? state_of(p, err) : RECORD_BUSY;
    }
    if (producer_is_fenced(code, err)) {
        return RECORD_FAILED;
    }
    if (!p->failed) {
        (void)error_set(err,
            "%s:%lld: the record with key %.*s was not taken for topic %s: %s",
            record->path, (long long)record->line, (int)record->key.len,
            record->key.p, rd_kafka_topic_name(p->topic),
            rd_kafka_err2str(code));
        return RECORD_FAILED;
    }
    return state_of(p, err);
}

static enum record_outcome send_record(
    void *self, const struct out_record *record, struct error *err)
{
    struct producer *p = self;
    rd_kafka_resp_err_t code;
    int64_t number;

    if (check_timestamp(p, record, err) != 0) {
        return RECORD_FAILED;
    }
    if (frontier_add(&p->frontier, record->path, record->line, record->chain,
            &number) != 0) {
        (void)error_set(err, "out of memory");
        return RECORD_FAILED;
    }
    code = produce(p, record, number);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        frontier_drop(&p->frontier);
        return not_taken(p, record, code, err);
    }
    p->counts.taken++;
    p->counts.bytes += record->value.len;
    return RECORD_TAKEN;
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
    return (struct record_sink){p, &p->counts, fits, send_record, serve, drain};
}

bool producer_progress(
    const struct producer *p, int64_t before, struct resume_point *point)
{
    const struct frontier_entry *last = &p->frontier.last;

    if (p->frontier.first == 0) {
        return false;
    }
    point->records = before + p->frontier.first;
    point->chain = last->chain;
    (void)snprintf(point->place, sizeof(point->place), "%s:%lld", last->path,
        (long long)last->line);
    return true;
}

size_t producer_most_bytes(const struct producer *p)
{
    return p->most_bytes;
}

rd_kafka_t *producer_handle(struct producer *p)
{
    return p->rk;
}
