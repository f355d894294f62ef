/*
 * The records of a consumer group; see consumer.h.
 *
 * librdkafka writes the eventfd only when its queue turns from empty to
 * filled (rd_kafka_queue_io_event_enable), so the queue is read until it is
 * empty, or the event is made active again when the loop deserves a turn.
 *
 * A revocation is answered later than librdkafka's callback: the group waits
 * in between, and no partition can come back to us within one read of the
 * queue, so a record in hand never belongs to an assignment before the one
 * its partition has now.
 */
#include "bridge/consumer.h"

#include "bridge/fetch_nudge.h"
#include "bridge/message.h"
#include "common/clock.h"
#include "common/kafka_conf.h"
#include "common/kafka_offsets.h"
#include "common/log.h"
#include "common/topic_names.h"

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define READ_MOST 1000      /* records taken from librdkafka at once */
#define READ_SPARE 100      /* room for what comes while those wait */
#define READS_A_TURN 2      /* before other events get their turn */
#define PAUSE_AFTER_MS 2000 /* of holding */
#define POLL_EVERY_S 1      /* though nothing comes: max.poll.interval.ms */
#define COMMITTED_WAIT_MS 5000
#define DESTROY_WAIT_S 5

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

/* auto.offset.reset, which we follow ourselves: librdkafka would do it without
 * a word, and nobody would know that records were lost. */
enum reset_policy { RESET_EARLIEST, RESET_LATEST, RESET_ERROR };

struct consumer {
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue;
    rd_kafka_topic_partition_list_t *topics;
    rd_kafka_topic_partition_list_t *revoked; /* asked back, NULL: none */
    bool has_patterns;
    enum reset_policy policy;
    int fd;
    struct event *readable;
    struct event *pause_timer;
    struct event *poll_timer;
    const struct consumer_calls *calls;
    void *arg;
    rd_kafka_message_t *read[READ_MOST + READ_SPARE];
    size_t n_read, at_read; /* read[at_read..n_read) wait to be handed over */
    struct buf headers;     /* of the record being handed over */
    struct fetch_nudge nudge;
    struct consumer_stats stats;
    bool holding;
    bool paused;
    bool has_joined;   /* consumer_start was called */
    bool was_assigned; /* partitions, or none of them, at least once */
    bool closing;
    char cause[512]; /* of the last failing connection */
};

/* Run f with the list as positions; one allocation, on rare paths only. */
static struct position *positions_of(
    const rd_kafka_topic_partition_list_t *list)
{
    struct position *p = calloc((size_t)list->cnt + 1, sizeof(*p));

    for (int i = 0; p != NULL && i < list->cnt; i++) {
        p[i] = (struct position){list->elems[i].topic, list->elems[i].partition,
            list->elems[i].offset};
    }
    return p;
}

static rd_kafka_topic_partition_list_t *list_of(
    const struct position *positions, size_t n)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)n);

    for (size_t i = 0; i < n; i++) {
        rd_kafka_topic_partition_list_add(
            list, positions[i].topic, positions[i].partition)
            ->offset = positions[i].offset;
    }
    return list;
}

/* librdkafka knows of no protocol any more once the group is left. */
static bool is_cooperative(const struct consumer *c)
{
    const char *protocol = rd_kafka_rebalance_protocol(c->rk);

    return protocol != NULL && strcmp(protocol, "COOPERATIVE") == 0;
}

/*
 * Where reading begins: at the committed offset; without one, by policy. When
 * the brokers do not tell, librdkafka asks them again by itself, and what it
 * then misses comes to us as an offset out of range.
 */
static rd_kafka_topic_partition_list_t *starting_points(
    struct consumer *c, const rd_kafka_topic_partition_list_t *list)
{
    rd_kafka_topic_partition_list_t *start =
        rd_kafka_topic_partition_list_copy(list);

