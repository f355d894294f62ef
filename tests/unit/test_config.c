/* Settings from file, environment and --set: what is taken, what wins, and
 * what is said of mistakes. */
#include "config_fixture.h"

static void an_empty_configuration_stands_on_its_defaults(void **state)
{
    struct config *c = config_of("");

    (void)state;
    assert_null(config_text(c, "bridge.topics"));
    assert_string_equal(config_text(c, "bridge.linger_ms"), "100ms");
    assert_int_equal(config_number(c, "bridge.linger_ms"), 100);
    assert_int_equal(config_number(c, "bridge.batch_bytes"), 5242880);
    assert_int_equal(config_number(c, "bridge.topics"), 0);
    assert_true(config_bool(c, "bridge.require_alias"));
    assert_false(config_is_set(c, "bridge.linger_ms"));
    assert_string_equal(config_origin(c, "bridge.linger_ms"), "default");
    config_free(c);
    config_free(NULL);
}

/* ---- the other sources ---- */

static int read_env(struct config *c, const char *var, struct error *err)
{
    char copy[256];
    char *environ_[] = {"HOME=/x", copy, NULL};

    (void)snprintf(copy, sizeof(copy), "%s", var);
    return config_read_environment(c, environ_, err);
}

static void the_environment_names_settings_in_capitals(void **state)
{
    struct config *c = fresh();
    struct error err;

    (void)state;
    assert_int_equal(read_env(c, "NARU_BRIDGE_LINGER_MS=5", &err), 0);
    assert_int_equal(config_number(c, "bridge.linger_ms"), 5);
    assert_string_equal(config_origin(c, "bridge.linger_ms"),
        "environment NARU_BRIDGE_LINGER_MS");
    assert_int_equal(
        read_env(c, "NARU_KAFKA_BOOTSTRAP_SERVERS=a=b:1", &err), 0);
    assert_string_equal(kafka_value(c, "bootstrap.servers"), "a=b:1");
    assert_int_equal(
        read_env(c, "NARU_ELASTICSEARCH_HOSTS=http://x:1", &err), 0);
    assert_string_equal(config_text(c, "elasticsearch.hosts"), "http://x:1");
    config_free(c);
}

static void an_unknown_variable_of_a_section_is_refused(void **state)
{
    static const struct mistake cases[] = {
        {"NARU_BRIDGE_TOPIC=x",
            "environment NARU_BRIDGE_TOPIC: unknown setting 'topic' in "
            "section [bridge]; did you mean 'topics'?"},
        {"NARU_BRIDGE_LINGER_MS=x",
            "environment NARU_BRIDGE_LINGER_MS: bridge.linger_ms: 'x' is not "
            "a duration such as 500ms, 5s or 2m"},
        {"NARU_ELASTICSEARCH_ZZZ=x",
            "environment NARU_ELASTICSEARCH_ZZZ: unknown setting 'zzz' in "
            "section [elasticsearch]; naru bridge --print-config lists what "
            "there is"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct config *c = fresh();
        struct error err = {""};

        assert_int_equal(read_env(c, cases[i].text, &err), -1);
        assert_string_equal(err.text, cases[i].says);
        config_free(c);
    }
}

static void variables_of_others_are_left_alone(void **state)
{
    static const char *const cases[] = {"NARU_SHARED=x", "NARU_=x", "NARU=x",
        "NARU_KAFKA_=x", "NARU_BRIDGE=x", "NARU_BRIDGEHEAD_X=y",
        "BRIDGE_TOPICS=x", "naru_bridge_topics=x", "NARU_BRIDGE_TOPICS"};
    struct config *c = fresh();
    const char *property, *value, *origin;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = {""};

        if (read_env(c, cases[i], &err) != 0) {
            fail_msg("%s: %s", cases[i], err.text);
        }
    }
    assert_false(config_is_set(c, "bridge.topics"));
    assert_int_equal(config_kafka_at(c, 0, &property, &value, &origin), -1);
    config_free(c);
}

