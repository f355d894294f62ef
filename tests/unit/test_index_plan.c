/* What mappings apply would do, for each state the engine may be in. */
#include "mappings/index_plan.h"

#include "mappings/dataset_private.h"
#include "mappings/index_settings.h"
#include "mappings/name_pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OURS "\"_meta\":{\"managed_by\":\"naru\",\"dataset\":\"marcap\"}"

static const struct engine modern = {.typeless = true,
    .composable_templates = true,
    .require_alias = true,
    .policy_meta = true};
static const struct engine old_six = {
    .include_type_name = true, .takes_type = true};
/* As it is used when a type is wanted: plan_look_at. */
static const struct engine seven = {
    .typeless = true, .takes_type = true, .require_alias = true};

struct bench {
    struct dataset *ds;
    struct index_wanted wanted;
    struct index_state state;
    struct index_plan plan;
    struct error err;
};

static int open_bench(void **state)
{
    struct bench *b = calloc(1, sizeof(*b));

    assert_non_null(b);
    b->ds = dataset_load("marcap", &b->err);
    assert_non_null(b->ds);
    assert_int_equal(index_wanted_init(&b->wanted, b->ds, "cjk", &b->err), 0);
    *state = b;
    return 0;
}

static int close_bench(void **state)
{
    struct bench *b = *state;

    index_plan_fini(&b->plan);
    index_wanted_fini(&b->wanted);
    index_state_fini(&b->state);
    dataset_free(b->ds);
    free(b);
    return 0;
}

static json_t *json(const char *text)
{
    json_t *value = json_loads(text, 0, NULL);

    assert_non_null(value);
    return value;
}

/* Another dataset than marcap, from a text with 'singles' for quotes. */
static void use_dataset(struct bench *b, const char *more)
{
    char text[2048];

    (void)snprintf(text, sizeof(text),
        "{'name':'bars','schema_version':1,'columns':[{'name':'Day','type':"
        "'date'},{'name':'Ticker','type':'keyword'},{'name':'Close','type':"
        "'double'}],'time':{'column':'Day','utc_offset':'+09:00'},'key':"
        "'Ticker','id':'%%{Day}-%%{Ticker}',%s}",
        more);
    for (char *p = text; *p != '\0'; p++) {
        *p = *p == '\'' ? '"' : *p;
    }
    index_wanted_fini(&b->wanted);
    dataset_free(b->ds);
    b->ds = dataset_from_text(text, strlen(text), &b->err);
    if (b->ds == NULL) {
        print_error("%s\n", b->err.text);
    }
    assert_non_null(b->ds);
    assert_int_equal(index_wanted_init(&b->wanted, b->ds, "cjk", &b->err), 0);
}

/* What the engine gives back after a first apply. */
static json_t *index_as_made(struct bench *b)
{
    json_t *flat =
        index_settings_flatten(json_object_get(b->wanted.body, "settings"));

    return json_pack("{s{},sO,so}", "aliases", "mappings",
        json_object_get(b->wanted.body, "mappings"), "settings", flat);
}

static void let_index_stand(struct bench *b, const char *name)
{
    if (b->state.indices == NULL) {
        b->state.indices = json_object();
    }
    assert_int_equal(
        json_object_set_new(b->state.indices, name, index_as_made(b)), 0);
}

static json_t *template_as_made(struct bench *b, const char *pattern)
{
    json_t *mappings = json_object_get(b->wanted.body, "mappings");

    return json_pack("{s[s],si,s{sO,sO},s[],sO}", "index_patterns", pattern,
        "priority", 500, "template", "settings",
        json_object_get(b->wanted.body, "settings"), "mappings", mappings,
        "composed_of", "_meta", json_object_get(mappings, "_meta"));
}

static void let_all_stand(struct bench *b)
{
    json_t *index;

    let_index_stand(b, "marcap-v1");
    index = json_object_get(b->state.indices, "marcap-v1");
    b->state.template_ = template_as_made(b, "marcap-v*");
    b->state.alias = json_pack("{sO}", "marcap-v1", index);
    b->state.write_alias = json_pack("{sO}", "marcap-v1", index);
    assert_non_null(b->state.template_);
    assert_non_null(b->state.alias);
}

static void replan(struct bench *b, const struct engine *engine)
{
    index_plan_fini(&b->plan);
    assert_int_equal(
        index_plan_make(&b->plan, &b->wanted, &b->state, engine, &b->err), 0);
}

/* The steps in one line: "+template naru-marcap; =index marcap-v1; ...". */
static const char *plan_line(struct bench *b, const struct engine *engine)
{
    static char line[1024];
    size_t n = 0;

    line[0] = '\0';
    replan(b, engine);
    if (index_plan_obstacle(&b->plan) != NULL) {
        return "refused";
    }
    for (size_t i = 0; i < b->plan.n_steps; i++) {
        const struct index_step *step = &b->plan.steps[i];

        assert_int_equal(step->method == NULL, step->action == INDEX_KEEP);
        n += (size_t)snprintf(line + n, sizeof(line) - n, "%s%c%s",
            i > 0 ? "; " : "", "=+~"[step->action], step -> what);
    }
    return line;
}

