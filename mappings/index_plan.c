/*
 * The pure half of `naru mappings apply`; see index_plan.h.
 *
 * Order: a standing index first, since the engine may refuse to change it and
 * nothing else should have been changed then; otherwise template, index, alias.
 * Within an index the settings go first: its mappings carry the checksum, and
 * that must not be there before all the rest is.
 */
#include "mappings/index_plan.h"

#include "mappings/index_settings.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OWNER "naru"
/* Above the 100 of Elasticsearch's own templates; equal priorities with an
 * overlapping pattern are an error there. */
#define TEMPLATE_PRIORITY 500

int index_wanted_init(struct index_wanted *w, const struct dataset *ds,
    const char *korean_analyzer, struct error *err)
{
    char *text;

    *w = (struct index_wanted){.body = NULL};
    if (index_names_init(&w->names, ds, err) != 0 ||
        dataset_create_body(ds, korean_analyzer, &text, err) != 0) {
        return -1;
    }
    w->body = json_loads(text, 0, NULL);
    free(text);
    return w->body != NULL ? 0 : error_set(err, "out of memory");
}

void index_wanted_fini(struct index_wanted *w)
{
    json_decref(w->body);
    w->body = NULL;
}

const json_t *index_meta(const json_t *standing)
{
    const json_t *own = json_object_get(standing, "_meta");
    const json_t *inner = json_object_get(standing, "template");

    if (own != NULL) {
        return own;
    }
    if (inner == NULL) {
        inner = standing;
    }
    return json_object_get(json_object_get(inner, "mappings"), "_meta");
}

static const char *meta_text(const json_t *standing, const char *key)
{
    const char *text =
        json_string_value(json_object_get(index_meta(standing), key));

    return text != NULL ? text : "";
}

static bool is_ours(const json_t *standing)
{
    return strcmp(meta_text(standing, "managed_by"), OWNER) == 0;
}

static bool has_checksum_of(const json_t *standing, const json_t *wanted)
{
    return strcmp(meta_text(standing, "sha256"), meta_text(wanted, "sha256")) ==
           0;
}

/* Refuse what somebody else made, or naru for another dataset. */
static int check_owner(const json_t *standing, const char *kind,
    const char *name, const struct index_wanted *w, struct error *err)
{
    if (!is_ours(standing)) {
        return error_set(err,
            "%s %s is there already and was not made by naru (no "
            "_meta.managed_by \"naru\"); nothing was changed. Remove or rename "
            "it, or give the dataset another name and index",
            kind, name);
    }
    if (strcmp(meta_text(standing, "dataset"), w->names.dataset) != 0) {
        return error_set(err,
            "%s %s belongs to naru's dataset %s; nothing was changed. Give "
            "dataset %s another index",
            kind, name, meta_text(standing, "dataset"), w->names.dataset);
    }
    return 0;
}

/* Takes body over; NULL for a step without a request. */
static struct index_step *add_step(struct index_plan *plan,
    enum index_action action, const char *method, json_t *body)
{
    struct index_step *step = &plan->steps[plan->n_steps++];

    assert(plan->n_steps <= INDEX_PLAN_MAX_STEPS);
    *step =
        (struct index_step){.action = action, .method = method, .body = body};
    return step;
}

static bool lists_equal_pattern(const json_t *patterns, const char *pattern)
{
    const char *only = json_string_value(json_array_get(patterns, 0));

    return json_array_size(patterns) == 1 && only != NULL &&
           strcmp(only, pattern) == 0;
}

static json_t *template_body(
    const struct index_wanted *w, const struct engine *engine)
{
    json_t *settings = json_object_get(w->body, "settings");
    json_t *mappings = json_object_get(w->body, "mappings");

    if (!engine->composable_templates) {
        return json_pack("{s[s],si,sO,sO}", "index_patterns", w->names.pattern,
            "order", TEMPLATE_PRIORITY, "settings", settings, "mappings",
            mappings);
    }
    return json_pack("{s[s],si,s{sO,sO},sO}", "index_patterns",
        w->names.pattern, "priority", TEMPLATE_PRIORITY, "template", "settings",
        settings, "mappings", mappings, "_meta",
        json_object_get(mappings, "_meta"));
}

