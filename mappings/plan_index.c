/*
 * The indices that stand, compared with the dataset field by field and setting
 * by setting.
 */
#include "mappings/index_plan_private.h"

#include "mappings/index_settings.h"
#include "mappings/load_profile.h"
#include "mappings/mapping_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIGRATE "raise schema_version, then naru mappings migrate"

static const char edited[] =
    "the dataset was edited under the same schema_version: " MIGRATE;
static const char changed_there[] = "it is not as naru made it";
static const char changed_there_for_good[] =
    "it is not as naru made it: " MIGRATE;
static const char undeclared[] =
    "was set in the engine, and apply leaves it; put it into the dataset's "
    "elasticsearch.settings, or reset it";

static void say_setting(struct planner *p, const char *index, const char *name,
    const json_t *standing, const json_t *wanted, const char *why)
{
    char *have = json_is_string(standing)
                     ? strdup(json_string_value(standing))
                     : json_dumps(standing, JSON_COMPACT | JSON_ENCODE_ANY);
    char *want = json_is_string(wanted)
                     ? strdup(json_string_value(wanted))
                     : json_dumps(wanted, JSON_COMPACT | JSON_ENCODE_ANY);
    char path[INDEX_NAME_BYTES + 16];

    (void)snprintf(path, sizeof(path), "settings.%s", name);
    planner_line(
        p, &(struct plan_line){.verdict = wanted == NULL ? PLAN_NOTE
                                          : index_setting_is_static(name)
                                              ? PLAN_NEW_INDEX
                                              : PLAN_SAFE,
               .subject = PLAN_INDEX,
               .drifts = true,
               .name = index,
               .path = path,
               .standing = have != NULL     ? have
                           : wanted != NULL ? "(default)"
                                            : NULL,
               .wanted = want,
               .why = why,
               .documents = planner_documents(p, index)});
    free(have);
    free(want);
}

static void add_settings_step(
    struct planner *p, const char *index, json_t *settings)
{
    struct index_step *step = planner_step(p, INDEX_UPDATE, "PUT", settings);

    if (step != NULL) {
        step->on_index = true;
        (void)snprintf(
            step->what, sizeof(step->what), "index %s settings", index);
        (void)snprintf(step->path, sizeof(step->path), "/%s/_settings", index);
    }
}

static void compare_settings(
    struct planner *p, const char *index, json_t *standing, bool is_edited)
{
    json_t *wanted = json_object_get(p->w->body, "settings");
    json_t *have = index_settings_flatten(standing);
    json_t *changed = index_settings_diff(wanted, standing);
    json_t *extra = index_settings_undeclared(wanted, standing);
    json_t *dynamic = json_object();
    const char *name;
    json_t *value;

    if (have == NULL || changed == NULL || extra == NULL || dynamic == NULL) {
        p->plan->out_of_memory = true;
    }
    json_object_foreach(changed, name, value)
    {
        bool is_static = index_setting_is_static(name);

        say_setting(p, index, name, json_object_get(have, name), value,
            is_static   ? is_edited ? edited : changed_there_for_good
            : is_edited ? NULL
                        : changed_there);
        if (!is_static && json_object_set(dynamic, name, value) != 0) {
            p->plan->out_of_memory = true;
        }
    }
    json_object_foreach(extra, name, value)
    {
        say_setting(p, index, name, value, NULL, undeclared);
    }
    if (json_object_size(dynamic) > 0) {
        add_settings_step(p, index, json_incref(dynamic));
    }
    json_decref(have);
    json_decref(changed);
    json_decref(extra);
    json_decref(dynamic);
}

/* The dataset's mappings for an index that stands: engines replace "_meta" as a
 * whole, and what else is in it is a note of a bulk load or a migration (see
 * index_note.h), or somebody's own. */
static json_t *keep_notes(const json_t *wanted, const json_t *standing)
{
    json_t *mappings = json_deep_copy(wanted);
    json_t *meta = json_object_get(mappings, "_meta");
    json_t *notes =
        json_object_get(json_object_get(standing, "mappings"), "_meta");

    if (notes != NULL && json_object_update_missing(meta, notes) != 0) {
        json_decref(mappings);
        return NULL;
    }
    return mappings;
}

static void add_mappings_step(
    struct planner *p, const char *index, const json_t *standing)
{
    json_t *mappings =
        keep_notes(json_object_get(p->w->body, "mappings"), standing);
    struct index_step *step;

