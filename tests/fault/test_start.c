/* A start that cannot succeed ends with one line that says why. */
#include "tests/fault/scene.h"

static void expect_one_line(struct scene *s, int exit_code, const char *text)
{
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), exit_code);
    assert_int_equal(bridge_log_lines(&s->bridge, ""), 1);
    assert_int_equal(bridge_log_lines(&s->bridge, "naru bridge: "), 1);
    assert_int_equal(bridge_log_lines(&s->bridge, text), 1);
    s->open = false;
}

static void a_topic_that_does_not_exist_is_named(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_FOR_EVER, "bridge.topics=nowhere-to-be-found", NULL);
    expect_one_line(s, 1, "nowhere-to-be-found");
}

static void brokers_that_do_not_answer_are_named(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_FOR_EVER, "kafka.bootstrap.servers=127.0.0.1:1", NULL);
    expect_one_line(s, 1, "127.0.0.1:1");
}

static void an_unknown_setting_is_named(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_FOR_EVER, "bridge.batch_bites=1", NULL);
    expect_one_line(s, 2, "batch_bites");
}

static void a_value_out_of_range_is_named(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_FOR_EVER, "bridge.max_in_flight=0", NULL);
    expect_one_line(s, 2, "max_in_flight");
}

static void an_unknown_property_of_kafka_is_named(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_FOR_EVER, "kafka.no.such.property=1", NULL);
    expect_one_line(s, 2, "no.such.property");
}

static void an_unknown_place_for_dead_letters_is_named(void **state)
{
    struct scene *s = *state;

    scene_start(s, SCENE_FOR_EVER, "bridge.dead_letter=attic", NULL);
    expect_one_line(s, 2, "attic");
}

/* The fake is an Elasticsearch, which would take packed bodies for records
 * that are no JSON. */
static void a_packing_that_the_engine_does_not_know_is_refused(void **state)
{
    struct scene *s = *state;

    scene_produce(s, 10);
    scene_start(s, SCENE_FOR_EVER, "bridge.compression=zstd", NULL);
    assert_int_equal(bridge_wait(&s->bridge, SCENE_LIMIT_MS), 1);
    assert_true(bridge_log_lines(&s->bridge, "does not unpack it") > 0);
    assert_int_equal(fake_engine_counts(s->engine).requests, 0);
    s->open = false;
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        SCENE_CASE(a_topic_that_does_not_exist_is_named),
        SCENE_CASE(brokers_that_do_not_answer_are_named),
        SCENE_CASE(an_unknown_setting_is_named),
        SCENE_CASE(a_value_out_of_range_is_named),
        SCENE_CASE(an_unknown_property_of_kafka_is_named),
        SCENE_CASE(an_unknown_place_for_dead_letters_is_named),
        SCENE_CASE(a_packing_that_the_engine_does_not_know_is_refused),
    };

    return SCENE_RUN(cases);
}
