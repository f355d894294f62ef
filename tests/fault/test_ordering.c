/* bridge.ordering = id: without versions, and with items that are busy, the
 * newest record of an id still stands at the end. */
#include "tests/fault/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS 40
#define ROUNDS 6
#define NO_VERSION "bridge.version=none"
#define SMALL "bridge.batch_docs=30"

static size_t value_of(unsigned round, char out[32])
{
    return (size_t)snprintf(out, 32, "{\"round\":%u}", round);
}

/* Each key in each round; within a round all keys. */
static void produce_rounds(struct scene *s)
{
    char key[16], value[32];

    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t bytes = value_of(round, value);

        for (unsigned i = 0; i < KEYS; i++) {
            (void)snprintf(key, sizeof(key), "key-%u", i);
            (void)scene_produce_one(s, key, value, bytes, FATE_STORED);
        }
    }
}

/* Even rounds are busy at first, so they go again: behind the odd ones, if
 * nothing holds those back. An id was sent three times in each two rounds
 * before, so one try more is the one that fails. */
static void make_even_rounds_busy(struct scene *s)
{
    static char texts[ROUNDS][32];

    for (unsigned round = 0; round < ROUNDS; round += 2) {
        (void)value_of(round, texts[round]);
        fake_engine_item_rule(s->engine,
            (struct item_rule){.contains = texts[round],
                .tries = round / 2 * 3 + 1,
                .status = 429,
                .error_type = "es_rejected_execution_exception",
                .error_reason = "rejected execution of primary operation"});
    }
}

static void start_in_order(struct scene *s, bool until_end)
{
    scene_start(s, until_end, NO_VERSION, SMALL, "bridge.ordering=id", NULL);
}

static unsigned newest(struct scene *s)
{
    char key[16], value[32];
    struct stored stored;
    unsigned n = 0;

    (void)value_of(ROUNDS - 1, value);
    for (unsigned i = 0; i < KEYS; i++) {
        (void)snprintf(key, sizeof(key), "key-%u", i);
        assert_true(fake_engine_get(s->engine, key, &stored));
        n += strncmp(stored.document, value, strlen(value)) == 0;
        free(stored.index);
        free(stored.document);
    }
    return n;
}

static void no_record_overtakes_one_of_its_id(void **state)
{
    struct scene *s = *state;
    struct bridge_ledger ledger;

    make_even_rounds_busy(s);
    produce_rounds(s);
    start_in_order(s, SCENE_UNTIL_END);
    scene_finish(s);
    assert_int_equal(newest(s), KEYS);
    ledger = bridge_ledger_at_end(&s->bridge);
    assert_int_equal(ledger.created, KEYS);
    assert_int_equal(ledger.updated, KEYS * (ROUNDS - 1));
    scene_expect_committed(s);
    s->open = false;
}

/* The test of the test: without the setting older ones win. */
static void without_it_they_do(void **state)
{
    struct scene *s = *state;

    make_even_rounds_busy(s);
    produce_rounds(s);
    scene_start(s, SCENE_UNTIL_END, NO_VERSION, SMALL, NULL);
    scene_finish(s);
    assert_true(newest(s) < KEYS);
    s->open = false;
}

/* Those that wait hold memory, too, and intake stops; and a stop finishes
 * them. */
static void a_stop_finishes_those_that_wait(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 20});
    produce_rounds(s);
    start_in_order(s, SCENE_FOR_EVER);
    SCENE_AWAIT(fake_engine_live(s->engine) > 0);
    scene_stop(s);
    scene_expect_committed_is_stored(s);
    start_in_order(s, SCENE_UNTIL_END);
    scene_finish(s);
    assert_int_equal(newest(s), KEYS);
    scene_expect_committed(s);
    s->open = false;
}

/* A record that is refused is no reason for the next of its id to wait. */
static void the_next_goes_when_one_is_refused(void **state)
{
    struct scene *s = *state;
    char value[32];

    fake_engine_item_rule(
        s->engine, (struct item_rule){.contains = "poison",
                       .status = 400,
                       .error_type = "mapper_parsing_exception",
                       .error_reason = "failed to parse"});
    for (int i = 0; i < 3; i++) {
        scene_produce_dead(
            s, "one", "{\"poison\":1}", 400, "mapper_parsing_exception");
    }
    (void)scene_produce_one(
        s, "one", value, value_of(ROUNDS - 1, value), FATE_STORED);
    scene_start(s, SCENE_UNTIL_END, SMALL, "bridge.ordering=id", NULL);
    scene_finish(s);
    scene_expect_done(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(no_record_overtakes_one_of_its_id),
        SCENE_CASE(without_it_they_do),
        SCENE_CASE(a_stop_finishes_those_that_wait),
        SCENE_CASE(the_next_goes_when_one_is_refused),
    };

    return SCENE_RUN(cases);
}
