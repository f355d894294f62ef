/* The group and the brokers: partitions that come and go, commits that fail,
 * brokers that leave. */
#include "tests/fault/scene.h"

#include <librdkafka/rdkafka.h>
#include <signal.h>

#define SMALL "bridge.batch_docs=20"

static void stop_second(struct scene *s)
{
    bridge_signal(&s->second, SIGTERM);
    assert_int_equal(bridge_wait(&s->second, SCENE_LIMIT_MS), 0);
}

/* Within a rebalance the mock takes no commits, so the last ones may be
 * missing: a last run finds the rest and nothing more. */
static void finish_with_a_last_run(struct scene *s)
{
    scene_expect_stored(s);
    scene_expect_committed_is_stored(s);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

static bool has_partitions(const struct bridge_process *b)
{
    return bridge_log_lines(b, "partitions assigned\" partitions=1") +
               bridge_log_lines(b, "partitions assigned\" partitions=2") +
               bridge_log_lines(b, "partitions assigned\" partitions=3") >
           0;
}

static void one_of_two_bridges_is_stopped_in_mid_run(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 20});
    scene_produce(s, 1500);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(fake_engine_live(s->engine) > 100);
    scene_start_second(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(has_partitions(&s->second));
    scene_produce(s, 3000);
    SCENE_AWAIT(fake_engine_live(s->engine) > 2000);
    stop_second(s);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    finish_with_a_last_run(s);
}

static void one_of_two_bridges_is_killed_in_mid_run(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 20});
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    scene_start_second(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(has_partitions(&s->bridge) && has_partitions(&s->second));
    scene_produce(s, 3000);
    SCENE_AWAIT(fake_engine_live(s->engine) > 500);
    bridge_signal(&s->second, SIGKILL);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    finish_with_a_last_run(s);
}

/* What comes while partitions are asked back is for their next owner. */
static void records_that_come_while_partitions_leave_are_not_lost(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_APPLY_HANG});
    scene_produce(s, 30);
    scene_start(s, SCENE_FOR_EVER, SMALL, "bridge.revoke_timeout_ms=4s", NULL);
    SCENE_AWAIT(fake_engine_counts(s->engine).requests > 0);
    scene_start_second(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "partitions asked back") > 0);
    scene_produce(s, 30);
    scene_nap(300); /* they are fetched, and their end is seen */
    fake_engine_mend(s->engine);
    SCENE_AWAIT(scene_all_stored(s));
    stop_second(s);
    scene_stop(s);
    finish_with_a_last_run(s);
}

/* A stop in the middle of giving partitions back, and no engine at all. */
static void a_stop_while_partitions_leave_ends_in_time(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(s->engine, (struct request_rule){.act = ENGINE_HANG});
    scene_produce(s, 300);
    scene_start(s, SCENE_FOR_EVER, SMALL, "bridge.drain_timeout_ms=4s",
        "bridge.revoke_timeout_ms=500", "bridge.memory_bytes=1m", NULL);
    SCENE_AWAIT(fake_engine_counts(s->engine).requests > 0);
    bridge_signal(&s->bridge, SIGTERM);
    scene_nap(2200); /* the partitions are paused, the queue is read again */
    scene_start_second(s, SCENE_FOR_EVER, SMALL, NULL);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS / 2), 0);
    fake_engine_mend(s->engine);
    SCENE_AWAIT(scene_all_stored(s));
    stop_second(s);
    finish_with_a_last_run(s);
}

static void a_lost_session_is_found_again(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 50});
    scene_produce(s, 3000);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(fake_engine_live(s->engine) > 300);
    mock_kafka_fail(
        s->kafka, MOCK_KAFKA_HEARTBEAT, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, 4);
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "partitions lost") > 0);
    SCENE_AWAIT(scene_all_stored(s));
    (void)scene_ledger(s);
    scene_stop(s);
    finish_with_a_last_run(s);
}

static void commits_that_fail_are_made_again(void **state)
{
    struct scene *s = *state;

    mock_kafka_fail(s->kafka, MOCK_KAFKA_OFFSET_COMMIT,
        RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, 3);
    mock_kafka_fail(s->kafka, MOCK_KAFKA_OFFSET_COMMIT,
        RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, 3);
    scene_produce(s, 600);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void a_broker_that_restarts_costs_nothing(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 20});
    scene_produce(s, 3000);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    for (int broker = 1; broker <= MOCK_KAFKA_BROKERS; broker++) {
        SCENE_AWAIT(fake_engine_live(s->engine) > 500 * (size_t)broker);
        mock_kafka_set_up(s->kafka, broker, false);
        scene_nap(300);
        mock_kafka_set_up(s->kafka, broker, true);
    }
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    finish_with_a_last_run(s);
}

static void a_stop_without_brokers_ends_in_time(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 300);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(scene_all_stored(s));
    mock_kafka_set_up(s->kafka, -1, false);
    scene_nap(200);
    bridge_signal(&s->bridge, SIGTERM);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 0);
    mock_kafka_set_up(s->kafka, -1, true);
    finish_with_a_last_run(s);
}

/* The group leaves the dead its share for a while. */
static void until_end_waits_for_the_share_of_a_killed_member(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 300);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(scene_all_stored(s));
    bridge_signal(&s->bridge, SIGKILL);
    assert_true(bridge_wait(&s->bridge, SCENE_LIMIT_MS) > BRIDGE_KILLED_BY);
    scene_produce(s, 300);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

/* The dead member is the group's leader: until its session ends nobody gets
 * partitions, and librdkafka 2.0.2 cannot free a member that has none yet. */
static void a_stop_while_the_group_waits_for_the_dead_is_clean(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(has_partitions(&s->bridge));
    scene_leave_alone(s);
    scene_nap(1500); /* the bridge leads the group */
    bridge_signal(&s->bridge, SIGKILL);
    (void)bridge_wait(&s->bridge, SCENE_LIMIT_MS);
    scene_start(s, SCENE_FOR_EVER, NULL);
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "engine found") > 0);
    scene_nap(SCENE_SESSION_MS - 1000 + 300); /* the leader's word is due */
    bridge_signal(&s->bridge, SIGTERM);
    scene_finish(s);
    s->open = false;
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(one_of_two_bridges_is_stopped_in_mid_run),
        SCENE_CASE(one_of_two_bridges_is_killed_in_mid_run),
        SCENE_CASE(until_end_waits_for_the_share_of_a_killed_member),
        SCENE_CASE(records_that_come_while_partitions_leave_are_not_lost),
        SCENE_CASE(a_stop_while_partitions_leave_ends_in_time),
        SCENE_CASE(a_lost_session_is_found_again),
        SCENE_CASE(commits_that_fail_are_made_again),
        SCENE_CASE(a_broker_that_restarts_costs_nothing),
        SCENE_CASE(a_stop_without_brokers_ends_in_time),
        /* The last, because it leaves the group empty. */
        SCENE_CASE(a_stop_while_the_group_waits_for_the_dead_is_clean),
    };

    return SCENE_RUN(cases);
}
