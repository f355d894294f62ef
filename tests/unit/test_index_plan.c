/* What mappings apply would do, for each state the engine may be in. */
#include "mappings/index_plan.h"

#include "mappings/index_settings.h"
#include "mappings/index_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OURS "\"_meta\":{\"managed_by\":\"naru\",\"dataset\":\"marcap\"}"
#define OLD_INDEX                                                              \
    "{\"aliases\":{},\"mappings\":{" OURS "},\"settings\":{"                   \
    "\"index.number_of_shards\":\"2\",\"index.auto_expand_replicas\":\"0-1\"}" \
    "}"

static const struct engine modern = {
    .typeless = true, .composable_templates = true, .require_alias = true};
static const struct engine old_six = {.include_type_name = true};

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
    json_decref(b->state.template_);
    json_decref(b->state.index);
    json_decref(b->state.alias);
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

/* What the engine gives back after a first apply. */
static void let_all_stand(struct bench *b)
{
    json_t *mappings = json_object_get(b->wanted.body, "mappings");

    b->state.template_ = json_pack("{s[s],si,s{sO},sO}", "index_patterns",
        "marcap-v*", "priority", 500, "template", "mappings", mappings, "_meta",
        json_object_get(mappings, "_meta"));
    b->state.index =
        json_pack("{s{s{sb}},sO,s{ss}}", "aliases", "marcap", "is_write_index",
            1, "mappings", mappings, "settings", "index.number_of_shards", "2");
    b->state.alias = json_pack("{sO}", "marcap-v1", b->state.index);
    assert_non_null(b->state.template_);
    assert_non_null(b->state.alias);
}

