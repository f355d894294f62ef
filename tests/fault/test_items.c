/* Items inside an answer of 200: some good, some not. */
#include "tests/fault/scene.h"

#include <signal.h>

#define RECORDS 1000
#define SMALL "bridge.batch_docs=50"
#define WAITING "elasticsearch does not take records"

static void items_with_429_alone_go_again(void **state)
{
    struct scene *s = *state;

    /* "number" ends with 7: a tenth of the documents, three times each. */
    fake_engine_item_rule(s->engine,
        (struct item_rule){.contains = "7,\"name\"",
            .tries = 3,
            .status = 429,
            .error_type = "es_rejected_execution_exception",
            .error_reason = "rejected execution of primary operation"});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).created, RECORDS);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void all_items_with_429_go_again(void **state)
{
    struct scene *s = *state;

    fake_engine_item_rule(s->engine,
        (struct item_rule){.tries = 2,
            .status = 429,
            .error_type = "es_rejected_execution_exception",
            .error_reason = "rejected execution of primary operation"});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void items_with_503_go_again(void **state)
{
    struct scene *s = *state;

    fake_engine_item_rule(
        s->engine, (struct item_rule){.contains = "3,\"name\"",
                       .tries = 2,
                       .status = 503,
                       .error_type = "unavailable_shards_exception",
                       .error_reason = "primary shard is not active"});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void items_with_409_are_duplicates(void **state)
{
    struct scene *s = *state;

    fake_engine_item_rule(
        s->engine, (struct item_rule){.contains = "duplicate",
                       .status = 409,
                       .error_type = "version_conflict_engine_exception",
                       .error_reason = "current version [2] is higher"});
    scene_produce(s, 100);
    (void)scene_produce_one(s, "again", "{\"duplicate\":1}", 15, FATE_SKIPPED);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    assert_int_equal(bridge_ledger_at_end(&s->bridge).duplicate, 1);
    scene_expect_done(s);
}

/* What a person has to mend: hold, say so once, lose nothing, go on. */
static void expect_held(struct scene *s, int status, const char *type)
{
    struct bridge_ledger l;

    fake_engine_item_rule(
        s->engine, (struct item_rule){.status = status,
                       .error_type = type,
                       .error_reason = "not before somebody mends it"});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(fake_engine_counts(s->engine).requests >= 8);
    l = scene_ledger(s);
    assert_true(l.consumed > 0);
    assert_int_equal(l.pending, l.consumed);
    scene_expect_nothing_committed(s);
    assert_int_equal(bridge_log_lines(&s->bridge, WAITING), 1);
    assert_true(bridge_log_lines(&s->bridge, type) >= 1);
    fake_engine_mend(s->engine);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void a_missing_index_holds_until_it_is_there(void **state)
{
    expect_held(*state, 404, "index_not_found_exception");
}

static void a_cluster_block_holds_until_it_is_lifted(void **state)
{
    expect_held(*state, 403, "cluster_block_exception");
}

static void a_full_disk_holds_until_there_is_room(void **state)
{
    expect_held(*state, 429, "cluster_block_exception");
}

static void a_closed_index_holds_until_it_is_opened(void **state)
{
    expect_held(*state, 400, "index_closed_exception");
}

/* One shard is away for long: the records of the others need not wait, even
 * when they are too few to fill a request. */
static void busy_items_do_not_keep_later_records_waiting(void **state)
{
    struct scene *s = *state;

    fake_engine_item_rule(
        s->engine, (struct item_rule){.contains = "\"away\"",
                       .status = 503,
                       .error_type = "unavailable_shards_exception",
                       .error_reason = "primary shard is not active"});
    scene_start(s, SCENE_FOR_EVER, "bridge.retry_max_ms=60s", NULL);
    (void)scene_produce_one(s, "away", "{\"away\":1}", 10, FATE_STORED);
    SCENE_AWAIT(fake_engine_counts(s->engine).requests >= 5);
    for (int round = 1; round <= 5; round++) {
        scene_produce(s, 10);
        SCENE_AWAIT(fake_engine_live(s->engine) == 10 * (size_t)round);
    }
    assert_int_equal(scene_committed(s, 0), -1); /* it is the first there */
    fake_engine_mend(s->engine);
    bridge_signal(&s->bridge, SIGTERM);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 0);
    scene_start(s, SCENE_UNTIL_END, NULL);
    scene_finish(s);
    scene_expect_done(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(items_with_429_alone_go_again),
        SCENE_CASE(all_items_with_429_go_again),
        SCENE_CASE(items_with_503_go_again),
        SCENE_CASE(items_with_409_are_duplicates),
        SCENE_CASE(a_missing_index_holds_until_it_is_there),
        SCENE_CASE(a_cluster_block_holds_until_it_is_lifted),
        SCENE_CASE(a_full_disk_holds_until_there_is_room),
        SCENE_CASE(a_closed_index_holds_until_it_is_opened),
        SCENE_CASE(busy_items_do_not_keep_later_records_waiting),
    };

    return SCENE_RUN(cases);
}
