/*
 * Saved objects: assembled from sources, checked against the rules. The rules
 * are tried with one fault each, put into the file of a small set.
 */
#include "kibana/object_rules.h"
#include "kibana/object_text.h"
#include "kibana/saved_objects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A quote in JSON as text in JSON, and one level deeper, in a Vega spec. */
#define Q "\\\""
#define QQ "\\\\\\\""

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

struct breaches {
    size_t n;
    char text[8192];
};

static void note(const char *line, void *arg)
{
    struct breaches *b = arg;
    size_t len = strlen(b->text);

    b->n++;
    (void)snprintf(b->text + len, sizeof(b->text) - len, "%s\n", line);
}

static void load(struct sources *s, const char *name)
{
    struct error err = {""};

    if (sources_load(s, name, &err) != 0) {
        fail_msg("%s", err.text);
    }
}

static json_t *build(const struct sources *s, const char *index,
    enum saved_objects_target target)
{
    struct error err = {""};
    json_t *objects = saved_objects_build(s, index, target, &err);

    if (objects == NULL) {
        fail_msg("%s", err.text);
    }
    return objects;
}

static struct dataset *dataset_of(const struct sources *s)
{
    struct error err = {""};
    struct dataset *ds = dataset_load(sources_dataset(s), &err);

    if (ds == NULL) {
        fail_msg("%s", err.text);
    }
    return ds;
}

/* The file of the small set, for Kibana 8, with from replaced by to once. */
static char *small_file(const char *from, const char *to)
{
    struct sources s;
    json_t *objects;
    struct buf file;
    char *text, *at, *out = NULL;

    load(&s, NARU_SMALL_SET);
    objects = build(&s, NULL, SAVED_OBJECTS_KIBANA8);
    buf_init(&file, 1 << 20);
    assert_int_equal(saved_objects_write(objects, &file), 0);
    text = strdup(buf_str(&file));
    at = strstr(text, from);
    if (at == NULL) {
        fail_msg("the small set has no %s", from);
        return NULL;
    }
    *at = '\0';
    assert_true(asprintf(&out, "%s%s%s", text, to, at + strlen(from)) > 0);
    free(text);
    buf_fini(&file);
    json_decref(objects);
    sources_fini(&s);
    return out;
}

static json_t *read_lines(const char *text)
{
    json_t *all = json_array();

    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        json_error_t slip;
        json_t *one = json_loadb(text, n, 0, &slip);

        if (one == NULL) {
            fail_msg("%s in %.*s", slip.text, (int)n, text);
        }
        assert_int_equal(json_array_append_new(all, one), 0);
        text += n + 1;
    }
    return all;
}

/* ---- the rules ---- */

