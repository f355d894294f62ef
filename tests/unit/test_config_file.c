/* What a configuration file may hold, and what is said of mistakes in it, with
 * their place. */
#include "config_fixture.h"

/* ---- what a file may hold ---- */

static void settings_are_read_with_their_sections_and_places(void **state)
{
    struct config *c = config_of("; a comment\n"
                                 "# another\n"
                                 "\n"
                                 "[bridge]\n"
                                 "topics = a,b ; the rest is a comment\n"
                                 "linger_ms=2s\n"
                                 "  ; an indented comment\n"
                                 "require_alias : no\r\n"
                                 "[elasticsearch]\n"
                                 "hosts = http://h:1;not a comment\n"
                                 "[bridge]\n"
                                 "on_tombstone =   delete   \n"
                                 "batch_bytes = 1m");
    const char *origin;

    (void)state;
    assert_string_equal(config_text(c, "bridge.topics"), "a,b");
    assert_int_equal(config_number(c, "bridge.linger_ms"), 2000);
    assert_false(config_bool(c, "bridge.require_alias"));
    assert_string_equal(
        config_text(c, "elasticsearch.hosts"), "http://h:1;not a comment");
    assert_int_equal(config_number(c, "bridge.on_tombstone"), 1);
    assert_int_equal(config_number(c, "bridge.batch_bytes"), 1048576);
    assert_true(config_is_set(c, "bridge.topics"));
    origin = config_origin(c, "bridge.topics");
    assert_string_equal(origin + strlen(origin) - 2, ":5");
    origin = config_origin(c, "bridge.batch_bytes");
    assert_string_equal(origin + strlen(origin) - 3, ":13");
    config_free(c);
}

static void an_indented_line_continues_the_value_above(void **state)
{
    struct config *c = config_of("[kafka]\n"
                                 "bootstrap.servers = a:9092,\n"
                                 "    b:9092,\n"
                                 "; a comment between\n"
                                 "\n"
                                 "\t[::1]:9092\n"
                                 "group.id = g\n"
                                 "[bridge]\n"
                                 "topics = a,\n"
                                 "  b ; not c\n");
    const char *origin;

    (void)state;
    assert_string_equal(
        kafka_value(c, "bootstrap.servers"), "a:9092,b:9092,[::1]:9092");
    assert_string_equal(kafka_value(c, "group.id"), "g");
    assert_string_equal(config_text(c, "bridge.topics"), "a,b");
    origin = config_origin(c, "kafka.bootstrap.servers");
    assert_string_equal(origin + strlen(origin) - 2, ":2");
    config_free(c);
}

static void the_first_setting_of_a_section_may_be_indented(void **state)
{
    struct config *c = config_of("[kafka]\n"
                                 "  group.id = g\n"
                                 "[bridge]\n"
                                 "  topics = t\n"
                                 "[bridge]\n"
                                 "  linger_ms = 7\n");

    (void)state;
    assert_string_equal(kafka_value(c, "group.id"), "g");
    assert_string_equal(config_text(c, "bridge.topics"), "t");
    assert_int_equal(config_number(c, "bridge.linger_ms"), 7);
    config_free(c);
}

static void a_byte_order_mark_is_no_part_of_the_first_line(void **state)
{
    struct config *c = config_of("\xef\xbb\xbf[bridge]\ntopics = t\n");

    (void)state;
    assert_string_equal(config_text(c, "bridge.topics"), "t");
    config_free(c);
}

/* ---- what it may not ---- */

static void expect_mistakes(const struct mistake *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct config *c = fresh();
        struct error err;

        if (read_text(c, m[i].text, &err) != -1 ||
            strcmp(err.text, m[i].says) != 0) {
            fail_msg("%s\n  says      %s\n  expected  %s", m[i].text, err.text,
                m[i].says);
        }
        config_free(c);
    }
}

static void an_unknown_key_is_refused_with_what_was_meant(void **state)
{
    static const struct mistake cases[] = {
        {"[bridge]\n\ntopic = x\n",
            "FILE:3: unknown setting 'topic' in section [bridge]; did you "
            "mean 'topics'?"},
        {"[bridge]\nhosts = x\n",
            "FILE:2: unknown setting 'hosts' in section [bridge]; did you "
            "mean 'hosts' in [elasticsearch]?"},
        {"[brigde]\ntopics = x\n",
            "FILE:2: unknown setting 'topics' in section [brigde]; did you "
            "mean 'topics' in [bridge]?"},
        {"[elasticsearch]\nfoo = x\n",
            "FILE:2: unknown setting 'foo' in section [elasticsearch]; naru "
            "bridge --print-config lists what there is"},
        {"[bridge]\nzzz = x\n",
            "FILE:2: unknown setting 'zzz' in section [bridge]; naru bridge "
            "--print-config lists what there is"},
        {"topics = x\n",
            "FILE:1: 'topics' stands in no section; the sections are [kafka], "
            "[elasticsearch], [bridge], [transform], [nifi], [admin] and "
            "[kibana]"},
    };

    (void)state;
    expect_mistakes(cases, COUNT_OF(cases));
}

static void a_key_given_twice_is_refused_with_both_places(void **state)
{
    static const struct mistake cases[] = {
        {"[bridge]\ntopics = a\nlinger_ms = 1\ntopics = b\n",
            "FILE:4: bridge.topics is already set at FILE:2; keep one of "
            "them"},
        {"[bridge]\ntopics = a\ntopics = a\n",
            "FILE:3: bridge.topics is already set at FILE:2; keep one of "
            "them"},
        {"[bridge]\ntopics = a\n[bridge]\n  topics = b\n",
            "FILE:4: bridge.topics is already set at FILE:2; keep one of "
            "them"},
        {"[kafka]\nclient.id = a\nclient.id = b\n",
            "FILE:3: kafka.client.id is already set at FILE:2; keep one of "
            "them"},
    };

    (void)state;
    expect_mistakes(cases, COUNT_OF(cases));
}

