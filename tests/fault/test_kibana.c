/*
 * naru kibana import and check against a scripted Kibana and OpenSearch
 * Dashboards: what is sent, what is refused and how that is said.
 */
#include "kibana/object_text.h"
#include "tests/fakes/fake_kibana.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL NARU_SMALL_SET
#define ALL_FIELDS                                                             \
    "{\"Date\":{\"date\":{}},\"Close\":{\"double\":{}},\"Market\":{"           \
    "\"keyword\":{}},\"Amount\":{\"long\":{}},\"Name\":{\"keyword\":{}},"      \
    "\"Marcap\":{\"long\":{}}}"

static struct fake_kibana *at(void **state)
{
    return *state;
}

static int open_case(void **state)
{
    static struct fake_kibana k;

    fake_kibana_open(&k);
    k.script.field_caps = ALL_FIELDS;
    *state = &k;
    return 0;
}

static int close_case(void **state)
{
    fake_kibana_close(at(state));
    return 0;
}

#define RUN(k, ...)                                                            \
    fake_kibana_run(k, (const char *const[]){"kibana", __VA_ARGS__, NULL})

static void expect_exit(struct fake_kibana *k, int wanted, int got)
{
    if (wanted != got) {
        fail_msg("exit code %d, not %d:\n%s", got, wanted, buf_str(&k->output));
    }
}

static void expect_said(struct fake_kibana *k, const char *text)
{
    if (strstr(buf_str(&k->output), text) == NULL) {
        fail_msg("not said: %s\nbut:\n%s", text, buf_str(&k->output));
    }
}

static void expect_not_said(struct fake_kibana *k, const char *text)
{
    if (strstr(buf_str(&k->output), text) != NULL) {
        fail_msg("said: %s\nin:\n%s", text, buf_str(&k->output));
    }
}

/* ---- import ---- */

static void everything_is_imported_and_replaced_the_second_time(void **state)
{
    struct fake_kibana *k = at(state);

    expect_exit(k, 0, RUN(k, "import", SMALL));
    expect_said(k, "7 of 7 objects imported into Kibana 8.19.0");
    expect_said(k, "/app/dashboards#/view/naru-small-board");
    expect_said(k, "lens naru-small-lens: imported\n");
    assert_int_equal(json_object_size(k->objects), 7);
    assert_non_null(
        fake_kibana_object(k, "default", "dashboard", "naru-small-board"));
    expect_exit(k, 0, RUN(k, "import", SMALL, "--overwrite"));
    expect_said(k, "imported, in the place of what stood there");
    assert_int_equal(json_object_size(k->objects), 7);
    assert_int_equal(k->imports, 2);
}

static void dashboards_gets_the_portable_objects_without_lens(void **state)
{
    struct fake_kibana *k = at(state);

    k->script.is_dashboards = true;
    k->script.version = "2.19.4";
    expect_exit(k, 0, RUN(k, "import", SMALL));
    expect_said(k, "6 of 6 objects imported into OpenSearch Dashboards 2.19.4");
    assert_null(fake_kibana_object(k, "default", "lens", "naru-small-lens"));
}

static void kibana_7_gets_the_portable_objects_too(void **state)
{
    struct fake_kibana *k = at(state);

    k->script.version = "7.12.1";
    expect_exit(k, 0, RUN(k, "import", SMALL));
    expect_said(k, "6 of 6 objects imported into Kibana 7.12.1");
}

static void kibana_6_gets_the_legacy_form(void **state)
{
    struct fake_kibana *k = at(state);
    json_t *board;

    k->script.version = "6.2.1";
    expect_exit(k, 0, RUN(k, "import", SMALL));
    expect_said(k, "5 of 5 objects imported into Kibana 6.2.1");
    expect_said(k, "/app/kibana#/dashboard/naru-small-board");
    board = fake_kibana_object(k, "default", "dashboard", "naru-small-board");
    assert_non_null(board);
    assert_null(json_object_get(board, "references"));
    expect_exit(k, 0, RUN(k, "check", SMALL));
    expect_exit(k, 1, RUN(k, "import", SMALL, "--no-overwrite"));
    expect_said(k, "version conflict, document already exists");
}

