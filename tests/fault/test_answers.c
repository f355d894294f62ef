/* Answers to whole bulk requests: good ones, those that say "later", those
 * that refuse us, and those that are no answers. */
#include "tests/fault/scene.h"

#define RECORDS 600
#define SMALL "bridge.batch_docs=50"
#define WAITING "elasticsearch does not take records"

static void all_good_answers_store_each_record_once(void **state)
{
    struct scene *s = *state;
    struct bridge_ledger l;

    scene_produce(s, 5000);
    scene_start(s, SCENE_UNTIL_END, "bridge.batch_docs=100", NULL);
    scene_finish(s);
    l = bridge_ledger_at_end(&s->bridge);
    assert_int_equal(l.created, 5000);
    assert_int_equal(l.consumed, 5000);
    assert_int_equal(bridge_log_lines(&s->bridge, "level=warn"), 0);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void the_last_records_do_not_wait_for_more(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_FOR_EVER, "bridge.batch_docs=40", NULL);
    for (int round = 0; round < 20; round++) {
        scene_produce(s, 97);
        SCENE_AWAIT(scene_all_stored(s));
    }
    scene_stop(s);
    scene_expect_done(s);
}

/* Sends n records against one scripted answer and expects them stored. */
static void expect_sent_again(struct scene *s, struct request_rule rule)
{
    unsigned good = (RECORDS + 49) / 50;

    fake_engine_rule(s->engine, rule);
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    assert_true(fake_engine_counts(s->engine).requests >= good + rule.times);
    assert_true(bridge_log_lines(&s->bridge, WAITING) >= 1);
    scene_expect_done(s);
}

static void a_429_for_the_request_is_sent_again(void **state)
{
    struct scene *s = *state;

    expect_sent_again(s,
        (struct request_rule){.act = ENGINE_STATUS, .status = 429, .times = 5});
    scene_expect_applied_once(s);
}

static void trouble_that_comes_and_goes_is_told_once(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(s->engine,
        (struct request_rule){.act = ENGINE_STATUS, .status = 429, .every = 3});
    scene_produce(s, 3000);
    scene_start(s, SCENE_UNTIL_END, SMALL, "bridge.retry_max_ms=100", NULL);
    scene_finish(s);
    assert_int_equal(bridge_log_lines(&s->bridge, WAITING), 1);
    assert_int_equal(bridge_log_lines(&s->bridge, "takes records again"), 1);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void a_502_is_sent_again(void **state)
{
    struct scene *s = *state;

    expect_sent_again(s,
        (struct request_rule){.act = ENGINE_STATUS, .status = 502, .times = 3});
    scene_expect_applied_once(s);
}

static void a_503_waits_as_long_as_retry_after_says(void **state)
{
    struct scene *s = *state;
    int64_t started_us = clock_mono_us();

    expect_sent_again(s, (struct request_rule){.act = ENGINE_STATUS,
                             .status = 503,
                             .retry_after_s = 2,
                             .times = 1});
    assert_true(clock_mono_us() - started_us >= 2000000);
    scene_expect_applied_once(s);
}

static void an_answer_with_one_item_too_many_is_not_believed(void **state)
{
    expect_sent_again(
        *state, (struct request_rule){.act = ENGINE_ITEM_MORE, .times = 3});
}

static void an_answer_with_one_item_too_few_is_not_believed(void **state)
{
    expect_sent_again(
        *state, (struct request_rule){.act = ENGINE_ITEM_LESS, .times = 3});
}

static void an_answer_cut_short_is_not_believed(void **state)
{
    expect_sent_again(
        *state, (struct request_rule){.act = ENGINE_TRUNCATED, .times = 3});
}

static void an_answer_of_half_the_json_is_not_believed(void **state)
{
    expect_sent_again(
        *state, (struct request_rule){.act = ENGINE_HALF_JSON, .times = 3});
}

static void an_answer_that_is_no_json_is_not_believed(void **state)
{
    expect_sent_again(
        *state, (struct request_rule){.act = ENGINE_GARBAGE, .times = 3});
}

static void wrong_answers_commit_nothing_while_they_last(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(s->engine, (struct request_rule){.act = ENGINE_ITEM_LESS});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(fake_engine_counts(s->engine).requests >= 6);
    assert_int_equal(scene_ledger(s).created, 0);
    scene_expect_nothing_committed(s);
    fake_engine_mend(s->engine);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    scene_expect_done(s);
}

/* A status that refuses us as a whole: hold, say so once, go on when mended. */
static void expect_held(struct scene *s, int status)
{
    struct bridge_ledger l;

    fake_engine_rule(s->engine,
        (struct request_rule){.act = ENGINE_STATUS, .status = status});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_FOR_EVER, SMALL, NULL);
    SCENE_AWAIT(fake_engine_counts(s->engine).requests >= 8);
    l = scene_ledger(s);
    assert_int_equal(l.pending, l.consumed);
    assert_true(l.consumed > 0);
    assert_int_equal(fake_engine_live(s->engine), 0);
    scene_expect_nothing_committed(s);
    assert_int_equal(bridge_log_lines(&s->bridge, WAITING), 1);
    fake_engine_mend(s->engine);
    SCENE_AWAIT(scene_all_stored(s));
    scene_stop(s);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

static void a_401_holds_everything_until_it_is_mended(void **state)
{
    expect_held(*state, 401);
}

static void a_403_holds_everything_until_it_is_mended(void **state)
{
    expect_held(*state, 403);
}

static void a_406_holds_everything_until_it_is_mended(void **state)
{
    expect_held(*state, 406);
}

static void answers_slower_than_the_limit_are_sent_again(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(
        s->engine, (struct request_rule){
                       .act = ENGINE_ANSWER, .delay_ms = 1500, .times = 2});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL,
        "elasticsearch.request_timeout_ms=400", NULL);
    scene_finish(s);
    assert_true(bridge_log_lines(&s->bridge, WAITING) >= 1);
    scene_expect_done(s);
}

