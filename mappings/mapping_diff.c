/*
 * Mappings compared; see mapping_diff.h.
 *
 * What an engine lets one change of a field that stands is written in its
 * field mappers (the "updateable" of each parameter, the same in Elasticsearch
 * 7 to 9 and OpenSearch; 6.8 knows fewer parameters). All else, the type first
 * of all, needs a new index.
 */
#include "mappings/mapping_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 1024

static const char *const updatable[] = {"boost", "coerce", "copy_to",
    "eager_global_ordinals", "fielddata", "ignore_above", "ignore_malformed",
    "meta", "search_analyzer", "search_quote_analyzer",
    "split_queries_on_whitespace"};

/* Of a whole mapping: what cannot be changed later. */
static const char *const fixed_at_root[] = {"_routing", "_size", "_source"};

/* What an engine leaves out when it writes a mapping. */
static const struct {
    const char *name;
    bool value;
} defaults[] = {{"index", true}, {"doc_values", true}, {"store", false},
    {"coerce", true}, {"ignore_malformed", false}, {"norms", true}};

/* Differing here, they make records refused or their values wrong. */
static const char *const meaning[] = {
    "type", "format", "coerce", "ignore_malformed"};

static bool is_one_of(
    const char *name, const char *const *names, size_t n_names)
{
    for (size_t i = 0; i < n_names; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

#define IS_ONE_OF(name, names)                                                 \
    is_one_of(name, names, sizeof(names) / sizeof((names)[0]))

/* true and "true" are one, so are 5 and "5": engines write both. */
static char *text_of(const json_t *value)
{
    return json_is_string(value)
               ? strdup(json_string_value(value))
               : json_dumps(
                     value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
}

static bool is_default(const char *name, const char *text)
{
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++) {
        if (strcmp(defaults[i].name, name) == 0) {
            return strcmp(text, defaults[i].value ? "true" : "false") == 0;
        }
    }
    return false;
}

static void add_line(const struct mapping_diff *d, enum plan_verdict verdict,
    const char *path, const char *standing, const char *wanted,
    bool contradicts)
{
    bool changes = verdict == PLAN_NEW_INDEX || verdict == PLAN_SAFE;
    const struct plan_line line = {
        .verdict = d->replaceable && changes ? PLAN_SAFE : verdict,
        .subject = d->subject,
        .drifts = true,
        .contradicts = contradicts && !d->replaceable,
        .name = d->name,
        .path = path,
        .standing = standing,
        .wanted = wanted,
        .why = verdict == PLAN_NOTE
                   ? "stands, but the dataset has no such field; it stays "
                     "until there is a new index"
               : d->replaceable            ? NULL
               : verdict == PLAN_NEW_INDEX ? d->why_new_index
                                           : d->why_safe,
        .documents = d->documents};

    plan_lines_add(d->lines, &line);
}

/* One parameter of one field, or of the mapping itself; NULL is absent. */
static void compare_parameter(const struct mapping_diff *d, const char *path,
    const char *name, bool can_change, const json_t *wanted,
    const json_t *standing)
{
    char *want = wanted != NULL ? text_of(wanted) : NULL;
    char *have = standing != NULL ? text_of(standing) : NULL;
    bool same;

    if ((wanted != NULL && want == NULL) ||
        (standing != NULL && have == NULL)) {
        d->lines->out_of_memory = true;
    } else {
        same = want != NULL && have != NULL
                   ? strcmp(want, have) == 0
                   : is_default(name, want != NULL ? want : have);
        if (!same) {
            add_line(d, can_change ? PLAN_SAFE : PLAN_NEW_INDEX, path,
                have != NULL ? have : "(default)",
                want != NULL ? want : "(default)", IS_ONE_OF(name, meaning));
        }
    }
    free(want);
    free(have);
}

/* How the fields of one level are looked at. */
struct level {
    const char *dynamic; /* what becomes of an unknown field there */
    bool grows;          /* fields that only stand are as they should be */
};

static void compare_fields(const struct mapping_diff *d, const char *prefix,
    const json_t *wanted, const json_t *standing, struct level level);

static const char *type_of(const json_t *field)
{
    const char *type = json_string_value(json_object_get(field, "type"));

    return type != NULL ? type : "object"; /* what engines leave unsaid */
}

/* Everything of a field but its type and what lies below it. */
static void compare_parameters(const struct mapping_diff *d, const char *prefix,
    json_t *wanted, json_t *standing)
{
    char path[PATH_BYTES];
    const char *name;
    json_t *value;

    json_object_foreach(wanted, name, value)
    {
        if (json_is_object(value) && strcmp(name, "meta") != 0) {
            continue; /* fields, properties */
        }
        (void)snprintf(path, sizeof(path), "%s.%s", prefix, name);
        compare_parameter(d, path, name, IS_ONE_OF(name, updatable), value,
            json_object_get(standing, name));
    }
    json_object_foreach(standing, name, value)
    {
        if (json_object_get(wanted, name) == NULL && !json_is_object(value)) {
            (void)snprintf(path, sizeof(path), "%s.%s", prefix, name);
            compare_parameter(
                d, path, name, IS_ONE_OF(name, updatable), NULL, value);
        }
    }
}

static void compare_field(const struct mapping_diff *d, const char *path,
    json_t *wanted, json_t *standing, struct level level)
{
    /* A sub-field that is missing loses a way to search, no document. */
    const struct level sub_fields = {.dynamic = "false"};
    char deeper[PATH_BYTES];

    if (strcmp(type_of(wanted), type_of(standing)) != 0) {
        (void)snprintf(deeper, sizeof(deeper), "%s.type", path);
        add_line(d, PLAN_NEW_INDEX, deeper, type_of(standing), type_of(wanted),
            true);
        return;
    }
    compare_parameters(d, path, wanted, standing);
    (void)snprintf(deeper, sizeof(deeper), "%s.", path);
    compare_fields(d, deeper, json_object_get(wanted, "properties"),
        json_object_get(standing, "properties"), level);
    compare_fields(d, deeper, json_object_get(wanted, "fields"),
        json_object_get(standing, "fields"), sub_fields);
}

static void compare_fields(const struct mapping_diff *d, const char *prefix,
    const json_t *wanted, const json_t *standing, struct level level)
{
    char path[PATH_BYTES];
    const char *name;
    json_t *field;

    json_object_foreach((json_t *)(uintptr_t)wanted, name, field)
    {
        json_t *there = json_object_get(standing, name);

        (void)snprintf(path, sizeof(path), "%s%s", prefix, name);
        if (there == NULL) {
            add_line(d, PLAN_SAFE, path, NULL, type_of(field),
                strcmp(level.dynamic, "false") != 0);
        } else {
            compare_field(d, path, field, there, level);
        }
    }
    json_object_foreach((json_t *)(uintptr_t)standing, name, field)
    {
        if (json_object_get(wanted, name) == NULL && !level.grows) {
            (void)snprintf(path, sizeof(path), "%s%s", prefix, name);
            add_line(d, d->replaceable ? PLAN_SAFE : PLAN_NOTE, path,
                type_of(field), d->replaceable ? "(none)" : NULL, false);
        }
    }
}

/* "dynamic" is a text or a boolean; true when nothing is said. */
static const char *dynamic_of(const json_t *mapping)
{
    const json_t *dynamic = json_object_get(mapping, "dynamic");

    return json_is_string(dynamic)  ? json_string_value(dynamic)
           : json_is_false(dynamic) ? "false"
                                    : "true";
}

static void compare_root(
    const struct mapping_diff *d, json_t *wanted, json_t *standing)
{
    const char *name;
    json_t *value;

    if (strcmp(dynamic_of(wanted), dynamic_of(standing)) != 0) {
        add_line(d, PLAN_SAFE, "dynamic", dynamic_of(standing),
            dynamic_of(wanted), false);
    }
    json_object_foreach(standing, name, value)
    {
        if (strcmp(name, "dynamic") != 0 && strcmp(name, "properties") != 0 &&
            strcmp(name, "_meta") != 0) {
            compare_parameter(d, name, name, !IS_ONE_OF(name, fixed_at_root),
                json_object_get(wanted, name), value);
        }
    }
}

void mapping_diff(
    const struct mapping_diff *d, const json_t *wanted, const json_t *standing)
{
    const struct level top = {.dynamic = dynamic_of(standing),
        .grows = strcmp(dynamic_of(wanted), "true") == 0};

    compare_root(d, (json_t *)(uintptr_t)wanted, (json_t *)(uintptr_t)standing);
    compare_fields(d, "", json_object_get(wanted, "properties"),
        json_object_get(standing, "properties"), top);
}

static size_t count_properties(json_t *properties, const json_t *more)
{
    const char *name;
    json_t *field;
    size_t n = 0;

    json_object_foreach(properties, name, field)
    {
        json_t *other = json_object_get(more, name);

        n += 1 +
             count_properties(json_object_get(field, "properties"),
                 json_object_get(other, "properties")) +
             count_properties(json_object_get(field, "fields"),
                 json_object_get(other, "fields"));
    }
    json_object_foreach((json_t *)(uintptr_t)more, name, field)
    {
        if (json_object_get(properties, name) == NULL) {
            n += 1 +
                 count_properties(json_object_get(field, "properties"), NULL) +
                 count_properties(json_object_get(field, "fields"), NULL);
        }
    }
    return n;
}

size_t mapping_count_fields(const json_t *mapping, const json_t *more)
{
    return count_properties(json_object_get(mapping, "properties"),
        json_object_get(more, "properties"));
}
