/* [kafka] as librdkafka's configuration. */
#include "common/kafka_conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static rd_kafka_conf_t *conf_of(enum kafka_role role,
    const struct kafka_default *defaults, size_t n, const char *const *settings,
    struct error *err)
{
    struct config *c = config_new(NULL, 0);
    rd_kafka_conf_t *conf;

    assert_non_null(c);
    for (; *settings != NULL; settings++) {
        char line[256];

        (void)snprintf(line, sizeof(line), "kafka.%s", *settings);
        assert_int_equal(config_set(c, line, err), 0);
    }
    err->text[0] = '\0';
    conf = kafka_conf_new(c, role, defaults, n, err);
    config_free(c);
    return conf;
}

static void expect_property(
    rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char text[256] = "";
    size_t size = sizeof(text);

    assert_int_equal(
        rd_kafka_conf_get(conf, name, text, &size), RD_KAFKA_CONF_OK);
    if (strcmp(text, value) != 0) {
        fail_msg("%s is %s, not %s", name, text, value);
    }
}

static void settings_stand_over_the_defaults_of_a_command(void **state)
{
    static const struct kafka_default defaults[] = {{"client.id", "naru"},
        {"socket.timeout.ms", "1234"}, {"?of.a.later.version", "1"},
        {"?fetch.wait.max.ms", "77"}};
    static const char *const settings[] = {
        "client.id=mine", "bootstrap.servers=a:1,b:2", NULL};
    struct error err;
    rd_kafka_conf_t *conf =
        conf_of(KAFKA_CONSUMER, defaults, COUNT_OF(defaults), settings, &err);

    (void)state;
    assert_non_null(conf);
    expect_property(conf, "client.id", "mine");
    expect_property(conf, "socket.timeout.ms", "1234");
    expect_property(conf, "bootstrap.servers", "a:1,b:2");
    expect_property(conf, "fetch.wait.max.ms", "77");
    rd_kafka_conf_destroy(conf);
}

static void what_librdkafka_refuses_is_told_with_its_origin(void **state)
{
    static const struct {
        const char *setting, *begins;
    } cases[] = {
        {"no.such.property=1", "--set: kafka.no.such.property: No such "
                               "configuration property"},
        {"socket.timeout.ms=soon", "--set: kafka.socket.timeout.ms: "},
        {"security.protocol=carrier_pigeon",
            "--set: kafka.security.protocol: "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (int role = KAFKA_CONSUMER; role <= KAFKA_ADMIN; role++) {
            const char *settings[] = {"client.id=x", cases[i].setting, NULL};
            struct error err;
            rd_kafka_conf_t *conf =
                conf_of((enum kafka_role)role, NULL, 0, settings, &err);

            if (conf != NULL || strncmp(err.text, cases[i].begins,
                                    strlen(cases[i].begins)) != 0) {
                fail_msg("%s: %s", cases[i].setting, err.text);
            }
        }
    }
}

static void a_default_that_is_refused_is_told(void **state)
{
    static const struct kafka_default bad[] = {{"no.such.default", "1"}};
    static const char *const none[] = {NULL};
    struct error err;

    (void)state;
    assert_null(conf_of(KAFKA_PRODUCER, bad, 1, none, &err));
    assert_non_null(strstr(err.text, "kafka.no.such.default: "));
}

static void what_is_for_the_other_role_is_left_out(void **state)
{
    static const struct {
        const char *setting, *name, *value;
        bool consumer, producer, admin; /* is it taken there? */
    } cases[] = {
        {"linger.ms=77", "linger.ms", "77", false, true, false},
        {"queue.buffering.max.messages=77", "queue.buffering.max.messages",
            "77", false, true, false},
        {"compression.type=gzip", "compression.codec", "gzip", false, true,
            false},
        {"enable.idempotence=true", "enable.idempotence", "true", false, true,
            false},
        {"group.id=g", "group.id", "g", true, false, false},
        {"fetch.wait.max.ms=77", "fetch.wait.max.ms", "77", true, false, false},
        {"client.id=c", "client.id", "c", true, true, true},
        {"socket.timeout.ms=777", "socket.timeout.ms", "777", true, true, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const bool taken[] = {
            cases[i].consumer, cases[i].producer, cases[i].admin};

        for (int role = KAFKA_CONSUMER; role <= KAFKA_ADMIN; role++) {
            const char *settings[] = {cases[i].setting, NULL};
            struct error err;
            rd_kafka_conf_t *conf =
                conf_of((enum kafka_role)role, NULL, 0, settings, &err);
            char text[256] = "";
            size_t size = sizeof(text);

            assert_non_null(conf);
            (void)rd_kafka_conf_get(conf, cases[i].name, text, &size);
            if ((strcmp(text, cases[i].value) == 0) != taken[role]) {
                fail_msg("%s, role %d: %s", cases[i].setting, role, text);
            }
            rd_kafka_conf_destroy(conf);
        }
    }
}

static void properties_of_topics_are_taken_too(void **state)
{
    static const char *const settings[] = {
        "request.required.acks=1", "auto.offset.reset=earliest", NULL};
    struct error err;
    rd_kafka_conf_t *conf = conf_of(KAFKA_PRODUCER, NULL, 0, settings, &err);

    (void)state;
    assert_non_null(conf);
    expect_property(conf, "request.required.acks", "1");
    rd_kafka_conf_destroy(conf);
    conf = conf_of(KAFKA_CONSUMER, NULL, 0, settings, &err);
    assert_non_null(conf);
    expect_property(conf, "auto.offset.reset", "smallest");
    expect_property(conf, "request.required.acks", "-1");
    rd_kafka_conf_destroy(conf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_stand_over_the_defaults_of_a_command),
        cmocka_unit_test(what_librdkafka_refuses_is_told_with_its_origin),
        cmocka_unit_test(a_default_that_is_refused_is_told),
        cmocka_unit_test(what_is_for_the_other_role_is_left_out),
        cmocka_unit_test(properties_of_topics_are_taken_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
