/* The reading of a consumer's queue, with a queue of our own in librdkafka's
 * place: its calls that intake.c makes are defined here. */
#include "bridge/intake.h"

#include "bridge/fetch_nudge.h"
#include "bridge/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 5000
#define TOPIC "t"
#define NOTICE RD_KAFKA_RESP_ERR__PARTITION_EOF

/* What librdkafka has, and what became of it. */
static struct {
    rd_kafka_message_t all[MOST];
    size_t n;
    size_t at; /* all[at..n) wait in the queue */
    unsigned destroyed[MOST];
    void (*within)(void); /* a callback, run once before all[within_at] */
    size_t within_at;
    unsigned reads;
    unsigned paused, resumed;
    int fd;
} queue;

/* What the intake handed over. */
static struct {
    int64_t offsets[MOST];
    size_t n;
    size_t notices;
    unsigned broken;
    size_t hold_at; /* hold with the record of this number, from 1; 0: never */
    bool no_memory;
    struct event *other; /* wants its turn from the first record on */
} got;

static struct event_base *base;
static struct intake *intake;

rd_kafka_queue_t *rd_kafka_queue_get_consumer(rd_kafka_t *rk)
{
    return (rd_kafka_queue_t *)rk;
}

void rd_kafka_queue_destroy(rd_kafka_queue_t *rkqu)
{
    (void)rkqu;
}

void rd_kafka_queue_io_event_enable(
    rd_kafka_queue_t *rkqu, int fd, const void *payload, size_t size)
{
    (void)rkqu;
    (void)payload;
    (void)size;
    queue.fd = fd;
}

rd_kafka_message_t *rd_kafka_consume_queue(
    rd_kafka_queue_t *rkqu, int timeout_ms)
{
    (void)rkqu;
    assert_int_equal(timeout_ms, 0);
    queue.reads++;
    if (queue.within != NULL && queue.at == queue.within_at) {
        void (*within)(void) = queue.within;

        queue.within = NULL;
        within();
    }
    return queue.at < queue.n ? &queue.all[queue.at++] : NULL;
}

void rd_kafka_message_destroy(rd_kafka_message_t *m)
{
    queue.destroyed[m - queue.all]++;
}

const char *rd_kafka_topic_name(const rd_kafka_topic_t *rkt)
{
    return (const char *)rkt;
}

rd_kafka_resp_err_t rd_kafka_assignment(
    rd_kafka_t *rk, rd_kafka_topic_partition_list_t **list)
{
    (void)rk;
    *list = rd_kafka_topic_partition_list_new(1);
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_pause_partitions(
    rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list)
{
    (void)rk;
    (void)list;
    queue.paused++;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t rd_kafka_resume_partitions(
    rd_kafka_t *rk, rd_kafka_topic_partition_list_t *list)
{
    (void)rk;
    (void)list;
    queue.resumed++;
    return RD_KAFKA_RESP_ERR_NO_ERROR;
}

int message_record(struct message *m, const struct message *behind,
    struct buf *headers, struct record *record)
{
    const rd_kafka_message_t *of = (const rd_kafka_message_t *)m;

    (void)behind;
    (void)headers;
    *record = (struct record){.topic = TOPIC,
        .partition = of->partition,
        .offset = of->offset,
        .message = m};
    return got.no_memory ? -1 : 0;
}

void fetch_nudge_init(struct fetch_nudge *n, rd_kafka_t *rk)
{
    (void)n;
    (void)rk;
}

void fetch_nudge_took(struct fetch_nudge *n, size_t bytes)
{
    (void)n;
    (void)bytes;
}

void fetch_nudge_dry(struct fetch_nudge *n)
{
    (void)n;
}

static void on_record(void *arg, const struct record *record)
{
    assert_null(arg);
    got.offsets[got.n++] = record->offset;
    rd_kafka_message_destroy((rd_kafka_message_t *)record->message);
    if (got.n == 1 && got.other != NULL) {
        event_active(got.other, EV_READ, 0);
    }
    if (got.n == got.hold_at) {
        intake_hold(intake, true);
    }
}

static void on_notice(void *arg, const rd_kafka_message_t *m)
{
    assert_null(arg);
    assert_int_equal(m->err, NOTICE);
    got.notices++;
}

static void on_broken(void *arg, const char *why)
{
    assert_null(arg);
    assert_non_null(why);
    got.broken++;
}

static const struct intake_calls calls = {on_record, on_notice, on_broken};

/* n records more, over two partitions in turn; the offset is the number. */
static void arrive(size_t n)
{
    for (size_t i = 0; i < n; i++, queue.n++) {
        queue.all[queue.n] =
            (rd_kafka_message_t){.rkt = (rd_kafka_topic_t *)(uintptr_t)TOPIC,
                .partition = (int32_t)(queue.n % 2),
                .offset = (int64_t)queue.n};
    }
}

static void arrive_notice(void)
{
    arrive(1);
    queue.all[queue.n - 1].err = NOTICE;
}

/* librdkafka's word that the queue was empty and is not any more. */
static void tell(void)
{
    uint64_t one = 1;

    assert_int_equal(write(queue.fd, &one, sizeof(one)), sizeof(one));
}

static void run(void)
{
    assert_true(event_base_loop(base, EVLOOP_NONBLOCK) >= 0);
}

static void run_until_paused(void)
{
    while (!intake_has_paused(intake)) {
        assert_true(event_base_loop(base, EVLOOP_ONCE) >= 0);
    }
}

static void drop_partition_0(void)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);

    (void)rd_kafka_topic_partition_list_add(list, TOPIC, 0);
    intake_drop(intake, list);
    rd_kafka_topic_partition_list_destroy(list);
}