    if (mappings == NULL) {
        p->plan->out_of_memory = true;
        return;
    }
    step = planner_step(p, INDEX_UPDATE, "PUT", mappings);

    if (step != NULL) {
        step->on_index = true;
        (void)snprintf(
            step->what, sizeof(step->what), "index %s mappings", index);
        (void)snprintf(step->path, sizeof(step->path), "/%s/_mapping%s", index,
            p->engine->include_type_name ? "?include_type_name=false" : "");
    }
}

static bool has_safe_line(const struct plan_lines *lines, size_t from)
{
    for (size_t i = from; i < lines->n; i++) {
        if (lines->items[i].verdict == PLAN_SAFE) {
            return true;
        }
    }
    return false;
}

static void compare_mappings(struct planner *p, const char *index,
    const json_t *standing, bool is_edited)
{
    const json_t *there = json_object_get(standing, "mappings");
    const struct mapping_diff diff = {.lines = &p->plan->lines,
        .subject = PLAN_INDEX,
        .name = index,
        .documents = planner_documents(p, index),
        .why_new_index = is_edited ? edited : changed_there_for_good,
        .why_safe = is_edited ? NULL : changed_there};
    size_t before = p->plan->lines.n;

    mapping_diff(&diff, index_wanted_mappings(p->w), there);
    if (is_edited && !has_safe_line(&p->plan->lines, before)) {
        planner_line(p, &(struct plan_line){.verdict = PLAN_SAFE,
                            .subject = PLAN_INDEX,
                            .drifts = true,
                            .name = index,
                            .path = "_meta.sha256",
                            .standing = index_meta_text(standing, "sha256"),
                            .wanted = index_meta_text(p->w->body, "sha256"),
                            .documents = PLAN_DOCUMENTS_UNKNOWN});
    }
    if (has_safe_line(&p->plan->lines, before)) {
        add_mappings_step(p, index, standing);
    }
}

/* On Elasticsearch 7 records of another type would all be refused. */
static void compare_type(struct planner *p, const char *index)
{
    const char *have =
        json_string_value(json_object_get(p->state->types, index));

    if (have == NULL || p->w->type == NULL || strcmp(have, p->w->type) == 0) {
        return;
    }
    planner_line(p, &(struct plan_line){.verdict = PLAN_NEW_INDEX,
                        .subject = PLAN_INDEX,
                        .drifts = true,
                        .contradicts = true,
                        .name = index,
                        .path = "_type",
                        .standing = have,
                        .wanted = p->w->type,
                        .why = "bridge.type; leave it out, or " MIGRATE,
                        .documents = planner_documents(p, index)});
}

/* "620 documents"; "" when nobody may know. */
static const char *describe_documents(
    const struct planner *p, const char *index, char *out, size_t size)
{
    int64_t n = planner_documents(p, index);

    if (n == PLAN_DOCUMENTS_UNKNOWN) {
        return NULL;
    }
    (void)snprintf(
        out, size, "%lld document%s", (long long)n, n == 1 ? "" : "s");
    return out;
}

static void compare_index(struct planner *p, const char *name, json_t *index)
{
    bool is_edited = !planner_has_checksum(p, index);
    size_t before = p->plan->lines.n, changes = p->plan->n_steps;
    struct index_step *step;
    char text[64];

    if (!planner_owns(p, PLAN_INDEX, name, index)) {
        return;
    }
    compare_type(p, name);
    compare_settings(p, name, json_object_get(index, "settings"), is_edited);
    compare_mappings(p, name, index, is_edited);
    if (p->plan->lines.n == before) {
        planner_say(p, PLAN_IN_PLACE, PLAN_INDEX, name,
            describe_documents(p, name, text, sizeof(text)), NULL);
    }
    if (p->plan->n_steps == changes) {
        step = planner_step(p, INDEX_KEEP, NULL, NULL);
        if (step != NULL) {
            (void)snprintf(step->what, sizeof(step->what), "index %s", name);
        }
    }
}

/* Do readers see it, and not one of the version that is wanted? */
static bool is_still_read(const struct planner *p, const char *index)
{
    const char *name;
    json_t *member;

    if (json_object_get(p->state->alias, index) == NULL) {
        return false;
    }
    json_object_foreach(p->state->alias, name, member)
    {
        if (index_names_is_current(&p->w->names, name)) {
            return p->w->names.is_family;
        }
    }
    return true;
}