static void put_line(const struct plan_line *line, struct buf *text)
{
    buf_clear(text);
    assert_int_equal(plan_line_verdict(line, text), 0);
    assert_int_equal(buf_append_str(text, " | "), 0);
    assert_int_equal(plan_line_say(line, text), 0);
}

/* The line that holds this text, "VERDICT | WHAT: CHANGE; WHY"; there is one.
 */
static const struct plan_line *find_line(struct bench *b, const char *wanted)
{
    struct buf text;
    const struct plan_line *found = NULL;

    buf_init(&text, 1u << 16);
    for (size_t i = 0; found == NULL && i < b->plan.lines.n; i++) {
        put_line(&b->plan.lines.items[i], &text);
        found = strstr(buf_str(&text), wanted) != NULL ? &b->plan.lines.items[i]
                                                       : NULL;
    }
    if (found == NULL) {
        print_error("wants: %s\n", wanted);
        for (size_t i = 0; i < b->plan.lines.n; i++) {
            put_line(&b->plan.lines.items[i], &text);
            print_error("has:   %s\n", buf_str(&text));
        }
    }
    buf_fini(&text);
    assert_non_null(found);
    return found;
}

static void assert_refused(struct bench *b, const char *because)
{
    assert_string_equal(plan_line(b, &modern), "refused");
    assert_non_null(find_line(b, because));
}

static void set_in(json_t *tree, const char *path, json_t *value)
{
    char key[64];
    size_t n;

    while ((n = strcspn(path, "/")) < strlen(path)) {
        (void)snprintf(key, sizeof(key), "%.*s", (int)n, path);
        tree = json_object_get(tree, key);
        path += n + 1;
    }
    assert_int_equal(json_object_set_new(tree, path, value), 0);
}

/* The index as it stands, a copy that a case may spoil. */
static json_t *spoil_index(struct bench *b, const char *name)
{
    json_t *copy = json_deep_copy(json_object_get(b->state.indices, name));

    assert_int_equal(json_object_set_new(b->state.indices, name, copy), 0);
    return copy;
}

static void empty_engine_gets_template_index_and_aliases(void **state)
{
    struct bench *b = *state;
    const struct index_step *steps;
    const json_t *add;

    assert_string_equal(plan_line(b, &modern),
        "+template naru-marcap; +index marcap-v1; "
        "+alias marcap -> marcap-v1; +alias marcap_write -> marcap-v1");
    steps = b->plan.steps;
    assert_string_equal(
        steps[0].path, "/_index_template/naru-marcap?create=true");
    assert_int_equal(
        json_integer_value(json_object_get(steps[0].body, "priority")), 500);
    assert_non_null(json_object_get(steps[0].body, "_meta"));
    assert_string_equal(steps[1].path, "/marcap-v1");
    assert_non_null(json_object_get(steps[1].body, "settings"));
    assert_string_equal(steps[2].path, "/_aliases");
    add = json_object_get(
        json_array_get(json_object_get(steps[2].body, "actions"), 0), "add");
    assert_string_equal(
        json_string_value(json_object_get(add, "alias")), "marcap");
    assert_null(json_object_get(add, "is_write_index"));
    add = json_object_get(
        json_array_get(json_object_get(steps[3].body, "actions"), 0), "add");
    assert_string_equal(
        json_string_value(json_object_get(add, "index")), "marcap-v1");
    assert_string_equal(
        json_string_value(json_object_get(add, "alias")), "marcap_write");
    assert_true(json_is_true(json_object_get(add, "is_write_index")));
}

static void old_engine_gets_a_legacy_template_and_no_types(void **state)
{
    struct bench *b = *state;
    const struct index_step *steps;

    assert_non_null(
        strstr(plan_line(b, &old_six), "+template naru-marcap; +index"));
    steps = b->plan.steps;
    assert_string_equal(steps[0].path,
        "/_template/naru-marcap?create=true&include_type_name=false");
    assert_non_null(json_object_get(steps[0].body, "order"));
    assert_non_null(json_object_get(steps[0].body, "mappings"));
    assert_null(json_object_get(steps[0].body, "_meta"));
    assert_string_equal(steps[1].path, "/marcap-v1?include_type_name=false");
}

