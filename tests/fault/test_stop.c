/* Going down: on request, at the end, at once, and in the middle of trouble. */
#include "tests/fault/scene.h"

#include <signal.h>

#define SMALL "bridge.batch_docs=50"

static void sigterm_finishes_and_commits_what_is_under_way(void **state)
{
    struct scene *s = *state;
    struct bridge_ledger l;
    int64_t committed = 0;

    fake_engine_rule(s->engine,
        (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 200});
    scene_produce(s, 6000);
    scene_start(s, SCENE_FOR_EVER, SMALL, "bridge.memory_bytes=1m", NULL);
    SCENE_AWAIT(fake_engine_live(s->engine) >= 500);
    bridge_signal(&s->bridge, SIGTERM);
    fake_engine_mend(s->engine);
    scene_finish(s);
    l = bridge_ledger_at_end(&s->bridge);
    assert_int_equal(fake_engine_live(s->engine), l.consumed);
    for (int32_t p = 0; p < SCENE_PARTITIONS; p++) {
        /* -1: stopped before a record of this one was read */
        committed += scene_committed(s, p) > 0 ? scene_committed(s, p) : 0;
    }
    assert_int_equal(committed, l.consumed);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

/* Some requests are answered, the others never. */
static void start_and_get_stuck(struct scene *s, const char *drain)
{
    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_ANSWER, .times = 10});
    fake_engine_rule(s->engine, (struct request_rule){.act = ENGINE_HANG});
    scene_produce(s, 3000);
    scene_start(s, SCENE_FOR_EVER, SMALL, drain, NULL);
    SCENE_AWAIT(fake_engine_counts(s->engine).requests > 10);
}

static void sigterm_without_an_engine_ends_in_time(void **state)
{
    struct scene *s = *state;
    struct bridge_ledger l;
    int64_t committed = 0;

    start_and_get_stuck(s, "bridge.drain_timeout_ms=500");
    fake_engine_down(s->engine);
    bridge_signal(&s->bridge, SIGTERM);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS / 2), 0);
    assert_int_equal(bridge_log_lines(&s->bridge, "records under way"), 1);
    l = bridge_ledger_at_end(&s->bridge);
    bridge_ledger_check(&l);
    assert_true(l.pending > 0);
    scene_expect_committed_is_stored(s);
    for (int32_t p = 0; p < SCENE_PARTITIONS; p++) {
        committed += scene_committed(s, p) > 0 ? scene_committed(s, p) : 0;
    }
    assert_true(committed > 0);
    assert_true(committed <= l.consumed - l.pending);
    fake_engine_mend(s->engine);
    fake_engine_up(s->engine);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

static void a_second_sigterm_ends_at_once(void **state)
{
    struct scene *s = *state;

    start_and_get_stuck(s, "bridge.drain_timeout_ms=10m");
    bridge_signal(&s->bridge, SIGTERM);
    assert_int_equal(bridge_wait(&s->bridge, 500), BRIDGE_STILL_RUNS);
    bridge_signal(&s->bridge, SIGTERM);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS / 2), 0);
    scene_expect_committed_is_stored(s);
    fake_engine_mend(s->engine);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

static void sigint_is_as_good_as_sigterm(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 300);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(scene_all_stored(s));
    bridge_signal(&s->bridge, SIGINT);
    scene_finish(s);
    scene_expect_done(s);
}

static void sigterm_ends_the_wait_for_an_engine(void **state)
{
    struct scene *s = *state;

    fake_engine_down(s->engine);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "waiting for elasticsearch") > 0);
    bridge_signal(&s->bridge, SIGTERM);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS / 2), 0);
    s->open = false;
}

static void sigterm_ends_the_wait_for_a_silent_engine(void **state)
{
    struct scene *s = *state;

    fake_engine_hang_probes(s->engine, true);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(fake_engine_counts(s->engine).probes > 0);
    bridge_signal(&s->bridge, SIGTERM);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS / 2), 0);
    s->open = false;
}

static void until_end_ends_on_empty_topics(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).consumed, 0);
    scene_expect_stored(s);
    s->open = false;
}

static void until_end_ends_when_there_is_nothing_left(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 300);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    scene_expect_done(s);
    s->open = true;
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).consumed, 0);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

/* What comes after the start may be left for the next run. */
static void until_end_does_not_run_after_a_moving_end(void **state)
{
    struct scene *s = *state;
    struct bridge_ledger l;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 30});
    scene_produce(s, 600);
    scene_start(s, SCENE_UNTIL_END, SMALL, "bridge.max_in_flight=1", NULL);
    SCENE_AWAIT(fake_engine_live(s->engine) > 0);
    while (bridge_wait(&s->bridge, 20) == BRIDGE_STILL_RUNS) {
        assert_true(s->n_made < 50000);
        scene_produce(s, 100);
    }
    assert_int_equal(bridge_wait(&s->bridge, 0), 0);
    l = bridge_ledger_at_end(&s->bridge);
    bridge_ledger_check(&l);
    assert_true(l.created >= 600);
    scene_expect_committed_is_stored(s);
    fake_engine_mend(s->engine);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(sigterm_finishes_and_commits_what_is_under_way),
        SCENE_CASE(sigterm_without_an_engine_ends_in_time),
        SCENE_CASE(a_second_sigterm_ends_at_once),
        SCENE_CASE(sigint_is_as_good_as_sigterm),
        SCENE_CASE(sigterm_ends_the_wait_for_an_engine),
        SCENE_CASE(sigterm_ends_the_wait_for_a_silent_engine),
        SCENE_CASE(until_end_ends_on_empty_topics),
        SCENE_CASE(until_end_ends_when_there_is_nothing_left),
        SCENE_CASE(until_end_does_not_run_after_a_moving_end),
    };

    return SCENE_RUN(cases);
}
