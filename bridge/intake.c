/*
 * A consumer's queue on the event loop; see intake.h.
 *
 * librdkafka writes the eventfd only when its queue turns from empty to
 * filled (rd_kafka_queue_io_event_enable), so the queue is read until it is
 * empty, or the event is made active again when the loop deserves a turn.
 */
#include "bridge/intake.h"

#include "bridge/fetch_nudge.h"
#include "bridge/message.h"
#include "common/clock.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define READ_MOST 1000      /* messages taken from librdkafka at once */
#define READ_SPARE 100      /* room for what comes while those wait */
#define READS_A_TURN 2      /* before other events get their turn */
#define PAUSE_AFTER_MS 2000 /* of holding */
#define POLL_EVERY_S 1      /* though nothing comes: max.poll.interval.ms */

struct intake {
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue;
    const struct intake_calls *calls;
    void *arg;
    int fd;
    struct event *readable;
    struct event *pause_timer;
    struct event *poll_timer;
    rd_kafka_message_t *read[READ_MOST + READ_SPARE];
    size_t n_read, at_read; /* read[at_read..n_read) wait to be handed over */
    struct buf headers;     /* of the record being handed over */
    struct fetch_nudge nudge;
    struct intake_stats stats;
    bool holding;
    bool paused;
};

static void hand_over(
    struct intake *i, rd_kafka_message_t *m, const rd_kafka_message_t *next)
{
    struct record record;

    if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        i->calls->notice(i->arg, m);
        rd_kafka_message_destroy(m);
        return;
    }
    if (message_record((struct message *)m, (const struct message *)next,
            &i->headers, &record) != 0) {
        rd_kafka_message_destroy(m);
        i->calls->broken(i->arg, "out of memory");
        return;
    }
    fetch_nudge_took(&i->nudge, m->len);
    i->calls->record(i->arg, &record);
}

/* Hand over what was read, until told to hold. */
static void hand_over_all(struct intake *i)
{
    while (!i->holding && i->at_read < i->n_read) {
        size_t at = i->at_read++;

        hand_over(
            i, i->read[at], i->at_read < i->n_read ? i->read[at + 1] : NULL);
    }
}

/*
 * Behind what was read and still waits to be handed over; librdkafka's
 * callbacks run meanwhile, and may drop some of that.
 *
 * One by one: rd_kafka_consume_batch_queue destroys what it has read when a
 * partition is paused meanwhile, as all of a member's are in each rebalance,
 * and goes on behind it (before librdkafka 2.1.0; fault.intake shows it), or
 * takes the end of a partition for a record and goes on behind that (before
 * 2.13.2, its pull request 5213).
 */
static bool read_more(struct intake *i)
{
    size_t left = i->n_read - i->at_read;
    size_t most = left > 0 ? READ_MOST + READ_SPARE : READ_MOST;
    rd_kafka_message_t *m = NULL;
    bool has_read = false;

    memmove(i->read, i->read + i->at_read, left * sizeof(i->read[0]));
    i->at_read = 0;
    i->n_read = left;
    while (
        i->n_read < most && (m = rd_kafka_consume_queue(i->queue, 0)) != NULL) {
        i->read[i->n_read++] = m;
        has_read = true;
    }
    if (m == NULL) {
        fetch_nudge_dry(&i->nudge);
    }
    return has_read;
}

/* Returns false when nothing is left to be read now. */
static bool take_turn(struct intake *i, bool *has_read)
{
    for (int turn = 0; turn < READS_A_TURN; turn++) {
        hand_over_all(i);
        /* While holding, the queue is read only when the partitions are
         * paused: then it brings rebalances and answers, no records. */
        if ((i->holding && !i->paused) || !read_more(i)) {
            return false;
        }
        *has_read = true;
    }
    return true;
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
    struct intake *i = arg;
    int64_t began_us = clock_mono_us();
    bool has_read = false;
    uint64_t ignored;

    (void)what;
    (void)!read(fd, &ignored, sizeof(ignored));
    if (take_turn(i, &has_read)) {
        event_active(i->readable, EV_READ, 0);
    }
    if (has_read) {
        i->stats.turns++;
        i->stats.turn_us += clock_mono_us() - began_us;
    }
}

/* The queue's descriptor tells of news only, and a member that reads nothing
 * for max.poll.interval.ms is put out of the group. */
static void on_poll_timer(evutil_socket_t fd, short what, void *arg)
{
    struct intake *i = arg;

    (void)fd;
    (void)what;
    event_active(i->readable, EV_READ, 0);
}