static const struct {
    const char *from, *to, *said;
} faults[] = {
    {"\"id\":\"naru-small-about\"", "\"id\":\"small-about\"",
        "visualization small-about: its id does not begin with naru-"},
    {"\"id\":\"naru-small-about\"", "\"id\":\"naru-small-choice\"",
        "visualization naru-small-choice: another object has its id"},
    {"\"title\":\"About\"", "\"title\":\"\"",
        "visualization naru-small-about: it has no title"},
    {"\"migrationVersion\":{\"visualization\":\"7.10.0\"}",
        "\"migrationVersion\":{\"visualization\":\"7.10.1\"}",
        "migrationVersion 7.10.1 is above the portable floor, 7.10.0"},
    {"\"migrationVersion\":{\"index-pattern\":\"7.6.0\"}",
        "\"migrationVersion\":{\"index-pattern\":\"7.11.0\"}",
        "above the portable floor, 7.6.0"},
    {"\"migrationVersion\":{\"dashboard\":\"7.9.3\"}",
        "\"migrationVersion\":{\"dashboard\":\"8.0.0\"}",
        "above the portable floor, 7.9.3"},
    {"\"migrationVersion\":{\"dashboard\":\"7.9.3\"}",
        "\"migrationVersion\":{\"dashboard\":\"new\"}",
        "above the portable floor, 7.9.3"},
    {"\"migrationVersion\":{\"dashboard\":\"7.9.3\"}",
        "\"migrationVersion\":{}", "migrationVersion.dashboard is missing"},
    {"\"migrationVersion\":{\"dashboard\"",
        "\"typeMigrationVersion\":\"10.2.0\",\"migrationVersion\":"
        "{\"dashboard\"",
        "it states versions beside its type's"},
    {"\"migrationVersion\":{\"dashboard\"",
        "\"coreMigrationVersion\":\"8.8.0\",\"migrationVersion\":"
        "{\"dashboard\"",
        "it states versions beside its type's"},
    {"\"type\":\"dashboard\"", "\"type\":\"canvas\"",
        "a type that naru does not know"},
    {"\"optionsJSON\":\"{", "\"optionsJSON\":\"{{",
        "dashboard naru-small-board: optionsJSON is no JSON text"},
    {"\"panelsJSON\":\"[", "\"panelsJSON\":\"[[", "panelsJSON is no JSON text"},
    {"\"searchSourceJSON\":\"{", "\"searchSourceJSON\":\"",
        "searchSourceJSON is no JSON text"},
    {"\"visState\":\"{" Q "type" Q ":" Q "markdown",
        "\"visState\":\"{" Q "typo" Q ":" Q "markdown",
        "its visState has no type"},
    {"\"fieldFormatMap\":\"{", "\"fieldFormatMap\":\"}",
        "fieldFormatMap is no JSON text"},
    {"\"name\":\"panel_1\"", "\"name\":\"panel_0\"",
        "two references are called panel_0"},
    {"\"name\":\"panel_1\"", "\"name\":\"panel_9\"",
        "panel 2 names the reference 'panel_1', which is not there"},
    {"\"type\":\"visualization\",\"id\":\"naru-small-markets\"}",
        "\"type\":\"visualization\",\"id\":\"naru-small-gone\"}",
        "leads to visualization naru-small-gone, which is not here"},
    {"indexRefName" Q ":" Q "kibana", "indexRefName" Q ":" Q "kibanana",
        "searchSourceJSON names the reference kibanana"},
    {"indexPatternRefName" Q ":" Q "control_0",
        "indexPatternRefName" Q ":" Q "control_7",
        "control 1 names the reference 'control_7_index_pattern'"},
    {"\"timeRestore\":true", "\"timeRestore\":false",
        "it states no time range"},
    {"\"timeFrom\":\"1995-05-02T00:00:00.000Z\"", "\"timeFrom\":\"\"",
        "it states no time range"},
    {"\"refreshInterval\"", "\"refresh\"", "it states no refresh interval"},
    {Q "w" Q ":24," Q "h" Q ":6," Q "i" Q ":" Q "1",
        Q "w" Q ":25," Q "h" Q ":6," Q "i" Q ":" Q "1",
        "panels 1 and 2 overlap"},
    {Q "y" Q ":6", Q "y" Q ":5", "panels 1 and 3 overlap"},
    {Q "x" Q ":24", Q "x" Q ":25",
        "panel 2 does not lie in the 48 columns of the grid"},
    {Q "panelIndex" Q ":" Q "2", Q "panelIndex" Q ":" Q "1",
        "panels 1 and 2 have one panelIndex"},
    {"schema/vega-lite/v4.json", "schema/vega-lite/v5.json",
        "is newer than Kibana 7.12 draws"},
    {"schema/vega-lite/v4.json", "schema/vega/v6.json",
        "is newer than Kibana 7.12 draws"},
    {"https://vega.github.io/schema/vega-lite/v4.json", "vega-lite",
        "$schema 'vega-lite' is none of Vega's"},
    {QQ "index" QQ ": " QQ "marcap", QQ "index" QQ ": " QQ "marcap-v1",
        "a data URL asks for index 'marcap-v1', which is not the data view's"},
    {QQ "size" QQ ": 0", QQ "query" QQ ": {" QQ "match_all" QQ ": {}}",
        "a data URL has both %context% or %timefield% and a query"},
    {Q "spec" Q ":" Q "{", Q "spec" Q ":" Q "{{", "its spec is no JSON text"},
    {QQ "field" QQ ": " QQ "Close", QQ "field" QQ ": " QQ "Closing",
        "dataset marcap has no field Closing"},
    /* A header of the CSV is no field of the index. */
    {QQ "field" QQ ": " QQ "Close", QQ "field" QQ ": " QQ "ChangesRatio",
        "dataset marcap has no field ChangesRatio"},
    {QQ "%timefield%" QQ ": " QQ "Date", QQ "%timefield%" QQ ": " QQ "Day",
        "dataset marcap has no field Day"},
    {Q "field" Q ":" Q "Market", Q "field" Q ":" Q "Bourse",
        "dataset marcap has no field Bourse"},
    {Q "fieldName" Q ":" Q "Name", Q "fieldName" Q ":" Q "Company",
        "dataset marcap has no field Company"},
    {"\"sourceField\":\"Marcap\"", "\"sourceField\":\"Value\"",
        "lens naru-small-lens: dataset marcap has no field Value"},
    {"\"timeFieldName\":\"Date\"", "\"timeFieldName\":\"Time\"",
        "index-pattern naru-small: dataset marcap has no field Time"},
    {"\"fieldFormatMap\":\"{" Q "Marcap", "\"fieldFormatMap\":\"{" Q "Cap",
        "index-pattern naru-small: dataset marcap has no field Cap"},
};