static void a_space_is_looked_for_and_written_to(void **state)
{
    struct fake_kibana *k = at(state);

    k->script.space = "markets";
    expect_exit(k, 0, RUN(k, "import", SMALL, "--space", "markets"));
    expect_said(k, "/s/markets/app/dashboards#/view/naru-small-board");
    assert_non_null(
        fake_kibana_object(k, "markets", "dashboard", "naru-small-board"));
    assert_null(
        fake_kibana_object(k, "default", "dashboard", "naru-small-board"));
    expect_exit(k, 1, RUN(k, "import", SMALL, "--space", "market"));
    expect_said(k, "there is no space 'market'");
    expect_exit(k, 2, RUN(k, "import", SMALL, "--space", "a/b"));
    expect_said(k, "'a/b' is no space's identifier");
    assert_int_equal(k->imports, 1);
    k->script.is_dashboards = true;
    k->script.version = "2.19.4";
    expect_exit(k, 1, RUN(k, "import", SMALL, "--space", "markets"));
    expect_said(k, "OpenSearch Dashboards 2.19.4 has no spaces");
    assert_int_equal(k->imports, 1);
}

static void no_overwrite_keeps_what_stands_and_says_so(void **state)
{
    struct fake_kibana *k = at(state);

    expect_exit(k, 0, RUN(k, "import", SMALL));
    (void)json_object_del(k->objects, "default visualization naru-small-about");
    expect_exit(k, 1, RUN(k, "import", SMALL, "--no-overwrite"));
    expect_said(k, "dashboard naru-small-board: not imported: one stands "
                   "there, and --no-overwrite keeps it");
    expect_said(k, "visualization naru-small-about: imported\n");
    expect_said(k, "1 of 7 objects imported");
    expect_said(k, "6 objects were not imported");
}

static void each_kind_of_failure_in_a_200_is_said(void **state)
{
    static const struct {
        const char *error, *said;
    } cases[] = {
        {"{\"type\":\"conflict\"}", "one stands there"},
        {"{\"type\":\"ambiguous_conflict\",\"destinations\":[]}",
            "several objects of other spaces"},
        {"{\"type\":\"missing_references\",\"references\":[{\"type\":"
         "\"index-pattern\",\"id\":\"gone\"},{\"type\":\"search\",\"id\":"
         "\"s\"}]}",
            "it refers to index-pattern gone, search s, which is not there"},
        {"{\"type\":\"unsupported_type\"}", "(unsupported_type)"},
        {"{\"type\":\"unknown\",\"message\":\"mapper parsing\",\"statusCode\":"
         "400}",
            "not imported: unknown: mapper parsing"},
    };
    struct fake_kibana *k = at(state);

    k->script.refused_id = "naru-small-about";
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        k->script.refused_error = cases[i].error;
        expect_exit(k, 1, RUN(k, "import", SMALL));
        expect_said(k, "visualization naru-small-about: not imported: ");
        expect_said(k, cases[i].said);
        expect_said(k, "6 of 7 objects imported");
        expect_said(k, "1 object was not imported");
    }
}

static void a_refusal_of_the_whole_is_explained(void **state)
{
    static const struct {
        int status;
        const char *message, *said;
    } cases[] = {
        {422, "belongs to a more recent version of OpenSearch Dashboards",
            "refuses what states a version above its own (422): belongs to a "
            "more recent version"},
        {401, "Unauthorized", "set kibana.username"},
        {403, "Unable to bulk_create dashboard", "the privilege all"},
        {413, "Payload too large", "savedObjects.maxImportPayloadBytes"},
        {429, "Too many", "is not ready (429"},
        {500, "oh", "answers 500 to /api/saved_objects/_import"},
    };
    struct fake_kibana *k = at(state);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        k->script.import_status = cases[i].status;
        k->script.import_message = cases[i].message;
        expect_exit(k, 1, RUN(k, "import", SMALL));
        expect_said(k, cases[i].said);
        assert_int_equal(json_object_size(k->objects), 0);
    }
}

static void an_answer_that_is_none_is_not_believed(void **state)
{
    static const struct {
        const char *body, *said;
    } cases[] = {
        {"{\"success\":true,\"successCount\":3}",
            "7 objects were sent, and the answer speaks of 3"},
        {"{\"success\":true}", "is not what Kibana says"},
        {"[]", "is not what Kibana says"},
        {"{\"success\":true,\"successCount\":-1}", "is not what Kibana says"},
    };
    struct fake_kibana *k = at(state);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        k->script.import_body = cases[i].body;
        expect_exit(k, 1, RUN(k, "import", SMALL));
        expect_said(k, cases[i].said);
    }
}

