/* Records that steps of [transform] change, leave out or make several of: each
 * ends once, in one way, and its offset waits for the last of its documents. */
#include "tests/fault/scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPLIT "transform.step.1=split-json $.rows"
/* Address sanitizer keeps freed memory for itself. */
#if defined(__SANITIZE_ADDRESS__)
#define MOST_RESIDENT (1024u << 20)
#else
#define MOST_RESIDENT (128u << 20)
#endif

#define SPLIT_ID "bridge.id=%{_key}-%{_split}"

static void expect_document(
    struct scene *s, const char *id, const char *index, const char *document)
{
    struct stored found;

    if (!fake_engine_get(s->engine, id, &found)) {
        fail_msg("no document %s", id);
    }
    assert_string_equal(found.document, document);
    assert_string_equal(found.index, index);
    free(found.document);
    free(found.index);
}

static void produce(struct scene *s, const char *key, const char *value)
{
    (void)scene_produce_one(s, key, value, strlen(value), FATE_STORED);
}

/* Dead letters with their reasons are looked up by their headers elsewhere;
 * here their number counts. */
static int64_t letters(struct scene *s)
{
    return mock_kafka_end(s->kafka, s->dlq, 0);
}

static void attributes_choose_index_and_id(void **state)
{
    struct scene *s = *state;

    produce(s, "a", "{\"code\":\"X1\",\"market\":{\"name\":\"KOSPI\"}}");
    produce(s, "b", "{\"code\":\"X2\",\"market\":{\"name\":\"KOSDAQ\"}}");
    scene_start(s, SCENE_UNTIL_END,
        "transform.step.1=evaluate-json code=$.code market=$.market.name",
        "transform.step.2=update-attribute m=${market:toLower()}",
        "bridge.index=stocks-%{attr:m}",
        "bridge.id=%{attr:code}/%{attr:kafka.key}", NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).created, 2);
    expect_document(s, "X1/a", "stocks-kospi",
        "{\"code\":\"X1\",\"market\":{\"name\":\"KOSPI\"}}");
    expect_document(s, "X2/b", "stocks-kosdaq",
        "{\"code\":\"X2\",\"market\":{\"name\":\"KOSDAQ\"}}");
    scene_expect_committed(s);
    s->open = false;
}

static void a_missing_attribute_is_a_dead_letter(void **state)
{
    struct scene *s = *state;

    produce(s, "a", "{\"code\":\"X1\"}");
    scene_produce_dead(s, "b", "{}", 0, "record_not_a_document");
    scene_start(s, SCENE_UNTIL_END,
        "transform.step.1=evaluate-json not_found=skip code=$.code",
        "bridge.id=%{attr:code}", NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).created, 1);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).dead_lettered, 1);
    scene_expect_dead_letters(s);
    scene_expect_committed(s);
    s->open = false;
}

static void what_is_no_json_is_a_dead_letter_of_its_step(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 30);
    scene_produce_dead(s, "text", "hello", 0, "convert_json_failed");
    scene_produce_dead(s, "half", "{\"a\":1", 0, "convert_json_failed");
    scene_produce(s, 30);
    scene_start(s, SCENE_UNTIL_END, "transform.step.1=convert-json", NULL);
    scene_finish(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void what_a_route_leaves_out_is_skipped(void **state)
{
    struct scene *s = *state;

    produce(s, "a", "{\"v\":1}");
    (void)scene_produce_one(s, "b", "{\"v\":2}", 7, FATE_SKIPPED);
    produce(s, "c", "{\"v\":3}");
    scene_start(s, SCENE_UNTIL_END, "transform.step.1=evaluate-json v=$.v",
        "transform.step.2=route keep=odd odd=${v:mod(2):equals(1)}", NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).skipped, 1);
    scene_expect_done(s);
}

/* ---- several documents of one record ---- */

static void a_record_becomes_several_documents(void **state)
{
    struct scene *s = *state;

    produce(s, "a", "{\"rows\":[{\"v\":1},{\"v\":2},{\"v\":3}]}");
    produce(s, "b", "{\"rows\":[{\"v\":4}]}");
    (void)scene_produce_one(s, "c", "{\"rows\":[]}", 11, FATE_SKIPPED);
    scene_start(s, SCENE_UNTIL_END, SPLIT, SPLIT_ID, NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).consumed, 3);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).created, 2);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).skipped, 1);
    assert_int_equal(fake_engine_live(s->engine), 4);
    expect_document(s, "a-0", "things", "{\"v\":1}");
    expect_document(s, "a-2", "things", "{\"v\":3}");
    expect_document(s, "b-0", "things", "{\"v\":4}");
    scene_expect_committed(s);
    s->open = false;
}

