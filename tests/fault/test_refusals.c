/* Records and requests that the engine refuses for what they are. */
#include "tests/fault/scene.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define NO_DOCUMENT "record_not_a_document"

static void a_413_halves_down_to_what_the_engine_takes(void **state)
{
    struct scene *s = *state;
    struct fake_engine_counts counts;

    fake_engine_rule(s->engine,
        (struct request_rule){
            .act = ENGINE_STATUS, .status = 413, .larger_bytes = 20000});
    scene_produce_large(s, 1000, 400);
    scene_start(s, SCENE_UNTIL_END, "bridge.batch_bytes=200k",
        "bridge.linger_ms=100", NULL);
    scene_finish(s);
    counts = fake_engine_counts(s->engine);
    assert_true(counts.largest_bytes > 20000);
    assert_true(counts.largest_taken_bytes <= 20000);
    /* The ceiling is learned: not every request runs into it. */
    assert_true(bridge_log_lines(&s->bridge, "no larger bulk request") < 10);
    assert_true(counts.requests < 120);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void a_single_record_too_large_is_dead_lettered(void **state)
{
    struct scene *s = *state;
    size_t bytes = 30000;
    char *value = malloc(bytes + 1);
    struct made *m;

    memset(value, ' ', bytes);
    memcpy(value, "{\"big\":1", 8);
    value[bytes - 1] = '}';
    fake_engine_rule(s->engine,
        (struct request_rule){
            .act = ENGINE_STATUS, .status = 413, .larger_bytes = 20000});
    scene_produce(s, 100);
    m = scene_produce_one(s, "big", value, bytes, FATE_DEAD);
    m->dead_status = 413;
    m->dead_type = "request_refused";
    scene_produce(s, 100);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).dead_lettered, 1);
    scene_expect_applied_once(s);
    scene_expect_done(s);
    free(value);
}

static void one_poison_record_among_a_thousand_is_found(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(s->engine,
        (struct request_rule){
            .act = ENGINE_STATUS, .status = 400, .contains = "POISON"});
    scene_produce(s, 500);
    scene_produce_dead(
        s, "bad", "{\"text\":\"POISON\"}", 400, "request_refused");
    scene_produce(s, 499);
    scene_start(s, SCENE_UNTIL_END, "bridge.linger_ms=200", NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).dead_lettered, 1);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).created, 999);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void documents_the_mapping_refuses_are_dead_lettered(void **state)
{
    struct scene *s = *state;

    fake_engine_item_rule(s->engine,
        (struct item_rule){.contains = "\"price\":\"",
            .status = 400,
            .error_type = "mapper_parsing_exception",
            .error_reason = "failed to parse field [price] of type [double]"});
    for (int i = 0; i < 5; i++) {
        char key[] = "text0";

        key[4] = (char)('0' + i);
        scene_produce(s, 100);
        scene_produce_dead(
            s, key, "{\"price\":\"much\"}", 400, "mapper_parsing_exception");
    }
    scene_start(s, SCENE_UNTIL_END, "bridge.batch_docs=50", NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).dead_lettered, 5);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void values_that_are_no_documents_are_dead_lettered(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 10);
    scene_produce_dead(s, "text", "hello", 0, NO_DOCUMENT);
    scene_produce_dead(s, "number", "12", 0, NO_DOCUMENT);
    scene_produce_dead(s, "array", "[{\"a\":1}]", 0, NO_DOCUMENT);
    scene_produce_dead(s, "null", "null", 0, NO_DOCUMENT);
    scene_produce_dead(s, "empty", "", 0, NO_DOCUMENT);
    scene_produce_dead(s, "blank", " \n ", 0, NO_DOCUMENT);
    /* An object at first sight; the engine reads the rest. */
    scene_produce_dead(s, "half", "{\"a\":1", 400, "mapper_parsing_exception");
    scene_produce_dead(s, "two lines", "{\"a\":1}\n{\"index\":{}}\n{\"b\":2}",
        400, "mapper_parsing_exception");
    scene_produce(s, 10);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void documents_on_several_lines_are_stored(void **state)
{
    struct scene *s = *state;
    static const char pretty[] = "{\n  \"a\": 1,\n  \"b\": [\n 2 ]\n}\n";
    struct stored found;

    (void)scene_produce_one(
        s, "pretty", pretty, sizeof(pretty) - 1, FATE_STORED);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    assert_true(fake_engine_get(s->engine, "pretty", &found));
    assert_string_equal(found.document, "{   \"a\": 1,   \"b\": [  2 ] } ");
    free(found.document);
    free(found.index);
    scene_expect_committed(s);
    s->open = false;
}

