/*
 * Dead letters kept in a topic; see dead_letter_topic.h. A letter waits, is
 * flying (librdkafka has it), or is done and gone; one that fails waits again.
 */
#include "bridge/dead_letter_topic.h"

#include "bridge/letter_trouble.h"
#include "bridge/packed_headers.h"
#include "common/fault_point.h"
#include "common/kafka_conf.h"
#include "common/kafka_topic.h"
#include "common/log.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MAX_TOPIC_BYTES 256 /* Kafka's own limit is 249 */
#define RETRY_S 2
#define HEADERS_MOST_BYTES 65536 /* reason, origin and the original key */

static const struct kafka_default defaults[] = {
    {"client.id", "naru-dead-letter"},
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"compression.type", "lz4"},
    {"linger.ms", "20"},
    /* A batch that was sent again behind another is fatal to librdkafka before
     * 2.3 (its issue 3584); letters are few. */
    {"max.in.flight.requests.per.connection", "1"},
    {"message.max.bytes", "1000000000"}, /* the brokers have a limit */
    /* Never given up: the offset waits for the acknowledgement. */
    {"message.timeout.ms", "0"},
    {"queue.buffering.max.kbytes", "16384"},
};

struct outgoing {
    struct partition *partition;
    uint64_t ticket;
    struct record record; /* key, value and headers stand in kept */
    char *kept;           /* librdkafka reads from it until it has delivered */
    size_t kept_bytes;
    int status;
    unsigned attempts;
    char *type;
    char *reason;
    TAILQ_ENTRY(outgoing) link;
};

TAILQ_HEAD(outgoing_list, outgoing);

struct dead_letter_topic {
    rd_kafka_t *rk;
    const struct config *config;
    int fd;
    struct event *readable;
    struct event *retry_timer;
    char *topic;  /* NULL: by source */
    char **known; /* topics seen to exist */
    size_t n_known;
    struct outgoing_list waiting;
    size_t pending; /* waiting and flying */
    size_t pending_bytes;
    struct letter_trouble trouble;
    dead_letter_done_fn done; /* NULL while it is being freed */
    void *arg;
};

static void free_outgoing(struct outgoing *l)
{
    free(l->kept);
    free(l->type);
    free(l->reason);
    free(l);
}

static void try_again_later(struct dead_letter_topic *d)
{
    struct timeval tv = {RETRY_S, 0};

    (void)event_add(d->retry_timer, &tv);
}

static void forget_topics(struct dead_letter_topic *d)
{
    while (d->n_known > 0) {
        free(d->known[--d->n_known]);
    }
}

/* Ours, see close_client. */
static bool was_purged(rd_kafka_resp_err_t err)
{
    return err == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
           err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
}

static void on_delivery(
    rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
    struct dead_letter_topic *d = opaque;
    struct outgoing *l = m->_private;

    (void)rk;
    if (m->err != 0 && d->done != NULL) {
        /* Not rd_kafka_message_errstr: it takes the payload for the text. */
        if (!was_purged(m->err)) {
            letter_trouble_set(&d->trouble, rd_kafka_err2str(m->err));
        }
        forget_topics(d); /* one may have been deleted */
        TAILQ_INSERT_TAIL(&d->waiting, l, link);
        try_again_later(d);
        return;
    }
    if (d->done != NULL) {
        letter_trouble_set(&d->trouble, "");
        d->pending--;
        d->pending_bytes -= l->kept_bytes;
        d->done(d->arg, l->partition, l->ticket);
    }
    free_outgoing(l);
}

static void send_waiting(struct dead_letter_topic *d);

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct dead_letter_topic *d = arg;
    uint64_t ignored;

    (void)what;
    (void)!read(fd, &ignored, sizeof(ignored));
    (void)rd_kafka_poll(d->rk, 0);
    if (d->trouble.why[0] == '\0') {
        send_waiting(d); /* what a full queue kept */
    }
}

static void on_retry_timer(evutil_socket_t fd, short what, void *arg);

static rd_kafka_conf_t *make_conf(
    const struct dead_letter_topic *d, struct error *err)
{
    return kafka_conf_new(d->config, KAFKA_PRODUCER, defaults,
        sizeof(defaults) / sizeof(defaults[0]), err);
}