static void each_fault_is_found_and_named(void **state)
{
    struct sources s;
    struct dataset *ds;

    (void)state;
    load(&s, NARU_SMALL_SET);
    ds = dataset_of(&s);
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct breaches found = {.n = 0};
        char *text = small_file(faults[i].from, faults[i].to);
        json_t *objects = read_lines(text);
        size_t n = object_rules_check(objects, ds, note, &found);

        assert_int_equal(n, found.n);
        if (strstr(found.text, faults[i].said) == NULL) {
            fail_msg("%s: wanted: %s\ngot:\n%s", faults[i].to, faults[i].said,
                found.text);
        }
        json_decref(objects);
        free(text);
    }
    dataset_free(ds);
    sources_fini(&s);
}

static void expect_clean(const char *name)
{
    static const enum saved_objects_target targets[] = {
        SAVED_OBJECTS_PORTABLE, SAVED_OBJECTS_KIBANA8};
    struct sources s;
    struct dataset *ds;

    load(&s, name);
    ds = dataset_of(&s);
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct breaches found = {.n = 0};
        json_t *objects = build(&s, NULL, targets[i]);

        (void)object_rules_check(objects, ds, note, &found);
        (void)object_rules_check_declared(&s, objects, note, &found);
        if (found.n > 0) {
            fail_msg("%s:\n%s", name, found.text);
        }
        json_decref(objects);
    }
    dataset_free(ds);
    sources_fini(&s);
}

static void the_small_set_keeps_all_rules(void **state)
{
    (void)state;
    expect_clean(NARU_SMALL_SET);
}

static void every_built_in_set_keeps_all_rules(void **state)
{
    const char *name;

    (void)state;
    for (size_t i = 0; (name = sources_builtin_name(i)) != NULL; i++) {
        expect_clean(name);
    }
}

static void ids_are_unique_among_all_built_in_sets(void **state)
{
    json_t *seen = json_object();
    const char *name;

    (void)state;
    for (size_t i = 0; (name = sources_builtin_name(i)) != NULL; i++) {
        struct sources s;
        json_t *objects, *one;
        size_t k;

        load(&s, name);
        objects = build(&s, NULL, SAVED_OBJECTS_KIBANA8);
        json_array_foreach(objects, k, one)
        {
            const char *id = object_text(one, "id");

            if (json_object_get(seen, id) != NULL) {
                fail_msg("%s: the id %s is used twice", name, id);
            }
            (void)json_object_set_new(seen, id, json_true());
        }
        json_decref(objects);
        sources_fini(&s);
    }
    json_decref(seen);
}

static void a_field_that_the_source_does_not_list_is_named(void **state)
{
    struct breaches found = {.n = 0};
    struct sources s;
    json_t *objects;

    (void)state;
    load(&s, NARU_SMALL_SET);
    objects = build(&s, NULL, SAVED_OBJECTS_PORTABLE);
    (void)json_array_remove(
        json_object_get(json_object_get(s.panels, "closes"), "fields"), 1);
    assert_int_equal(object_rules_check_declared(&s, objects, note, &found), 1);
    assert_string_equal(found.text,
        "visualization naru-small-closes: it asks for Close, which its source "
        "does not list in \"fields\"\n");
    json_decref(objects);
    sources_fini(&s);
}

/* ---- assembling ---- */

static const json_t *find(const json_t *objects, const char *id)
{
    const json_t *one;
    size_t i;

    json_array_foreach(objects, i, one)
    {
        if (strcmp(object_text(one, "id"), id) == 0) {
            return one;
        }
    }
    return NULL;
}

static void panels_are_left_out_where_they_cannot_be_shown(void **state)
{
    static const struct {
        enum saved_objects_target target;
        size_t n_objects, n_panels;
    } cases[] = {{SAVED_OBJECTS_LEGACY, 5, 3}, {SAVED_OBJECTS_PORTABLE, 6, 4},
        {SAVED_OBJECTS_KIBANA8, 7, 5}};
    struct sources s;

    (void)state;
    load(&s, NARU_SMALL_SET);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        json_t *objects = build(&s, NULL, cases[i].target);
        json_t *panels = object_text_parse(
            json_object_get(find(objects, "naru-small-board"), "attributes"),
            "panelsJSON");

        assert_int_equal(json_array_size(objects), cases[i].n_objects);
        assert_int_equal(json_array_size(panels), cases[i].n_panels);
        json_decref(panels);
        json_decref(objects);
    }
    sources_fini(&s);
}