static void a_wanted_type_is_in_what_old_engines_are_told(void **state)
{
    struct bench *b = *state;
    const struct index_step *steps;

    b->wanted.type = "json";
    replan(b, &old_six);
    steps = b->plan.steps;
    assert_string_equal(steps[0].path,
        "/_template/naru-marcap?create=true&include_type_name=true");
    assert_non_null(
        json_object_get(json_object_get(steps[0].body, "mappings"), "json"));
    assert_string_equal(steps[1].path, "/marcap-v1?include_type_name=true");
    assert_non_null(
        json_object_get(json_object_get(steps[1].body, "mappings"), "json"));
    replan(b, &modern);
    assert_string_equal(b->plan.steps[1].path, "/marcap-v1");
}

static void an_index_of_another_type_contradicts_where_types_count(void **state)
{
    struct bench *b = *state;

    let_all_stand(b);
    b->wanted.type = "json";
    b->state.types = json("{\"marcap-v1\":\"_doc\"}");
    replan(b, &seven);
    assert_true(
        find_line(b, "index marcap-v1: _type: _doc -> json")->contradicts);
}

static void what_stands_as_wanted_is_kept(void **state)
{
    struct bench *b = *state;

    let_all_stand(b);
    assert_string_equal(plan_line(b, &modern),
        "=index marcap-v1; =template naru-marcap; =alias marcap -> marcap-v1; "
        "=alias marcap_write -> marcap-v1");
    assert_int_equal(index_plan_changes(&b->plan), 0);
    for (size_t i = 0; i < b->plan.lines.n; i++) {
        assert_false(b->plan.lines.items[i].drifts);
    }
}

static void legacy_template_that_stands_is_kept(void **state)
{
    struct bench *b = *state;

    b->state.template_ =
        json_pack("{s[s],si,sO,sO}", "index_patterns", "marcap-v*", "order",
            500, "settings", json_object_get(b->wanted.body, "settings"),
            "mappings", json_object_get(b->wanted.body, "mappings"));
    assert_non_null(
        strstr(plan_line(b, &old_six), "=template naru-marcap; +index"));
}

static void template_for_another_pattern_is_updated(void **state)
{
    struct bench *b = *state;

    let_all_stand(b);
    set_in(b->state.template_, "index_patterns", json("[\"old-v*\"]"));
    set_in(b->state.template_, "composed_of", json("[\"theirs\"]"));
    assert_non_null(strstr(plan_line(b, &modern), "~template naru-marcap"));
    assert_non_null(find_line(
        b, "safe | template naru-marcap: index_patterns: [\"old-v*\"] ->"));
    assert_non_null(find_line(b, "composed_of: [\"theirs\"] -> []"));
}

static void a_field_of_another_type_needs_a_new_index(void **state)
{
    struct bench *b = *state;
    const struct plan_line *line;

    let_all_stand(b);
    b->state.documents = json("{\"marcap-v1\":233425}");
    set_in(spoil_index(b, "marcap-v1"), "mappings/properties/Marcap/type",
        json_string("double"));
    assert_refused(b, "needs a new index (moves 233,425 documents) | index "
                      "marcap-v1: Marcap.type: double -> long; it is not as "
                      "naru made it");
    line = index_plan_obstacle(&b->plan);
    assert_true(line->contradicts && line->drifts);
}

static void of_a_field_of_another_type_no_parameters_are_told(void **state)
{
    struct bench *b = *state;
    size_t in_place;

    let_all_stand(b);
    replan(b, &modern);
    in_place = b->plan.lines.n;
    set_in(spoil_index(b, "marcap-v1"), "mappings/properties/Marcap",
        json("{\"type\":\"float\"}"));
    replan(b, &modern);
    assert_non_null(find_line(b, "Marcap.type: float -> long"));
    assert_int_equal(b->plan.lines.n, in_place);
}

static void a_dataset_edited_under_the_same_version_is_told_so(void **state)
{
    struct bench *b = *state;
    json_t *index;

    let_all_stand(b);
    index = spoil_index(b, "marcap-v1");
    set_in(index, "mappings/properties/Marcap/type", json_string("double"));
    set_in(index, "mappings/_meta/sha256", json_string("0"));
    assert_refused(b, "the dataset was edited under the same schema_version");
}

static void what_an_engine_can_change_is_safe(void **state)
{
    static const struct {
        const char *path, *value, *line;
    } rows[] = {
        {"mappings/properties/Name/ignore_above", "9",
            "safe | index marcap-v1: Name.ignore_above: 9 -> (default)"},
        {"mappings/properties/Marcap/coerce", "true",
            "safe | index marcap-v1: Marcap.coerce: true -> false"},
        {"mappings/properties/Marcap/ignore_malformed", "true",
            "safe | index marcap-v1: Marcap.ignore_malformed: true ->"},
        {"mappings/dynamic", "\"false\"",
            "safe | index marcap-v1: dynamic: false -> strict"},
        {"mappings/_meta/sha256", "\"0\"",
            "safe | index marcap-v1: _meta.sha256: 0 ->"},
        {"settings/index.auto_expand_replicas", "\"false\"",
            "safe | index marcap-v1: settings.index.auto_expand_replicas: "
            "false -> 0-1"},
    };
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        index_state_fini(&b->state);
        let_all_stand(b);
        set_in(spoil_index(b, "marcap-v1"), rows[i].path,
            json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
        assert_non_null(strstr(plan_line(b, &modern), "~index marcap-v1"));
        assert_true(find_line(b, rows[i].line)->drifts);
        assert_true(b->plan.steps[0].on_index);
        assert_int_equal(index_plan_changes(&b->plan), 1);
    }
}

