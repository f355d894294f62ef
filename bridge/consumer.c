/*
 * The records of a consumer group; see consumer.h.
 *
 * A revocation is answered later than librdkafka's callback: the group waits
 * in between, and no partition can come back to us within one read of the
 * queue, so a record in hand never belongs to an assignment before the one
 * its partition has now.
 */
#include "bridge/consumer.h"

#include "bridge/intake.h"
#include "bridge/offset_reset.h"
#include "common/clock.h"
#include "common/kafka_conf.h"
#include "common/kafka_end.h"
#include "common/kafka_offsets.h"
#include "common/log.h"
#include "common/topic_names.h"

#include <librdkafka/rdkafka.h>
#include <stdlib.h>
#include <string.h>

#define COMMITTED_WAIT_MS 5000
#define ANSWER_WAIT_US 500000

static const struct kafka_default defaults[] = {
    {"client.id", "naru"},
    {"group.id", "naru-bridge"},
    {"auto.offset.reset", "earliest"},
    {"partition.assignment.strategy", "cooperative-sticky"},
    {"enable.partition.eof", "true"},
    /* Enough to keep the bridge busy, and a bound on memory: librdkafka needs
     * three to four times as much for records of 300 bytes. */
    {"queued.max.messages.kbytes", "4096"},
    {"fetch.message.max.bytes", "524288"},
    /* Where the queue was full it would not fetch for a second. */
    {"?fetch.queue.backoff.ms", "20"},
};

struct consumer {
    rd_kafka_t *rk;
    struct intake *intake;
    rd_kafka_topic_partition_list_t *topics;
    rd_kafka_topic_partition_list_t *revoked; /* asked back, NULL: none */
    enum offset_reset reset;
    const struct consumer_calls *calls;
    void *arg;
    bool has_joined;   /* consumer_start was called */
    bool was_assigned; /* partitions, or none of them, at least once */
    bool closing;
    char cause[512]; /* of the last failing connection */
};

/* librdkafka knows of no protocol any more once the group is left. */
static bool is_cooperative(const struct consumer *c)
{
    const char *protocol = rd_kafka_rebalance_protocol(c->rk);

    return protocol != NULL && strcmp(protocol, "COOPERATIVE") == 0;
}

static void answer_assignment(
    struct consumer *c, const rd_kafka_topic_partition_list_t *list)
{
    if (is_cooperative(c)) {
        rd_kafka_error_destroy(rd_kafka_incremental_assign(c->rk, list));
    } else {
        (void)rd_kafka_assign(c->rk, list);
    }
}

static void assign(
    struct consumer *c, const rd_kafka_topic_partition_list_t *list)
{
    rd_kafka_topic_partition_list_t *start;
    struct position *p;

    if (c->closing) { /* an answer is all that the group waits for */
        answer_assignment(c, list);
        return;
    }
    start = offset_reset_start(c->reset, c->rk, list, COMMITTED_WAIT_MS);
    p = positions_of(start);
    if (p == NULL) {
        c->calls->trouble(c->arg, "out of memory", true);
        rd_kafka_topic_partition_list_destroy(start);
        return;
    }
    for (int i = 0; i < start->cnt; i++) {
        p[i].offset = p[i].offset >= 0 ? p[i].offset : -1;
    }
    c->calls->assigned(c->arg, p, (size_t)start->cnt);
    free(p);
    answer_assignment(c, start);
    if (intake_has_paused(c->intake)) {
        (void)rd_kafka_pause_partitions(c->rk, start);
    }
    rd_kafka_topic_partition_list_destroy(start);
}

static void unassign(
    struct consumer *c, const rd_kafka_topic_partition_list_t *list)
{
    if (is_cooperative(c)) {
        rd_kafka_error_destroy(rd_kafka_incremental_unassign(c->rk, list));
    } else {
        (void)rd_kafka_assign(c->rk, NULL);
    }
}

static void ask_back(
    struct consumer *c, const rd_kafka_topic_partition_list_t *list)
{
    struct position *p;

