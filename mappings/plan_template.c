/*
 * The index template as it should be and as it stands, and the templates of
 * others that its patterns meet. A template is put anew as a whole, so every
 * difference in ours is safe to mend: it counts for indices made later.
 */
#include "mappings/index_plan_private.h"

#include "mappings/index_settings.h"
#include "mappings/mapping_diff.h"
#include "mappings/name_pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What stands where, in both forms. */
static json_t *inside(const json_t *template_, const char *key)
{
    const json_t *inner = json_object_get(template_, "template");

    return json_object_get(inner != NULL ? inner : template_, key);
}

static int priority_of(const struct planner *p, const json_t *template_)
{
    return (int)json_integer_value(json_object_get(
        template_, p->engine->composable_templates ? "priority" : "order"));
}

static const char *priority_name(const struct planner *p)
{
    return p->engine->composable_templates ? "priority" : "order";
}

/* A family's members join the alias that readers ask as they are made. */
static json_t *wanted_aliases(const struct planner *p)
{
    return p->w->names.is_family ? json_pack("{s{}}", p->w->names.alias)
                                 : json_object();
}

static const char *legacy_type(const struct planner *p)
{
    return !p->engine->composable_templates && p->engine->takes_type
               ? p->w->type
               : NULL;
}

static json_t *template_body(const struct planner *p)
{
    json_t *settings = json_object_get(p->w->body, "settings");
    json_t *mappings = json_object_get(p->w->body, "mappings");
    const char *pattern = p->w->names.pattern;
    int priority = dataset_template_priority(p->w->dataset);

    if (p->engine->composable_templates) {
        return json_pack("{s[s],si,s{sO,sO,so},sO}", "index_patterns", pattern,
            "priority", priority, "template", "settings", settings, "mappings",
            mappings, "aliases", wanted_aliases(p), "_meta",
            json_object_get(mappings, "_meta"));
    }
    return json_pack("{s[s],si,sO,so,so}", "index_patterns", pattern, "order",
        priority, "settings", settings, "mappings",
        legacy_type(p) != NULL ? json_pack("{sO}", legacy_type(p), mappings)
                               : json_incref(mappings),
        "aliases", wanted_aliases(p));
}

static void say_difference(struct planner *p, const char *path,
    const char *standing, const char *wanted)
{
    planner_line(p, &(struct plan_line){.verdict = PLAN_SAFE,
                        .subject = PLAN_TEMPLATE,
                        .drifts = true,
                        .name = p->w->names.template_name,
                        .path = path,
                        .standing = standing,
                        .wanted = wanted,
                        .documents = PLAN_DOCUMENTS_UNKNOWN});
}

static char *plain_text(const json_t *value)
{
    return json_is_string(value)
               ? strdup(json_string_value(value))
               : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
}