static void what_no_engine_can_change_is_not(void **state)
{
    static const struct {
        const char *path, *value, *line;
        bool contradicts;
    } rows[] = {
        {"mappings/properties/Date/format", "\"epoch_millis\"",
            "Date.format: epoch_millis -> strict_date", true},
        {"mappings/properties/Code/doc_values", "false",
            "Code.doc_values: false -> (default)", false},
        {"mappings/properties/Name/fields/ko/analyzer", "\"standard\"",
            "Name.ko.analyzer: standard -> cjk", false},
        {"settings/index.number_of_shards", "\"5\"",
            "settings.index.number_of_shards: 5 -> 2", false},
    };
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        index_state_fini(&b->state);
        let_all_stand(b);
        set_in(spoil_index(b, "marcap-v1"), rows[i].path,
            json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
        assert_refused(b, rows[i].line);
        assert_int_equal(
            find_line(b, rows[i].line)->contradicts, rows[i].contradicts);
    }
}

static void values_dropped_or_cut_in_silence_contradict(void **state)
{
    struct bench *b = *state;
    json_t *index;

    let_all_stand(b);
    index = spoil_index(b, "marcap-v1");
    set_in(index, "mappings/properties/Marcap/coerce", json_true());
    set_in(index, "mappings/properties/Close/ignore_malformed", json_true());
    replan(b, &modern);
    assert_true(find_line(b, "Marcap.coerce")->contradicts);
    assert_true(find_line(b, "Close.ignore_malformed")->contradicts);
}

static void a_missing_field_is_added_and_contradicts_a_strict_index(
    void **state)
{
    struct bench *b = *state;
    json_t *index;

    let_all_stand(b);
    index = spoil_index(b, "marcap-v1");
    (void)json_object_del(
        json_object_get(json_object_get(index, "mappings"), "properties"),
        "Rank");
    assert_non_null(strstr(plan_line(b, &modern), "~index marcap-v1 mappings"));
    assert_true(
        find_line(b, "safe | index marcap-v1: + Rank: integer")->contradicts);
    set_in(index, "mappings/dynamic", json_string("false"));
    replan(b, &modern);
    assert_false(find_line(b, "+ Rank: integer")->contradicts);
}

static void what_nobody_declared_drifts_and_is_left(void **state)
{
    struct bench *b = *state;
    json_t *index;

    let_all_stand(b);
    index = spoil_index(b, "marcap-v1");
    set_in(index, "mappings/properties/Extra", json("{\"type\":\"float\"}"));
    set_in(index, "settings/index.refresh_interval", json_string("9s"));
    set_in(index, "settings/index.uuid", json_string("x"));
    replan(b, &modern);
    assert_int_equal(index_plan_changes(&b->plan), 0);
    assert_true(find_line(b, "note | index marcap-v1: Extra: float")->drifts);
    assert_true(
        find_line(b, "note | index marcap-v1: settings.index.refresh_interval")
            ->drifts);
    for (size_t i = 0; i < b->plan.lines.n; i++) {
        const char *path = b->plan.lines.items[i].path;

        assert_true(path == NULL || strstr(path, "uuid") == NULL);
    }
}

static void changed_settings_go_before_the_mappings_that_hold_the_checksum(
    void **state)
{
    struct bench *b = *state;
    json_t *index;

    let_all_stand(b);
    index = spoil_index(b, "marcap-v1");
    set_in(index, "settings/index.auto_expand_replicas", json_string("false"));
    set_in(index, "mappings/_meta/sha256", json_string("0"));
    assert_non_null(strstr(plan_line(b, &modern),
        "~index marcap-v1 settings; ~index marcap-v1 mappings; =template"));
    assert_string_equal(b->plan.steps[0].path, "/marcap-v1/_settings");
    assert_int_equal(json_object_size(b->plan.steps[0].body), 1);
    assert_string_equal(json_string_value(json_object_get(b->plan.steps[0].body,
                            "index.auto_expand_replicas")),
        "0-1");
}

/* Engines replace "_meta" as a whole, and a bulk load or a migration has its
 * note there. */