    if (c->closing) {
        unassign(c, list);
        return;
    }
    p = positions_of(list);
    c->revoked = rd_kafka_topic_partition_list_copy(list);
    if (p == NULL) {
        c->calls->trouble(c->arg, "out of memory", true);
        return;
    }
    c->calls->revoked(
        c->arg, p, (size_t)list->cnt, rd_kafka_assignment_lost(c->rk) != 0);
    free(p);
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t what,
    rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct consumer *c = opaque;

    (void)rk;
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        c->was_assigned = true;
        assign(c, list);
    } else {
        ask_back(c, list);
    }
}

static void on_commit(rd_kafka_t *rk, rd_kafka_resp_err_t err,
    rd_kafka_topic_partition_list_t *list, void *opaque)
{
    struct consumer *c = opaque;
    struct position *p;

    (void)rk;
    if (c->closing || list == NULL || (p = positions_of(list)) == NULL) {
        return;
    }
    for (int i = 0; i < list->cnt && err == 0; i++) {
        err = list->elems[i].err;
    }
    c->calls->committed(
        c->arg, p, (size_t)list->cnt, err != 0 ? rd_kafka_err2str(err) : NULL);
    free(p);
}

static void on_error(rd_kafka_t *rk, int err, const char *text, void *opaque)
{
    struct consumer *c = opaque;
    char why[512];

    kafka_conf_cause(err, text, c->cause, sizeof(c->cause));
    if (err == RD_KAFKA_RESP_ERR__FATAL) {
        (void)rd_kafka_fatal_error(rk, why, sizeof(why));
        c->calls->trouble(c->arg, why, true);
    } else if (!c->closing && c->has_joined) { /* else the start tells it */
        c->calls->trouble(c->arg, text, false);
    }
}

/*
 * Read a partition from another offset. librdkafka has stopped it
 * (auto.offset.reset=error), and a seek does not wake it up again; taking it
 * out of the assignment and in again does.
 */
static void read_from(struct consumer *c, const struct position *at)
{
    rd_kafka_topic_partition_list_t *list = positions_list(at, 1);
    rd_kafka_topic_partition_list_t *all = NULL;
    rd_kafka_topic_partition_t *one;

    if (is_cooperative(c)) {
        rd_kafka_error_destroy(rd_kafka_incremental_unassign(c->rk, list));
        rd_kafka_error_destroy(rd_kafka_incremental_assign(c->rk, list));
    } else if (rd_kafka_assignment(c->rk, &all) == 0) {
        (void)rd_kafka_position(c->rk, all);
        one = rd_kafka_topic_partition_list_find(all, at->topic, at->partition);
        if (one != NULL) {
            one->offset = at->offset;
        }
        (void)rd_kafka_assign(c->rk, all);
        rd_kafka_topic_partition_list_destroy(all);
    }
    rd_kafka_topic_partition_list_destroy(list);
}

/* Bounded, as rd_kafka_query_watermark_offsets is not before librdkafka 2.12
 * (its issue 4878). What is not told stays -1. */
static void ask_edges(
    struct consumer *c, const struct position *at, struct consumer_reset *r)
{
    rd_kafka_topic_partition_list_t *list = positions_list(at, 1);
    struct kafka_span edges = {-1, -1};
    struct error ignored;

    (void)!kafka_offsets_edges(
        c->rk, list, &edges, COMMITTED_WAIT_MS, &ignored);
    r->low = edges.low;
    r->high = edges.next;
    rd_kafka_topic_partition_list_destroy(list);
}

/* Not after it was asked back: putting it into the assignment then would be an
 * answer to that. */
static bool is_ours(const struct consumer *c, const struct position *at)
{
    rd_kafka_topic_partition_list_t *all = NULL;
    bool ours;

    if (rd_kafka_assignment(c->rk, &all) != 0) {
        return false;
    }
    ours = rd_kafka_topic_partition_list_find(all, at->topic, at->partition) !=
               NULL &&
           (c->revoked == NULL || rd_kafka_topic_partition_list_find(c->revoked,
                                      at->topic, at->partition) == NULL);
    rd_kafka_topic_partition_list_destroy(all);
    return ours;
}