/* Each difference from what is wanted now is a reason to move. */
static void compare_old_version(
    struct planner *p, const char *name, const json_t *index)
{
    struct plan_lines found = {.items = NULL};
    const struct mapping_diff diff = {.lines = &found,
        .subject = PLAN_INDEX,
        .name = name,
        .documents = planner_documents(p, name)};

    mapping_diff(
        &diff, index_wanted_mappings(p->w), json_object_get(index, "mappings"));
    for (size_t i = 0; i < found.n; i++) {
        struct plan_line *line = &found.items[i];
        bool is_removed = line->verdict == PLAN_NOTE;
        struct plan_line moved = *line;

        moved.verdict = PLAN_NEW_INDEX;
        moved.contradicts = false;
        moved.why = NULL;
        moved.wanted = is_removed ? "(none)" : line->wanted;
        planner_line(p, &moved);
    }
    p->plan->out_of_memory = p->plan->out_of_memory || found.out_of_memory;
    plan_lines_fini(&found);
}

static void look_at_old_version(
    struct planner *p, const char *name, const json_t *index)
{
    char text[96], documents[64], wanted[16];
    const char *n = describe_documents(p, name, documents, sizeof(documents));

    if (strcmp(index_meta_text(index, "managed_by"), OWNER) != 0 ||
        strcmp(index_meta_text(index, "dataset"), p->w->names.dataset) != 0) {
        return; /* somebody else's, and not in our way */
    }
    if (!is_still_read(p, name)) {
        (void)snprintf(text, sizeof(text), "of another schema_version%s%s",
            n != NULL ? ", " : "", n != NULL ? n : "");
        planner_line(p, &(struct plan_line){.verdict = PLAN_NOTE,
                            .subject = PLAN_INDEX,
                            .name = name,
                            .standing = text,
                            .why = "no reader sees it through the alias",
                            .documents = PLAN_DOCUMENTS_UNKNOWN});
        return;
    }
    (void)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
        json_integer_value(
            json_object_get(index_meta(index), "schema_version")));
    (void)snprintf(wanted, sizeof(wanted), "%d", p->w->dataset->schema_version);
    planner_line(
        p, &(struct plan_line){.verdict = PLAN_NEW_INDEX,
               .subject = PLAN_INDEX,
               .drifts = true,
               .name = name,
               .path = "schema_version",
               .standing = text,
               .wanted = wanted,
               .why = "naru mappings migrate moves its documents while readers "
                      "and the bridge go on",
               .documents = planner_documents(p, name)});
    compare_old_version(p, name, index);
}

/* Its settings are not as they should be, and this is why. */
static void note_bulk_load(
    struct planner *p, const char *name, const json_t *index)
{
    if (json_object_get(index_meta(index), LOAD_PROFILE_NOTE) != NULL) {
        planner_line(p, &(struct plan_line){.verdict = PLAN_NOTE,
                            .subject = PLAN_INDEX,
                            .drifts = true,
                            .name = name,
                            .why = "is relaxed by naru bridge --bulk-load; "
                                   "when none is running any more, apply "
                                   "restores it",
                            .documents = PLAN_DOCUMENTS_UNKNOWN});
    }
}

void plan_standing_indices(struct planner *p)
{
    const char *name;
    json_t *index;

    json_object_foreach(p->state->indices, name, index)
    {
        if (index_names_is_current(&p->w->names, name)) {
            note_bulk_load(p, name, index);
            compare_index(p, name, index);
        } else if (index_names_is_ours(&p->w->names, name)) {
            look_at_old_version(p, name, index);
        }
    }
}

void index_plan_compare_indices(struct plan_lines *lines,
    const struct index_wanted *w, const struct index_state *state,
    const struct engine *engine)
{
    struct index_plan plan = {.n_steps = 0};
    struct planner p = {&plan, w, state, engine};

    plan_standing_indices(&p);
    if (w->names.is_family && state->template_ == NULL) {
        planner_line(&p,
            &(struct plan_line){.verdict = PLAN_SAFE,
                .subject = PLAN_TEMPLATE,
                .drifts = true,
                .contradicts = true,
                .name = w->names.template_name,
                .why = "is missing: indices made now would have no mappings; "
                       "naru mappings apply puts it in place",
                .documents = PLAN_DOCUMENTS_UNKNOWN});
    }
    *lines = plan.lines;
    lines->out_of_memory = lines->out_of_memory || plan.out_of_memory;
    plan.lines = (struct plan_lines){.items = NULL};
    index_plan_fini(&plan);
}