static void what_else_the_mappings_hold_of_notes_stays(void **state)
{
    struct bench *b = *state;
    json_t *index;
    const json_t *meta;

    let_all_stand(b);
    index = spoil_index(b, "marcap-v1");
    set_in(index, "mappings/_meta/sha256", json_string("0"));
    set_in(index, "mappings/_meta/bulk_load", json("{\"a\":null}"));
    set_in(index, "mappings/_meta/migrated_from", json_string("marcap-v0"));
    assert_non_null(strstr(plan_line(b, &modern), "~index marcap-v1 mappings"));
    meta = json_object_get(b->plan.steps[0].body, "_meta");
    assert_string_equal(
        json_string_value(json_object_get(meta, "migrated_from")), "marcap-v0");
    assert_true(json_is_object(json_object_get(meta, "bulk_load")));
    assert_string_not_equal(
        json_string_value(json_object_get(meta, "sha256")), "0");
    assert_null(json_object_get(
        json_object_get(json_object_get(b->wanted.body, "mappings"), "_meta"),
        "bulk_load"));
}

static void template_of_another_owner_refuses_the_whole_plan(void **state)
{
    struct bench *b = *state;

    b->state.template_ = json("{\"index_patterns\":[\"marcap-v*\"]}");
    assert_refused(b, "forbidden | template naru-marcap is there already and "
                      "was not made by naru");
}

static void index_of_another_owner_refuses_the_whole_plan(void **state)
{
    struct bench *b = *state;

    b->state.indices = json("{\"marcap-v1\":{\"mappings\":{\"_meta\":{"
                            "\"managed_by\":\"beats\"}}}}");
    assert_refused(b, "index marcap-v1 is there already and was not made");
    assert_true(index_plan_obstacle(&b->plan)->contradicts);
}

static void index_of_another_dataset_refuses_the_whole_plan(void **state)
{
    struct bench *b = *state;

    b->state.indices =
        json("{\"marcap-v1\":{\"mappings\":{\"_meta\":{"
             "\"managed_by\":\"naru\",\"dataset\":\"ohlcv\"}}}}");
    assert_refused(b, "belongs to naru's dataset ohlcv");
}

static void concrete_index_with_the_alias_name_refuses_the_whole_plan(
    void **state)
{
    struct bench *b = *state;

    b->state.alias = json("{\"marcap\":{\"aliases\":{},\"mappings\":{}}}");
    assert_refused(b, "marcap is an index, and naru needs that name");
}

static void alias_to_a_foreign_index_is_not_moved(void **state)
{
    struct bench *b = *state;

    b->state.alias = json("{\"theirs\":{\"aliases\":{\"marcap\":{}}}}");
    assert_refused(b, "alias marcap points to theirs, which was not made");
}

static void an_older_version_that_is_read_is_to_be_migrated(void **state)
{
    struct bench *b = *state;

    b->state.indices = json(
        "{\"marcap-v0\":{\"aliases\":{\"marcap\":{}},\"mappings\":{" OURS
        ",\"properties\":{\"Marcap\":{\"type\":\"float\"},\"Old\":{\"type\":"
        "\"long\"}}}}}");
    b->state.alias = json_deep_copy(b->state.indices);
    b->state.write_alias = json_deep_copy(b->state.indices);
    b->state.documents = json("{\"marcap-v0\":3}");
    assert_refused(b, "naru mappings migrate");
    assert_non_null(
        find_line(b, "needs a new index (moves 3 documents) | index "
                     "marcap-v0: Marcap.type: float -> long"));
    assert_non_null(find_line(b, "index marcap-v0: Old: long -> (none)"));
    assert_non_null(
        find_line(b, "alias marcap: index: marcap-v0 -> marcap-v1"));
    assert_non_null(
        find_line(b, "alias marcap_write: index: marcap-v0 -> marcap-v1"));
}

static void an_older_version_that_nobody_reads_is_only_noted(void **state)
{
    struct bench *b = *state;

    let_all_stand(b);
    set_in(b->state.indices, "marcap-v0", json("{\"mappings\":{" OURS "}}"));
    replan(b, &modern);
    assert_null(index_plan_obstacle(&b->plan));
    assert_false(find_line(b, "note | index marcap-v0")->drifts);
}

static void a_removed_alias_is_put_back(void **state)
{
    struct bench *b = *state;

    let_all_stand(b);
    json_decref(b->state.alias);
    b->state.alias = NULL;
    assert_non_null(
        strstr(plan_line(b, &modern), "+alias marcap -> marcap-v1; =alias"));
    assert_true(find_line(b, "alias marcap -> marcap-v1 is missing")->drifts);
}

static void alias_that_covers_more_or_less_than_the_index_is_noted(void **state)
{
    struct bench *b = *state;

    let_all_stand(b);
    set_in(b->state.alias, "theirs", json("{\"aliases\":{\"marcap\":{}}}"));
    set_in(b->state.alias, "marcap-v1",
        json("{\"aliases\":{\"marcap\":{\"filter\":{\"term\":{}}}}}"));
    replan(b, &modern);
    assert_true(
        find_line(b, "note | alias marcap: it covers theirs too")->drifts);
    assert_true(find_line(b, "note | alias marcap: filter")->drifts);
}