static void a_value_that_does_not_fit_is_refused_with_its_place(void **state)
{
    static const struct mistake cases[] = {
        {"[bridge]\nlinger_ms = 61s\n",
            "FILE:2: bridge.linger_ms: '61s' is out of range: from 0 to 60000 "
            "ms"},
        {"[bridge]\nlinger_ms =\n",
            "FILE:2: bridge.linger_ms: '' is not a duration such as 500ms, 5s "
            "or 2m"},
        {"[bridge]\nrequire_alias = maybe\ntopics = a\n",
            "FILE:2: bridge.require_alias: 'maybe' is neither true nor false"},
        {"[bridge]\non_tombstone = keep\n",
            "FILE:2: bridge.on_tombstone: 'keep' is not one of skip|delete"},
    };

    (void)state;
    expect_mistakes(cases, COUNT_OF(cases));
}

static void an_indented_setting_is_not_swallowed(void **state)
{
    static const struct mistake cases[] = {
        {"[bridge]\ntopics = a\n  linger_ms = 5\n",
            "FILE:3: the line is indented, so it would continue the value "
            "above; move it to the left edge"},
        {"[bridge]\ntopics = a\n\tlinger_ms\t= 5\n",
            "FILE:3: the line is indented, so it would continue the value "
            "above; move it to the left edge"},
        {"[bridge]\ntopics = a\n Linger-MS=5\n",
            "FILE:3: the line is indented, so it would continue the value "
            "above; move it to the left edge"},
        {"[kafka]\ngroup.id = a\n  [bridge]\ntopics = x\n",
            "FILE:3: the line is indented, so it would continue the value "
            "above; move it to the left edge"},
    };

    (void)state;
    expect_mistakes(cases, COUNT_OF(cases));
}

static void a_line_that_is_nothing_is_refused(void **state)
{
    static const struct mistake cases[] = {
        {"[bridge]\ntopics = a\nwhat is this\n",
            "FILE:3: expected 'key = value', '[section]' or a comment that "
            "starts with ';'"},
        {"[bridge\ntopics = a\n",
            "FILE:1: expected 'key = value', '[section]' or a comment that "
            "starts with ';'"},
    };

    (void)state;
    expect_mistakes(cases, COUNT_OF(cases));
}

/* "[kafka]\nx = aaa..." with a second line of n bytes and an end or none. */
static int read_line_of(size_t n, const char *end, struct error *err)
{
    struct config *c = fresh();
    char text[600] = "[kafka]\nx = ";
    size_t start = strlen("[kafka]\n");
    int rc;

    memset(text + strlen(text), 'a', n - 4);
    text[start + n] = '\0';
    (void)strcat(text, end);
    rc = read_text(c, text, err);
    if (rc == 0) {
        assert_int_equal(strlen(kafka_value(c, "x")), n - 4);
    }
    config_free(c);
    return rc;
}

static void a_line_is_read_whole_or_refused(void **state)
{
    struct error err;
    size_t longest = 0;

    (void)state;
    for (size_t n = 10; n < 500; n++) {
        if (read_line_of(n, "\n", &err) == 0) {
            assert_int_equal(longest, longest == 0 ? 0 : n - 1);
            longest = n;
        }
    }
    assert_in_range(longest, 100, 400);
    assert_int_equal(read_line_of(longest + 1, "\nclient.id = b\n", &err), -1);
    assert_non_null(strstr(err.text, "FILE:2: the line is longer than "));
    assert_non_null(strstr(err.text, "bytes; continue it on an indented line"));
}

static void a_value_too_long_to_continue_is_refused_with_its_place(void **state)
{
    static char text[80000] = "[kafka]\nx = a\n";
    struct config *c = fresh();
    struct error err;

    (void)state;
    while (strlen(text) < 70000) {
        (void)strcat(text, " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                           "\n");
    }
    assert_int_equal(read_text(c, text, &err), -1);
    assert_non_null(strstr(err.text, "FILE:2: "));
    assert_non_null(strstr(err.text, "too long"));
    config_free(c);
}

static void a_file_that_cannot_be_read_is_named(void **state)
{
    struct config *c = fresh();
    struct error err;

    (void)state;
    assert_int_equal(config_read_file(c, "no/such/naru.conf", &err), -1);
    assert_string_equal(
        err.text, "no/such/naru.conf: No such file or directory");
    assert_int_equal(config_read_file(c, "/", &err), -1);
    assert_string_equal(err.text, "/: a directory; name a configuration file");
    config_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_read_with_their_sections_and_places),
        cmocka_unit_test(an_indented_line_continues_the_value_above),
        cmocka_unit_test(the_first_setting_of_a_section_may_be_indented),
        cmocka_unit_test(a_byte_order_mark_is_no_part_of_the_first_line),
        cmocka_unit_test(an_unknown_key_is_refused_with_what_was_meant),
        cmocka_unit_test(a_key_given_twice_is_refused_with_both_places),
        cmocka_unit_test(a_value_that_does_not_fit_is_refused_with_its_place),
        cmocka_unit_test(an_indented_setting_is_not_swallowed),
        cmocka_unit_test(a_line_that_is_nothing_is_refused),
        cmocka_unit_test(a_line_is_read_whole_or_refused),
        cmocka_unit_test(
            a_value_too_long_to_continue_is_refused_with_its_place),
        cmocka_unit_test(a_file_that_cannot_be_read_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
