/* Connections to the engine that are refused, or cut at the worst moment. */
#include "tests/fault/scene.h"

#include <stdio.h>

#define RECORDS 1000
#define SMALL "bridge.batch_docs=50"
#define WAITING "elasticsearch does not take records"
#define AGAIN "elasticsearch takes records again"

static void an_engine_that_comes_late_is_waited_for(void **state)
{
    struct scene *s = *state;

    fake_engine_down(s->engine);
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "waiting for elasticsearch") > 0);
    scene_nap(3500); /* several tries */
    assert_int_equal(
        bridge_log_lines(&s->bridge, "waiting for elasticsearch"), 1);
    scene_expect_nothing_committed(s);
    fake_engine_up(s->engine);
    scene_finish(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void an_engine_that_goes_away_is_waited_for(void **state)
{
    struct scene *s = *state;

    scene_produce(s, RECORDS);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(scene_all_answered(s));
    fake_engine_down(s->engine);
    scene_produce(s, RECORDS);
    SCENE_AWAIT(bridge_log_lines(&s->bridge, WAITING) > 0);
    scene_nap(3000);
    assert_int_equal(bridge_log_lines(&s->bridge, WAITING), 1);
    assert_true(scene_ledger(s).pending > 0);
    fake_engine_up(s->engine);
    SCENE_AWAIT(scene_all_answered(s));
    assert_int_equal(bridge_log_lines(&s->bridge, AGAIN), 1);
    scene_stop(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void going_away_again_and_again_loses_nothing(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 20});
    scene_produce(s, 4000);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    for (int i = 0; i < 6; i++) {
        unsigned before = fake_engine_counts(s->engine).requests;

        SCENE_AWAIT(fake_engine_counts(s->engine).requests > before + 5 ||
                    bridge_wait(&s->bridge, 0) == 0);
        fake_engine_down(s->engine);
        scene_nap(100);
        fake_engine_up(s->engine);
    }
    scene_finish(s);
    scene_expect_done(s);
}

static void requests_cut_before_they_were_applied_go_again(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_CUT, .times = 6});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

/* The outcome is unknown: sending again must do no harm. */
static void requests_cut_after_they_were_applied_go_again(void **state)
{
    struct scene *s = *state;
    struct bridge_ledger l;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_APPLY_CUT, .times = 6});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    l = bridge_ledger_at_end(&s->bridge);
    assert_true(l.updated > 0);
    assert_int_equal(l.created + l.updated, RECORDS);
    scene_expect_done(s);
}

static void requests_without_any_answer_go_again(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_APPLY_HANG, .times = 3});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL,
        "elasticsearch.request_timeout_ms=300", NULL);
    scene_finish(s);
    assert_true(bridge_ledger_at_end(&s->bridge).updated > 0);
    scene_expect_done(s);
}

/* A newer record of an id overtakes an older one that goes again. */
static void an_older_record_never_replaces_a_newer_one(void **state)
{
    struct scene *s = *state;
    char value[64];

    fake_engine_item_rule(s->engine, (struct item_rule){.contains = "\"v\":1,",
                                         .tries = 2,
                                         .status = 429,
                                         .error_type = "es_rejected"});
    for (int version = 1; version <= 3; version++) {
        for (int i = 0; i < 50; i++) {
            char key[16];
            int n = snprintf(
                value, sizeof(value), "{\"v\":%d,\"i\":%d}", version, i);

            (void)snprintf(key, sizeof(key), "same%d", i);
            (void)scene_produce_one(s, key, value, (size_t)n, FATE_STORED);
        }
    }
    scene_start(s, SCENE_UNTIL_END, "bridge.batch_docs=10", NULL);
    scene_finish(s);
    assert_true(bridge_ledger_at_end(&s->bridge).duplicate > 0);
    scene_expect_done(s);
}

static void a_host_that_is_down_is_put_aside(void **state)
{
    struct scene *s = *state;
    char hosts[128];

    (void)snprintf(hosts, sizeof(hosts),
        "elasticsearch.hosts=http://127.0.0.1:%d,http://127.0.0.1:1",
        fake_engine_port(s->engine));
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, "bridge.batch_docs=10", hosts, NULL);
    scene_finish(s);
    assert_int_equal(bridge_log_lines(&s->bridge, "host put aside"), 1);
    assert_int_equal(bridge_log_lines(&s->bridge, WAITING), 0);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

/* The same host twice under two names: one answers 503 for a while. */
static void a_host_that_comes_back_is_used_again(void **state)
{
    struct scene *s = *state;
    char hosts[128];

    (void)snprintf(hosts, sizeof(hosts),
        "elasticsearch.hosts=http://127.0.0.1:%d,http://localhost:%d",
        fake_engine_port(s->engine), fake_engine_port(s->engine));
    fake_engine_rule(s->engine,
        (struct request_rule){.act = ENGINE_STATUS, .status = 503, .times = 1});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_FOR_EVER, "bridge.batch_docs=10", hosts, NULL);
    SCENE_AWAIT(scene_all_stored(s));
    assert_int_equal(bridge_log_lines(&s->bridge, "host put aside"), 1);
    assert_int_equal(bridge_log_lines(&s->bridge, WAITING), 0);
    scene_nap(1000);
    scene_produce(s, RECORDS);
    SCENE_AWAIT(scene_all_stored(s));
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "host answers again") == 1);
    scene_stop(s);
    scene_expect_done(s);
}

static void packed_bodies_hold_the_same_records(void **state)
{
    struct scene *s = *state;
    struct fake_engine_counts counts;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_CUT, .times = 3});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL, "bridge.compression=gzip", NULL);
    scene_finish(s);
    counts = fake_engine_counts(s->engine);
    assert_true(counts.requests > 3);
    assert_int_equal(counts.packed, counts.requests);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(an_engine_that_comes_late_is_waited_for),
        SCENE_CASE(an_engine_that_goes_away_is_waited_for),
        SCENE_CASE(going_away_again_and_again_loses_nothing),
        SCENE_CASE(requests_cut_before_they_were_applied_go_again),
        SCENE_CASE(requests_cut_after_they_were_applied_go_again),
        SCENE_CASE(requests_without_any_answer_go_again),
        SCENE_CASE(an_older_record_never_replaces_a_newer_one),
        SCENE_CASE(a_host_that_is_down_is_put_aside),
        SCENE_CASE(a_host_that_comes_back_is_used_again),
        SCENE_CASE(packed_bodies_hold_the_same_records),
    };

    return SCENE_RUN(cases);
}