static void write_alias_that_lacks_its_mark_gets_it(void **state)
{
    struct bench *b = *state;

    let_all_stand(b);
    json_decref(b->state.write_alias);
    b->state.write_alias =
        json("{\"marcap-v0\":{\"aliases\":{\"marcap_write\":{}}},"
             "\"marcap-v1\":{\"aliases\":{\"marcap_write\":{}}}}");
    assert_non_null(
        strstr(plan_line(b, &modern), "~alias marcap_write -> marcap-v1"));
}

static void templates_of_others_are_judged_by_their_priority(void **state)
{
    static const struct {
        int priority;
        const char *pattern;
        const char *line; /* NULL: they do not meet ours */
        bool drifts;
    } rows[] = {
        {600, "mar*",
            "forbidden | template theirs: priority 600, mar*; it "
            "shadows naru-marcap (priority 500)",
            true},
        {500, "*-v1",
            "forbidden | template theirs: priority 500, *-v1; it has "
            "the priority",
            true},
        {100, "*", "note | template theirs: priority 100, *; it meets", false},
        {900, "marcaps-*", NULL, false},
    };
    struct bench *b = *state;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        index_state_fini(&b->state);
        let_all_stand(b);
        b->state.others = json_pack("{s{s[s],si}}", "theirs", "index_patterns",
            rows[i].pattern, "priority", rows[i].priority);
        replan(b, &modern);
        if (rows[i].line != NULL) {
            assert_int_equal(
                find_line(b, rows[i].line)->drifts, rows[i].drifts);
        } else {
            assert_int_equal(plan_lines_count(&b->plan.lines, PLAN_NOTE), 0);
        }
    }
}

static void the_print_changes_with_what_stands_and_not_with_the_documents(
    void **state)
{
    struct bench *b = *state;
    char first[JSON_CHECKSUM_CHARS];

    let_all_stand(b);
    replan(b, &modern);
    (void)snprintf(first, sizeof(first), "%s", b->plan.fingerprint);
    b->state.documents = json("{\"marcap-v1\":1}");
    b->state.others = json("{\"x\":{\"index_patterns\":[\"x-*\"]}}");
    replan(b, &modern);
    assert_string_equal(b->plan.fingerprint, first);
    replan(b, &(struct engine){.typeless = true,
                  .composable_templates = true,
                  .require_alias = true,
                  .policy_meta = true,
                  .name = "another"});
    assert_string_not_equal(b->plan.fingerprint, first);
    set_in(b->state.others, "y", json("{\"index_patterns\":[\"mar*\"]}"));
    replan(b, &modern);
    assert_string_not_equal(b->plan.fingerprint, first);
}

static void too_many_fields_are_forbidden(void **state)
{
    struct bench *b = *state;

    use_dataset(b, "'index':'bars','elasticsearch':{'settings':{"
                   "'index.mapping.total_fields.limit':2}}");
    assert_refused(b, "forbidden | fields: 3 of 2 that "
                      "index.mapping.total_fields.limit allows");
}

static void a_family_needs_its_template_and_an_alias_on_each_member(
    void **state)
{
    struct bench *b = *state;
    json_t *actions;

    use_dataset(b, "'index':'bars-%{Day:%Y}'");
    assert_string_equal(b->ds->writes_to, "bars-v1-%{Day:%Y}");
    assert_string_equal(
        plan_line(b, &modern), "+template naru-bars; =alias bars -> bars-v1-*");
    assert_non_null(json_object_get(
        json_object_get(
            json_object_get(b->plan.steps[0].body, "template"), "aliases"),
        "bars"));
    assert_non_null(find_line(b, "in place | index bars-v1-%{Day:%Y}: made by "
                                 "the first document of its period; Day is "
                                 "taken as written, a day begins at 00:00 "
                                 "UTC+09:00"));
    assert_true(find_line(b, "template naru-bars")->contradicts);
    let_index_stand(b, "bars-v1-2021");
    let_index_stand(b, "bars-v1-2022");
    b->state.alias = json_pack("{sO}", "bars-v1-2021",
        json_object_get(b->state.indices, "bars-v1-2021"));
    assert_non_null(strstr(plan_line(b, &modern), "~alias bars -> bars-v1-*"));
    actions =
        json_object_get(b->plan.steps[b->plan.n_steps - 1].body, "actions");
    assert_int_equal(json_array_size(actions), 1);
    assert_non_null(
        find_line(b, "safe | alias bars -> bars-v1-2022 is missing"));
}

