/*
 * Flows as JSON: flow.json, flow definitions, registry snapshots. They share
 * the form of a process group. jansson builds a tree of all of it, so values
 * are counted before: a hostile file would cost hundreds of bytes for each of
 * its own.
 */
#include "bridge/nifi/flow_file.h"

#include <jansson.h>
#include <string.h>

#define MAX_VALUES 3000000
#define MAX_DEPTH 400

/* At most as many values, and as deep, as a tree may have; a coarse count. */
static int check_bounds(struct slice text, struct error *err)
{
    size_t values = 0, depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];

        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
            continue;
        }
        in_string = c == '"';
        values += c == ',' || c == '{' || c == '[' ? 1 : 0;
        depth += c == '{' || c == '[' ? 1 : 0;
        depth -= (c == '}' || c == ']') && depth > 0 ? 1 : 0;
        if (values > MAX_VALUES || depth > MAX_DEPTH) {
            return error_set(err,
                values > MAX_VALUES
                    ? "it holds more than %d values; export the one process "
                      "group that is meant"
                    : "its objects nest deeper than any flow's",
                MAX_VALUES);
        }
    }
    return 0;
}

static json_t *parse(struct slice text, struct error *err)
{
    json_error_t why;
    json_t *root;

    if (check_bounds(text, err) != 0) {
        return NULL;
    }
    root = json_loadb(text.p, text.len, JSON_REJECT_DUPLICATES, &why);
    if (root == NULL) {
        (void)error_set(
            err, "line %d, column %d: %s", why.line, why.column, why.text);
    }
    return root;
}

static struct slice slice_of_json(const json_t *text)
{
    return (struct slice){json_string_value(text), json_string_length(text)};
}

/* A member as text: numbers and booleans as they would be written. NULL when
 * it is absent or null. */
static const char *text_of(
    struct flow *f, const json_t *o, const char *key, struct error *err)
{
    const json_t *v = json_object_get(o, key);
    char number[64];

    *err = (struct error){{0}};
    switch (v != NULL ? json_typeof(v) : JSON_NULL) {
    case JSON_STRING:
        return flow_text(f, slice_of_json(v), err);
    case JSON_INTEGER:
        (void)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
            json_integer_value(v));
        return flow_text(f, slice_of(number), err);
    case JSON_REAL:
        (void)snprintf(number, sizeof(number), "%.17g", json_real_value(v));
        return flow_text(f, slice_of(number), err);
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
    case JSON_OBJECT:
    case JSON_ARRAY:
        break;
    }
    return NULL;
}

struct field {
    const char *key;
    const char **to;
};

/* Several members at once; what is absent stays as it was. */
static int take_fields(struct flow *f, const json_t *o,
    const struct field *fields, size_t n, struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        const char *text = text_of(f, o, fields[i].key, err);

        if (text == NULL && err->text[0] != '\0') {
            return -1;
        }
        if (text != NULL) {
            *fields[i].to = text;
        }
    }
    return 0;
}

#define TAKE(f, o, fields, err)                                                \
    take_fields(f, o, fields, sizeof(fields) / sizeof((fields)[0]), err)

static int take_names(struct flow *f, const json_t *array,
    struct flow_names *names, struct error *err)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *name = json_array_get(array, i);

        if (json_is_string(name) &&
            flow_put_name(f, names, slice_of_json(name), err) != 0) {
            return -1;
        }
    }
    return 0;
}

static bool is_sensitive(const json_t *descriptors, const char *name)
{
    return json_is_true(
        json_object_get(json_object_get(descriptors, name), "sensitive"));
}

/* Which also puts the sensitive ones that the descriptors alone tell of. */
static int take_properties(
    struct flow *f, const json_t *o, struct flow_list *list, struct error *err)
{
    const json_t *descriptors = json_object_get(o, "propertyDescriptors");
    const char *key;
    json_t *properties = json_object_get(o, "properties"), *value;