    if (rd_kafka_committed(c->rk, start, COMMITTED_WAIT_MS) != 0) {
        rd_kafka_topic_partition_list_destroy(start);
        return rd_kafka_topic_partition_list_copy(list);
    }
    for (int i = 0; i < start->cnt; i++) {
        rd_kafka_topic_partition_t *one = &start->elems[i];

        if (one->offset >= 0 || one->err != 0 || c->policy == RESET_ERROR) {
            continue;
        }
        one->offset = c->policy == RESET_LATEST ? RD_KAFKA_OFFSET_END
                                                : RD_KAFKA_OFFSET_BEGINNING;
    }
    return start;
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
    start = starting_points(c, list);
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
    if (c->paused) {
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

static int64_t resume_offset(
    const struct consumer *c, const struct consumer_reset *r)
{
    switch (c->policy) {
    case RESET_EARLIEST:
        return r->low;
    case RESET_LATEST:
        return r->high;
    case RESET_ERROR:
        break;
    }
    return -1;
}

/*
 * Read a partition from another offset. librdkafka has stopped it
 * (auto.offset.reset=error), and a seek does not wake it up again; taking it
 * out of the assignment and in again does.
 */
static void read_from(struct consumer *c, const struct position *at)
{
    rd_kafka_topic_partition_list_t *list = list_of(at, 1);
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

/* The broker does not have what was to be read next. */
static void reset_position(struct consumer *c, const struct position *at)
{
    struct consumer_reset r = {.at = *at, .low = -1, .high = -1};
    struct position from = *at;

    r.at.offset = consumer_position(c, at->topic, at->partition);
    (void)rd_kafka_query_watermark_offsets(
        c->rk, at->topic, at->partition, &r.low, &r.high, COMMITTED_WAIT_MS);
    r.resume_at = resume_offset(c, &r);
    r.stops = c->policy == RESET_ERROR;
    c->calls->out_of_range(c->arg, &r);
    if (r.stops) {
        return;
    }
    from.offset = r.resume_at >= 0            ? r.resume_at
                  : c->policy == RESET_LATEST ? RD_KAFKA_OFFSET_END
                                              : RD_KAFKA_OFFSET_BEGINNING;
    read_from(c, &from);
}

static void hand_over_error(struct consumer *c, rd_kafka_message_t *m)
{
    struct position at = {m->rkt != NULL ? rd_kafka_topic_name(m->rkt) : "",
        m->partition, m->offset};

    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        c->calls->end(c->arg, &at);
    } else if (m->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
        reset_position(c, &at);
    } else {
        c->calls->trouble(c->arg, rd_kafka_message_errstr(m), false);
    }
    rd_kafka_message_destroy(m);
}

static void hand_over(
    struct consumer *c, rd_kafka_message_t *m, const rd_kafka_message_t *next)
{
    struct record record;

    if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        hand_over_error(c, m);
        return;
    }
    if (message_record((struct message *)m, (const struct message *)next,
            &c->headers, &record) != 0) {
        rd_kafka_message_destroy(m);
        c->calls->trouble(c->arg, "out of memory", true);
        return;
    }
    fetch_nudge_took(&c->nudge, m->len);
    c->calls->record(c->arg, &record);
}

/* Hand over what was read, until told to hold. */
static void hand_over_all(struct consumer *c)
{
    while (!c->holding && c->at_read < c->n_read) {
        size_t at = c->at_read++;

        hand_over(
            c, c->read[at], c->at_read < c->n_read ? c->read[at + 1] : NULL);
    }
}

/* Behind what was read and still waits to be handed over. */
static bool read_more(struct consumer *c)
{
    size_t left = c->n_read - c->at_read;
    size_t room = left > 0 ? READ_MOST + READ_SPARE - left : READ_MOST;
    ssize_t n;

    memmove(c->read, c->read + c->at_read, left * sizeof(c->read[0]));
    c->at_read = 0;
    c->n_read = left;
    n = rd_kafka_consume_batch_queue(c->queue, 0, c->read + left, room);
    c->n_read += n > 0 ? (size_t)n : 0;
    if (n <= 0) {
        fetch_nudge_dry(&c->nudge);
    }
    return n > 0;
}

/* Returns false when nothing is left to be read now. */
static bool take_turn(struct consumer *c, bool *has_read)
{
    for (int turn = 0; turn < READS_A_TURN; turn++) {
        hand_over_all(c);
        /* While holding, the queue is read only when the partitions are
         * paused: then it brings rebalances and answers, no records. */
        if ((c->holding && !c->paused) || !read_more(c)) {
            return false;
        }
        *has_read = true;
    }
    return true;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct consumer *c = arg;
    int64_t began_us = clock_mono_us();
    bool has_read = false;
    uint64_t ignored;

    (void)what;
    (void)!read(fd, &ignored, sizeof(ignored));
    if (take_turn(c, &has_read)) {
        event_active(c->readable, EV_READ, 0);
    }
    if (has_read) {
        c->stats.turns++;
        c->stats.turn_us += clock_mono_us() - began_us;
    }
}

/* The queue's descriptor tells of news only, and a member that reads nothing
 * for max.poll.interval.ms is put out of the group. */
static void on_poll_timer(evutil_socket_t fd, short what, void *arg)
{
    struct consumer *c = arg;

    (void)fd;
    (void)what;
    event_active(c->readable, EV_READ, 0);
}

static void pause_or_resume(struct consumer *c, bool pause)
{
    rd_kafka_topic_partition_list_t *list = NULL;

    if (rd_kafka_assignment(c->rk, &list) != 0 || list == NULL) {
        return;
    }
    if (pause) {
        (void)rd_kafka_pause_partitions(c->rk, list);
    } else {
        (void)rd_kafka_resume_partitions(c->rk, list);
    }
    rd_kafka_topic_partition_list_destroy(list);
    c->paused = pause;
}

static void on_pause_timer(evutil_socket_t fd, short what, void *arg)
{
    struct consumer *c = arg;

    (void)fd;
    (void)what;
    if (c->holding && !c->paused) {
        pause_or_resume(c, true);
        event_active(c->readable, EV_READ, 0);
    }
}

void consumer_hold(struct consumer *c, bool hold)
{
    struct timeval tv = {PAUSE_AFTER_MS / 1000, (PAUSE_AFTER_MS % 1000) * 1000};

    if (hold == c->holding) {
        return;
    }
    c->holding = hold;
    if (hold) {
        (void)event_add(c->pause_timer, &tv);
        return;
    }
    (void)event_del(c->pause_timer);
    if (c->paused) {
        pause_or_resume(c, false);
    }
    event_active(c->readable, EV_READ, 0);
}

bool consumer_is_held(const struct consumer *c)
{
    return c->holding;
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
        c->has_patterns = c->has_patterns || text[0] == '^';
    }
    if (c->topics->cnt == 0) {
        return error_set(err,
            "bridge.topics is not set: name the topics to consume, e.g. "
            "--set bridge.topics=Stock_Data");
    }
    return 0;
}