static void expect_all_destroyed_once(void)
{
    for (size_t i = 0; i < queue.n; i++) {
        assert_int_equal(queue.destroyed[i], 1);
    }
}

static int open_intake(void **state)
{
    (void)state;
    memset(&queue, 0, sizeof(queue));
    memset(&got, 0, sizeof(got));
    base = event_base_new();
    intake = intake_new(base, (rd_kafka_t *)&queue, &calls, NULL);
    assert_non_null(intake);
    assert_int_equal(intake_start(intake), 0);
    return 0;
}

/* Not before it has given back what it had of the queue. */
static void close_intake(void)
{
    intake_free(intake);
    intake = NULL;
    assert_int_equal(queue.fd, -1);
}

static int close_base(void **state)
{
    (void)state;
    event_base_free(base);
    return 0;
}

static void records_come_in_order(void **state)
{
    (void)state;
    arrive(4500); /* more than a turn of the loop takes */
    tell();
    run();
    run();
    run();
    assert_int_equal(got.n, 4500);
    for (size_t i = 0; i < got.n; i++) {
        assert_int_equal(got.offsets[i], i);
    }
    assert_int_equal(intake_stats(intake)->turns, 3);
    close_intake();
    expect_all_destroyed_once();
}

static void on_other(evutil_socket_t fd, short what, void *arg)
{
    size_t *n_before = arg;

    (void)fd;
    (void)what;
    *n_before = got.n;
}

static void other_events_get_their_turn(void **state)
{
    size_t n_before = 0;

    (void)state;
    got.other = event_new(base, -1, 0, on_other, &n_before);
    arrive(4500);
    tell();
    run();
    assert_in_range(n_before, 1, 2000);
    assert_int_equal(got.n, 4500);
    event_free(got.other);
    close_intake();
}

static void a_notice_is_told_between_the_records(void **state)
{
    (void)state;
    arrive(3);
    arrive_notice();
    arrive(3);
    tell();
    run();
    assert_int_equal(got.n, 6);
    assert_int_equal(got.notices, 1);
    close_intake();
    expect_all_destroyed_once();
}

static void a_hold_begins_with_the_next_record(void **state)
{
    (void)state;
    got.hold_at = 10;
    arrive(100);
    tell();
    run();
    assert_int_equal(got.n, 10);
    assert_true(intake_is_held(intake));
    arrive(100); /* stays in the queue */
    tell();
    run();
    assert_int_equal(got.n, 10);
    assert_int_equal(queue.at, 100);
    intake_hold(intake, false);
    run();
    assert_int_equal(got.n, 200);
    assert_int_equal(got.offsets[199], 199);
    assert_int_equal(queue.paused, 0);
    close_intake();
    expect_all_destroyed_once();
}

static void a_long_hold_pauses_and_reads_on(void **state)
{
    unsigned reads;

    (void)state;
    got.hold_at = 10;
    arrive(100);
    tell();
    run_until_paused();
    assert_int_equal(queue.paused, 1);
    reads = queue.reads;
    arrive_notice();
    tell();
    run();
    assert_true(queue.reads > reads); /* or the group would put us out */
    assert_int_equal(got.n, 10);
    intake_hold(intake, false);
    run();
    assert_int_equal(queue.resumed, 1);
    assert_int_equal(got.n, 100);
    assert_int_equal(got.notices, 1);
    close_intake();
    expect_all_destroyed_once();
}

/* Partitions that are lost go at once, in a callback of librdkafka's within the
 * very read that brings something else. */
static void what_a_rebalance_drops_within_a_read_is_gone(void **state)
{
    (void)state;
    got.hold_at = 10;
    arrive(100);
    tell();
    run_until_paused();
    arrive_notice();
    arrive(4);
    queue.within = drop_partition_0;
    queue.within_at = 103; /* 100 is the notice, 102 goes, too */
    tell();
    run();
    intake_hold(intake, false);
    run();
    assert_int_equal(got.notices, 0); /* it was partition 0's */
    assert_int_equal(got.n, 10 + 45 + 1 + 2);
    for (size_t i = 0; i < 46; i++) {
        assert_int_equal(got.offsets[10 + i], 11 + 2 * i);
    }
    assert_int_equal(got.offsets[56], 103);
    assert_int_equal(got.offsets[57], 104); /* of its next assignment */
    close_intake();
    expect_all_destroyed_once();
}

static void what_was_not_handed_over_is_given_back(void **state)
{
    (void)state;
    got.hold_at = 10;
    arrive(100);
    tell();
    run();
    close_intake();
    expect_all_destroyed_once();
}

static void a_record_without_memory_is_told(void **state)
{
    (void)state;
    got.no_memory = true;
    arrive(1);
    tell();
    run();
    assert_int_equal(got.broken, 1);
    assert_int_equal(got.n, 0);
    close_intake();
    expect_all_destroyed_once();
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, open_intake, close_base)

int main(void)
{
    const struct CMUnitTest cases[] = {
        CASE(records_come_in_order),
        CASE(other_events_get_their_turn),
        CASE(a_notice_is_told_between_the_records),
        CASE(a_hold_begins_with_the_next_record),
        CASE(a_long_hold_pauses_and_reads_on),
        CASE(what_a_rebalance_drops_within_a_read_is_gone),
        CASE(what_was_not_handed_over_is_given_back),
        CASE(a_record_without_memory_is_told),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