static void a_member_made_before_the_template_is_not_ours(void **state)
{
    struct bench *b = *state;

    use_dataset(b, "'index':'bars-%{Day:%Y}'");
    b->state.indices = json("{\"bars-v1-2022\":{\"mappings\":{\"properties\":{"
                            "\"Close\":{\"type\":\"float\"}}}}}");
    assert_refused(b, "index bars-v1-2022 is there already and was not made");
}

static void lifecycle_is_done_the_engines_way_or_left_out(void **state)
{
    struct bench *b = *state;
    json_t *policy;
    char *text;

    use_dataset(b, "'index':'bars','elasticsearch':{'lifecycle':{"
                   "'read_only_after':'2d','force_merge_after':'30d',"
                   "'delete_after':'365d'}}");
    replan(b, &modern);
    assert_false(find_line(b, "note | lifecycle naru-bars: this engine has "
                              "neither")
                     ->drifts);
    b->wanted.lifecycle = LIFECYCLE_ILM;
    assert_string_equal(plan_line(b, &modern),
        "+lifecycle policy naru-bars; +template naru-bars; +index bars-v1; "
        "+alias bars -> bars-v1; +alias bars_write -> bars-v1");
    assert_string_equal(b->plan.steps[0].path, "/_ilm/policy/naru-bars");
    text = json_dumps(b->plan.steps[0].body, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text,
        "{\"policy\":{\"_meta\":{\"dataset\":\"bars\",\"managed_by\":\"naru\"},"
        "\"phases\":{\"delete\":{\"actions\":{\"delete\":{}},\"min_age\":"
        "\"365d\"},\"hot\":{\"actions\":{},\"min_age\":\"0ms\"},\"warm\":{"
        "\"actions\":{\"forcemerge\":{\"max_num_segments\":1},\"readonly\":{}},"
        "\"min_age\":\"30d\"}}}}");
    free(text);
    policy = json_deep_copy(json_object_get(b->plan.steps[0].body, "policy"));
    set_in(policy, "phases/delete/actions/delete/delete_searchable_snapshot",
        json_true()); /* what the engine adds */
    b->state.policy = json_pack("{sO}", "policy", policy);
    assert_non_null(strstr(plan_line(b, &modern), "=lifecycle policy"));
    set_in(policy, "phases/delete/min_age", json_string("1d"));
    assert_non_null(strstr(plan_line(b, &modern), "~lifecycle policy"));
    set_in(policy, "_meta/managed_by", json_string("ops"));
    assert_refused(b, "forbidden | lifecycle naru-bars");
    json_decref(policy);
}

static void opensearch_is_told_of_states_and_of_who_follows(void **state)
{
    struct bench *b = *state;
    json_t *policy;

    use_dataset(b, "'index':'bars','elasticsearch':{'lifecycle':{"
                   "'force_merge_after':'30d','delete_after':'365d'}}");
    b->wanted.lifecycle = LIFECYCLE_ISM;
    let_index_stand(b, "bars-v1");
    assert_non_null(strstr(plan_line(b, &modern), "~index bars-v1 lifecycle"));
    assert_string_equal(
        b->plan.steps[b->plan.n_steps - 1].path, "/_plugins/_ism/add/bars-v1");
    assert_string_equal(
        b->plan.steps[1].path, "/_plugins/_ism/policies/naru-bars");
    policy = json_deep_copy(b->plan.steps[1].body);
    assert_int_equal(json_array_size(json_object_get(
                         json_object_get(policy, "policy"), "states")),
        3);
    set_in(policy, "_seq_no", json_integer(7));
    set_in(policy, "_primary_term", json_integer(2));
    b->state.policy = policy;
    b->state.followed = json("{\"bars-v1\":\"naru-bars\"}");
    assert_non_null(strstr(plan_line(b, &modern), "=lifecycle policy"));
    assert_null(strstr(plan_line(b, &modern), "~index bars-v1 lifecycle"));
    set_in(policy, "policy/default_state", json_string("delete"));
    replan(b, &modern);
    assert_string_equal(b->plan.steps[1].path,
        "/_plugins/_ism/policies/naru-bars?if_seq_no=7&if_primary_term=2");
}