static void a_login_is_sent_and_missed(void **state)
{
    struct fake_kibana *k = at(state);
    char path[] = "/tmp/naru-kibana-XXXXXX", set[80];
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");

    assert_non_null(f);
    (void)fputs("secret\n", f);
    (void)fclose(f);
    k->script.login = "Basic a2ltOnNlY3JldA=="; /* kim:secret */
    expect_exit(k, 1, RUN(k, "import", SMALL));
    expect_said(k, "asks who we are (401");
    k->script.tells_version_to_strangers = false;
    expect_exit(k, 1, RUN(k, "import", SMALL));
    expect_said(k, "it does not tell its version to strangers");
    (void)snprintf(set, sizeof(set), "kibana.password_file=%s", path);
    expect_exit(k, 0,
        RUN(k, "import", SMALL, "--set", "kibana.username=kim", "--set", set));
    k->script.login = "ApiKey secret";
    (void)snprintf(set, sizeof(set), "kibana.api_key_file=%s", path);
    expect_exit(k, 0, RUN(k, "check", SMALL, "--no-index", "--set", set));
    (void)unlink(path);
}

static void a_server_that_is_not_ready_is_waited_for(void **state)
{
    struct fake_kibana *k = at(state);

    k->script.not_ready = 1;
    expect_exit(k, 1, RUN(k, "import", SMALL));
    expect_said(k, "--wait SECONDS waits for it");
    k->script.not_ready = 2;
    expect_exit(k, 0, RUN(k, "import", SMALL, "--wait", "30"));
    assert_int_equal(k->script.not_ready, 0);
}

static void servers_that_are_too_old_are_told_apart(void **state)
{
    static const struct {
        const char *version, *said;
    } cases[] = {
        {"5.6.16", "Kibana 5.6.16 is older than 6.2"},
        {"6.1.4", "Kibana 6.1.4 is older than 6.2"},
        {"7.0.0", "it takes Kibana 7.11 or newer"},
        {"7.10.2", "Kibana 7.10.2 does not know the versions"},
        {"", "does not tell its version"},
    };
    struct fake_kibana *k = at(state);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        k->script.version = cases[i].version;
        expect_exit(k, 1, RUN(k, "import", SMALL));
        expect_said(k, cases[i].said);
    }
    assert_int_equal(k->imports, 0);
}

static void another_index_is_written_and_checked(void **state)
{
    struct fake_kibana *k = at(state);
    const json_t *view;

    expect_exit(k, 0, RUN(k, "import", SMALL, "--index", "mine"));
    view = fake_kibana_object(k, "default", "index-pattern", "naru-small");
    assert_string_equal(
        object_text(json_object_get(view, "attributes"), "title"), "mine");
    expect_exit(k, 0, RUN(k, "check", SMALL, "--index", "mine"));
    assert_string_equal(k->last_index, "mine");
    expect_exit(k, 1, RUN(k, "check", SMALL));
    expect_said(k, "index-pattern naru-small: changed by hand: title: "
                   "\"mine\", ours \"marcap\"");
}

/* ---- check ---- */

static void what_was_just_imported_is_as_it_should_be(void **state)
{
    static const struct {
        bool is_dashboards, migrates;
        const char *version;
    } cases[] = {{false, false, "7.12.1"}, {false, true, "8.19.0"},
        {false, true, "9.2.0"}, {true, false, "2.19.4"}};
    struct fake_kibana *k = at(state);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        k->script.is_dashboards = cases[i].is_dashboards;
        k->script.migrates = cases[i].migrates;
        k->script.version = cases[i].version;
        (void)json_object_clear(k->objects);
        expect_exit(k, 0, RUN(k, "import", SMALL));
        expect_exit(k, 0, RUN(k, "check", SMALL));
        expect_not_said(k, "changed");
        expect_said(k, "dashboard naru-small-board: as it should be");
        expect_said(k, "index marcap has every field that the panels ask for");
        assert_string_equal(k->last_index, "marcap");
    }
    assert_int_equal(k->imports, 4); /* check changes nothing */
}

static void what_is_missing_is_said(void **state)
{
    struct fake_kibana *k = at(state);

    expect_exit(k, 1, RUN(k, "check", SMALL));
    expect_said(k, "dashboard naru-small-board: missing");
    expect_said(k, "7 things are not as they should be");
    expect_exit(k, 0, RUN(k, "import", SMALL));
    (void)json_object_del(k->objects, "default visualization naru-small-about");
    expect_exit(k, 1, RUN(k, "check", SMALL));
    expect_said(k, "visualization naru-small-about: missing");
    expect_said(k, "visualization naru-small-choice: as it should be");
    expect_said(k, "1 thing is not as it should be");
}

