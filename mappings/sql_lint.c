/*
 * The SQL lint; see sql_lint.h. The rules follow from both products' own lists
 * of limits: arrays and nested fields are no columns, text groups and sorts
 * only through a keyword that is not normalized, several date formats make a
 * TIMESTAMP of a date, unsigned_long is a preview, hyphens need quotes.
 */
#include "mappings/sql_lint.h"

#include "mappings/engine_get.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 512

static void say(struct plan_lines *lines, const char *path, const char *why)
{
    plan_lines_add(lines, &(struct plan_line){.verdict = PLAN_NOTE,
                              .subject = PLAN_SQL,
                              .path = path,
                              .why = why,
                              .documents = PLAN_DOCUMENTS_UNKNOWN});
}

/* What is wrong with a type as such; NULL for nothing. */
static const char *fault_of_type(const char *type)
{
    static const struct {
        const char *type, *fault;
    } rows[] = {
        {"nested", "nested fields are no columns; make columns of them"},
        {"object", "an object is no column; make columns of its fields"},
        {"flattened", "a flattened field is no column"},
        {"float", "a float keeps 7 digits; use double, or long for counts"},
        {"half_float", "a half_float keeps 3 digits; use double"},
        {"unsigned_long", "unsigned_long is a preview in SQL; use long"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].type, type) == 0) {
            return rows[i].fault;
        }
    }
    return NULL;
}

static const char *text_in(const json_t *field, const char *key)
{
    const char *text = json_string_value(json_object_get(field, key));

    return text != NULL ? text : "";
}

static bool has_keyword_below(const json_t *field)
{
    const char *name;
    json_t *sub;

    json_object_foreach(json_object_get(field, "fields"), name, sub)
    {
        if (strcmp(text_in(sub, "type"), "keyword") == 0 &&
            json_object_get(sub, "normalizer") == NULL) {
            return true;
        }
    }
    return false;
}

/* Parameters that keep a field out of groups and sums. */
static const char *fault_of_parameters(const json_t *field)
{
    if (strcmp(text_in(field, "type"), "text") == 0) {
        return has_keyword_below(field)
                   ? NULL
                   : "text is not grouped or sorted by; use keyword, or give "
                     "it a keyword sub-field";
    }
    if (json_object_get(field, "normalizer") != NULL) {
        return "SQL does not take normalized keywords";
    }
    if (json_is_false(json_object_get(field, "doc_values"))) {
        return "doc_values are off: it cannot be grouped or summed by";
    }
    if (json_is_false(json_object_get(field, "index"))) {
        return "index is off: it cannot be a condition";
    }
    if (strstr(text_in(field, "format"), "||") != NULL) {
        return "several date formats: SQL makes a TIMESTAMP of it, and "
               "conditions on days miss; use one";
    }
    return NULL;
}

static void lint_field(
    struct plan_lines *lines, const char *name, json_t *field)
{
    const char *fault = fault_of_type(text_in(field, "type"));
    const char *sub_name;
    json_t *sub;

    if (fault == NULL && json_object_get(field, "properties") != NULL) {
        fault = fault_of_type("object");
    }
    if (fault == NULL) {
        fault = fault_of_parameters(field);
    }
    if (fault != NULL) {
        say(lines, name, fault);
    }
    json_object_foreach(json_object_get(field, "fields"), sub_name, sub)
    {
        fault = fault_of_type(text_in(sub, "type"));
        if (fault != NULL) {
            char path[PATH_BYTES];

            (void)snprintf(path, sizeof(path), "%s.%s", name, sub_name);
            say(lines, path, fault);
        }
    }
}

int sql_lint_dataset(
    struct plan_lines *lines, const struct dataset *ds, struct error *err)
{
    char *text;
    json_t *body, *mappings, *field;
    const char *name;

    if (dataset_create_body(ds, "standard", &text, err) != 0) {
        return -1;
    }
    body = json_loads(text, 0, NULL);
    free(text);
    mappings = json_object_get(body, "mappings");
    json_object_foreach(json_object_get(mappings, "properties"), name, field)
    {
        lint_field(lines, name, field);
    }
    if (strcmp(text_in(mappings, "dynamic"), "true") == 0) {
        say(lines, "elasticsearch.dynamic",
            "fields nobody declared are guessed: numbers become float, texts "
            "text; use strict or false");
    }
    if (strchr(ds->alias, '-') != NULL || strchr(ds->alias, '.') != NULL) {
        say(lines, "index",
            "the alias holds '-' or '.', so SQL must quote it; use '_'");
    }
    json_decref(body);
    return lines->out_of_memory || body == NULL
               ? error_set(err, "out of memory")
               : 0;
}

/* A keyword that can be grouped by, below name: "Name.keyword". */
static bool caps_have_keyword(json_t *fields, const char *name)
{
    size_t n = strlen(name);
    const char *other;
    json_t *types;

    json_object_foreach(fields, other, types)
    {
        if (strncmp(other, name, n) == 0 && other[n] == '.' &&
            json_is_true(json_object_get(
                json_object_get(types, "keyword"), "aggregatable"))) {
            return true;
        }
    }
    return false;
}

static void lint_caps_of(
    struct plan_lines *lines, json_t *fields, const char *name, json_t *types)
{
    const char *type = json_object_iter_key(json_object_iter(types));
    json_t *caps = json_object_get(types, type != NULL ? type : "");
    const char *fault;
    struct error why;

    if (json_object_size(types) > 1) {
        (void)error_set(&why,
            "its type differs between the indices behind the alias (%s and "
            "%s): SQL and Kibana take it for a conflict",
            type,
            json_object_iter_key(
                json_object_iter_next(types, json_object_iter(types))));
        say(lines, name, why.text);
        return;
    }
    fault = type != NULL ? fault_of_type(type) : NULL;
    if (fault == NULL && strchr(name, '.') == NULL &&
        !json_is_true(json_object_get(caps, "aggregatable")) &&
        !caps_have_keyword(fields, name)) {
        fault = "the engine cannot group or sum by it";
    } else if (fault == NULL && strcmp(type != NULL ? type : "", "text") != 0 &&
               !json_is_true(json_object_get(caps, "searchable"))) {
        fault = "the engine cannot search it";
    }
    if (fault != NULL) {
        say(lines, name, fault);
    }
}

void sql_lint_field_caps(
    struct plan_lines *lines, const struct dataset *ds, const json_t *caps)
{
    json_t *fields = json_object_get(caps, "fields");
    const char *name;
    json_t *types;

    json_object_foreach(fields, name, types)
    {
        if (name[0] != '_') { /* _id, _source, ...: the engine's own */
            lint_caps_of(lines, fields, name, types);
        }
    }
    for (size_t i = 0; i < ds->n_columns; i++) {
        if (json_object_get(fields, ds->columns[i].name) == NULL) {
            say(lines, ds->columns[i].name, "no index has it");
        }
    }
}

int sql_lint_engine(struct plan_lines *lines, const struct endpoint *e,
    const struct dataset *ds, struct error *err)
{
    char path[PATH_BYTES];
    json_t *caps;

    (void)snprintf(path, sizeof(path), "/%s/_field_caps?fields=*", ds->alias);
    if (engine_get(e, path, &caps, err) != 0) {
        return -1;
    }
    if (caps != NULL) {
        sql_lint_field_caps(lines, ds, caps);
    }
    json_decref(caps);
    return lines->out_of_memory ? error_set(err, "out of memory") : 0;
}