static void pause_or_resume(struct intake *i, bool pause)
{
    rd_kafka_topic_partition_list_t *list = NULL;

    if (rd_kafka_assignment(i->rk, &list) != 0 || list == NULL) {
        return;
    }
    if (pause) {
        (void)rd_kafka_pause_partitions(i->rk, list);
    } else {
        (void)rd_kafka_resume_partitions(i->rk, list);
    }
    rd_kafka_topic_partition_list_destroy(list);
    i->paused = pause;
}

static void on_pause_timer(evutil_socket_t fd, short what, void *arg)
{
    struct intake *i = arg;

    (void)fd;
    (void)what;
    if (i->holding && !i->paused) {
        pause_or_resume(i, true);
        event_active(i->readable, EV_READ, 0);
    }
}

struct intake *intake_new(struct event_base *base, rd_kafka_t *rk,
    const struct intake_calls *calls, void *arg)
{
    struct intake *i = calloc(1, sizeof(*i));
    uint64_t one = 1;

    if (i == NULL) {
        return NULL;
    }
    i->rk = rk;
    i->queue = rd_kafka_queue_get_consumer(rk);
    i->calls = calls;
    i->arg = arg;
    buf_init(&i->headers, SIZE_MAX);
    fetch_nudge_init(&i->nudge, rk);
    i->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    i->readable = event_new(base, i->fd, EV_READ | EV_PERSIST, on_readable, i);
    i->pause_timer = evtimer_new(base, on_pause_timer, i);
    i->poll_timer = event_new(base, -1, EV_PERSIST, on_poll_timer, i);
    if (i->fd < 0 || i->readable == NULL || i->pause_timer == NULL ||
        i->poll_timer == NULL) {
        intake_free(i);
        return NULL;
    }
    rd_kafka_queue_io_event_enable(i->queue, i->fd, &one, sizeof(one));
    return i;
}

int intake_start(struct intake *i)
{
    const struct timeval every = {POLL_EVERY_S, 0};

    if (event_add(i->readable, NULL) != 0 ||
        event_add(i->poll_timer, &every) != 0) {
        return -1;
    }
    event_active(i->readable, EV_READ, 0);
    return 0;
}

void intake_hold(struct intake *i, bool hold)
{
    struct timeval tv = {PAUSE_AFTER_MS / 1000, (PAUSE_AFTER_MS % 1000) * 1000};

    if (hold == i->holding) {
        return;
    }
    i->holding = hold;
    if (hold) {
        (void)event_add(i->pause_timer, &tv);
        return;
    }
    (void)event_del(i->pause_timer);
    if (i->paused) {
        pause_or_resume(i, false);
    }
    event_active(i->readable, EV_READ, 0);
}

bool intake_is_held(const struct intake *i)
{
    return i->holding;
}

bool intake_has_paused(const struct intake *i)
{
    return i->paused;
}

void intake_drop(struct intake *i, const rd_kafka_topic_partition_list_t *list)
{
    size_t kept = i->at_read;

    for (size_t at = i->at_read; at < i->n_read; at++) {
        rd_kafka_message_t *m = i->read[at];

        if (m->rkt != NULL &&
            rd_kafka_topic_partition_list_find(
                (rd_kafka_topic_partition_list_t *)(uintptr_t)list,
                rd_kafka_topic_name(m->rkt), m->partition) != NULL) {
            rd_kafka_message_destroy(m);
        } else {
            i->read[kept++] = m;
        }
    }
    i->n_read = kept;
}

void intake_login_renewed(struct intake *i)
{
    fetch_nudge_init(&i->nudge, i->rk); /* else it would set the old one */
}

const struct intake_stats *intake_stats(const struct intake *i)
{
    return &i->stats;
}

void intake_free(struct intake *i)
{
    if (i == NULL) {
        return;
    }
    for (; i->at_read < i->n_read; i->at_read++) {
        rd_kafka_message_destroy(i->read[i->at_read]);
    }
    rd_kafka_queue_io_event_enable(i->queue, -1, NULL, 0);
    rd_kafka_queue_destroy(i->queue);
    if (i->readable != NULL) {
        event_free(i->readable);
    }
    if (i->pause_timer != NULL) {
        event_free(i->pause_timer);
    }
    if (i->poll_timer != NULL) {
        event_free(i->poll_timer);
    }
    if (i->fd >= 0) {
        (void)close(i->fd);
    }
    buf_fini(&i->headers);
    free(i);
}
