/* librdkafka's mock cluster, for tests; see mock_kafka.h. */
#include "tests/fakes/mock_kafka.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WAIT_MS 30000
#define FIRST_WAIT_MS 3000 /* in the mock, of a group without members */
#define SEAT_TOPIC "nobody-writes-here"
#define MAX_HEADERS 32

struct mock_kafka {
    rd_kafka_t *home; /* the cluster lives in it */
    rd_kafka_mock_cluster_t *cluster;
    rd_kafka_t *producer;
    rd_kafka_t *seat;   /* mock_kafka_keep_group's member */
    rd_kafka_t *first;  /* its predecessor, if it was dropped: destroying it
                           then would trip an assertion in librdkafka (the
                           sticky assignor has no state to free) */
    rd_kafka_t *asking; /* for offsets of asking_group */
    char asking_group[128];
    size_t undelivered;
};

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char why[256];

    if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) !=
        RD_KAFKA_CONF_OK) {
        fail_msg("%s", why);
    }
}

/* Brokers come and go in these tests; their absence is no news. */
static void on_log(
    const rd_kafka_t *rk, int level, const char *facility, const char *text)
{
    (void)rk;
    (void)level;
    (void)facility;
    (void)text;
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf)
{
    char why[256];
    rd_kafka_t *rk;

    rd_kafka_conf_set_log_cb(conf, on_log);
    rk = rd_kafka_new(type, conf, why, sizeof(why));
    if (rk == NULL) {
        fail_msg("%s", why);
    }
    return rk;
}

static void on_delivery(
    rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
    struct mock_kafka *k = opaque;

    (void)rk;
    k->undelivered -= m->err == 0;
}

static void make_producer(struct mock_kafka *k)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    set(conf, "bootstrap.servers", mock_kafka_brokers(k));
    /* Offsets must be those of the order of production. */
    set(conf, "enable.idempotence", "true");
    set(conf, "linger.ms", "5");
    set(conf, "compression.type", "lz4");
    set(conf, "batch.size", "262144");
    set(conf, "queue.buffering.max.messages", "200000");
    rd_kafka_conf_set_opaque(conf, k);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    k->producer = client(RD_KAFKA_PRODUCER, conf);
}

struct mock_kafka *mock_kafka_new(void)
{
    struct mock_kafka *k = calloc(1, sizeof(*k));

    k->home = client(RD_KAFKA_PRODUCER, rd_kafka_conf_new());
    k->cluster = rd_kafka_mock_cluster_new(k->home, MOCK_KAFKA_BROKERS);
    assert_non_null(k->cluster);
    make_producer(k);
    return k;
}