/* Replace text within an attribute of a stored object. */
static void edit(struct fake_kibana *k, const char *type, const char *id,
    const char *attribute, const char *from, const char *to)
{
    json_t *attributes = json_object_get(
        fake_kibana_object(k, "default", type, id), "attributes");
    const char *text = object_text(attributes, attribute);
    const char *found = strstr(text, from);
    char *edited;

    if (found == NULL) {
        fail_msg("%s %s: %s has no %s", type, id, attribute, from);
        return;
    }
    assert_true(asprintf(&edited, "%.*s%s%s", (int)(found - text), text, to,
                    found + strlen(from)) > 0);
    assert_int_equal(
        json_object_set_new(attributes, attribute, json_string(edited)), 0);
    free(edited);
}

static void what_was_changed_by_hand_is_shown(void **state)
{
    static const struct {
        const char *type, *id, *attribute, *from, *to, *said;
    } cases[] = {
        {"dashboard", "naru-small-board", "title", "Small", "Mine",
            "title: \"Mine\", ours \"Small\""},
        {"dashboard", "naru-small-board", "timeFrom", "1995", "2001",
            "time from: \"2001-05-02T00:00:00.000Z\", ours \"1995"},
        {"dashboard", "naru-small-board", "panelsJSON", "\"h\":6", "\"h\":5",
            "panels[0].h: 5, ours 6"},
        {"visualization", "naru-small-closes", "visState",
            "\\\"strokeWidth\\\": 1.5", "\\\"strokeWidth\\\": 2.5",
            "params.spec.mark.strokeWidth: 2.5, ours 1.5"},
        {"visualization", "naru-small-closes", "visState",
            "\\\"strokeWidth\\\": 1.5",
            "\\\"strokeWidth\\\": 1.5, \\\"opacity\\\": 0.5",
            "params.spec.mark.opacity: 0.5, ours nothing"},
        {"visualization", "naru-small-closes", "visState",
            "\\\"strokeWidth\\\": 1.5", "strokeWidth: 1.5", "params.spec: "},
        {"visualization", "naru-small-markets", "visState", "\"perPage\":10",
            "\"perPage\":20", "params.perPage: 20, ours 10"},
        {"visualization", "naru-small-markets", "visState",
            "\"field\":\"Amount\"", "\"field\":\"Volume\"",
            "aggs[0].params.field: \"Volume\", ours \"Amount\""},
        {"index-pattern", "naru-small", "timeFieldName", "Date", "Day",
            "time field: \"Day\", ours \"Date\""},
    };
    struct fake_kibana *k = at(state);

    k->script.migrates = true;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect_exit(k, 0, RUN(k, "import", SMALL));
        edit(k, cases[i].type, cases[i].id, cases[i].attribute, cases[i].from,
            cases[i].to);
        expect_exit(k, 1, RUN(k, "check", SMALL));
        expect_said(k, "changed by hand: ");
        expect_said(k, cases[i].said);
        expect_said(k, "1 thing is not as it should be");
    }
}

/* Copy the small set and change a panel, as a newer naru would. */
static void copy_set(char *folder)
{
    char command[512];

    assert_non_null(mkdtemp(folder));
    (void)snprintf(command, sizeof(command),
        "cp -r %s %s/small && sed -i 's/Rows by market/Rows of a market/' "
        "%s/small/panels/markets.json",
        SMALL, folder, folder);
    assert_int_equal(system(command), 0);
}