    json_object_foreach(properties, key, value)
    {
        struct slice text = slice_of_json(value);

        if (!json_is_string(value) && !json_is_null(value)) {
            return error_set(
                err, "the property '%.100s' is neither text nor null", key);
        }
        if (flow_put(f, list, slice_of(key),
                json_is_string(value) ? &text : NULL,
                is_sensitive(descriptors, key), err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int take_component(struct flow *f, const json_t *o, enum flow_kind kind,
    struct flow_group *group, struct error *err)
{
    struct flow_component *c = flow_add_component(f, kind, group, err);
    const json_t *bundle = json_object_get(o, "bundle");

    if (c == NULL) {
        return -1;
    }
    {
        const struct field fields[] = {{"identifier", &c->id},
            {"instanceIdentifier", &c->instance_id}, {"name", &c->name},
            {"type", &c->type}, {"scheduledState", &c->state},
            {"concurrentlySchedulableTaskCount", &c->tasks},
            {"schedulingPeriod", &c->period},
            {"schedulingStrategy", &c->strategy},
            {"penaltyDuration", &c->penalty}, {"yieldDuration", &c->yield},
            {"retryCount", &c->retry_count},
            {"maxBackoffPeriod", &c->max_backoff}};
        const struct field of_bundle[] = {
            {"artifact", &c->artifact}, {"version", &c->version}};

        if (TAKE(f, o, fields, err) != 0 ||
            TAKE(f, bundle, of_bundle, err) != 0) {
            return -1;
        }
    }
    c->has_advanced_rules =
        json_string_length(json_object_get(o, "annotationData")) > 0;
    if (take_properties(f, o, &c->properties, err) != 0) {
        return error_prefix(err, "%s: ", c->name);
    }
    return take_names(f, json_object_get(o, "autoTerminatedRelationships"),
               &c->auto_terminated, err) == 0
               ? take_names(f, json_object_get(o, "retriedRelationships"),
                     &c->retried, err)
               : -1;
}

static int take_components(struct flow *f, const json_t *owner, const char *key,
    enum flow_kind kind, struct flow_group *group, struct error *err)
{
    const json_t *array = json_object_get(owner, key);

    for (size_t i = 0; i < json_array_size(array); i++) {
        if (take_component(f, json_array_get(array, i), kind, group, err) !=
            0) {
            return -1;
        }
    }
    return 0;
}

static int take_connection(struct flow *f, const json_t *o,
    struct flow_group *group, struct error *err)
{
    struct flow_connection *c = flow_add_connection(f, group, err);

    if (c == NULL) {
        return -1;
    }
    const struct field fields[] = {{"identifier", &c->id}, {"name", &c->name},
        {"backPressureObjectThreshold", &c->max_objects},
        {"backPressureDataSizeThreshold", &c->max_size},
        {"flowFileExpiration", &c->expiration},
        {"loadBalanceStrategy", &c->load_balance}};
    const struct field of_source[] = {{"id", &c->source.id},
        {"instanceIdentifier", &c->source.instance_id},
        {"groupId", &c->source.group_id}};
    const struct field of_destination[] = {{"id", &c->destination.id},
        {"instanceIdentifier", &c->destination.instance_id},
        {"groupId", &c->destination.group_id}};

    if (TAKE(f, o, fields, err) != 0 ||
        TAKE(f, json_object_get(o, "source"), of_source, err) != 0 ||
        TAKE(f, json_object_get(o, "destination"), of_destination, err) != 0) {
        return -1;
    }
    return take_names(f, json_object_get(o, "selectedRelationships"),
               &c->relationships, err) == 0
               ? take_names(f, json_object_get(o, "prioritizers"),
                     &c->prioritizers, err)
               : -1;
}

static int take_variables(
    struct flow *f, const json_t *o, struct flow_group *g, struct error *err)
{
    const char *key;
    json_t *value, *variables = json_object_get(o, "variables");

    json_object_foreach(variables, key, value)
    {
        struct slice text = slice_of_json(value);

        if (json_is_string(value) &&
            flow_put(f, &g->variables, slice_of(key), &text, false, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int take_remotes(
    struct flow *f, const json_t *o, struct flow_group *g, struct error *err)
{
    const json_t *array = json_object_get(o, "remoteProcessGroups");

    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *remote = json_array_get(array, i);

        if (take_components(f, remote, "inputPorts", FLOW_REMOTE, g, err) !=
                0 ||
            take_components(f, remote, "outputPorts", FLOW_REMOTE, g, err) !=
                0) {
            return -1;
        }
    }
    return 0;
}

static int take_group(struct flow *f, const json_t *o,
    struct flow_group *parent, struct error *err)
{
    struct flow_group *g = flow_add_group(f, parent, err);
    const json_t *array;

    if (g == NULL) {
        return -1;
    }
    const struct field fields[] = {{"identifier", &g->id},
        {"instanceIdentifier", &g->instance_id}, {"name", &g->name},
        {"parameterContextName", &g->context}};

    if (TAKE(f, o, fields, err) != 0 || take_variables(f, o, g, err) != 0 ||
        take_components(f, o, "processors", FLOW_PROCESSOR, g, err) != 0 ||
        take_components(f, o, "inputPorts", FLOW_INPUT_PORT, g, err) != 0 ||
        take_components(f, o, "outputPorts", FLOW_OUTPUT_PORT, g, err) != 0 ||
        take_components(f, o, "funnels", FLOW_FUNNEL, g, err) != 0 ||
        take_components(f, o, "controllerServices", FLOW_SERVICE, g, err) !=
            0 ||
        take_remotes(f, o, g, err) != 0) {
        return -1;
    }
    array = json_object_get(o, "connections");
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (take_connection(f, json_array_get(array, i), g, err) != 0) {
            return -1;
        }
    }
    array = json_object_get(o, "processGroups");
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (take_group(f, json_array_get(array, i), g, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int take_context(
    struct flow *f, const json_t *o, const char *name, struct error *err)
{
    struct flow_context *c = flow_add_context(f, err);
    const json_t *array = json_object_get(o, "parameters");

    if (c == NULL) {
        return -1;
    }
    c->name = name != NULL ? flow_text(f, slice_of(name), err) : "";
    if (c->name == NULL) {
        return -1;
    }
    const struct field fields[] = {{"identifier", &c->id}, {"name", &c->name}};

    if (TAKE(f, o, fields, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < json_array_size(array); i++) {
        const json_t *p = json_array_get(array, i);
        struct slice value = slice_of_json(json_object_get(p, "value"));
        const json_t *key = json_object_get(p, "name");

        if (json_is_string(key) &&
            flow_put(f, &c->parameters, slice_of_json(key),
                value.p != NULL ? &value : NULL,
                json_is_true(json_object_get(p, "sensitive")), err) != 0) {
            return -1;
        }
    }
    return take_names(f, json_object_get(o, "inheritedParameterContexts"),
        &c->inherited, err);
}

/* A list in flow.json, an object by name in definitions. */
static int take_contexts(
    struct flow *f, const json_t *contexts, struct error *err)
{
    const char *key;
    json_t *value, *object;
    size_t i;

    json_array_foreach(contexts, i, value)
    {
        if (take_context(f, value, NULL, err) != 0) {
            return -1;
        }
    }
    if (!json_is_object(contexts)) {
        return 0;
    }
    object = json_incref((json_t *)(uintptr_t)contexts);
    json_object_foreach(object, key, value)
    {
        if (take_context(f, value, key, err) != 0) {
            json_decref(object);
            return -1;
        }
    }
    json_decref(object);
    return 0;
}

/* Services that a definition uses but does not hold: known by name alone. */
static int take_outside(struct flow *f, json_t *services, struct error *err)
{
    const char *key;
    json_t *value;

    json_object_foreach(services, key, value)
    {
        struct flow_component *c;

        if (take_component(f, value, FLOW_SERVICE, NULL, err) != 0) {
            return -1;
        }
        c = f->components[f->n_components - 1];
        c->is_outside = true;
        if (c->id[0] == '\0') {
            c->id = flow_text(f, slice_of(key), err);
            if (c->id == NULL) {
                return -1;
            }
        }
    }
    return 0;
}

static int take_definition(
    struct flow *f, const json_t *snapshot, struct error *err)
{
    const struct field encoding[] = {{"flowEncodingVersion", &f->encoding}};

    return TAKE(f, snapshot, encoding, err) == 0 &&
                   take_contexts(f,
                       json_object_get(snapshot, "parameterContexts"),
                       err) == 0 &&
                   take_outside(f,
                       json_object_get(snapshot, "externalControllerServices"),
                       err) == 0
               ? take_group(
                     f, json_object_get(snapshot, "flowContents"), NULL, err)
               : -1;
}

static int take_flow(struct flow *f, const json_t *root, struct error *err)
{
    return take_contexts(f, json_object_get(root, "parameterContexts"), err) ==
                       0 &&
                   take_components(f, root, "controllerServices", FLOW_SERVICE,
                       NULL, err) == 0
               ? take_group(f, json_object_get(root, "rootGroup"), NULL, err)
               : -1;
}

static int take_root(struct flow *f, const json_t *root, struct error *err)
{
    const json_t *content = json_object_get(root, "content");
    const json_t *snapshot = json_object_get(content, "flowSnapshot");

    if (json_is_object(json_object_get(root, "rootGroup"))) {
        f->format = FLOW_JSON;
        return take_flow(f, root, err);
    }
    if (json_is_object(json_object_get(root, "flowContents"))) {
        f->format = FLOW_DEFINITION;
        return take_definition(f, root, err);
    }
    f->format = FLOW_REGISTRY;
    if (json_is_object(json_object_get(snapshot, "flowContents"))) {
        return take_definition(f, snapshot, err);
    }
    if (json_is_object(json_object_get(content, "flowContents"))) {
        return take_definition(f, content, err);
    }
    return error_set(err,
        "it is JSON, but no flow of NiFi's: it has none of rootGroup "
        "(flow.json), flowContents (flow definition) and "
        "content.flowSnapshot (registry)");
}

int flow_json_read(struct flow *f, struct slice text, struct error *err)
{
    json_t *root = parse(text, err);
    int rc;

    if (root == NULL) {
        return -1;
    }
    rc = take_root(f, root, err);
    json_decref(root);
    return rc;
}