void mock_kafka_free(struct mock_kafka *k)
{
    if (k == NULL) {
        return;
    }
    if (k->seat != NULL) {
        rd_kafka_destroy_flags(k->seat, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    }
    if (k->asking != NULL) {
        rd_kafka_destroy(k->asking);
    }
    (void)rd_kafka_purge(
        k->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_destroy(k->producer);
    rd_kafka_mock_cluster_destroy(k->cluster);
    rd_kafka_destroy(k->home);
    free(k);
}

const char *mock_kafka_brokers(const struct mock_kafka *k)
{
    return rd_kafka_mock_cluster_bootstraps(k->cluster);
}

static rd_kafka_t *join(struct mock_kafka *k, const char *group, int session_ms)
{
    rd_kafka_topic_partition_list_t *topics =
        rd_kafka_topic_partition_list_new(1);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *member;
    char text[16];

    (void)snprintf(text, sizeof(text), "%d", session_ms);
    set(conf, "bootstrap.servers", mock_kafka_brokers(k));
    set(conf, "group.id", group);
    set(conf, "session.timeout.ms", text);
    set(conf, "heartbeat.interval.ms", "50");
    /* Without a timer of its own librdkafka looks up once a second. */
    set(conf, "statistics.interval.ms", "50");
    set(conf, "max.poll.interval.ms", "3600000");
    set(conf, "partition.assignment.strategy", "cooperative-sticky");
    member = client(RD_KAFKA_CONSUMER, conf);
    (void)rd_kafka_poll_set_consumer(member);
    (void)rd_kafka_topic_partition_list_add(
        topics, SEAT_TOPIC, RD_KAFKA_PARTITION_UA);
    assert_int_equal(rd_kafka_subscribe(member, topics), 0);
    rd_kafka_topic_partition_list_destroy(topics);
    return member;
}

static void nap(long ms)
{
    const struct timespec pause = {ms / 1000, (ms % 1000) * 1000000};

    (void)nanosleep(&pause, NULL);
}

static bool has_partitions(rd_kafka_t *member)
{
    rd_kafka_topic_partition_list_t *list = NULL;
    bool has;

    assert_int_equal(rd_kafka_assignment(member, &list), 0);
    has = list->cnt > 0;
    rd_kafka_topic_partition_list_destroy(list);
    return has;
}

static void leave(rd_kafka_t *member)
{
    (void)rd_kafka_unsubscribe(member); /* closing alone sends no farewell */
    nap(100);
    (void)rd_kafka_consumer_close(member);
    rd_kafka_destroy(member);
}

/*
 * The mock drops a first member whose session is shorter than the 3 s that it
 * makes it wait. So one with a long session waits for the better part of them,
 * and the one that stays comes late.
 */
void mock_kafka_keep_group(
    struct mock_kafka *k, const char *group, int session_ms)
{
    mock_kafka_topic(k, SEAT_TOPIC, 2);
    k->first = join(k, group, FIRST_WAIT_MS + 500);
    nap(FIRST_WAIT_MS - session_ms / 2);
    k->seat = join(k, group, session_ms);
    for (int i = 0; i < WAIT_MS / 10 && !has_partitions(k->seat); i++) {
        nap(10);
    }
    assert_true(has_partitions(k->seat));
    nap(200);
    if (has_partitions(k->first)) {
        leave(k->first);
        k->first = NULL;
    }
}

void mock_kafka_leave_group(struct mock_kafka *k)
{
    if (k->seat != NULL) {
        leave(k->seat);
        k->seat = NULL;
    }
}

void mock_kafka_topic(struct mock_kafka *k, const char *topic, int partitions)
{
    const struct rd_kafka_metadata *meta;
    rd_kafka_topic_t *rkt;

    assert_int_equal(rd_kafka_mock_topic_create(
                         k->cluster, topic, partitions, MOCK_KAFKA_BROKERS),
        0);
    /* Else the producer asks for its leaders only when a timer of 1 s says. */
    rkt = rd_kafka_topic_new(k->producer, topic, NULL);
    assert_int_equal(rd_kafka_metadata(k->producer, 0, rkt, &meta, WAIT_MS), 0);
    rd_kafka_metadata_destroy(meta);
    rd_kafka_topic_destroy(rkt);
}

/* ---- producing ---- */

static rd_kafka_headers_t *headers_of(const struct mock_record *r)
{
    rd_kafka_headers_t *headers = NULL;

    if (r->n_headers > 0) {
        headers = rd_kafka_headers_new(r->n_headers);
    }
    for (size_t i = 0; i < r->n_headers; i++) {
        (void)rd_kafka_header_add(headers, r->headers[i].name, -1,
            r->headers[i].value.p, (ssize_t)r->headers[i].value.len);
    }
    return headers;
}

void mock_kafka_produce(
    struct mock_kafka *k, const char *topic, const struct mock_record *r)
{
    rd_kafka_headers_t *headers = headers_of(r);
    rd_kafka_resp_err_t rc;

    do {
        rc = rd_kafka_producev(k->producer, RD_KAFKA_V_TOPIC(topic),
            RD_KAFKA_V_PARTITION(r->partition),
            RD_KAFKA_V_KEY(r->key.p, r->key.len),
            RD_KAFKA_V_VALUE((void *)(uintptr_t)r->value.p, r->value.len),
            RD_KAFKA_V_TIMESTAMP(r->timestamp_ms),
            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        if (rc == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            (void)rd_kafka_poll(k->producer, 50);
        }
    } while (rc == RD_KAFKA_RESP_ERR__QUEUE_FULL);
    assert_int_equal(rc, 0);
    k->undelivered++;
}

void mock_kafka_flush(struct mock_kafka *k)
{
    (void)rd_kafka_flush(k->producer, WAIT_MS);
    assert_int_equal(k->undelivered, 0);
}

/* ---- offsets ---- */

int64_t mock_kafka_end(
    struct mock_kafka *k, const char *topic, int32_t partition)
{
    int64_t low, high;

    assert_int_equal(rd_kafka_query_watermark_offsets(
                         k->producer, topic, partition, &low, &high, WAIT_MS),
        0);
    return high;
}

static rd_kafka_t *asking(struct mock_kafka *k, const char *group)
{
    rd_kafka_conf_t *conf;

    if (k->asking != NULL && strcmp(k->asking_group, group) == 0) {
        return k->asking;
    }
    if (k->asking != NULL) {
        rd_kafka_destroy(k->asking);
    }
    conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", mock_kafka_brokers(k));
    set(conf, "group.id", group);
    k->asking = client(RD_KAFKA_CONSUMER, conf);
    (void)snprintf(k->asking_group, sizeof(k->asking_group), "%s", group);
    return k->asking;
}

int64_t mock_kafka_committed(struct mock_kafka *k, const char *group,
    const char *topic, int32_t partition)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t *one =
        rd_kafka_topic_partition_list_add(list, topic, partition);
    int64_t offset;

    assert_int_equal(rd_kafka_committed(asking(k, group), list, WAIT_MS), 0);
    assert_int_equal(one->err, 0);
    offset = one->offset >= 0 ? one->offset : -1;
    rd_kafka_topic_partition_list_destroy(list);
    return offset;
}

/* ---- reading back ---- */

static void hand_over(
    const rd_kafka_message_t *m, mock_record_fn each, void *arg)
{
    struct mock_header headers[MAX_HEADERS];
    rd_kafka_headers_t *found = NULL;
    rd_kafka_timestamp_type_t type;
    struct mock_record r = {.partition = m->partition,
        .key = {m->key, m->key_len},
        .value = {m->payload, m->len},
        .timestamp_ms = rd_kafka_message_timestamp(m, &type),
        .headers = headers};

    (void)rd_kafka_message_headers(m, &found);
    while (found != NULL && r.n_headers < MAX_HEADERS) {
        struct mock_header *h = &headers[r.n_headers];
        const void *value;

        if (rd_kafka_header_get_all(
                found, r.n_headers, &h->name, &value, &h->value.len) != 0) {
            break;
        }
        h->value.p = value;
        r.n_headers++;
    }
    each(arg, m->offset, &r);
}

void mock_kafka_read(struct mock_kafka *k, const char *topic, int32_t partition,
    mock_record_fn each, void *arg)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);
    rd_kafka_t *reader;
    int64_t left = mock_kafka_end(k, topic, partition);

    set(conf, "bootstrap.servers", mock_kafka_brokers(k));
    set(conf, "group.id", "reader");
    reader = client(RD_KAFKA_CONSUMER, conf);
    rd_kafka_topic_partition_list_add(list, topic, partition)->offset = 0;
    assert_int_equal(rd_kafka_assign(reader, list), 0);
    rd_kafka_topic_partition_list_destroy(list);
    while (left > 0) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(reader, WAIT_MS);

        assert_non_null(m);
        if (m->err == 0) {
            hand_over(m, each, arg);
            left--;
        }
        rd_kafka_message_destroy(m);
    }
    rd_kafka_destroy(reader);
}

/* ---- faults ---- */

void mock_kafka_fail(
    struct mock_kafka *k, int request, int error, unsigned times)
{
    rd_kafka_resp_err_t errors[64];

    assert_in_range(times, 1, 64);
    for (unsigned i = 0; i < times; i++) {
        errors[i] = (rd_kafka_resp_err_t)error;
    }
    rd_kafka_mock_push_request_errors_array(
        k->cluster, (int16_t)request, times, errors);
}

void mock_kafka_forgive(struct mock_kafka *k, int request)
{
    rd_kafka_mock_clear_request_errors(k->cluster, (int16_t)request);
}

void mock_kafka_set_up(struct mock_kafka *k, int broker, bool up)
{
    assert_int_equal(up ? rd_kafka_mock_broker_set_up(k->cluster, broker)
                        : rd_kafka_mock_broker_set_down(k->cluster, broker),
        0);
}