/* Take auto.offset.reset out of librdkafka's hands; its words for it. */
static int read_policy(
    struct consumer *c, rd_kafka_conf_t *conf, struct error *err)
{
    char word[32] = "";
    size_t size = sizeof(word);

    (void)rd_kafka_conf_get(conf, "auto.offset.reset", word, &size);
    if (strcmp(word, "earliest") == 0 || strcmp(word, "smallest") == 0 ||
        strcmp(word, "beginning") == 0) {
        c->policy = RESET_EARLIEST;
    } else if (strcmp(word, "error") == 0) {
        c->policy = RESET_ERROR;
    } else {
        c->policy = RESET_LATEST;
    }
    if (rd_kafka_conf_set(conf, "auto.offset.reset", "error", NULL, 0) !=
        RD_KAFKA_CONF_OK) {
        return error_set(err, "kafka: auto.offset.reset cannot be set");
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
    if (read_policy(c, conf, err) != 0) {
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
    fetch_nudge_init(&c->nudge, c->rk);
    (void)rd_kafka_poll_set_consumer(c->rk);
    c->queue = rd_kafka_queue_get_consumer(c->rk);
    return 0;
}

struct consumer *consumer_new(struct event_base *base,
    const struct config *config, const char *topics,
    const struct consumer_calls *calls, void *arg, struct error *err)
{
    struct consumer *c = calloc(1, sizeof(*c));
    uint64_t one = 1;

    if (c == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    c->calls = calls;
    c->arg = arg;
    buf_init(&c->headers, SIZE_MAX);
    c->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (add_topics(c, topics, err) != 0 || make_client(c, config, err) != 0) {
        consumer_free(c);
        return NULL;
    }
    c->readable = event_new(base, c->fd, EV_READ | EV_PERSIST, on_readable, c);
    c->pause_timer = evtimer_new(base, on_pause_timer, c);
    c->poll_timer = event_new(base, -1, EV_PERSIST, on_poll_timer, c);
    if (c->fd < 0 || c->readable == NULL || c->pause_timer == NULL ||
        c->poll_timer == NULL) {
        (void)error_set(err, "cannot make an event descriptor");
        consumer_free(c);
        return NULL;
    }
    rd_kafka_queue_io_event_enable(c->queue, c->fd, &one, sizeof(one));
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
    const struct timeval every = {POLL_EVERY_S, 0};
    rd_kafka_resp_err_t rc;

    if (event_add(c->readable, NULL) != 0 ||
        event_add(c->poll_timer, &every) != 0) {
        return error_set(err, "out of memory");
    }
    c->has_joined = true;
    rc = rd_kafka_subscribe(c->rk, c->topics);
    if (rc != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return error_set(err, "bridge.topics: %s", rd_kafka_err2str(rc));
    }
    event_active(c->readable, EV_READ, 0);
    return 0;
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
            rc = rd_kafka_event_error(event) == 0 ? 0 : -1;
            rd_kafka_event_destroy(event);
        }
    }
    rd_kafka_queue_destroy(answers);
    return rc;
}

int consumer_commit(
    struct consumer *c, const struct position *positions, size_t n, int wait_ms)
{
    rd_kafka_topic_partition_list_t *list = list_of(positions, n);
    int rc;