static void an_assignment_sets_one_value(void **state)
{
    struct config *c = fresh();
    struct error err;

    (void)state;
    assert_int_equal(config_set(c, "bridge.topics=a=b", &err), 0);
    assert_string_equal(config_text(c, "bridge.topics"), "a=b");
    assert_string_equal(config_origin(c, "bridge.topics"), "--set");
    assert_int_equal(config_set(c, "bridge.topics=", &err), 0);
    assert_string_equal(config_text(c, "bridge.topics"), "");
    assert_true(config_is_set(c, "bridge.topics"));
    assert_int_equal(config_set(c, "kafka.client.id=x", &err), 0);
    assert_string_equal(kafka_value(c, "client.id"), "x");
    config_free(c);
}

static void a_bad_assignment_is_told_what_is_right(void **state)
{
    static const struct mistake cases[] = {
        {"bridge.topics",
            "--set bridge.topics: expected section.key=value, e.g. "
            "bridge.linger_ms=200"},
        {"=x", "--set =x: expected section.key=value, e.g. "
               "bridge.linger_ms=200"},
        {"topics=x", "--set: 'topics' stands in no section; the sections are "
                     "[kafka], [elasticsearch], [bridge], [transform], "
                     "[nifi], [admin] and [kibana]"},
        {"bridge.linger=x", "--set: unknown setting 'linger' in section "
                            "[bridge]; did you mean 'linger_ms'?"},
        {"bridge.linger_m=x", "--set: unknown setting 'linger_m' in section "
                              "[bridge]; did you mean 'linger_ms'?"},
        {"bridge.linger_ms=61s", "--set: bridge.linger_ms: '61s' is out of "
                                 "range: from 0 to 60000 ms"},
        {"kafka.=x", "--set: unknown setting '' in section [kafka]; naru "
                     "bridge --print-config lists what there is"},
    };
    char longer[300];
    struct config *c = fresh();
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(config_set(c, cases[i].text, &err), -1);
        assert_string_equal(err.text, cases[i].says);
    }
    memset(longer, 'x', sizeof(longer));
    (void)strcpy(longer + sizeof(longer) - 3, "=1");
    assert_int_equal(config_set(c, longer, &err), -1);
    assert_non_null(strstr(err.text, "the name is too long"));
    config_free(c);
}

static void later_sources_win_and_a_refused_value_changes_nothing(void **state)
{
    struct config *c = config_of("[bridge]\nlinger_ms = 1\ntopics = f\n");
    struct error err;

    (void)state;
    assert_int_equal(config_number(c, "bridge.linger_ms"), 1);
    assert_int_equal(read_env(c, "NARU_BRIDGE_LINGER_MS=2", &err), 0);
    assert_int_equal(config_number(c, "bridge.linger_ms"), 2);
    assert_int_equal(config_set(c, "bridge.linger_ms=3", &err), 0);
    assert_int_equal(config_set(c, "bridge.linger_ms=4", &err), 0);
    assert_int_equal(config_set(c, "bridge.linger_ms=x", &err), -1);
    assert_int_equal(config_number(c, "bridge.linger_ms"), 4);
    assert_string_equal(config_origin(c, "bridge.linger_ms"), "--set");
    assert_string_equal(config_text(c, "bridge.topics"), "f");
    config_free(c);
}

static void a_second_file_may_set_what_the_first_did(void **state)
{
    struct config *c = config_of("[bridge]\ntopics = one\n");
    struct error err;

    (void)state;
    assert_int_equal(read_text(c, "[bridge]\ntopics = two\n", &err), 0);
    assert_string_equal(config_text(c, "bridge.topics"), "two");
    config_free(c);
}

/* ---- going out ---- */

static void kafka_properties_pass_through_in_their_order(void **state)
{
    struct config *c = config_of("[kafka]\nzeta = 1\n[bridge]\ntopics = t\n"
                                 "[kafka]\nany.thing_at-all = 2\n");
    const char *property, *value, *origin;

    (void)state;
    assert_int_equal(config_kafka_at(c, 0, &property, &value, &origin), 0);
    assert_string_equal(property, "zeta");
    assert_string_equal(value, "1");
    assert_string_equal(origin + strlen(origin) - 2, ":2");
    assert_int_equal(config_kafka_at(c, 1, &property, &value, &origin), 0);
    assert_string_equal(property, "any.thing_at-all");
    assert_int_equal(config_kafka_at(c, 2, &property, &value, &origin), -1);
    config_free(c);
}