/* The broker does not have what was to be read next. */
static void reset_position(struct consumer *c, const struct position *at)
{
    struct consumer_reset r = {
        .at = *at, .low = -1, .high = -1, .resume_at = -1};
    struct position from = *at;

    if (!is_ours(c, at)) {
        return;
    }
    r.at.offset = consumer_position(c, at->topic, at->partition);
    ask_edges(c, at, &r);
    r.stops = c->reset == RESET_ERROR;
    if (!r.stops) {
        r.resume_at = c->reset == RESET_EARLIEST ? r.low : r.high;
    }
    c->calls->out_of_range(c->arg, &r);
    if (r.stops) {
        return;
    }
    from.offset = r.resume_at >= 0 ? r.resume_at : offset_reset_point(c->reset);
    read_from(c, &from);
}

static void on_notice(void *arg, const rd_kafka_message_t *m)
{
    struct consumer *c = arg;
    struct position at = {m->rkt != NULL ? rd_kafka_topic_name(m->rkt) : "",
        m->partition, m->offset};

    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        c->calls->end(c->arg, &at);
    } else if (m->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
        reset_position(c, &at);
    } else {
        c->calls->trouble(c->arg, rd_kafka_message_errstr(m), false);
    }
}

static void on_record(void *arg, const struct record *record)
{
    struct consumer *c = arg;

    c->calls->record(c->arg, record);
}

static void on_broken(void *arg, const char *why)
{
    struct consumer *c = arg;

    c->calls->trouble(c->arg, why, true);
}

static const struct intake_calls intake_calls = {
    .record = on_record,
    .notice = on_notice,
    .broken = on_broken,
};

void consumer_hold(struct consumer *c, bool hold)
{
    intake_hold(c->intake, hold);
}

bool consumer_is_held(const struct consumer *c)
{
    return intake_is_held(c->intake);
}

static int add_topics(struct consumer *c, const char *topics, struct error *err)
{
    char text[256];
    struct slice name;

    c->topics = rd_kafka_topic_partition_list_new(4);
    while (topic_names_next(&topics, &name)) {
        if (name.len >= sizeof(text)) {
            return error_set(
                err, "bridge.topics: a name is longer than 255 bytes");
        }
        (void)snprintf(text, sizeof(text), SLICE_FMT, SLICE_ARG(name));
        (void)rd_kafka_topic_partition_list_add(
            c->topics, text, RD_KAFKA_PARTITION_UA);
    }
    if (c->topics->cnt == 0) {
        return error_set(err,
            "bridge.topics is not set: name the topics to consume, e.g. "
            "--set bridge.topics=Stock_Data");
    }
    return 0;
}

static int make_client(
    struct consumer *c, const struct config *config, struct error *err)
{
    rd_kafka_conf_t *conf = kafka_conf_new(config, KAFKA_CONSUMER, defaults,
        sizeof(defaults) / sizeof(defaults[0]), err);
    char why[512];

    if (conf == NULL) {
        return -1;
    }
    if (offset_reset_take(&c->reset, conf, err) != 0) {
        rd_kafka_conf_destroy(conf);
        return -1;
    }
    /* Ours whatever the file says: the ledger alone decides on commits. */
    (void)rd_kafka_conf_set(conf, "enable.auto.commit", "false", NULL, 0);
    (void)rd_kafka_conf_set(conf, "enable.auto.offset.store", "false", NULL, 0);
    (void)rd_kafka_conf_set(conf, "enable.partition.eof", "true", NULL, 0);
    rd_kafka_conf_set_opaque(conf, c);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_conf_set_offset_commit_cb(conf, on_commit);
    rd_kafka_conf_set_error_cb(conf, on_error);
    c->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    if (c->rk == NULL) {
        rd_kafka_conf_destroy(conf);
        return error_set(err, "kafka: %s", why);
    }
    (void)rd_kafka_poll_set_consumer(c->rk);
    return 0;
}