/* The middle one is busy for a while: the record's offset waits for it. */
static void an_offset_waits_for_its_last_document(void **state)
{
    struct scene *s = *state;

    produce(s, "a", "{\"rows\":[{\"v\":1},{\"v\":\"BUSY\"},{\"v\":3}]}");
    fake_engine_item_rule(
        s->engine, (struct item_rule){.contains = "BUSY",
                       .status = 429,
                       .error_type = "es_rejected_execution_exception",
                       .error_reason = "full"});
    scene_start(s, SCENE_FOR_EVER, SPLIT, SPLIT_ID, NULL);
    SCENE_AWAIT(fake_engine_live(s->engine) == 2);
    scene_nap(500);
    assert_true(scene_committed(s, 0) <= 0);
    assert_int_equal(scene_ledger(s).pending, 1);
    fake_engine_mend(s->engine);
    SCENE_AWAIT(scene_ledger(s).pending == 0);
    assert_int_equal(fake_engine_live(s->engine), 3);
    assert_int_equal(fake_engine_applied(s->engine, "a-0"), 1);
    scene_stop(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).created, 1);
    scene_expect_committed(s);
    s->open = false;
}

static void one_document_refused_makes_one_letter_of_the_record(void **state)
{
    struct scene *s = *state;
    struct made *m;
    static const char value[] =
        "{\"rows\":[{\"v\":1},{\"v\":\"BAD\"},{\"v\":3},"
        "{\"v\":\"BAD too\"}]}";

    fake_engine_item_rule(
        s->engine, (struct item_rule){.contains = "BAD",
                       .status = 400,
                       .error_type = "mapper_parsing_exception",
                       .error_reason = "no number"});
    m = scene_produce_one(s, "a", value, sizeof(value) - 1, FATE_DEAD);
    m->dead_status = 400;
    m->dead_type = "mapper_parsing_exception";
    produce(s, "b", "{\"rows\":[{\"v\":5}]}");
    /* One document each request, so that the answers come one by one. */
    scene_start(
        s, SCENE_UNTIL_END, SPLIT, SPLIT_ID, "bridge.batch_docs=1", NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).dead_lettered, 1);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).created, 1);
    assert_int_equal(letters(s), 1);
    assert_int_equal(fake_engine_live(s->engine), 3);
    scene_expect_dead_letters(s); /* with the record's own value */
    scene_expect_committed(s);
    s->open = false;
}

static void a_part_that_a_step_refuses_lets_the_others_through(void **state)
{
    struct scene *s = *state;
    struct made *m;
    static const char value[] = "{\"rows\":[{\"v\":1},{},{\"v\":3}]}";

    m = scene_produce_one(s, "a", value, sizeof(value) - 1, FATE_DEAD);
    m->dead_status = 0;
    m->dead_type = "evaluate_json_failed";
    scene_start(s, SCENE_UNTIL_END, SPLIT,
        "transform.step.2=evaluate-json not_found=error v=$.v",
        "bridge.id=%{_key}-%{attr:v}", NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).dead_lettered, 1);
    assert_int_equal(fake_engine_live(s->engine), 2);
    expect_document(s, "a-3", "things", "{\"v\":3}");
    scene_expect_dead_letters(s);
    scene_expect_committed(s);
    s->open = false;
}

static void killed_between_documents_nothing_is_lost_or_doubled(void **state)
{
    struct scene *s = *state;
    char value[4096] = "{\"rows\":[";
    char key[16];
    int rows = 50, records = 40;

    for (int i = 0; i < rows; i++) {
        (void)sprintf(
            value + strlen(value), "%s{\"v\":%d}", i > 0 ? "," : "", i);
    }
    (void)strcat(value, "]}");
    for (int i = 0; i < records; i++) {
        (void)snprintf(key, sizeof(key), "k%d", i);
        produce(s, key, value);
    }
    for (int kill = 0; kill < 3; kill++) {
        size_t before = fake_engine_live(s->engine);

        scene_start(s, SCENE_FOR_EVER, SPLIT, SPLIT_ID, "bridge.batch_docs=7",
            "bridge.commit_interval_ms=10", NULL);
        SCENE_AWAIT(fake_engine_live(s->engine) >= before + 100);
        bridge_signal(&s->bridge, SIGKILL);
        assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS),
            BRIDGE_KILLED_BY + SIGKILL);
        bridge_end(&s->bridge);
    }
    scene_start(s, SCENE_UNTIL_END, SPLIT, SPLIT_ID, NULL);
    scene_finish(s);
    assert_int_equal(fake_engine_live(s->engine), (size_t)(rows * records));
    scene_expect_committed(s);
    s->open = false;
}