static void slow_answers_within_the_limit_are_waited_for(void **state)
{
    struct scene *s = *state;

    fake_engine_rule(s->engine,
        (struct request_rule){.act = ENGINE_ANSWER, .delay_ms = 100});
    scene_produce(s, RECORDS);
    scene_start(s, SCENE_UNTIL_END, SMALL, NULL);
    scene_finish(s);
    assert_int_equal(bridge_log_lines(&s->bridge, WAITING), 0);
    assert_true(fake_engine_counts(s->engine).requests_at_once > 1);
    assert_true(fake_engine_counts(s->engine).requests_at_once <= 4);
    scene_expect_applied_once(s);
    scene_expect_done(s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(all_good_answers_store_each_record_once),
        SCENE_CASE(the_last_records_do_not_wait_for_more),
        SCENE_CASE(a_429_for_the_request_is_sent_again),
        SCENE_CASE(trouble_that_comes_and_goes_is_told_once),
        SCENE_CASE(a_502_is_sent_again),
        SCENE_CASE(a_503_waits_as_long_as_retry_after_says),
        SCENE_CASE(an_answer_with_one_item_too_many_is_not_believed),
        SCENE_CASE(an_answer_with_one_item_too_few_is_not_believed),
        SCENE_CASE(an_answer_cut_short_is_not_believed),
        SCENE_CASE(an_answer_of_half_the_json_is_not_believed),
        SCENE_CASE(an_answer_that_is_no_json_is_not_believed),
        SCENE_CASE(wrong_answers_commit_nothing_while_they_last),
        SCENE_CASE(a_401_holds_everything_until_it_is_mended),
        SCENE_CASE(a_403_holds_everything_until_it_is_mended),
        SCENE_CASE(a_406_holds_everything_until_it_is_mended),
        SCENE_CASE(answers_slower_than_the_limit_are_sent_again),
        SCENE_CASE(slow_answers_within_the_limit_are_waited_for),
    };

    return SCENE_RUN(cases);
}