static int plan_template(struct index_plan *plan, const struct index_wanted *w,
    const json_t *standing, const struct engine *engine, struct error *err)
{
    enum index_action action = INDEX_CREATE;
    struct index_step *step;

    if (standing != NULL) {
        if (check_owner(standing, "template", w->names.template_name, w, err) !=
            0) {
            return -1;
        }
        action = has_checksum_of(standing, w->body) &&
                         lists_equal_pattern(
                             json_object_get(standing, "index_patterns"),
                             w->names.pattern)
                     ? INDEX_KEEP
                     : INDEX_UPDATE;
    }
    if (action == INDEX_KEEP) {
        step = add_step(plan, action, NULL, NULL);
    } else {
        step = add_step(plan, action, "PUT", template_body(w, engine));
    }
    (void)snprintf(
        step->what, sizeof(step->what), "template %s", w->names.template_name);
    (void)snprintf(step->path, sizeof(step->path), "/%s/%s%s%s",
        engine->composable_templates ? "_index_template" : "_template",
        w->names.template_name, action == INDEX_CREATE ? "?create=true" : "",
        !engine->include_type_name ? ""
        : action == INDEX_CREATE   ? "&include_type_name=false"
                                   : "?include_type_name=false");
    return 0;
}

static int plan_settings(struct index_plan *plan, const struct index_wanted *w,
    const json_t *standing, struct error *err)
{
    json_t *changed = index_settings_diff(json_object_get(w->body, "settings"),
        json_object_get(standing, "settings"));
    struct index_step *step;

    if (changed == NULL) {
        return error_set(err, "out of memory");
    }
    if (json_object_size(changed) == 0) {
        json_decref(changed);
        return 0;
    }
    step = add_step(plan, INDEX_UPDATE, "PUT", changed);
    step->on_index = true;
    (void)snprintf(
        step->what, sizeof(step->what), "index %s settings", w->names.index);
    (void)snprintf(
        step->path, sizeof(step->path), "/%s/_settings", w->names.index);
    return 0;
}

static int plan_standing_index(struct index_plan *plan,
    const struct index_wanted *w, const json_t *standing,
    const struct engine *engine, struct error *err)
{
    struct index_step *step;

    if (check_owner(standing, "index", w->names.index, w, err) != 0) {
        return -1;
    }
    if (has_checksum_of(standing, w->body)) {
        step = add_step(plan, INDEX_KEEP, NULL, NULL);
        (void)snprintf(
            step->what, sizeof(step->what), "index %s", w->names.index);
        return 0;
    }
    if (plan_settings(plan, w, standing, err) != 0) {
        return -1;
    }
    step = add_step(plan, INDEX_UPDATE, "PUT",
        json_incref(json_object_get(w->body, "mappings")));
    step->on_index = true;
    (void)snprintf(
        step->what, sizeof(step->what), "index %s mappings", w->names.index);
    (void)snprintf(step->path, sizeof(step->path), "/%s/_mapping%s",
        w->names.index,
        engine->include_type_name ? "?include_type_name=false" : "");
    return 0;
}

static void plan_new_index(struct index_plan *plan,
    const struct index_wanted *w, const struct engine *engine)
{
    struct index_step *step =
        add_step(plan, INDEX_CREATE, "PUT", json_incref(w->body));

    (void)snprintf(step->what, sizeof(step->what), "index %s", w->names.index);
    (void)snprintf(step->path, sizeof(step->path), "/%s%s", w->names.index,
        engine->include_type_name ? "?include_type_name=false" : "");
}

