/* Dead letters whose topic cannot be written to, and a great many of them. */
#include "tests/fault/scene.h"

#include <librdkafka/rdkafka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL "bridge.batch_docs=50"
#define NO_DOCUMENT "record_not_a_document"

static void refused_by_the_brokers_they_are_sent_again(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 300);
    scene_produce_dead(s, "bad", "nonsense", 0, NO_DOCUMENT);
    scene_produce(s, 300);
    mock_kafka_fail(
        s->kafka, MOCK_KAFKA_PRODUCE, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, 3);
    mock_kafka_fail(s->kafka, MOCK_KAFKA_PRODUCE,
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 1);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    assert_true(bridge_log_lines(&s->bridge, "cannot be stored") >= 1);
    assert_int_equal(bridge_log_lines(&s->bridge, "why=nonsense"), 0);
    assert_true(bridge_log_lines(&s->bridge, "authorization failed") >= 1);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

/* What is fatal for a producer is not for the bridge: the right to write, say,
 * can be given while it waits. */
static void a_producer_that_is_broken_is_made_anew(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 300);
    scene_produce_dead(s, "bad", "nonsense", 0, NO_DOCUMENT);
    scene_produce_dead(s, "worse", "nonsense", 0, NO_DOCUMENT);
    mock_kafka_fail(s->kafka, MOCK_KAFKA_INIT_PRODUCER_ID,
        RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, 1);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    assert_true(bridge_log_lines(&s->bridge, "cannot be stored") >= 1);
    assert_true(bridge_log_lines(&s->bridge, "can be stored again") == 1);
    scene_expect_done(s);
}

/* Their offset waits; the other records go on. */
static void without_an_acknowledgement_nothing_is_committed(void **state)
{
    struct scene *s = *state;
    struct bridge_ledger l;

    scene_produce(s, 300);
    scene_produce_dead(s, "bad", "nonsense", 0, NO_DOCUMENT);
    scene_produce(s, 300);
    mock_kafka_fail(s->kafka, MOCK_KAFKA_PRODUCE,
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 64);
    scene_start(s, SCENE_FOR_EVER, SMALL, "bridge.drain_timeout_ms=500", NULL);
    SCENE_AWAIT(scene_all_stored(s));
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "cannot be stored") >= 1);
    l = scene_ledger(s);
    assert_int_equal(l.pending, 1);
    assert_int_equal(l.dead_lettered, 0);
    bridge_signal(&s->bridge, SIGTERM);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS / 2), 0);
    assert_int_equal(scene_committed(s, 0), 100);
    assert_int_equal(scene_committed(s, 1), 200);
    assert_int_equal(mock_kafka_end(s->kafka, s->dlq, 0), 0);
    mock_kafka_forgive(s->kafka, MOCK_KAFKA_PRODUCE);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

static void they_go_to_the_topic_that_is_named(void **state)
{
    struct scene *s = *state;
    char setting[128];

    (void)snprintf(s->dlq, sizeof(s->dlq), "%s-attic", s->topic);
    mock_kafka_topic(s->kafka, s->dlq, 1);
    (void)snprintf(
        setting, sizeof(setting), "bridge.dead_letter=topic:%s", s->dlq);
    scene_produce(s, 30);
    scene_produce_dead(s, "bad", "nonsense", 0, NO_DOCUMENT);
    scene_start(s, SCENE_UNTIL_END, setting, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

/* More than may wait at once: intake holds until they get away. */
static void a_great_many_wait_no_more_than_may(void **state)
{
    struct scene *s = *state;
    char key[16];

    for (int i = 0; i < 9000; i++) {
        (void)snprintf(key, sizeof(key), "bad%d", i);
        scene_queue_dead(s, key, "nonsense", 0, NO_DOCUMENT);
    }
    mock_kafka_flush(s->kafka);
    scene_produce(s, 300);
    mock_kafka_fail(s->kafka, MOCK_KAFKA_PRODUCE,
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, 64);
    scene_start(
        s, SCENE_UNTIL_END, SMALL, "bridge.max_dead_letter_share=100", NULL);
    SCENE_AWAIT(scene_ledger(s).consumed >= 5000);
    scene_nap(300);
    assert_true(scene_ledger(s).consumed < 7000);
    mock_kafka_forgive(s->kafka, MOCK_KAFKA_PRODUCE);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).dead_lettered, 9000);
    scene_expect_done(s);
}

