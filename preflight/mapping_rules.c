/* A mapping compiled into rules; see mapping_rules.h. */
#include "preflight/mapping_rules.h"

#include <stdlib.h>
#include <string.h>

#define LIMIT "total_fields.limit"

static size_t count_fields(json_t *properties)
{
    size_t n = json_object_size(properties);
    const char *name;
    json_t *mapping;

    json_object_foreach(properties, name, mapping)
    {
        n += json_object_size(json_object_get(mapping, "fields"));
    }
    return n;
}

static void add_field(struct mapping_rules *r, const char *name,
    struct slice sub, const json_t *mapping)
{
    struct mapping_field *field = &r->fields[r->n_fields++];

    field->name = name;
    field->sub = sub;
    field_rule_read(mapping, &field->rule);
}

static int add_fields(
    struct mapping_rules *r, json_t *properties, struct error *err)
{
    const char *name, *sub;
    json_t *mapping, *sub_mapping;

    r->fields = calloc(count_fields(properties) + 1, sizeof(*r->fields));
    if (r->fields == NULL) {
        return error_set(err, "out of memory");
    }
    json_object_foreach(properties, name, mapping)
    {
        add_field(r, name, (struct slice){NULL, 0}, mapping);
        json_object_foreach(
            json_object_get(mapping, "fields"), sub, sub_mapping)
        {
            add_field(r, name, slice_of(sub), sub_mapping);
        }
    }
    return 0;
}

/* true and false may be written as such or as text; so may numbers. */
static enum mapping_dynamic read_dynamic(const json_t *value)
{
    const char *text = json_string_value(value);

    if (text != NULL && strcmp(text, "strict") == 0) {
        return DYNAMIC_STRICT;
    }
    return json_is_false(value) || (text != NULL && strcmp(text, "false") == 0)
               ? DYNAMIC_FALSE
               : DYNAMIC_TRUE;
}

/*
 * A setting by its name with dots; settings may also be written as objects in
 * each other, cut at any dot.
 */
static const json_t *find_setting(json_t *settings, const char *wanted)
{
    const char *name;
    json_t *value;

    json_object_foreach(settings, name, value)
    {
        size_t n = strlen(name);
        const json_t *found = NULL;

        if (strcmp(name, wanted) == 0) {
            return value;
        }
        if (strncmp(wanted, name, n) == 0 && wanted[n] == '.') {
            found = find_setting(value, wanted + n + 1);
        }
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

static size_t read_limit(json_t *settings)
{
    const json_t *limit = find_setting(settings, "index.mapping." LIMIT);

    if (limit == NULL) {
        limit = find_setting(settings, "mapping." LIMIT);
    }
    if (json_is_integer(limit) && json_integer_value(limit) > 0) {
        return (size_t)json_integer_value(limit);
    }
    return json_is_string(limit) ? strtoul(json_string_value(limit), NULL, 10)
                                 : MAPPING_DEFAULT_FIELD_LIMIT;
}

int mapping_rules_init(
    struct mapping_rules *r, const char *body, struct error *err)
{
    json_t *mappings;

    *r = (struct mapping_rules){.body = json_loads(body, 0, NULL)};
    if (r->body == NULL) {
        return error_set(err, "out of memory");
    }
    mappings = json_object_get(r->body, "mappings");
    r->dynamic = read_dynamic(json_object_get(mappings, "dynamic"));
    r->field_limit = read_limit(json_object_get(r->body, "settings"));
    return add_fields(r, json_object_get(mappings, "properties"), err);
}

void mapping_rules_fini(struct mapping_rules *r)
{
    free(r->fields);
    json_decref(r->body);
    *r = (struct mapping_rules){0};
}

const struct mapping_field *mapping_rules_find(
    const struct mapping_rules *r, struct slice name)
{
    for (size_t i = 0; i < r->n_fields; i++) {
        if (slice_is(name, r->fields[i].name)) {
            return &r->fields[i];
        }
    }
    return NULL;
}