/* The plan in one line: "+template naru-marcap; =index marcap-v1; ...". */
static const char *plan_line(struct bench *b, const struct engine *engine)
{
    static char line[1024];
    size_t n = 0;

    b->err.text[0] = '\0';
    if (index_plan_make(&b->plan, &b->wanted, &b->state, engine, &b->err) !=
        0) {
        assert_int_equal(b->plan.n_steps, 0);
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

static void assert_refused(struct bench *b, const char *because)
{
    assert_string_equal(plan_line(b, &modern), "refused");
    if (strstr(b->err.text, because) == NULL) {
        print_error("wants: %s\nsays:  %s\n", because, b->err.text);
        fail();
    }
}

static void empty_engine_gets_template_index_and_alias(void **state)
{
    struct bench *b = *state;
    const struct index_step *steps = b->plan.steps;
    const json_t *add;

    assert_string_equal(plan_line(b, &modern),
        "+template naru-marcap; +index marcap-v1; "
        "+alias marcap -> marcap-v1");
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
        json_string_value(json_object_get(add, "index")), "marcap-v1");
    assert_string_equal(
        json_string_value(json_object_get(add, "alias")), "marcap");
    assert_true(json_is_true(json_object_get(add, "is_write_index")));
}

static void old_engine_gets_a_legacy_template_and_no_types(void **state)
{
    struct bench *b = *state;
    const struct index_step *steps = b->plan.steps;

    assert_string_equal(plan_line(b, &old_six),
        "+template naru-marcap; +index marcap-v1; "
        "+alias marcap -> marcap-v1");
    assert_string_equal(steps[0].path,
        "/_template/naru-marcap?create=true&include_type_name=false");
    assert_non_null(json_object_get(steps[0].body, "order"));
    assert_non_null(json_object_get(steps[0].body, "mappings"));
    assert_null(json_object_get(steps[0].body, "_meta"));
    assert_string_equal(steps[1].path, "/marcap-v1?include_type_name=false");
}

static void what_stands_as_wanted_is_kept(void **state)
{
    struct bench *b = *state;

    let_all_stand(b);
    assert_string_equal(plan_line(b, &modern),
        "=index marcap-v1; =template naru-marcap; =alias marcap -> marcap-v1");
}

static void legacy_template_that_stands_is_kept(void **state)
{
    struct bench *b = *state;

    b->state.template_ = json_pack("{s[s],sO}", "index_patterns", "marcap-v*",
        "mappings", json_object_get(b->wanted.body, "mappings"));
    assert_string_equal(plan_line(b, &old_six),
        "=template naru-marcap; +index marcap-v1; "
        "+alias marcap -> marcap-v1");
}

static void template_for_another_pattern_is_updated(void **state)
{
    struct bench *b = *state;

    let_all_stand(b);
    assert_int_equal(json_object_set_new(b->state.template_, "index_patterns",
                         json("[\"old-v*\"]")),
        0);
    assert_string_equal(plan_line(b, &modern),
        "=index marcap-v1; ~template naru-marcap; =alias marcap -> marcap-v1");
    assert_string_equal(b->plan.steps[1].path, "/_index_template/naru-marcap");
}

static void older_declaration_of_ours_is_updated_index_first(void **state)
{
    struct bench *b = *state;

    b->state.template_ = json("{\"index_patterns\":[\"marcap-v*\"]," OURS "}");
    b->state.index = json(OLD_INDEX);
    assert_string_equal(plan_line(b, &modern),
        "~index marcap-v1 mappings; ~template naru-marcap; "
        "+alias marcap -> marcap-v1");
    assert_string_equal(b->plan.steps[0].path, "/marcap-v1/_mapping");
    assert_true(b->plan.steps[0].on_index);
    assert_false(b->plan.steps[1].on_index);
    assert_non_null(json_object_get(b->plan.steps[0].body, "properties"));
}

static void changed_settings_go_before_the_mappings_that_hold_the_checksum(
    void **state)
{
    struct bench *b = *state;

    b->state.index = json("{\"mappings\":{" OURS "},\"settings\":{"
                          "\"index.number_of_shards\":\"2\","
                          "\"index.auto_expand_replicas\":\"false\"}}");
    assert_string_equal(plan_line(b, &modern),
        "~index marcap-v1 settings; ~index marcap-v1 mappings; "
        "+template naru-marcap; +alias marcap -> marcap-v1");
    assert_string_equal(b->plan.steps[0].path, "/marcap-v1/_settings");
    assert_int_equal(json_object_size(b->plan.steps[0].body), 1);
    assert_string_equal(json_string_value(json_object_get(b->plan.steps[0].body,
                            "index.auto_expand_replicas")),
        "0-1");
}

static void template_of_another_owner_refuses_the_whole_plan(void **state)
{
    struct bench *b = *state;

    b->state.template_ = json("{\"index_patterns\":[\"marcap-v*\"]}");
    assert_refused(b, "template naru-marcap is there already and was not made");
}

static void index_of_another_owner_refuses_the_whole_plan(void **state)
{
    struct bench *b = *state;

    b->state.index =
        json("{\"mappings\":{\"_meta\":{\"managed_by\":\"beats\"}}}");
    assert_refused(b, "index marcap-v1 is there already and was not made");
}

static void index_of_another_dataset_refuses_the_whole_plan(void **state)
{
    struct bench *b = *state;

    b->state.index = json("{\"mappings\":{\"_meta\":{\"managed_by\":\"naru\","
                          "\"dataset\":\"ohlcv\"}}}");
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

static void alias_to_an_older_version_is_not_moved_but_the_way_is_shown(
    void **state)
{
    struct bench *b = *state;

    b->state.alias = json("{\"marcap-v0\":{\"aliases\":{\"marcap\":{}},"
                          "\"mappings\":{" OURS "}}}");
    assert_refused(b, "alias marcap points to marcap-v0; moving it to "
                      "marcap-v1 would hide");
    assert_non_null(strstr(b->err.text,
        "{\"remove\":{\"index\":\"marcap-v0\",\"alias\":\"marcap\"}}"));
}

static void alias_that_lacks_its_write_mark_gets_it(void **state)
{
    struct bench *b = *state;

    b->state.index = json(OLD_INDEX);
    b->state.alias = json("{\"marcap-v0\":{\"aliases\":{\"marcap\":{}}},"
                          "\"marcap-v1\":{\"aliases\":{\"marcap\":{}}}}");
    assert_non_null(
        strstr(plan_line(b, &modern), "~alias marcap -> marcap-v1"));
}

static void alias_that_writes_elsewhere_is_refused(void **state)
{
    struct bench *b = *state;

    b->state.index = json(OLD_INDEX);
    b->state.alias = json("{\"marcap-v0\":{\"aliases\":{\"marcap\":{"
                          "\"is_write_index\":true}}},"
                          "\"marcap-v1\":{\"aliases\":{\"marcap\":{}}}}");
    assert_refused(b, "alias marcap writes to marcap-v0");
}

static void index_pattern_with_fields_is_not_supported(void **state)
{
    struct bench *b = *state;
    struct dataset yearly = *b->ds;
    struct index_names names;

    yearly.index = "marcap-%{Date:%Y}";
    assert_int_equal(index_names_init(&names, &yearly, &b->err), -1);
    assert_non_null(strstr(b->err.text, "plain index name only"));
}

static void analyzer_of_a_standing_index_is_kept(void **state)
{
    struct bench *b = *state;
    const char *analyzer = NULL;

    b->state.index = json("{\"mappings\":{\"_meta\":{"
                          "\"korean_analyzer\":\"standard\"}}}");
    /* No endpoint: the engine must not be asked. */
    assert_int_equal(
        index_choose_analyzer(&b->state, NULL, b->ds, &analyzer, &b->err), 0);
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
            "{\"index.number_of_shards\":3}"},
        {"{\"index\":{\"codec\":\"best_compression\"}}",
            "{\"index.codec\":\"best_compression\"}", "{}"},
        {"{\"index.refresh_interval\":\"5s\"}", "{}",
            "{\"index.refresh_interval\":\"5s\"}"},
        {"{\"mapping\":{\"total_fields\":{\"limit\":9}}}",
            "{\"index.mapping.total_fields.limit\":\"9\"}", "{}"},
        {"{\"blocks.write\":true}", "{\"index.blocks.write\":\"true\"}", "{}"},
        {"{\"blocks.write\":true}", "{\"index.blocks.write\":\"false\"}",
            "{\"index.blocks.write\":true}"},
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
        CASE(empty_engine_gets_template_index_and_alias),
        CASE(old_engine_gets_a_legacy_template_and_no_types),
        CASE(what_stands_as_wanted_is_kept),
        CASE(legacy_template_that_stands_is_kept),
        CASE(template_for_another_pattern_is_updated),
        CASE(older_declaration_of_ours_is_updated_index_first),
        CASE(changed_settings_go_before_the_mappings_that_hold_the_checksum),
        CASE(template_of_another_owner_refuses_the_whole_plan),
        CASE(index_of_another_owner_refuses_the_whole_plan),
        CASE(index_of_another_dataset_refuses_the_whole_plan),
        CASE(concrete_index_with_the_alias_name_refuses_the_whole_plan),
        CASE(alias_to_a_foreign_index_is_not_moved),
        CASE(alias_to_an_older_version_is_not_moved_but_the_way_is_shown),
        CASE(alias_that_lacks_its_write_mark_gets_it),
        CASE(alias_that_writes_elsewhere_is_refused),
        CASE(index_pattern_with_fields_is_not_supported),
        CASE(analyzer_of_a_standing_index_is_kept),
        cmocka_unit_test(settings_are_compared_however_they_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
