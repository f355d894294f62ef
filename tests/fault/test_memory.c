/* An engine that does not answer while much waits: memory stays bounded, the
 * group keeps us, and nothing is lost or counted twice afterwards. */
#include "tests/fault/scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define MIB (1u << 20)
/* So little that most of it is used: bodies under way and those that are ready
 * when an answer comes. */
#define MEMORY (2 * MIB)
#define MUCH (MEMORY / 4 * 3)
#define BATCH (1 * MIB)

/* Address sanitizer keeps freed memory for itself. */
#if defined(__SANITIZE_ADDRESS__)
#define MOST_RESIDENT (1024u * MIB)
#else
#define MOST_RESIDENT (128u * MIB)
#endif

struct peak {
    double held_bytes;
    size_t resident_bytes;
};

static void look(struct scene *s, struct peak *peak)
{
    char *page = NULL;
    double held;
    size_t resident;

    SCENE_AWAIT((page = bridge_metrics(&s->bridge)) != NULL);
    held = bridge_metric(page, "naru_held_bytes");
    free(page);
    resident = bridge_memory_bytes(&s->bridge);
    peak->held_bytes = held > peak->held_bytes ? held : peak->held_bytes;
    if (resident > peak->resident_bytes) {
        peak->resident_bytes = resident;
    }
}

static void memory_is_bounded_while_the_engine_is_silent(void **state)
{
    struct scene *s = *state;
    struct peak peak = {0, 0};
    struct bridge_ledger l;
    int64_t consumed;

    scene_keep_sizes_only(s);
    fake_engine_rule(s->engine, (struct request_rule){.act = ENGINE_HANG});
    scene_produce_large(s, 100000, 2048);
    scene_start(s, SCENE_FOR_EVER, "bridge.memory_bytes=2m",
        "bridge.batch_bytes=1m", NULL);
    do {
        look(s, &peak);
        scene_nap(50);
    } while (peak.held_bytes < MUCH);
    scene_nap(1000); /* until no more is taken */
    consumed = scene_ledger(s).consumed;
    for (int i = 0; i < 40; i++) { /* past the pause of the partitions */
        look(s, &peak);
        scene_nap(100);
    }
    l = scene_ledger(s);
    assert_int_equal(l.consumed, consumed);
    assert_int_equal(l.pending, consumed);
    assert_true(peak.held_bytes <= MEMORY + BATCH);
    fake_engine_mend(s->engine);
    while (!scene_all_stored(s)) {
        look(s, &peak);
        scene_nap(100);
    }
    (void)printf("held at most %.0f bytes, resident at most %zu\n",
        peak.held_bytes, peak.resident_bytes);
    assert_true(peak.held_bytes <= MEMORY + BATCH);
    assert_true(peak.resident_bytes <= MOST_RESIDENT);
    scene_stop(s);
    assert_int_equal(
        bridge_ledger_at_end(&s->bridge).consumed, (int64_t)s->n_made);
    scene_expect_done(s);
}

/* A consumer that does not poll for so long is put out of its group. */
static void a_long_silence_does_not_cost_the_place_in_the_group(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(s->engine, (struct request_rule){.act = ENGINE_HANG});
    scene_produce_large(s, 5000, 2048);
    scene_start(s, SCENE_FOR_EVER, "bridge.memory_bytes=1m",
        "bridge.batch_bytes=256k", "kafka.max.poll.interval.ms=4000", NULL);
    SCENE_AWAIT(fake_engine_counts(s->engine).requests > 0);
    scene_nap(9000);
    fake_engine_mend(s->engine);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    assert_int_equal(bridge_log_lines(&s->bridge, "partitions lost"), 0);
    assert_int_equal(bridge_log_lines(&s->bridge, "max.poll.interval"), 0);
    assert_int_equal(
        bridge_ledger_at_end(&s->bridge).consumed, (int64_t)s->n_made);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void a_bridge_without_work_keeps_its_place_in_the_group(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_FOR_EVER, "kafka.max.poll.interval.ms=4000",
        "kafka.statistics.interval.ms=0", NULL);
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "partitions assigned") > 0);
    scene_nap(6500);
    assert_int_equal(bridge_log_lines(&s->bridge, "max.poll.interval"), 0);
    scene_produce(s, 30);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    assert_int_equal(bridge_log_lines(&s->bridge, "partitions lost"), 0);
    scene_expect_done(s);
}

/* The group waits for us to answer; it must not wait for the engine. */
static void a_newcomer_is_let_in_during_a_long_silence(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(s->engine, (struct request_rule){.act = ENGINE_HANG});
    scene_produce_large(s, 5000, 2048);
    scene_start(s, SCENE_FOR_EVER, "bridge.memory_bytes=1m",
        "bridge.batch_bytes=256k", "bridge.revoke_timeout_ms=500", NULL);
    SCENE_AWAIT(fake_engine_counts(s->engine).requests > 0);
    scene_nap(2500); /* the partitions are paused */
    scene_start_second(s, SCENE_FOR_EVER, "bridge.memory_bytes=1m",
        "bridge.batch_bytes=256k", "bridge.revoke_timeout_ms=500", NULL);
    SCENE_AWAIT(bridge_log_lines(&s->bridge, "partitions asked back") > 0);
    /* Not before it has gone, paused as it is. */
    SCENE_AWAIT(bridge_log_lines(&s->second, "partitions=1") > 0);
    fake_engine_mend(s->engine);
    SCENE_AWAIT(scene_all_stored(s));
    bridge_signal(&s->second, SIGTERM);
    assert_int_equal(bridge_wait(&s->second, SCENE_LIMIT_MS), 0);
    /* What went while it was paused comes back, and is read. */
    scene_produce(s, 300);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    /* Within a rebalance the mock takes no commits. */
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(memory_is_bounded_while_the_engine_is_silent),
        SCENE_CASE(a_long_silence_does_not_cost_the_place_in_the_group),
        SCENE_CASE(a_bridge_without_work_keeps_its_place_in_the_group),
        SCENE_CASE(a_newcomer_is_let_in_during_a_long_silence),
    };

    return SCENE_RUN(cases);
}