static void printing_shows_all_in_force_and_hides_secrets(void **state)
{
    static const char *const secrets[] = {"NARU_KAFKA_SASL_PASSWORD=hunter2",
        "NARU_KAFKA_SSL_KEY_PASSWORD=hunter2", "NARU_KAFKA_SSL_KEY_PEM=hunter2",
        "NARU_KAFKA_SSL_KEYSTORE_PASSWORD=hunter2",
        "NARU_KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET=hunter2",
        "NARU_KAFKA_SASL_OAUTHBEARER_CONFIG=hunter2",
        "NARU_KAFKA_SASL_JAAS_CONFIG=hunter2",
        "NARU_KAFKA_SASL_OAUTHBEARER_ASSERTION_PRIVATE_KEY_PASSPHRASE=hunter2",
        "NARU_ELASTICSEARCH_TOKEN=hunter2"};
    struct config *c = fresh();
    struct error err;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(secrets); i++) {
        assert_int_equal(read_env(c, secrets[i], &err), 0);
    }
    assert_int_equal(
        read_env(c, "NARU_KAFKA_SASL_PASSWORD_FILE=/etc/naru/pw", &err), 0);
    assert_int_equal(config_set(c, "kafka.client.id=me", &err), 0);
    assert_int_equal(config_set(c, "bridge.linger_ms=7", &err), 0);
    assert_int_equal(config_set(c,
                         "elasticsearch.hosts=http://a:1,"
                         "https://me:hunter2@b:2/x,http://hunter2@c",
                         &err),
        0);
    config_print(c, to);
    (void)fclose(to);
    assert_null(strstr(text, "hunter2"));
    assert_non_null(strstr(text, "[kafka]\nsasl.password = (hidden) "));
    assert_non_null(strstr(text, "\nclient.id = me "));
    assert_non_null(strstr(text, "\n\n[bridge]\n; topics =\nlinger_ms = 7 "));
    assert_non_null(strstr(text, " ; --set\nbatch_bytes = 5m "));
    assert_non_null(strstr(text, " ; default\nrequire_alias = true "));
    assert_non_null(strstr(text, "\nsasl.password_file = /etc/naru/pw "));
    assert_non_null(strstr(text,
        "\n\n[elasticsearch]\nhosts = http://a:1,https://(hidden)@b:2/x,"
        "http://(hidden)@c "));
    assert_non_null(strstr(text, "\ntoken = (hidden) "));
    free(text);
    config_free(c);
}

static void a_secret_on_the_command_line_is_refused(void **state)
{
    static const struct {
        const char *assignment, *variable;
    } cases[] = {
        {"elasticsearch.token=hunter2", "NARU_ELASTICSEARCH_TOKEN"},
        {"kafka.sasl.password=hunter2", "NARU_KAFKA_SASL_PASSWORD"},
        {"kafka.ssl.key.password=hunter2", "NARU_KAFKA_SSL_KEY_PASSWORD"},
        {"kafka.sasl.oauthbearer.client.secret=hunter2",
            "NARU_KAFKA_SASL_OAUTHBEARER_CLIENT_SECRET"},
    };
    struct config *c = fresh();
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(config_set(c, cases[i].assignment, &err), -1);
        assert_null(strstr(err.text, "hunter2"));
        assert_non_null(strstr(err.text, "_file=FILE"));
        assert_non_null(strstr(err.text, cases[i].variable));
    }
    assert_int_equal(
        config_set(c, "kafka.sasl.password_file=/etc/naru/pw", &err), 0);
    config_free(c);
}

/* ---- taken anew ---- */

static void note_change(void *arg, const char *name, bool is_taken)
{
    char *said = arg;

    (void)snprintf(said + strlen(said), 400 - strlen(said), "%s%s ",
        is_taken ? "+" : "-", name);
}

