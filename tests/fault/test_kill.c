/* SIGKILL at any moment, again and again: nothing is missing and nothing is
 * wrong. The moments come from a seed, which is printed; NARU_SEED repeats
 * them. */
#include "tests/fault/scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 20
#define A_ROUND 300

static unsigned long long choose_seed(void)
{
    const char *given = getenv("NARU_SEED");
    unsigned long long seed = given != NULL ? strtoull(given, NULL, 10)
                                            : (unsigned long long)time(NULL);

    (void)printf("NARU_SEED=%llu\n", seed);
    (void)fflush(stdout);
    return seed;
}

static unsigned next_random(unsigned long long *state, unsigned below)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (unsigned)(*state >> 33) % below;
}

/* Trouble of every kind that loses an answer. */
static void add_trouble(struct scene *s)
{
    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_APPLY_CUT, .every = 11});
    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_CUT, .every = 13});
    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_TRUNCATED, .every = 17});
    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 15});
    fake_engine_item_rule(
        s->engine, (struct item_rule){.contains = "5,\"name\"",
                       .tries = 1,
                       .status = 429,
                       .error_type = "es_rejected"});
}

/* A dead member is forgotten the sooner the shorter its session is. The mock
 * lets a member wait for as long as the last session was, less a second, and
 * drops it when that is longer than its own; so it gets shorter by steps. */
static void start_with_session(struct scene *s, int round)
{
    int session_ms = SCENE_SESSION_MS - 300 * (round < 3 ? round : 3);
    char setting[64];

    (void)snprintf(
        setting, sizeof(setting), "kafka.session.timeout.ms=%d", session_ms);
    scene_start(s, SCENE_FOR_EVER, "bridge.batch_docs=10",
        "bridge.retry_max_ms=100", setting, NULL);
}

static bool is_assigned(const struct scene *s)
{
    return bridge_log_lines(&s->bridge, "partitions assigned\" p") > 0;
}

static void killed_at_any_moment_it_loses_nothing(void **state)
{
    struct scene *s = *state;
    unsigned long long seed = choose_seed();

    add_trouble(s);
    for (int round = 0; round < ROUNDS; round++) {
        scene_produce(s, A_ROUND);
        start_with_session(s, round);
        SCENE_AWAIT(is_assigned(s));
        if (round == 0) {
            scene_leave_alone(s);
        }
        scene_nap((int)next_random(&seed, 300));
        bridge_signal(&s->bridge, SIGKILL);
        assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS),
            BRIDGE_KILLED_BY + SIGKILL);
        scene_expect_committed_is_stored(s);
    }
    fake_engine_mend(s->engine);
    /* It may find the group empty, where the mock lets it wait for 3 s. */
    scene_start(s, SCENE_UNTIL_END, "kafka.session.timeout.ms=6000", NULL);
    scene_finish(s);
    scene_expect_done(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(killed_at_any_moment_it_loses_nothing),
    };

    return SCENE_RUN(cases);
}