static void another_index_stands_in_data_view_and_panels(void **state)
{
    struct sources s;
    json_t *objects, *attributes, *vis, *spec;

    (void)state;
    load(&s, NARU_SMALL_SET);
    objects = build(&s, "mine", SAVED_OBJECTS_PORTABLE);
    assert_string_equal(
        object_text(json_object_get(find(objects, "naru-small"), "attributes"),
            "title"),
        "mine");
    attributes =
        json_object_get(find(objects, "naru-small-closes"), "attributes");
    vis = object_text_parse(attributes, "visState");
    spec = object_text_parse(json_object_get(vis, "params"), "spec");
    assert_string_equal(
        object_text(
            json_object_get(json_object_get(spec, "data"), "url"), "index"),
        "mine");
    assert_string_equal(object_text(vis, "title"), "종가 Closing prices");
    json_decref(spec);
    json_decref(vis);
    json_decref(objects);
    sources_fini(&s);
}

/* Numbers come through as they were written. */
static void a_vega_spec_is_the_sources(void **state)
{
    struct sources s;
    json_t *objects, *vis, *spec;

    (void)state;
    load(&s, NARU_SMALL_SET);
    objects = build(&s, NULL, SAVED_OBJECTS_PORTABLE);
    vis = object_text_parse(
        json_object_get(find(objects, "naru-small-closes"), "attributes"),
        "visState");
    spec = object_text_parse(json_object_get(vis, "params"), "spec");
    assert_true(json_equal(
        spec, json_object_get(json_object_get(s.panels, "closes"), "spec")));
    json_decref(spec);
    json_decref(vis);
    json_decref(objects);
    sources_fini(&s);
}

static void the_legacy_form_names_things_by_id(void **state)
{
    struct sources s;
    json_t *objects, *panels, *search, *vis, *spec;
    const json_t *board, *table, *one;
    size_t i;

    (void)state;
    load(&s, NARU_SMALL_SET);
    objects = build(&s, NULL, SAVED_OBJECTS_LEGACY);
    json_array_foreach(objects, i, one)
    {
        assert_null(json_object_get(one, "references"));
        assert_null(json_object_get(one, "migrationVersion"));
    }
    board = json_array_get(objects, json_array_size(objects) - 1);
    panels =
        object_text_parse(json_object_get(board, "attributes"), "panelsJSON");
    one = json_array_get(panels, 1); /* of x 0, y 6, w 30, h 15 */
    assert_string_equal(object_text(one, "id"), "naru-small-closes");
    assert_string_equal(object_text(one, "type"), "visualization");
    one = json_object_get(one, "gridData");
    assert_int_equal(json_integer_value(json_object_get(one, "x")), 0);
    assert_int_equal(json_integer_value(json_object_get(one, "y")), 2);
    assert_int_equal(json_integer_value(json_object_get(one, "w")), 8);
    assert_int_equal(json_integer_value(json_object_get(one, "h")), 3);
    json_decref(panels);

    table = json_object_get(find(objects, "naru-small-markets"), "attributes");
    search = object_text_parse(
        json_object_get(table, "kibanaSavedObjectMeta"), "searchSourceJSON");
    assert_string_equal(object_text(search, "index"), "naru-small");
    json_decref(search);

    vis = object_text_parse(
        json_object_get(find(objects, "naru-small-closes"), "attributes"),
        "visState");
    spec = object_text_parse(json_object_get(vis, "params"), "spec");
    assert_string_equal(object_text(spec, "$schema"),
        "https://vega.github.io/schema/vega-lite/v2.json");
    one = json_object_get(json_object_get(spec, "data"), "url");
    one = json_object_get(
        json_object_get(
            json_object_get(json_object_get(one, "body"), "aggs"), "days"),
        "date_histogram");
    assert_string_equal(object_text(one, "interval"), "1d");
    assert_null(json_object_get(one, "calendar_interval"));
    json_decref(spec);
    json_decref(vis);
    json_decref(objects);
    sources_fini(&s);
}

static void the_file_is_one_object_a_line(void **state)
{
    char *text = small_file("naru-small-about", "naru-small-about");
    json_t *objects = read_lines(text);

    (void)state;
    assert_int_equal(json_array_size(objects), 7);
    assert_int_equal(text[strlen(text) - 1], '\n');
    json_decref(objects);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_is_found_and_named),
        cmocka_unit_test(the_small_set_keeps_all_rules),
        cmocka_unit_test(every_built_in_set_keeps_all_rules),
        cmocka_unit_test(ids_are_unique_among_all_built_in_sets),
        cmocka_unit_test(a_field_that_the_source_does_not_list_is_named),
        cmocka_unit_test(panels_are_left_out_where_they_cannot_be_shown),
        cmocka_unit_test(another_index_stands_in_data_view_and_panels),
        cmocka_unit_test(a_vega_spec_is_the_sources),
        cmocka_unit_test(the_legacy_form_names_things_by_id),
        cmocka_unit_test(the_file_is_one_object_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
