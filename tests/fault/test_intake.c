/* What librdkafka does when partitions are paused while its queue is read, as
 * it does by itself to all of a member's partitions in each rebalance: every
 * record is handed over, in order, and none is passed over. */
#include "bridge/intake.h"

#include "bridge/message.h"
#include "tests/fakes/mock_kafka.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TOPIC "paused"
#define PARTITIONS 2
#define RECORDS 20000 /* of a partition; the mock keeps 5 MiB */
#define PASSES 8
#define LIMIT_S 120
#define WORK_NS 1000 /* what the bridge does with a record */

struct reading {
    struct event_base *base;
    struct intake *intake;
    rd_kafka_t *rk;
    int64_t next[PARTITIONS];
    int64_t passed_over;
    int64_t again;
    size_t n_whole; /* partitions read to their ends */
    atomic_bool over;
    unsigned pauses;
};

static void work(void)
{
    struct timespec from, now;

    (void)clock_gettime(CLOCK_MONOTONIC, &from);
    do {
        (void)clock_gettime(CLOCK_MONOTONIC, &now);
    } while (
        (now.tv_sec - from.tv_sec) * 1000000000L + now.tv_nsec - from.tv_nsec <
        WORK_NS);
}

static void on_record(void *arg, const struct record *record)
{
    struct reading *r = arg;
    int64_t *next = &r->next[record->partition];

    if (record->offset < *next) {
        r->again++;
    } else {
        r->passed_over += record->offset - *next;
        *next = record->offset + 1;
        if (*next == RECORDS && ++r->n_whole == PARTITIONS) {
            (void)event_base_loopbreak(r->base);
        }
    }
    message_free(record->message);
    work();
}

static void on_notice(void *arg, const rd_kafka_message_t *m)
{
    (void)arg;
    (void)m;
}

static void on_broken(void *arg, const char *why)
{
    (void)arg;
    fail_msg("%s", why);
}

static const struct intake_calls calls = {on_record, on_notice, on_broken};

static rd_kafka_topic_partition_list_t *all_partitions(void)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(PARTITIONS);

    for (int32_t i = 0; i < PARTITIONS; i++) {
        rd_kafka_topic_partition_list_add(list, TOPIC, i)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    }
    return list;
}

/* Pause and resume at any moment, from another thread, as librdkafka's own. */
static void *pause_again_and_again(void *arg)
{
    struct reading *r = arg;
    rd_kafka_topic_partition_list_t *list = all_partitions();

    while (!atomic_load(&r->over)) {
        const struct timespec nap = {0, 3000000 + random() % 9000000};

        (void)nanosleep(&nap, NULL);
        (void)rd_kafka_pause_partitions(r->rk, list);
        (void)rd_kafka_resume_partitions(r->rk, list);
        r->pauses++;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return NULL;
}

static rd_kafka_t *consumer_of(const char *brokers)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_topic_partition_list_t *list = all_partitions();
    char why[256];
    rd_kafka_t *rk;

    (void)rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, 256);
    (void)rd_kafka_conf_set(conf, "group.id", "g", why, 256);
    (void)rd_kafka_conf_set(conf, "enable.auto.commit", "false", why, 256);
    (void)rd_kafka_conf_set(conf, "enable.partition.eof", "true", why, 256);
    (void)rd_kafka_conf_set(conf, "fetch.wait.max.ms", "10", why, 256);
    rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
    assert_non_null(rk);
    assert_int_equal(rd_kafka_poll_set_consumer(rk), 0);
    assert_int_equal(rd_kafka_assign(rk, list), 0);
    rd_kafka_topic_partition_list_destroy(list);
    return rk;
}

static void read_all(struct reading *r, const char *brokers)
{
    const struct timeval limit = {LIMIT_S, 0};
    pthread_t pauser;

    r->rk = consumer_of(brokers);
    r->base = event_base_new();
    r->intake = intake_new(r->base, r->rk, &calls, r);
    assert_non_null(r->intake);
    assert_int_equal(intake_start(r->intake), 0);
    (void)event_base_loopexit(r->base, &limit);
    assert_int_equal(
        pthread_create(&pauser, NULL, pause_again_and_again, r), 0);
    (void)event_base_dispatch(r->base);
    atomic_store(&r->over, true);
    (void)pthread_join(pauser, NULL);
    intake_free(r->intake);
    event_base_free(r->base);
    (void)rd_kafka_consumer_close(r->rk);
    rd_kafka_destroy(r->rk);
}

static void pauses_pass_no_record_over(void **state)
{
    struct mock_kafka *k = mock_kafka_new();
    int64_t passed_over = 0;
    unsigned pauses = 0;

    (void)state;
    mock_kafka_topic(k, TOPIC, PARTITIONS);
    for (int32_t i = 0; i < PARTITIONS * RECORDS; i++) {
        const struct mock_record record = {
            .partition = i % PARTITIONS, .value = {"{\"a\":1}", 7}};

        mock_kafka_produce(k, TOPIC, &record);
    }
    mock_kafka_flush(k);
    for (int pass = 0; pass < PASSES; pass++) {
        struct reading r = {0};

        read_all(&r, mock_kafka_brokers(k));
        passed_over += r.passed_over;
        pauses += r.pauses;
        assert_int_equal(r.n_whole, PARTITIONS);
    }
    (void)printf("%u pauses, %lld records passed over\n", pauses,
        (long long)passed_over);
    assert_int_equal(passed_over, 0);
    mock_kafka_free(k);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(pauses_pass_no_record_over),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