static void tombstones_are_skipped_by_default(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 10);
    (void)scene_produce_one(s, "gone", NULL, 0, FATE_SKIPPED);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).skipped, 1);
    scene_expect_done(s);
}

static void tombstones_delete_when_told_to(void **state)
{
    struct scene *s = *state;
    struct bridge_ledger l;

    (void)scene_produce_one(s, "a", "{\"v\":1}", 7, FATE_STORED);
    (void)scene_produce_one(s, "b", "{\"v\":1}", 7, FATE_STORED);
    (void)scene_produce_one(s, "a", NULL, 0, FATE_DELETED);
    (void)scene_produce_one(s, "never there", NULL, 0, FATE_DELETED);
    (void)scene_produce_one(s, "b", NULL, 0, FATE_DELETED);
    (void)scene_produce_one(s, "b", "{\"v\":2}", 7, FATE_STORED);
    scene_start(s, SCENE_UNTIL_END, "bridge.on_tombstone=delete",
        "bridge.batch_docs=1", "bridge.max_in_flight=1", NULL);
    scene_finish(s);
    l = bridge_ledger_at_end(&s->bridge);
    assert_int_equal(l.deleted, 3);
    assert_int_equal(l.created, 3);
    scene_expect_done(s);
}

static void tombstones_are_dead_lettered_when_told_to(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 10);
    scene_produce_dead(s, "gone", NULL, 0, NO_DOCUMENT);
    scene_start(s, SCENE_UNTIL_END, "bridge.on_tombstone=dead_letter", NULL);
    scene_finish(s);
    scene_expect_done(s);
}

/* Partition 0 holds n good records, the bad one, and more good ones. */
static void expect_stop_at_bad(struct scene *s, int64_t bad)
{
    struct bridge_ledger l;

    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 3);
    assert_int_equal(bridge_log_lines(&s->bridge, "naru bridge: "), 1);
    assert_int_equal(scene_committed(s, 0), bad);
    assert_int_equal(mock_kafka_end(s->kafka, s->dlq, 0), 0);
    l = bridge_ledger_at_end(&s->bridge);
    bridge_ledger_check(&l);
    assert_int_equal(l.dead_lettered, 0);
}

static void stop_ends_at_a_document_that_is_refused(void **state)
{
    struct scene *s = *state;

    fake_engine_item_rule(
        s->engine, (struct item_rule){.contains = "\"bad\"",
                       .status = 400,
                       .error_type = "mapper_parsing_exception",
                       .error_reason = "no"});
    scene_produce(s, 300);
    (void)scene_produce_one(s, "bad", "{\"bad\":1}", 9, FATE_STORED);
    scene_produce(s, 300);
    scene_start(s, SCENE_FOR_EVER, "bridge.dead_letter=stop",
        "bridge.batch_docs=20", NULL);
    expect_stop_at_bad(s, 100);
    assert_true(bridge_log_lines(&s->bridge, "mapper_parsing_exception") > 0);

    /* Mended, it goes on where it stood. */
    fake_engine_mend(s->engine);
    scene_start(s, SCENE_UNTIL_END, "bridge.dead_letter=stop", NULL);
    scene_finish(s);
    scene_expect_done(s);
}

static void stop_ends_at_a_value_that_is_no_document(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 300);
    (void)scene_produce_one(s, "bad", "nonsense", 8, FATE_STORED);
    scene_produce(s, 300);
    scene_start(s, SCENE_UNTIL_END, "bridge.dead_letter=stop",
        "bridge.batch_docs=20", NULL);
    expect_stop_at_bad(s, 100);
    s->open = false;
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(a_413_halves_down_to_what_the_engine_takes),
        SCENE_CASE(a_single_record_too_large_is_dead_lettered),
        SCENE_CASE(one_poison_record_among_a_thousand_is_found),
        SCENE_CASE(documents_the_mapping_refuses_are_dead_lettered),
        SCENE_CASE(values_that_are_no_documents_are_dead_lettered),
        SCENE_CASE(documents_on_several_lines_are_stored),
        SCENE_CASE(tombstones_are_skipped_by_default),
        SCENE_CASE(tombstones_delete_when_told_to),
        SCENE_CASE(tombstones_are_dead_lettered_when_told_to),
        SCENE_CASE(stop_ends_at_a_document_that_is_refused),
        SCENE_CASE(stop_ends_at_a_value_that_is_no_document),
    };

    return SCENE_RUN(cases);
}
