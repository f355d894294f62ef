/*
 * Which fields a search asks for. In the query DSL a field stands
 *
 *   as a value   "field": F, "_source": [F...], "fields", "docvalue_fields",
 *                in a script as doc['F'] or params._source['F']
 *   as a key     {"term": {F: ...}}, the same in terms, range, match and the
 *                like, and in "sort": [{F: ...}] of hits
 *
 * while in bucket_sort, "order" and buckets_path stand aggregations' names.
 */
#include "kibana/used_fields.h"

#include "kibana/object_text.h"
#include "kibana/vega_spec.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* Queries whose keys are fields. */
static const char *const keyed[] = {"term", "range", "match", "match_phrase",
    "match_phrase_prefix", "prefix", "wildcard", "regexp", "fuzzy"};

/* Lists of fields. */
static const char *const listed[] = {
    "_source", "fields", "docvalue_fields", "stored_fields", "includes"};

/* Where names of aggregations stand and none of fields. */
static const char *const opaque[] = {"order", "buckets_path", "bucket_sort"};

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(word, list[i]) == 0) {
            return true;
        }
    }
    return false;
}

size_t used_fields_base(const char *field)
{
    return strcspn(field, ".");
}

/* _id, _score and the like are no fields of ours, patterns name no single
 * one. */
static void add(json_t *fields, const char *name, size_t n)
{
    if (n > 0 && name[0] != '_' && memchr(name, '*', n) == NULL) {
        (void)json_object_setn_new(fields, name, n, json_true());
    }
}

static void add_text(json_t *fields, const json_t *text)
{
    if (json_is_string(text)) {
        add(fields, json_string_value(text), json_string_length(text));
    }
}

static void add_keys(json_t *fields, const json_t *object)
{
    json_t *value;
    const char *key;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        /* {"term": {"boost": 2, F: ...}} is older than our engines. */
        add(fields, key, strlen(key));
    }
}

/* "F", ["F", {"field": "F"}, {"F": "desc"}]; keys only in a sort. */
static void add_list(json_t *fields, const json_t *list, bool keys)
{
    const json_t *one;
    size_t i;

    add_text(fields, list);
    if (json_is_object(list) && keys) {
        add_keys(fields, list);
    }
    json_array_foreach(list, i, one)
    {
        add_text(fields, one);
        add_text(fields, json_object_get(one, "field"));
        if (json_is_object(one) && keys) {
            add_keys(fields, one);
        }
    }
}

/* Each F of doc['F'] and _source['F'], with either quote. */
static void add_script(json_t *fields, const char *script)
{
    for (const char *at = script; (at = strchr(at, '[')) != NULL; at++) {
        char quote = at[1];
        const char *end;

        if (quote != '\'' && quote != '"') {
            continue;
        }
        end = strchr(at + 2, quote);
        if (end != NULL &&
            ((at - script >= 3 && strncmp(at - 3, "doc", 3) == 0) ||
                (at - script >= 7 && strncmp(at - 7, "_source", 7) == 0))) {
            add(fields, at + 2, (size_t)(end - at - 2));
        }
    }
}

static void take_member(const char *key, const json_t *value, json_t *fields)
{
    if (strcmp(key, "field") == 0) {
        add_text(fields, value);
    } else if (is_one_of(key, listed, COUNT_OF(listed))) {
        add_list(fields, value, false);
    } else if (strcmp(key, "sort") == 0) {
        add_list(fields, value, true);
        return; /* its objects are done */
    } else if (is_one_of(key, keyed, COUNT_OF(keyed))) {
        add_keys(fields, value);
    } else if (strcmp(key, "terms") == 0 &&
               json_object_get(value, "field") == NULL) {
        add_keys(fields, value); /* the query; the aggregation has "field" */
    } else if (strcmp(key, "source") == 0 && json_is_string(value)) {
        add_script(fields, json_string_value(value));
    } else if (strcmp(key, "script") == 0 && json_is_string(value)) {
        add_script(fields, json_string_value(value));
    } else if (is_one_of(key, opaque, COUNT_OF(opaque))) {
        return;
    }
    used_fields_of_body(value, fields);
}

void used_fields_of_body(const json_t *body, json_t *fields)
{
    const char *key;
    json_t *value;
    size_t i;

    json_object_foreach((json_t *)(uintptr_t)body, key, value)
    {
        take_member(key, value, fields);
    }
    json_array_foreach(body, i, value)
    {
        used_fields_of_body(value, fields);
    }
}

static void take_url(json_t *url, void *arg)
{
    add_text(arg, json_object_get(url, "%timefield%"));
    used_fields_of_body(json_object_get(url, "body"), arg);
}

static void take_aggs(const json_t *aggs, json_t *fields)
{
    const json_t *agg;
    size_t i;

    json_array_foreach(aggs, i, agg)
    {
        const json_t *params = json_object_get(agg, "params");

        add_text(fields, json_object_get(params, "field"));
        add_text(fields, json_object_get(params, "sortField"));
    }
}

static void take_controls(const json_t *params, json_t *fields)
{
    const json_t *control;
    size_t i;

    json_array_foreach(json_object_get(params, "controls"), i, control)
    {
        add_text(fields, json_object_get(control, "fieldName"));
    }
}

static void take_visualization(const json_t *object, json_t *fields)
{
    json_t *state =
        object_text_parse(json_object_get(object, "attributes"), "visState");
    json_t *params = json_object_get(state, "params");
    json_t *spec = object_text_parse(params, "spec");

    vega_spec_each_url(spec, take_url, fields);
    take_aggs(json_object_get(state, "aggs"), fields);
    take_controls(params, fields);
    json_decref(spec);
    json_decref(state);
}

/* A lens column names its field as "sourceField"; "Records" counts. */
static void take_lens(const json_t *tree, json_t *fields)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)tree, key, value)
    {
        if (strcmp(key, "sourceField") == 0 &&
            strcmp(object_text(tree, key), "Records") != 0) {
            add_text(fields, value);
        }
        take_lens(value, fields);
    }
}

json_t *used_fields(const json_t *object)
{
    const char *type = object_text(object, "type");
    json_t *fields = json_object();

    if (strcmp(type, "visualization") == 0) {
        take_visualization(object, fields);
    } else if (strcmp(type, "lens") == 0) {
        take_lens(json_object_get(object, "attributes"), fields);
    }
    return fields;
}