/*
 * The producer is made when the first record needs it: most bridges never
 * do, and a producer costs threads and connections.
 */
static int make_client(struct dead_letter_topic *d, struct error *err)
{
    rd_kafka_conf_t *conf = make_conf(d, err);
    rd_kafka_queue_t *queue;
    uint64_t one = 1;
    char why[512];

    if (conf == NULL) {
        return -1;
    }
    rd_kafka_conf_set_opaque(conf, d);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    d->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
    if (d->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        return error_set(err, "kafka (dead letters): %s", why);
    }
    queue = rd_kafka_queue_get_main(d->rk);
    rd_kafka_queue_io_event_enable(queue, d->fd, &one, sizeof(one));
    rd_kafka_queue_destroy(queue);
    return 0;
}

/* What it has not delivered comes back by on_delivery. */
static void close_client(struct dead_letter_topic *d)
{
    rd_kafka_queue_t *queue = rd_kafka_queue_get_main(d->rk);

    rd_kafka_queue_io_event_enable(queue, -1, NULL, 0);
    rd_kafka_queue_destroy(queue);
    (void)rd_kafka_purge(
        d->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    (void)rd_kafka_flush(d->rk, 1000); /* runs on_delivery for each */
    rd_kafka_destroy(d->rk);
    d->rk = NULL;
}

/* What is wrong with the settings is to be known at the start. */
static int check_settings(const struct dead_letter_topic *d, struct error *err)
{
    rd_kafka_conf_t *conf = make_conf(d, err);

    if (conf == NULL) {
        return -1;
    }
    rd_kafka_conf_destroy(conf);
    return 0;
}

struct dead_letter_topic *dead_letter_topic_new(struct event_base *base,
    const struct config *config, const char *topic, dead_letter_done_fn done,
    void *arg, struct error *err)
{
    struct dead_letter_topic *d = calloc(1, sizeof(*d));

    if (d == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    TAILQ_INIT(&d->waiting);
    d->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    d->retry_timer = evtimer_new(base, on_retry_timer, d);
    d->config = config;
    d->done = done;
    d->arg = arg;
    if (topic != NULL && (d->topic = strdup(topic)) == NULL) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    if (check_settings(d, err) != 0) {
        goto fail;
    }
    d->readable = event_new(base, d->fd, EV_READ | EV_PERSIST, on_readable, d);
    if (d->fd < 0 || d->readable == NULL || d->retry_timer == NULL ||
        event_add(d->readable, NULL) != 0) {
        (void)error_set(err, "cannot make an event descriptor");
        goto fail;
    }
    return d;
fail:
    dead_letter_topic_free(d);
    return NULL;
}

void dead_letter_topic_free(struct dead_letter_topic *d)
{
    struct outgoing *l;

    if (d == NULL) {
        return;
    }
    d->done = NULL;
    if (d->readable != NULL) {
        event_free(d->readable);
    }
    if (d->retry_timer != NULL) {
        event_free(d->retry_timer);
    }
    if (d->rk != NULL) {
        close_client(d);
    }
    if (d->fd >= 0) {
        (void)close(d->fd);
    }
    while ((l = TAILQ_FIRST(&d->waiting)) != NULL) {
        TAILQ_REMOVE(&d->waiting, l, link);
        free_outgoing(l);
    }
    forget_topics(d);
    free(d->known);
    free(d->topic);
    free(d);
}

int dead_letter_topic_renew_login(
    struct dead_letter_topic *d, struct error *err)
{
    return d->rk != NULL ? kafka_conf_renew_login(d->config, d->rk, err) : 0;
}

/* A letter is its record and some headers more: what the source takes must go
 * into its dead letters, too. */
static int create_topic(struct kafka_topics *topics, const char *name,
    const char *source, struct error *err)
{
    struct kafka_new_topic wanted = {
        .name = name, .partitions = 1, .replicas = -1};
    char limit[KAFKA_SETTING_BYTES];
    struct error ignored;

    if (kafka_topic_setting(
            topics, source, "max.message.bytes", limit, &ignored) == 0 &&
        limit[0] != '\0') {
        long long bytes = strtoll(limit, NULL, 10) + HEADERS_MOST_BYTES;

        (void)snprintf(limit, sizeof(limit), "%lld",
            bytes < INT32_MAX ? bytes : INT32_MAX);
        wanted.max_message_bytes = limit;
    }
    return kafka_topic_create(topics, &wanted, err);
}

/* Asked for first: one who may only write is not allowed to create it. */
static int ensure_topic(const struct dead_letter_topic *d, const char *name,
    const char *source, struct error *err)
{
    struct kafka_topics *topics = kafka_topics_open(d->config, err);
    struct kafka_topic_info info;
    int rc = -1;

    if (topics != NULL) {
        rc = kafka_topic_describe(topics, name, &info, err);
    }
    if (rc == 0 && !info.exists) {
        rc = create_topic(topics, name, source, err);
    }
    kafka_topics_free(topics);
    return rc < 0 ? -1 : 0;
}

static bool is_known(const struct dead_letter_topic *d, const char *name)
{
    for (size_t i = 0; i < d->n_known; i++) {
        if (strcmp(d->known[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Without memory it is asked for again. */
static void remember(struct dead_letter_topic *d, const char *name)
{
    char **more = realloc(d->known, (d->n_known + 1) * sizeof(*more));

    if (more != NULL) {
        d->known = more;
        more[d->n_known] = strdup(name);
        d->n_known += more[d->n_known] != NULL;
    }
}

/* The topic's name; it is made when the brokers do not have it. */
static const char *topic_of(struct dead_letter_topic *d,
    const struct outgoing *l, char name[MAX_TOPIC_BYTES])
{
    struct error err;

    (void)snprintf(name, MAX_TOPIC_BYTES, "%s%s",
        d->topic != NULL ? d->topic : l->partition->topic,
        d->topic != NULL ? "" : DEAD_LETTER_SUFFIX);
    if (is_known(d, name)) {
        return name;
    }
    if (ensure_topic(d, name, l->partition->topic, &err) != 0) {
        letter_trouble_set(&d->trouble, err.text);
        return NULL;
    }
    remember(d, name);
    return name;
}

static void add_text(
    rd_kafka_headers_t *headers, const char *name, const char *text)
{
    (void)rd_kafka_header_add(headers, name, -1, text, -1);
}

static void add_number(
    rd_kafka_headers_t *headers, const char *name, int64_t number)
{
    char text[24];

    (void)snprintf(text, sizeof(text), "%lld", (long long)number);
    add_text(headers, name, text);
}

static rd_kafka_headers_t *headers_of(const struct outgoing *l)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(10);
    const struct record *r = &l->record;
    struct slice rest = r->headers;
    struct letter_header h;

    while (packed_headers_next(&rest, &h)) {
        (void)rd_kafka_header_add(headers, h.name.p, (ssize_t)h.name.len,
            h.has_value ? h.value.p : NULL, (ssize_t)h.value.len);
    }
    if (r->has_key) {
        (void)rd_kafka_header_add(
            headers, "naru.key", -1, r->key.p, (ssize_t)r->key.len);
    }
    add_text(headers, "naru.topic", l->partition->topic);
    add_number(headers, "naru.partition", r->partition);
    add_number(headers, "naru.offset", r->offset);
    add_number(headers, "naru.timestamp", r->timestamp_ms);
    add_number(headers, "naru.status", l->status);
    add_text(headers, "naru.error.type", l->type);
    add_text(headers, "naru.error.reason", l->reason);
    add_number(headers, "naru.attempts", l->attempts);
    return headers;
}

/* Returns 0 when librdkafka has it, -1 when it must wait. */
static int send_letter(struct dead_letter_topic *d, struct outgoing *l)
{
    const struct record *r = &l->record;
    rd_kafka_headers_t *headers;
    rd_kafka_resp_err_t rc;
    char name[MAX_TOPIC_BYTES], key[MAX_TOPIC_BYTES + 40];
    const char *topic = topic_of(d, l, name);
    struct error err;
    int n;

    if (topic == NULL) {
        return -1;
    }
    if (d->rk == NULL && make_client(d, &err) != 0) {
        letter_trouble_set(&d->trouble, err.text);
        return -1;
    }
    n = snprintf(key, sizeof(key), "%s-%d-%lld", l->partition->topic,
        r->partition, (long long)r->offset);
    headers = headers_of(l);
    rc = rd_kafka_producev(d->rk, RD_KAFKA_V_TOPIC(topic),
        RD_KAFKA_V_KEY(key, (size_t)n),
        RD_KAFKA_V_VALUE(
            r->has_value ? (void *)(uintptr_t)r->value.p : NULL, r->value.len),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_MSGFLAGS(0),
        RD_KAFKA_V_OPAQUE(l), RD_KAFKA_V_END);
    if (rc == RD_KAFKA_RESP_ERR_NO_ERROR) {
        FAULT_POINT("letter_sent");
        return 0; /* the headers are librdkafka's now */
    }
    rd_kafka_headers_destroy(headers);
    if (rc != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        letter_trouble_set(&d->trouble, rd_kafka_err2str(rc));
    }
    return -1;
}

static void send_waiting(struct dead_letter_topic *d)
{
    struct outgoing *l;

    while ((l = TAILQ_FIRST(&d->waiting)) != NULL) {
        TAILQ_REMOVE(&d->waiting, l, link);
        if (send_letter(d, l) != 0) {
            TAILQ_INSERT_HEAD(&d->waiting, l, link);
            try_again_later(d);
            return;
        }
    }
}

/* A fatal error ends an idempotent producer for good: one that was not allowed
 * to write, for one. The operator may have mended that since. A letter that was
 * under way may stand in the topic twice then, under the same key. */
static void leave_broken_client(struct dead_letter_topic *d)
{
    char why[512];

    if (d->rk != NULL && rd_kafka_fatal_error(d->rk, why, sizeof(why)) !=
                             RD_KAFKA_RESP_ERR_NO_ERROR) {
        letter_trouble_set(&d->trouble, why);
        close_client(d);
    }
}

static void on_retry_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    leave_broken_client(arg);
    send_waiting(arg);
}

static struct slice keep(char **at, struct slice bytes)
{
    struct slice kept = {*at, bytes.len};

    if (bytes.len > 0) {
        memcpy(*at, bytes.p, bytes.len);
    }
    *at += bytes.len;
    return kept;
}

static int keep_record(struct outgoing *l, const struct record *r)
{
    char *at;

    l->kept_bytes = sizeof(*l) + r->key.len + r->value.len + r->headers.len;
    l->kept = malloc(l->kept_bytes);
    if (l->kept == NULL) {
        return -1;
    }
    at = l->kept;
    l->record = *r;
    l->record.topic = l->partition->topic;
    l->record.message = NULL;
    l->record.key = keep(&at, r->key);
    l->record.value = keep(&at, r->value);
    l->record.headers = keep(&at, r->headers);
    return 0;
}

int dead_letter_topic_take(struct dead_letter_topic *d, const struct doc *doc,
    const struct record *record, const struct refusal *why)
{
    struct outgoing *l = calloc(1, sizeof(*l));

    if (l == NULL) {
        return -1;
    }
    l->partition = doc->partition;
    l->ticket = doc->ticket;
    l->type = strdup(why->type);
    l->reason = strdup(why->reason);
    if (l->type == NULL || l->reason == NULL || keep_record(l, record) != 0) {
        free_outgoing(l);
        return -1;
    }
    l->status = why->status;
    l->attempts = why->attempts;
    TAILQ_INSERT_TAIL(&d->waiting, l, link);
    d->pending++;
    d->pending_bytes += l->kept_bytes;
    /* What waits already is tried again in time: an answer may hold thousands
     * of refused items, and each try may wait for brokers. */
    if (evtimer_pending(d->retry_timer, NULL) == 0) {
        send_waiting(d);
    }
    return 0;
}

size_t dead_letter_topic_pending(const struct dead_letter_topic *d)
{
    return d->pending;
}

size_t dead_letter_topic_pending_bytes(const struct dead_letter_topic *d)
{
    return d->pending_bytes;
}

const char *dead_letter_topic_problem(
    const struct dead_letter_topic *d, int64_t *since_us)
{
    return letter_trouble_why(&d->trouble, since_us);
}