struct consumer *consumer_new(struct event_base *base,
    const struct config *config, const char *topics,
    const struct consumer_calls *calls, void *arg, struct error *err)
{
    struct consumer *c = calloc(1, sizeof(*c));

    if (c == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    c->calls = calls;
    c->arg = arg;
    if (add_topics(c, topics, err) != 0 || make_client(c, config, err) != 0) {
        consumer_free(c);
        return NULL;
    }
    c->intake = intake_new(base, c->rk, &intake_calls, c);
    if (c->intake == NULL) {
        (void)error_set(err, "cannot make an event descriptor");
        consumer_free(c);
        return NULL;
    }
    return c;
}

static bool topic_is_missing(const rd_kafka_metadata_t *meta, const char *name)
{
    for (int i = 0; i < meta->topic_cnt; i++) {
        if (strcmp(meta->topics[i].topic, name) == 0) {
            return meta->topics[i].err ==
                       RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
                   meta->topics[i].partition_cnt == 0;
        }
    }
    return true;
}

int consumer_check_topics(struct consumer *c, int timeout_ms, struct error *err)
{
    const struct rd_kafka_metadata *meta;
    rd_kafka_resp_err_t rc =
        rd_kafka_metadata(c->rk, 1, NULL, &meta, timeout_ms);
    char brokers[512] = "";
    size_t size = sizeof(brokers);
    int missing = -1;

    if (rc != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_message_t *m = rd_kafka_consumer_poll(c->rk, 0);

        if (m != NULL) { /* on_error was called on the way */
            rd_kafka_message_destroy(m);
        }
        (void)rd_kafka_conf_get(
            rd_kafka_conf(c->rk), "bootstrap.servers", brokers, &size);
        (void)error_set(err,
            "no Kafka broker answers at %s (%s): are they up, and is "
            "kafka.bootstrap.servers right?",
            brokers[0] != '\0' ? brokers : "(bootstrap.servers is not set)",
            c->cause[0] != '\0' ? c->cause : rd_kafka_err2str(rc));
        return 1;
    }
    for (int i = 0; i < c->topics->cnt && missing < 0; i++) {
        if (c->topics->elems[i].topic[0] != '^' &&
            topic_is_missing(meta, c->topics->elems[i].topic)) {
            missing = i;
        }
    }
    rd_kafka_metadata_destroy(meta);
    if (missing >= 0) {
        return error_set(err,
            "topic '%s' does not exist: create it, or see bridge.topics",
            c->topics->elems[missing].topic);
    }
    return 0;
}

int consumer_start(struct consumer *c, struct error *err)
{
    rd_kafka_resp_err_t rc;

    if (intake_start(c->intake) != 0) {
        return error_set(err, "out of memory");
    }
    c->has_joined = true;
    rc = rd_kafka_subscribe(c->rk, c->topics);
    if (rc != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "bridge.topics: %s", rd_kafka_err2str(rc));
    }
    return 0;
}

/* librdkafka calls a commit failed only when all of it was refused. */
static bool took_all(rd_kafka_event_t *event)
{
    const rd_kafka_topic_partition_list_t *list =
        rd_kafka_event_topic_partition_list(event);
    bool all = rd_kafka_event_error(event) == 0;

    for (int i = 0; all && list != NULL && i < list->cnt; i++) {
        all = list->elems[i].err == 0;
    }
    return all;
}

/* Wait for one commit's answer on a queue of its own, no longer than said. */
static int commit_and_wait(struct consumer *c,
    const rd_kafka_topic_partition_list_t *list, int wait_ms)
{
    rd_kafka_queue_t *answers = rd_kafka_queue_new(c->rk);
    rd_kafka_event_t *event;
    int rc = -1;

    if (rd_kafka_commit_queue(c->rk, list, answers, NULL, NULL) == 0) {
        event = rd_kafka_queue_poll(answers, wait_ms);
        if (event != NULL) {
            rc = took_all(event) ? 0 : -1;
            rd_kafka_event_destroy(event);
        }
    }
    rd_kafka_queue_destroy(answers);
    return rc;
}