    if (wait_ms > 0) {
        rc = commit_and_wait(c, list, wait_ms);
    } else {
        rc = rd_kafka_commit(c->rk, list, 1) == 0 ? 0 : -1;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return rc;
}

/* Records read before a revocation are not ours any more. */
static void drop_read(struct consumer *c, rd_kafka_topic_partition_list_t *list)
{
    size_t kept = c->at_read;

    for (size_t i = c->at_read; i < c->n_read; i++) {
        rd_kafka_message_t *m = c->read[i];

        if (m->rkt != NULL &&
            rd_kafka_topic_partition_list_find(
                (rd_kafka_topic_partition_list_t *)(uintptr_t)list,
                rd_kafka_topic_name(m->rkt), m->partition) != NULL) {
            rd_kafka_message_destroy(m);
        } else {
            c->read[kept++] = m;
        }
    }
    c->n_read = kept;
}

void consumer_give_back(struct consumer *c)
{
    rd_kafka_topic_partition_list_t *list = c->revoked;

    if (list != NULL) {
        c->revoked = NULL;
        drop_read(c, list);
        /* librdkafka keeps a partition's pause while others have it, and would
         * not read it when it comes back (2.0.2, by trial). */
        if (c->paused) {
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
    rd_kafka_topic_partition_list_t *list = list_of(at, n);
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
    fetch_nudge_init(&c->nudge, c->rk); /* else it would set the old one */
    return 0;
}

static void *destroy(void *arg)
{
    rd_kafka_destroy(arg);
    return NULL;
}

/*
 * librdkafka 2.0 to 2.3 may wait for ever in rd_kafka_destroy when a topic was
 * deleted or a broker lost while it ran (its issues 4362 and 4674). The group
 * is left by then and the process about to end, so the wait has a bound; it
 * takes a thread, because nothing else can give up a call that does not
 * return.
 */
static void destroy_within(rd_kafka_t *rk, int seconds)
{
    struct timespec until;
    pthread_t thread;

    if (pthread_create(&thread, NULL, destroy, rk) != 0) {
        rd_kafka_destroy(rk);
        return;
    }
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    if (pthread_timedjoin_np(thread, NULL, &until) != 0) {
        (void)pthread_detach(thread);
        log_debug(LOG_MSG("librdkafka does not end; leaving it behind"));
    }
}

void consumer_free(struct consumer *c)
{
    if (c == NULL) {
        return;
    }
    c->closing = true;
    if (c->readable != NULL) {
        event_free(c->readable);
    }
    if (c->pause_timer != NULL) {
        event_free(c->pause_timer);
    }
    if (c->poll_timer != NULL) {
        event_free(c->poll_timer);
    }
    for (; c->at_read < c->n_read; c->at_read++) {
        rd_kafka_message_destroy(c->read[c->at_read]);
    }
    if (c->rk != NULL) {
        consumer_give_back(c);
        rd_kafka_queue_io_event_enable(c->queue, -1, NULL, 0);
        (void)rd_kafka_consumer_close(c->rk);
        rd_kafka_queue_destroy(c->queue);
        /* librdkafka trips an assertion when a member is freed that joined and
         * was not given its share yet (rd_kafka_sticky_assignor_state_destroy
         * without a state); its end is the process's. */
        if (!c->has_joined || c->was_assigned) {
            destroy_within(c->rk, DESTROY_WAIT_S);
        }
    }
    if (c->topics != NULL) {
        rd_kafka_topic_partition_list_destroy(c->topics);
    }
    if (c->fd >= 0) {
        (void)close(c->fd);
    }
    buf_fini(&c->headers);
    free(c);
}

const struct consumer_stats *consumer_stats(const struct consumer *c)
{
    return &c->stats;
}
