/* Source files of saved objects: what they may hold, how slips are said. */
#include "kibana/source_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PANEL_HEAD                                                             \
    "{\"id\":\"naru-x\",\"title\":\"X\",\"description\":\"x\",\"fields\":[],"
#define MARKDOWN                                                               \
    "\"kind\":\"markdown\",\"engines\":\"all\",\"spec\":{\"text\":\"x\"}}"
#define BOARD_HEAD "{\"id\":\"naru-b\",\"title\":\"B\",\"description\":\"b\","
#define TIME "\"time\":{\"from\":\"now-1d\",\"to\":\"now\"},"

typedef int (*rule_fn)(json_t *file, struct error *err);

static const struct {
    rule_fn rule;
    const char *file, *said; /* NULL: it is right */
} cases[] = {
    {source_rules_panel, PANEL_HEAD MARKDOWN, NULL},
    {source_rules_panel, "[]", "must be an object"},
    {source_rules_panel,
        PANEL_HEAD "\"kind\":\"pie\",\"engines\":\"all\","
                   "\"spec\":{}}",
        "kind: 'pie' is none of vega, classic, markdown, input and lens"},
    {source_rules_panel,
        PANEL_HEAD "\"kind\":\"markdown\",\"engines\":\"kibana9\",\"spec\":{"
                   "\"text\":\"x\"}}",
        "engines: 'kibana9' is none of all, kibana7+ and kibana8+"},
    {source_rules_panel,
        PANEL_HEAD "\"kind\":\"lens\",\"engines\":\"all\",\"spec\":{"
                   "\"visualizationType\":\"x\",\"state\":{}}}",
        "a lens panel is for kibana8+ only"},
    {source_rules_panel,
        PANEL_HEAD "\"kind\":\"vega\",\"engines\":\"all\",\"spec\":{"
                   "\"mark\":\"bar\"}}",
        "spec.$schema is missing"},
    {source_rules_panel,
        PANEL_HEAD "\"kind\":\"vega\",\"engines\":\"all\",\"spec\":{"
                   "\"$schema\":\"x\",\"mark\":\"bar\"}}",
        NULL},
    {source_rules_panel,
        PANEL_HEAD "\"kind\":\"markdown\",\"engines\":\"all\",\"spec\":{"
                   "\"txt\":\"x\"}}",
        "unknown key spec.txt; did you mean \"text\"?"},
    {source_rules_panel,
        "{\"id\":\"naru-x\",\"title\":\"X\",\"description\":\"x\",\"fields\":["
        "1]," MARKDOWN,
        "fields[0] must be a field's name"},
    {source_rules_panel, "{\"id\":\"naru-x\"," MARKDOWN, "title is missing"},
    {source_rules_dashboard, BOARD_HEAD TIME "\"panels\":[]}", NULL},
    {source_rules_dashboard, BOARD_HEAD "\"panels\":[]}", "time is missing"},
    {source_rules_dashboard,
        BOARD_HEAD "\"time\":{\"from\":\"now\"},\"panels\":[]}",
        "time.to is missing"},
    {source_rules_dashboard, BOARD_HEAD TIME "\"refresh_ms\":-1,\"panels\":[]}",
        "refresh_ms must be a whole number from 0"},
    {source_rules_dashboard,
        BOARD_HEAD TIME "\"panels\":[{\"panel\":\"p\",\"x\":0,\"y\":0,\"w\":0,"
                        "\"h\":1}]}",
        "panels[0].w must be a whole number from 1"},
    {source_rules_dashboard,
        BOARD_HEAD TIME "\"panels\":[{\"panel\":\"p\",\"x\":0,\"y\":0,\"w\":1,"
                        "\"h\":1,\"z\":1}]}",
        "unknown key panels[0].z; the keys there are panel, x, y, w, h, "
        "title"},
    {source_rules_data_view, "{\"title\":\"x\",\"time_field\":\"t\"}", NULL},
    {source_rules_data_view, "{\"title\":\"x\"}", "time_field is missing"},
};

static void slips_are_named_by_their_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *file = json_loads(cases[i].file, 0, NULL);
        struct error err = {""};
        int rc;

        assert_non_null(file);
        rc = cases[i].rule(file, &err);
        if (rc != (cases[i].said == NULL ? 0 : -1) ||
            (cases[i].said != NULL &&
                strstr(err.text, cases[i].said) == NULL)) {
            fail_msg("%s: %d %s", cases[i].file, rc, err.text);
        }
        json_decref(file);
    }
}

static void a_dashboard_names_panels_that_there_are(void **state)
{
    struct sources s = {.data_view = json_object(),
        .panels = json_object(),
        .dashboards =
            json_pack("{s{s[{ss}]}}", "board", "panels", "panel", "gone")};
    struct error err = {""};

    (void)state;
    assert_int_equal(source_rules_whole(&s, &err), -1);
    assert_string_equal(err.text,
        "dashboards/board.json: panels[0].panel: there is no "
        "panels/gone.json");
    assert_int_equal(json_object_set_new(s.panels, "gone", json_object()), 0);
    assert_int_equal(source_rules_whole(&s, &err), 0);
    sources_fini(&s);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    struct sources s;
    struct error err = {""};

    (void)state;
    assert_int_equal(sources_load(&s, "./no-such-folder", &err), -1);
    assert_non_null(strstr(err.text, "./no-such-folder/data_view.json"));
    sources_fini(&s);
    assert_int_equal(sources_load(&s, "no-such-set", &err), -1);
    assert_non_null(strstr(err.text, "no saved objects for 'no-such-set'"));
    sources_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slips_are_named_by_their_path),
        cmocka_unit_test(a_dashboard_names_panels_that_there_are),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