int consumer_commit(
    struct consumer *c, const struct position *positions, size_t n, int wait_ms)
{
    rd_kafka_topic_partition_list_t *list = positions_list(positions, n);
    int rc;

    if (wait_ms > 0) {
        rc = commit_and_wait(c, list, wait_ms);
    } else {
        rc = rd_kafka_commit(c->rk, list, 1) == 0 ? 0 : -1;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return rc;
}

void consumer_give_back(struct consumer *c)
{
    rd_kafka_topic_partition_list_t *list = c->revoked;

    if (list != NULL) {
        c->revoked = NULL;
        intake_drop(c->intake, list);
        /* librdkafka keeps a partition's pause while others have it, and would
         * not read it when it comes back (2.0.2, by trial). */
        if (intake_has_paused(c->intake)) {
            (void)rd_kafka_resume_partitions(c->rk, list);
        }
        unassign(c, list);
        rd_kafka_topic_partition_list_destroy(list);
    }
}

int64_t consumer_position(
    const struct consumer *c, const char *topic, int32_t partition)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t *one =
        rd_kafka_topic_partition_list_add(list, topic, partition);
    int64_t offset = -1;

    if (rd_kafka_position(c->rk, list) == 0 && one->offset >= 0) {
        offset = one->offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return offset;
}

int64_t consumer_seen_end(
    struct consumer *c, const char *topic, int32_t partition)
{
    int64_t low = -1, high = -1;
    rd_kafka_resp_err_t rc =
        rd_kafka_get_watermark_offsets(c->rk, topic, partition, &low, &high);

    return rc == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : -1;
}

int consumer_ask_ends(
    struct consumer *c, struct position *at, size_t n, int wait_ms)
{
    rd_kafka_topic_partition_list_t *list = positions_list(at, n);
    struct error ignored;
    int rc = kafka_offsets_ask(c->rk, list, KAFKA_NEXT, wait_ms, &ignored);

    for (size_t i = 0; rc == 0 && i < n; i++) {
        at[i].offset = list->elems[i].offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return rc;
}

int consumer_renew_login(
    struct consumer *c, const struct config *config, struct error *err)
{
    if (kafka_conf_renew_login(config, c->rk, err) != 0) {
        return -1;
    }
    intake_login_renewed(c->intake);
    return 0;
}

const struct intake_stats *consumer_stats(const struct consumer *c)
{
    return intake_stats(c->intake);
}

/* An assignment that waits in the queue is answered now; librdkafka before 2.4
 * would wait for that for ever once it closes. */
static void answer_what_waits(struct consumer *c)
{
    int64_t until_us = clock_mono_us() + ANSWER_WAIT_US;
    rd_kafka_message_t *m;

    while (clock_mono_us() < until_us &&
           (m = rd_kafka_consumer_poll(c->rk, 0)) != NULL) {
        rd_kafka_message_destroy(m);
    }
}

void consumer_free(struct consumer *c)
{
    bool ends = true;

    if (c == NULL) {
        return;
    }
    c->closing = true;
    if (c->rk != NULL) {
        consumer_give_back(c);
        intake_free(c->intake);
        answer_what_waits(c);
        /* librdkafka trips an assertion when a member is freed that joined and
         * was not given its share yet (rd_kafka_sticky_assignor_state_destroy
         * without a state); its end is the process's. */
        ends = kafka_end(c->rk, !c->has_joined || c->was_assigned
                                    ? KAFKA_LEAVE | KAFKA_DESTROY
                                    : KAFKA_LEAVE);
    }
    if (!ends) {
        return; /* its callbacks may yet come */
    }
    if (c->topics != NULL) {
        rd_kafka_topic_partition_list_destroy(c->topics);
    }
    free(c);
}