static void renewing_takes_what_is_live_and_tells_of_the_rest(void **state)
{
    struct config *c = config_of("[bridge]\nlinger_ms = 1\ntopics = a\n"
                                 "[kafka]\nsasl.password = old\nacks = 1\n"
                                 "[elasticsearch]\nstep.2 = x\n");
    struct config *other = config_of("[bridge]\nbatch_bytes = 6m\n"
                                     "topics = a\n[kafka]\n"
                                     "sasl.password = new\n"
                                     "[elasticsearch]\nstep.2 = x\n"
                                     "token = t\n");
    char said[400] = "";
    struct error err;

    (void)state;
    assert_int_equal(config_renew(c, other, note_change, said, &err), 0);
    assert_string_equal(said,
        "+bridge.linger_ms +kafka.sasl.password -kafka.acks "
        "-bridge.batch_bytes +elasticsearch.token ");
    assert_int_equal(config_number(c, "bridge.linger_ms"), 100);
    assert_false(config_is_set(c, "bridge.linger_ms"));
    assert_string_equal(kafka_value(c, "sasl.password"), "new");
    assert_string_equal(kafka_value(c, "acks"), "1");
    assert_int_equal(config_number(c, "bridge.batch_bytes"), 5 << 20);
    assert_string_equal(config_text(c, "elasticsearch.token"), "t");
    said[0] = '\0';
    assert_int_equal(config_renew(c, other, note_change, said, &err), 0);
    assert_string_equal(said, "-kafka.acks -bridge.batch_bytes ");
    config_free(other);
    config_free(c);
}

static void numbered_settings_come_in_the_order_of_their_numbers(void **state)
{
    static const char *const refused[] = {"elasticsearch.step.0=x",
        "elasticsearch.step.01=x", "elasticsearch.step.=x",
        "elasticsearch.step.1a=x", "elasticsearch.step.123456=x",
        "elasticsearch.step=x"};
    char *environ_[] = {(char[]){"NARU_ELASTICSEARCH_STEP_30=third"}, NULL};
    struct config *c = fresh();
    struct error err;
    const char *value, *origin;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    int number;

    (void)state;
    assert_int_equal(config_read_environment(c, environ_, &err), 0);
    assert_int_equal(config_set(c, "elasticsearch.step.11=second", &err), 0);
    assert_int_equal(config_set(c, "elasticsearch.step.2=first", &err), 0);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        assert_int_equal(config_set(c, refused[i], &err), -1);
    }
    assert_int_equal(
        config_numbered_at(c, "elasticsearch.step.N", 0, &number, &value, NULL),
        0);
    assert_int_equal(number, 2);
    assert_string_equal(value, "first");
    assert_int_equal(
        config_numbered_at(c, "elasticsearch.step.N", 1, NULL, &value, NULL),
        0);
    assert_string_equal(value, "second");
    assert_int_equal(config_numbered_at(c, "elasticsearch.step.N", 2, &number,
                         &value, &origin),
        0);
    assert_int_equal(number, 30);
    assert_string_equal(value, "third");
    assert_string_equal(origin, "environment NARU_ELASTICSEARCH_STEP_30");
    assert_int_equal(
        config_numbered_at(c, "elasticsearch.step.N", 3, NULL, &value, NULL),
        -1);
    config_print(c, to);
    (void)fclose(to);
    assert_non_null(strstr(text, "\nstep.2 = first "));
    assert_true(strstr(text, "\nstep.2 = ") < strstr(text, "\nstep.30 = "));
    free(text);
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_configuration_stands_on_its_defaults),
        cmocka_unit_test(the_environment_names_settings_in_capitals),
        cmocka_unit_test(an_unknown_variable_of_a_section_is_refused),
        cmocka_unit_test(variables_of_others_are_left_alone),
        cmocka_unit_test(an_assignment_sets_one_value),
        cmocka_unit_test(a_bad_assignment_is_told_what_is_right),
        cmocka_unit_test(later_sources_win_and_a_refused_value_changes_nothing),
        cmocka_unit_test(a_second_file_may_set_what_the_first_did),
        cmocka_unit_test(kafka_properties_pass_through_in_their_order),
        cmocka_unit_test(numbered_settings_come_in_the_order_of_their_numbers),
        cmocka_unit_test(printing_shows_all_in_force_and_hides_secrets),
        cmocka_unit_test(a_secret_on_the_command_line_is_refused),
        cmocka_unit_test(renewing_takes_what_is_live_and_tells_of_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