/* Three thousand documents of one record: its value is kept once. */
static void many_documents_of_a_large_record_need_little_memory(void **state)
{
    struct scene *s = *state;
    size_t bytes = 600000, most = bytes + 256, n = 0;
    char *value = malloc(most);

    n += (size_t)sprintf(value, "{\"rows\":[");
    for (int i = 0; n < bytes; i++) {
        n += (size_t)sprintf(
            value + n, "%s{\"number\":%d}", i > 0 ? "," : "", i);
    }
    n += (size_t)sprintf(value + n, "]}");
    for (int i = 0; i < 5; i++) {
        char key[8] = "r0";

        key[1] = (char)('0' + i);
        (void)scene_produce_one(s, key, value, n, FATE_STORED);
    }
    free(value);
    scene_start(s, SCENE_FOR_EVER, SPLIT, SPLIT_ID, "bridge.memory_bytes=4m",
        "bridge.batch_docs=500", NULL);
    SCENE_AWAIT(scene_ledger(s).consumed == 5 && scene_ledger(s).pending == 0);
    assert_true(bridge_memory_bytes(&s->bridge) < MOST_RESIDENT);
    scene_stop(s);
    assert_true(fake_engine_live(s->engine) > 5 * 25000);
    scene_expect_committed(s);
    s->open = false;
}

/* ---- logs ---- */

static void what_was_stored_is_logged_as_nifi_does(void **state)
{
    struct scene *s = *state;

    produce(s, "a", "{\"v\":1}");
    scene_produce_dead(s, "b", "nonsense", 0, "record_not_a_document");
    scene_start(s, SCENE_UNTIL_END, "transform.step.1=update-attribute x=y",
        "transform.step.2=log-message message=\"on the way: ${kafka.key}\"",
        "transform.after.1=log prefix=stored payload=true id=4711 "
        "attributes=x|kafka\\\\.key",
        NULL);
    scene_finish(s);
    assert_int_equal(bridge_log_lines(&s->bridge,
                         "INFO [naru] o.a.n.processors.standard.LogMessage "
                         "LogMessage[id=naru] on the way: "),
        2);
    assert_int_equal(bridge_log_lines(&s->bridge,
                         "INFO [naru] o.a.n.processors.standard.LogAttribute "
                         "LogAttribute[id=4711] logging for flow file "
                         "StandardFlowFileRecord[uuid="),
        1);
    assert_int_equal(bridge_log_lines(&s->bridge,
                         "----------------------stored-----------------------"),
        0);
    assert_int_equal(bridge_log_lines(&s->bridge,
                         "----------------------stored----------------------"),
        2);
    assert_int_equal(bridge_log_lines(&s->bridge, "Key: 'fileSize'"), 1);
    assert_int_equal(bridge_log_lines(&s->bridge, "Key: 'x'"), 1);
    assert_int_equal(bridge_log_lines(&s->bridge, "\tValue: 'y'"), 1);
    assert_int_equal(bridge_log_lines(&s->bridge, "Key: 'kafka.key'"), 1);
    assert_int_equal(bridge_log_lines(&s->bridge, "Key: 'kafka.offset'"), 0);
    assert_int_equal(bridge_log_lines(&s->bridge, "{\"v\":1}"), 1);
    scene_expect_done(s);
}

/* ---- starts that cannot succeed ---- */

static void expect_no_start(struct scene *s, const char *says)
{
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 2);
    if (bridge_log_lines(&s->bridge, says) != 1) {
        bridge_show_log(&s->bridge);
        fail_msg("not said: %s", says);
    }
    bridge_end(&s->bridge);
}

static void steps_that_cannot_be_stop_the_start(void **state)
{
    struct scene *s = *state;

    scene_start(
        s, SCENE_UNTIL_END, "transform.step.7=update-attribute a=${b", NULL);
    expect_no_start(
        s, "naru bridge: --set: transform.step.7: update-attribute: a: ");
    scene_start(s, SCENE_UNTIL_END, "transform.step.1=merge",
        "transform.headers=(", NULL);
    expect_no_start(s, "transform.headers: '(' is no extended regular");
    scene_start(s, SCENE_UNTIL_END, SPLIT, "bridge.ordering=id", NULL);
    expect_no_start(s, "bridge.ordering = id cannot be together with "
                       "split-json");
    scene_start(s, SCENE_UNTIL_END, "bridge.op=upsert", NULL);
    expect_no_start(s, "op = upsert: engines take no version with it; set "
                       "version = none");
    scene_start(s, SCENE_UNTIL_END, "bridge.op=replace", NULL);
    expect_no_start(s, "op: 'replace' is none of index, create, update, upsert "
                       "and delete");
    s->open = false;
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(attributes_choose_index_and_id),
        SCENE_CASE(a_missing_attribute_is_a_dead_letter),
        SCENE_CASE(what_is_no_json_is_a_dead_letter_of_its_step),
        SCENE_CASE(what_a_route_leaves_out_is_skipped),
        SCENE_CASE(a_record_becomes_several_documents),
        SCENE_CASE(an_offset_waits_for_its_last_document),
        SCENE_CASE(one_document_refused_makes_one_letter_of_the_record),
        SCENE_CASE(a_part_that_a_step_refuses_lets_the_others_through),
        SCENE_CASE(killed_between_documents_nothing_is_lost_or_doubled),
        SCENE_CASE(many_documents_of_a_large_record_need_little_memory),
        SCENE_CASE(what_was_stored_is_logged_as_nifi_does),
        SCENE_CASE(steps_that_cannot_be_stop_the_start),
    };

    return SCENE_RUN(cases);
}