static void another_releases_objects_are_told_from_changed_ones(void **state)
{
    struct fake_kibana *k = at(state);
    char folder[] = "/tmp/naru-kibana-XXXXXX", set[64], command[64];

    copy_set(folder);
    (void)snprintf(set, sizeof(set), "%s/small", folder);
    expect_exit(k, 0, RUN(k, "import", SMALL));
    expect_exit(k, 1, RUN(k, "check", set));
    expect_said(k, "visualization naru-small-markets: of another release of "
                   "naru: description: \"Rows by market\", ours \"Rows of a "
                   "market\"");
    expect_not_said(k, "changed by hand");
    edit(k, "visualization", "naru-small-markets", "title", "Markets", "Mine");
    expect_exit(k, 1, RUN(k, "check", set));
    expect_said(k, "visualization naru-small-markets: changed by hand: ");
    (void)snprintf(command, sizeof(command), "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void fields_of_the_live_index_are_looked_up(void **state)
{
    static const struct {
        const char *caps, *said;
    } cases[] = {
        {NULL, "there is no index marcap at http://127.0.0.1:"},
        {"{}", "visualization naru-small-closes: index marcap has no field "
               "Close"},
        {"{\"Date\":{\"date\":{}},\"Close\":{\"float\":{}},\"Market\":{"
         "\"keyword\":{}},\"Amount\":{\"long\":{}},\"Name\":{\"keyword\":{}},"
         "\"Marcap\":{\"long\":{}}}",
            "visualization naru-small-closes: field Close is float in marcap, "
            "and double in dataset marcap"},
        {"{\"Date\":{\"date\":{}},\"Close\":{\"double\":{}},\"Market\":{"
         "\"keyword\":{}},\"Amount\":{\"long\":{},\"float\":{}},\"Name\":{"
         "\"keyword\":{}},\"Marcap\":{\"long\":{}}}",
            "visualization naru-small-markets: field Amount has several types "
            "in marcap: long and float"},
    };
    struct fake_kibana *k = at(state);

    expect_exit(k, 0, RUN(k, "import", SMALL));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        k->script.field_caps = cases[i].caps;
        expect_exit(k, 1, RUN(k, "check", SMALL));
        expect_said(k, cases[i].said);
        expect_exit(k, 0, RUN(k, "check", SMALL, "--no-index"));
    }
}

/* ---- arguments ---- */

static void unusable_arguments_send_nothing(void **state)
{
    struct fake_kibana *k = at(state);

    expect_exit(k, 2, RUN(k, "import"));
    expect_said(k, "which saved objects?");
    expect_exit(k, 2, RUN(k, "import", "/nowhere/at/all"));
    expect_said(k, "/nowhere/at/all/data_view.json");
    expect_exit(k, 2, RUN(k, "import", SMALL, "--url", "kibana:5601"));
    expect_said(k, "kibana.hosts: 'kibana:5601' is not of the form");
    expect_exit(k, 2, RUN(k, "import", SMALL, "--url", "http://a:b@c"));
    expect_said(k, "use kibana.username and kibana.password_file");
    expect_exit(k, 2, RUN(k, "import", SMALL, SMALL, "--index", "x"));
    expect_said(k, "2 sets would ask one index");
    expect_exit(k, 2, RUN(k, "imprt", SMALL));
    expect_said(k, "did you mean 'import'?");
    expect_exit(k, 2, RUN(k, "import", SMALL, "--overrite=x"));
    assert_int_equal(k->requests, 0);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, open_case, close_case)

/* One set that fails does not hide another, nor its exit code. */
static void all_sets_that_fail_are_told_of(void **state)
{
    struct fake_kibana *k = at(state);

    expect_exit(k, 2, RUN(k, "check", "pipelin", SMALL, "--no-index"));
    expect_said(k, "no saved objects for 'pipelin'");
    expect_said(k, "not as");
    expect_exit(k, 2, RUN(k, "check", SMALL, "pipelin", "--no-index"));
    expect_said(k, "no saved objects for 'pipelin'");
    expect_said(k, "not as");
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        CASE(everything_is_imported_and_replaced_the_second_time),
        CASE(all_sets_that_fail_are_told_of),
        CASE(dashboards_gets_the_portable_objects_without_lens),
        CASE(kibana_7_gets_the_portable_objects_too),
        CASE(kibana_6_gets_the_legacy_form),
        CASE(a_space_is_looked_for_and_written_to),
        CASE(no_overwrite_keeps_what_stands_and_says_so),
        CASE(each_kind_of_failure_in_a_200_is_said),
        CASE(a_refusal_of_the_whole_is_explained),
        CASE(an_answer_that_is_none_is_not_believed),
        CASE(a_login_is_sent_and_missed),
        CASE(a_server_that_is_not_ready_is_waited_for),
        CASE(servers_that_are_too_old_are_told_apart),
        CASE(another_index_is_written_and_checked),
        CASE(what_was_just_imported_is_as_it_should_be),
        CASE(what_is_missing_is_said),
        CASE(what_was_changed_by_hand_is_shown),
        CASE(another_releases_objects_are_told_from_changed_ones),
        CASE(fields_of_the_live_index_are_looked_up),
        CASE(unusable_arguments_send_nothing),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