/* One bad mapping must not divert a topic. */
static void too_large_a_share_stops_the_bridge(void **state)
{
    struct scene *s = *state;
    struct bridge_ledger l;
    char key[16];

    for (int i = 0; i < 400; i++) {
        (void)snprintf(key, sizeof(key), "bad%d", i);
        scene_queue_dead(s, key, "nonsense", 0, NO_DOCUMENT);
    }
    mock_kafka_flush(s->kafka);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 3);
    assert_int_equal(bridge_log_lines(&s->bridge, "naru bridge: "), 1);
    assert_true(bridge_log_lines(&s->bridge, "max_dead_letter_share") >= 1);
    l = bridge_ledger_at_end(&s->bridge);
    bridge_ledger_check(&l);
    assert_in_range(l.dead_lettered, 50, 200);
    assert_int_equal(scene_committed(s, 0), l.dead_lettered);

    scene_start(
        s, SCENE_UNTIL_END, SMALL, "bridge.max_dead_letter_share=100", NULL);
    scene_finish(s);
    scene_expect_done(s);
}

static void more_than_the_budget_stops_the_bridge(void **state)
{
    struct scene *s = *state;
    char key[16];

    for (int i = 0; i < 12; i++) {
        (void)snprintf(key, sizeof(key), "bad%d", i);
        scene_queue_dead(s, key, "nonsense", 0, NO_DOCUMENT);
    }
    scene_produce(s, 300);
    scene_start(s, SCENE_UNTIL_END, SMALL, "bridge.max_dead_letters=10", NULL);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 3);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).dead_lettered, 10);
    assert_int_equal(scene_committed(s, 0), 10);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

/* The k-th of n lines names the k-th offset. */
static void expect_file(const char *path, int n)
{
    char *line = NULL, wanted[32];
    FILE *f = fopen(path, "re");
    size_t size = 0;
    int lines = 0;

    assert_non_null(f);
    for (; getline(&line, &size, f) > 0; lines++) {
        (void)snprintf(wanted, sizeof(wanted), "\"offset\":%d,", lines);
        assert_non_null(strstr(line, wanted));
        assert_non_null(strstr(line, "nonsense"));
        assert_non_null(strstr(line, NO_DOCUMENT));
    }
    assert_int_equal(lines, n);
    free(line);
    (void)fclose(f);
}

static void they_can_go_to_a_file(void **state)
{
    struct scene *s = *state;
    const char *dir = getenv("TMPDIR");
    char path[200], setting[256], key[16];

    (void)snprintf(path, sizeof(path), "%s/naru-letters-%d",
        dir != NULL ? dir : "/tmp", (int)getpid());
    (void)unlink(path);
    (void)snprintf(
        setting, sizeof(setting), "bridge.dead_letter=file:%s", path);
    for (int i = 0; i < 30; i++) {
        (void)snprintf(key, sizeof(key), "bad%d", i);
        scene_queue_dead(s, key, "nonsense", 0, NO_DOCUMENT);
    }
    scene_produce(s, 300);
    scene_start(s, SCENE_UNTIL_END, SMALL, setting, NULL);
    scene_finish(s);
    scene_expect_stored(s);
    scene_expect_committed(s);
    expect_file(path, 30);
    (void)unlink(path);
    s->open = false;
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(refused_by_the_brokers_they_are_sent_again),
        SCENE_CASE(a_producer_that_is_broken_is_made_anew),
        SCENE_CASE(without_an_acknowledgement_nothing_is_committed),
        SCENE_CASE(they_go_to_the_topic_that_is_named),
        SCENE_CASE(a_great_many_wait_no_more_than_may),
        SCENE_CASE(too_large_a_share_stops_the_bridge),
        SCENE_CASE(more_than_the_budget_stops_the_bridge),
        SCENE_CASE(they_can_go_to_a_file),
    };

    return SCENE_RUN(cases);
}
