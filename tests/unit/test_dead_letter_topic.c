/* How often the brokers are asked for the topics of dead letters; the questions
 * are answered here. No broker is needed: letters wait in the producer. */
#include "bridge/dead_letter_topic.h"

#include "common/config.h"
#include "common/kafka_topic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS 1000

static struct {
    unsigned asked;
    bool fails;
} brokers;

struct kafka_topics *kafka_topics_open(
    const struct config *c, struct error *err)
{
    (void)c;
    brokers.asked++;
    if (brokers.fails) {
        (void)error_set(err, "no broker answers");
        return NULL;
    }
    return (struct kafka_topics *)&brokers;
}

void kafka_topics_free(struct kafka_topics *k)
{
    (void)k;
}

int kafka_topic_describe(struct kafka_topics *k, const char *topic,
    struct kafka_topic_info *info, struct error *err)
{
    (void)k;
    (void)topic;
    (void)err;
    memset(info, 0, sizeof(*info));
    info->exists = true;
    return 0;
}

int kafka_topic_create(struct kafka_topics *k,
    const struct kafka_new_topic *topic, struct error *err)
{
    (void)k;
    (void)topic;
    return error_set(err, "it is there");
}

int kafka_topic_setting(struct kafka_topics *k, const char *topic,
    const char *name, char value[KAFKA_SETTING_BYTES], struct error *err)
{
    (void)k;
    (void)topic;
    (void)name;
    (void)value;
    return error_set(err, "not asked for");
}

static void on_done(void *arg, struct partition *partition, uint64_t ticket)
{
    (void)arg;
    (void)partition;
    (void)ticket;
}

/* Letters of two topics in turn. */
static void send_letters(size_t n)
{
    struct event_base *base = event_base_new();
    struct config *c = config_new(NULL, 0);
    struct partition partitions[] = {{.topic = "A"}, {.topic = "B"}};
    const struct refusal why = {400, 1, "mapper_parsing_exception", "no date"};
    struct dead_letter_topic *d;
    struct error err;

    assert_int_equal(
        config_set(c, "kafka.bootstrap.servers=127.0.0.1:1", &err), 0);
    d = dead_letter_topic_new(base, c, NULL, on_done, NULL, &err);
    assert_non_null(d);
    brokers.asked = 0;
    for (size_t i = 0; i < n; i++) {
        struct partition *one = &partitions[i % 2];
        const struct doc doc = {.partition = one, .ticket = i};
        const struct record r = {.topic = one->topic,
            .offset = (int64_t)i,
            .has_value = true,
            .value = {"{}", 2}};

        assert_int_equal(dead_letter_topic_take(d, &doc, &r, &why), 0);
    }
    assert_int_equal(dead_letter_topic_pending(d), n);
    dead_letter_topic_free(d);
    config_free(c);
    event_base_free(base);
}

static void a_topic_is_asked_for_once(void **state)
{
    (void)state;
    brokers.fails = false;
    send_letters(LETTERS);
    assert_int_equal(brokers.asked, 2);
}

/* Each question may take ten seconds, and an answer of the engine holds
 * thousands of refused items. */
static void one_answer_does_not_ask_for_each_of_its_items(void **state)
{
    (void)state;
    brokers.fails = true;
    send_letters(LETTERS);
    assert_int_equal(brokers.asked, 1);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(a_topic_is_asked_for_once),
        cmocka_unit_test(one_answer_does_not_ask_for_each_of_its_items),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