/* The alias points elsewhere, or the name is an index: say what to do. */
static int refuse_alias(
    const struct index_wanted *w, json_t *members, struct error *err)
{
    void *first = json_object_iter(members);
    const char *member = json_object_iter_key(first);

    if (json_object_get(members, w->names.alias) != NULL) {
        return error_set(err,
            "%s is an index, and naru needs that name for its alias; nothing "
            "was changed. Give the dataset another index, or reindex %s under "
            "another name and delete it",
            w->names.alias, w->names.alias);
    }
    if (!is_ours(json_object_iter_value(first))) {
        return error_set(err,
            "alias %s points to %s, which was not made by naru; nothing was "
            "changed. Remove the alias or give the dataset another index",
            w->names.alias, member);
    }
    return error_set(err,
        "alias %s points to %s; moving it to %s would hide the documents "
        "there, so nothing was changed. When that is right, remove it with "
        "POST /_aliases {\"actions\":[{\"remove\":{\"index\":\"%s\","
        "\"alias\":\"%s\"}}]} and apply again",
        w->names.alias, member, w->names.index, member, w->names.alias);
}

static bool writes_to(json_t *member, const char *alias)
{
    return json_is_true(json_object_get(
        json_object_get(json_object_get(member, "aliases"), alias),
        "is_write_index"));
}

/* The member that takes the alias's writes; NULL when none is marked. */
static const char *find_writer(json_t *members, const char *alias)
{
    const char *name;
    json_t *member;

    json_object_foreach(members, name, member)
    {
        if (writes_to(member, alias)) {
            return name;
        }
    }
    return NULL;
}

static int plan_alias(struct index_plan *plan, const struct index_wanted *w,
    json_t *members, struct error *err)
{
    const char *writer = find_writer(members, w->names.alias);
    bool here = json_object_get(members, w->names.index) != NULL;
    enum index_action action = here ? INDEX_UPDATE : INDEX_CREATE;
    struct index_step *step;

    if (members != NULL && !here) {
        return refuse_alias(w, members, err);
    }
    if (writer != NULL && strcmp(writer, w->names.index) != 0) {
        return error_set(err,
            "alias %s writes to %s, not to %s; nothing was changed. Move its "
            "is_write_index with POST /_aliases when that is right",
            w->names.alias, writer, w->names.index);
    }
    if (writer != NULL) {
        step = add_step(plan, INDEX_KEEP, NULL, NULL);
    } else {
        step = add_step(plan, action, "POST",
            json_pack("{s[{s{ss,ss,sb}}]}", "actions", "add", "index",
                w->names.index, "alias", w->names.alias, "is_write_index", 1));
    }
    (void)snprintf(step->what, sizeof(step->what), "alias %.200s -> %s",
        w->names.alias, w->names.index);
    (void)snprintf(step->path, sizeof(step->path), "/_aliases");
    return 0;
}

static int make(struct index_plan *plan, const struct index_wanted *w,
    const struct index_state *state, const struct engine *engine,
    struct error *err)
{
    if (state->index != NULL &&
        plan_standing_index(plan, w, state->index, engine, err) != 0) {
        return -1;
    }
    if (plan_template(plan, w, state->template_, engine, err) != 0) {
        return -1;
    }
    if (state->index == NULL) {
        plan_new_index(plan, w, engine);
    }
    if (plan_alias(plan, w, state->alias, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < plan->n_steps; i++) {
        if (plan->steps[i].method != NULL && plan->steps[i].body == NULL) {
            return error_set(err, "out of memory");
        }
    }
    return 0;
}

int index_plan_make(struct index_plan *plan, const struct index_wanted *w,
    const struct index_state *state, const struct engine *engine,
    struct error *err)
{
    *plan = (struct index_plan){.n_steps = 0};
    if (make(plan, w, state, engine, err) != 0) {
        index_plan_fini(plan);
        return -1;
    }
    return 0;
}

void index_plan_fini(struct index_plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        json_decref(plan->steps[i].body);
    }
    plan->n_steps = 0;
}