/* {} or []: engines leave such out. */
static bool is_empty(const json_t *value)
{
    return (json_is_object(value) && json_object_size(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

static void compare_json(struct planner *p, const char *path,
    const json_t *standing, const json_t *wanted)
{
    char *have, *want;

    if (json_equal(standing, wanted) ||
        (standing == NULL && is_empty(wanted)) ||
        (wanted == NULL && is_empty(standing))) {
        return;
    }
    have = plain_text(standing);
    want = plain_text(wanted);
    say_difference(p, path, have != NULL ? have : "(none)",
        want != NULL ? want : "(none)");
    free(have);
    free(want);
}

static void compare_settings(struct planner *p, json_t *standing)
{
    json_t *wanted =
        index_settings_flatten(json_object_get(p->w->body, "settings"));
    json_t *have = index_settings_flatten(standing);
    const char *name;
    json_t *value;

    if (wanted == NULL || have == NULL) {
        p->plan->out_of_memory = true;
    }
    json_object_foreach(wanted, name, value)
    {
        compare_json(p, name, json_object_get(have, name), value);
    }
    json_object_foreach(have, name, value)
    {
        if (json_object_get(wanted, name) == NULL) {
            compare_json(p, name, value, NULL);
        }
    }
    json_decref(wanted);
    json_decref(have);
}

static void compare_template(struct planner *p, const json_t *standing)
{
    json_t *wanted = template_body(p);
    const struct mapping_diff diff = {.lines = &p->plan->lines,
        .subject = PLAN_TEMPLATE,
        .name = p->w->names.template_name,
        .replaceable = true,
        .documents = PLAN_DOCUMENTS_UNKNOWN};
    json_t *none = json_array();

    compare_json(p, "index_patterns",
        json_object_get(standing, "index_patterns"),
        json_object_get(wanted, "index_patterns"));
    compare_json(p, priority_name(p),
        json_object_get(standing, priority_name(p)),
        json_object_get(wanted, priority_name(p)));
    if (p->engine->composable_templates) {
        compare_json(
            p, "composed_of", json_object_get(standing, "composed_of"), none);
    }
    compare_settings(p, inside(standing, "settings"));
    /* Stored as it was put, so compared with what would be put. */
    mapping_diff(&diff, json_object_get(p->w->body, "mappings"),
        inside(standing, "mappings"));
    compare_json(
        p, "aliases", inside(standing, "aliases"), inside(wanted, "aliases"));
    json_decref(none);
    json_decref(wanted);
}

static const char *first_pattern_meeting(
    const struct planner *p, const json_t *template_)
{
    const json_t *patterns = json_object_get(template_, "index_patterns");
    json_t *pattern;
    size_t i;

    json_array_foreach((json_t *)(uintptr_t)patterns, i, pattern)
    {
        const char *text = json_string_value(pattern);

        if (text != NULL && name_patterns_overlap(text, p->w->names.pattern)) {
            return text;
        }
    }
    return NULL;
}

/*
 * Composable: the highest priority alone counts, equal ones are refused by the
 * engine. Legacy: all that match are merged, the higher order wins.
 */
static void judge_other(struct planner *p, const char *name,
    const json_t *template_, const char *pattern)
{
    int ours = dataset_template_priority(p->w->dataset);
    int theirs = priority_of(p, template_);
    bool composable = p->engine->composable_templates;
    bool in_the_way = theirs > ours || (composable && theirs == ours);
    struct error why;
    char standing[INDEX_NAME_BYTES + 64];

    (void)snprintf(standing, sizeof(standing), "%s %d, %s", priority_name(p),
        theirs, pattern);
    if (theirs > ours) {
        (void)error_set(&why,
            "it shadows %s (%s %d): new indices would be made by it. Lower "
            "its %s or narrow its pattern, or raise the dataset's "
            "elasticsearch.template_priority above %d",
            p->w->names.template_name, priority_name(p), ours, priority_name(p),
            theirs);
    } else if (in_the_way) {
        (void)error_set(&why,
            "it has the priority of %s, and the engine takes no two such "
            "templates whose patterns meet. Change its priority or pattern, "
            "or the dataset's elasticsearch.template_priority",
            p->w->names.template_name);
    } else {
        (void)error_set(&why,
            composable ? "it meets the pattern %s, but ours goes first"
                       : "it meets the pattern %s: what it says and ours does "
                         "not joins new indices",
            p->w->names.pattern);
    }
    planner_line(p,
        &(struct plan_line){.verdict = in_the_way ? PLAN_FORBIDDEN : PLAN_NOTE,
            .subject = PLAN_TEMPLATE,
            .drifts = in_the_way,
            .name = name,
            .standing = standing,
            .why = why.text,
            .documents = PLAN_DOCUMENTS_UNKNOWN});
}

static void look_at_others(struct planner *p)
{
    const char *name;
    json_t *template_;

    json_object_foreach(p->state->others, name, template_)
    {
        const char *pattern = first_pattern_meeting(p, template_);

        if (pattern != NULL) {
            judge_other(p, name, template_, pattern);
        }
    }
}

static void describe(const struct planner *p, char *out, size_t size)
{
    (void)snprintf(out, size, "%.200s, %s %d", p->w->names.pattern,
        priority_name(p), dataset_template_priority(p->w->dataset));
}

static void put_template(struct planner *p, enum index_action action)
{
    bool typed = legacy_type(p) != NULL;
    struct index_step *step =
        action == INDEX_KEEP ? planner_step(p, action, NULL, NULL)
                             : planner_step(p, action, "PUT", template_body(p));

    if (step == NULL) {
        return;
    }
    (void)snprintf(step->what, sizeof(step->what), "template %s",
        p->w->names.template_name);
    (void)snprintf(step->path, sizeof(step->path), "/%s/%s%s%s%s",
        p->engine->composable_templates ? "_index_template" : "_template",
        p->w->names.template_name, action == INDEX_CREATE ? "?create=true" : "",
        !p->engine->include_type_name && !typed ? ""
        : action == INDEX_CREATE                ? "&include_type_name="
                                                : "?include_type_name=",
        !p->engine->include_type_name && !typed ? ""
        : typed                                 ? "true"
                                                : "false");
}

void plan_template(struct planner *p)
{
    const json_t *standing = p->state->template_;
    const char *name = p->w->names.template_name;
    size_t before;
    char text[INDEX_NAME_BYTES + 64];

    describe(p, text, sizeof(text));
    if (p->w->refusal.text[0] != '\0') {
        planner_say(
            p, PLAN_FORBIDDEN, PLAN_TEMPLATE, name, NULL, p->w->refusal.text);
    }
    if (standing == NULL) {
        planner_line(p, &(struct plan_line){.verdict = PLAN_SAFE,
                            .subject = PLAN_TEMPLATE,
                            .drifts = true,
                            .contradicts = p->w->names.is_family,
                            .name = name,
                            .wanted = text,
                            .why = "is missing",
                            .documents = PLAN_DOCUMENTS_UNKNOWN});
        put_template(p, INDEX_CREATE);
    } else if (planner_owns(p, PLAN_TEMPLATE, name, standing)) {
        before = p->plan->lines.n;
        compare_template(p, standing);
        if (p->plan->lines.n == before && !planner_has_checksum(p, standing)) {
            say_difference(p, "_meta.sha256",
                index_meta_text(standing, "sha256"),
                index_meta_text(p->w->body, "sha256"));
        }
        if (p->plan->lines.n == before) {
            planner_say(p, PLAN_IN_PLACE, PLAN_TEMPLATE, name, text, NULL);
            put_template(p, INDEX_KEEP);
        } else {
            put_template(p, INDEX_UPDATE);
        }
    }
    look_at_others(p);
}