static void patterns_meet_when_a_name_fits_both(void **state)
{
    static const struct {
        const char *a, *b;
        bool meet;
    } rows[] = {
        {"marcap-v*", "*", true},
        {"marcap-v*", "marcap-v1", true},
        {"marcap-v*", "marcap-*", true},
        {"marcap-v*", "*-v1", true},
        {"marcap-v*", "*cap*2022", true},
        {"marcap-v*", "marcap", false},
        {"marcap-v*", "marcaps-*", false},
        {"marcap-v*", "logs-*-*", false},
        {"a*b*c", "a*c*b", false},
        {"a*b*c", "abc", true},
        {"", "*", true},
        {"", "a", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(
            name_patterns_overlap(rows[i].a, rows[i].b), rows[i].meet);
        assert_int_equal(
            name_patterns_overlap(rows[i].b, rows[i].a), rows[i].meet);
    }
}

static void analyzer_of_a_standing_index_is_kept(void **state)
{
    struct bench *b = *state;
    const char *analyzer = NULL;

    b->state.indices = json("{\"marcap-v1\":{\"mappings\":{\"_meta\":{"
                            "\"korean_analyzer\":\"standard\"}}}}");
    /* No endpoint: the engine must not be asked. */
    assert_int_equal(index_choose_analyzer(&b->state, NULL, b->ds,
                         &b->wanted.names, &analyzer, &b->err),
        0);
    assert_string_equal(analyzer, "standard");
}

static void settings_are_compared_however_they_are_written(void **state)
{
    static const struct {
        const char *wanted, *standing, *diff;
    } rows[] = {
        {"{\"number_of_shards\":2}", "{\"index.number_of_shards\":\"2\"}",
            "{}"},
        {"{\"number_of_shards\":3}", "{\"index.number_of_shards\":\"2\"}",
            "{\"index.number_of_shards\":\"3\"}"},
        {"{\"index\":{\"codec\":\"best_compression\"}}",
            "{\"index.codec\":\"best_compression\"}", "{}"},
        {"{\"index.refresh_interval\":\"5s\"}", "{}",
            "{\"index.refresh_interval\":\"5s\"}"},
        {"{\"mapping\":{\"total_fields\":{\"limit\":9}}}",
            "{\"index.mapping.total_fields.limit\":\"9\"}", "{}"},
        {"{\"blocks.write\":true}", "{\"index.blocks.write\":\"true\"}", "{}"},
        {"{\"blocks.write\":true}", "{\"index.blocks.write\":\"false\"}",
            "{\"index.blocks.write\":\"true\"}"},
        {"{\"sort.field\":[\"Date\",\"Code\"]}",
            "{\"index.sort.field\":[\"Date\",\"Code\"]}", "{}"},
        {"{}", "{\"index.uuid\":\"x\"}", "{}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        json_t *wanted = json(rows[i].wanted);
        json_t *standing = json(rows[i].standing);
        json_t *diff = index_settings_diff(wanted, standing);
        char *text = json_dumps(diff, JSON_COMPACT);

        assert_string_equal(text, rows[i].diff);
        free(text);
        json_decref(diff);
        json_decref(standing);
        json_decref(wanted);
    }
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, open_bench, close_bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(empty_engine_gets_template_index_and_aliases),
        CASE(old_engine_gets_a_legacy_template_and_no_types),
        CASE(a_wanted_type_is_in_what_old_engines_are_told),
        CASE(an_index_of_another_type_contradicts_where_types_count),
        CASE(what_stands_as_wanted_is_kept),
        CASE(legacy_template_that_stands_is_kept),
        CASE(template_for_another_pattern_is_updated),
        CASE(a_field_of_another_type_needs_a_new_index),
        CASE(of_a_field_of_another_type_no_parameters_are_told),
        CASE(a_dataset_edited_under_the_same_version_is_told_so),
        CASE(what_an_engine_can_change_is_safe),
        CASE(what_no_engine_can_change_is_not),
        CASE(values_dropped_or_cut_in_silence_contradict),
        CASE(a_missing_field_is_added_and_contradicts_a_strict_index),
        CASE(what_nobody_declared_drifts_and_is_left),
        CASE(changed_settings_go_before_the_mappings_that_hold_the_checksum),
        CASE(what_else_the_mappings_hold_of_notes_stays),
        CASE(template_of_another_owner_refuses_the_whole_plan),
        CASE(index_of_another_owner_refuses_the_whole_plan),
        CASE(index_of_another_dataset_refuses_the_whole_plan),
        CASE(concrete_index_with_the_alias_name_refuses_the_whole_plan),
        CASE(alias_to_a_foreign_index_is_not_moved),
        CASE(an_older_version_that_is_read_is_to_be_migrated),
        CASE(an_older_version_that_nobody_reads_is_only_noted),
        CASE(a_removed_alias_is_put_back),
        CASE(alias_that_covers_more_or_less_than_the_index_is_noted),
        CASE(write_alias_that_lacks_its_mark_gets_it),
        CASE(templates_of_others_are_judged_by_their_priority),
        CASE(the_print_changes_with_what_stands_and_not_with_the_documents),
        CASE(too_many_fields_are_forbidden),
        CASE(a_family_needs_its_template_and_an_alias_on_each_member),
        CASE(a_member_made_before_the_template_is_not_ours),
        CASE(lifecycle_is_done_the_engines_way_or_left_out),
        CASE(opensearch_is_told_of_states_and_of_who_follows),
        cmocka_unit_test(patterns_meet_when_a_name_fits_both),
        CASE(analyzer_of_a_standing_index_is_kept),
        cmocka_unit_test(settings_are_compared_however_they_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
