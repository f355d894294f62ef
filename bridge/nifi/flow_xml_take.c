/*
 * Components as templates and as flow.xml write them; see flow_xml_take.h.
 * Both forms are looked for in each, since their names do not clash:
 *
 *                    template                       flow.xml
 *   class            type                           class
 *   settings         config/...                     next to it
 *   properties       config/properties/entry        property
 *   auto-terminated  relationships/autoTerminate    autoTerminatedRelationship
 *   connection ends  source/id, destination/id      sourceId, destinationId
 */
#include "bridge/nifi/flow_xml_take.h"

#include <assert.h>
#include <string.h>

struct field {
    const char *name;
    const char **to;
};

/* The text of the first child that is there, copied; what is absent stays. */
static int take_fields(struct flow *f, const struct xml_node *n,
    const struct field *fields, size_t n_fields, struct error *err)
{
    for (size_t i = 0; i < n_fields; i++) {
        const char *text = xml_child_text(n, fields[i].name);

        if (text == NULL) {
            continue;
        }
        *fields[i].to = flow_text(f, slice_of(text), err);
        if (*fields[i].to == NULL) {
            return -1;
        }
    }
    return 0;
}

#define TAKE(f, n, fields, err)                                                \
    take_fields(f, n, fields, sizeof(fields) / sizeof((fields)[0]), err)

/* An entry or property without a value has none; an empty one is empty. */
static int put_property(struct flow *f, struct flow_list *list,
    const char *name, const struct xml_node *value, struct error *err)
{
    struct slice text;

    if (name == NULL) {
        return 0;
    }
    text = slice_of(value != NULL ? value->text : "");
    return flow_put(
        f, list, slice_of(name), value != NULL ? &text : NULL, false, err);
}

static int take_entries(struct flow *f, struct flow_list *list,
    const struct xml_node *properties, struct error *err)
{
    for (const struct xml_node *e = properties != NULL ? properties->first
                                                       : NULL;
         e != NULL; e = e->next) {
        if (put_property(f, list, xml_child_text(e, "key"),
                xml_child(e, "value"), err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Does the template's descriptor of a property say that it is secret? */
static bool is_secret(const struct xml_node *descriptors, const char *name)
{
    for (const struct xml_node *e = descriptors != NULL ? descriptors->first
                                                        : NULL;
         e != NULL; e = e->next) {
        const char *key = xml_child_text(e, "key");
        const char *says = xml_child_text(xml_child(e, "value"), "sensitive");

        if (key != NULL && strcmp(key, name) == 0) {
            return says != NULL && strcmp(says, "true") == 0;
        }
    }
    return false;
}

static int take_properties(struct flow *f, struct flow_component *c,
    const struct xml_node *n, const struct xml_node *config, struct error *err)
{
    if (take_entries(f, &c->properties, xml_child(config, "properties"), err) !=
            0 ||
        take_entries(f, &c->properties, xml_child(n, "properties"), err) != 0) {
        return -1;
    }
    for (const struct xml_node *p = n->first; p != NULL; p = p->next) {
        if (strcmp(p->name, "property") == 0 &&
            put_property(f, &c->properties, xml_child_text(p, "name"),
                xml_child(p, "value"), err) != 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < c->properties.n; i++) {
        struct flow_property *p = &c->properties.items[i];

        p->is_sensitive =
            is_secret(xml_child(config, "descriptors"), p->name) ||
            is_secret(xml_child(n, "descriptors"), p->name);
    }
    return 0;
}

static int take_relationships(struct flow *f, struct flow_component *c,
    const struct xml_node *n, struct error *err)
{
    for (const struct xml_node *r = n->first; r != NULL; r = r->next) {
        const char *name = NULL;
        struct flow_names *to = &c->auto_terminated;

        if (strcmp(r->name, "relationships") == 0) {
            const char *ends = xml_child_text(r, "autoTerminate");

            name = ends != NULL && strcmp(ends, "true") == 0
                       ? xml_child_text(r, "name")
                       : NULL;
        } else if (strcmp(r->name, "autoTerminatedRelationship") == 0) {
            name = r->text;
        } else if (strcmp(r->name, "retriedRelationship") == 0 ||
                   strcmp(r->name, "retriedRelationships") == 0) {
            name = r->text;
            to = &c->retried;
        }
        if (name != NULL && name[0] != '\0' &&
            flow_put_name(f, to, slice_of(name), err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int take_component(struct flow *f, struct flow_group *group,
    enum flow_kind kind, const struct xml_node *n, struct error *err)
{
    struct flow_component *c = flow_add_component(f, kind, group, err);
    const struct xml_node *config = xml_child(n, "config");
    const char *enabled = xml_child_text(n, "enabled");
    const char *rules;

    if (c == NULL) {
        return -1;
    }
    if (group != NULL && group->id[0] == '\0' && group->parent == NULL) {
        /* A template's snippet has no id but in what it holds. */
        const struct field of_group[] = {{"parentGroupId", &group->id}};

        if (TAKE(f, n, of_group, err) != 0) {
            return -1;
        }
    }
    const struct field fields[] = {{"id", &c->id}, {"name", &c->name},
        {"type", &c->type}, {"class", &c->type}, {"state", &c->state},
        {"scheduledState", &c->state}, {"maxConcurrentTasks", &c->tasks},
        {"schedulingPeriod", &c->period}, {"schedulingStrategy", &c->strategy},
        {"penalizationPeriod", &c->penalty}, {"yieldPeriod", &c->yield},
        {"retryCounts", &c->retry_count}, {"retryCount", &c->retry_count},
        {"maxBackoffPeriod", &c->max_backoff}};
    const struct field of_config[] = {
        {"concurrentlySchedulableTaskCount", &c->tasks},
        {"schedulingPeriod", &c->period}, {"schedulingStrategy", &c->strategy},
        {"penaltyDuration", &c->penalty}, {"yieldDuration", &c->yield},
        {"retryCount", &c->retry_count}, {"maxBackoffPeriod", &c->max_backoff}};
    const struct field of_bundle[] = {
        {"artifact", &c->artifact}, {"version", &c->version}};

    if (TAKE(f, n, fields, err) != 0 || TAKE(f, config, of_config, err) != 0 ||
        TAKE(f, xml_child(n, "bundle"), of_bundle, err) != 0) {
        return -1;
    }
    if (kind == FLOW_SERVICE && c->state == NULL && enabled != NULL) {
        c->state = strcmp(enabled, "true") == 0 ? "ENABLED" : "DISABLED";
    }
    rules = xml_child_text(n, "annotationData");
    rules = rules != NULL ? rules : xml_child_text(config, "annotationData");
    c->has_advanced_rules = rules != NULL && rules[0] != '\0';
    if (take_properties(f, c, n, config, err) != 0 ||
        take_relationships(f, c, n, err) != 0 ||
        (config != NULL && take_relationships(f, c, config, err) != 0)) {
        return error_prefix(err, "%s: ", c->name);
    }
    return 0;
}

static int take_names(struct flow *f, struct flow_names *names,
    const struct xml_node *n, const char *const *wanted, size_t n_wanted,
    struct error *err)
{
    for (const struct xml_node *c = n->first; c != NULL; c = c->next) {
        for (size_t i = 0; i < n_wanted; i++) {
            if (strcmp(c->name, wanted[i]) == 0 && c->text[0] != '\0' &&
                flow_put_name(f, names, slice_of(c->text), err) != 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int take_connection(struct flow *f, struct flow_group *group,
    const struct xml_node *n, struct error *err)
{
    static const char *const relationships[] = {
        "selectedRelationships", "relationship"};
    static const char *const prioritizers[] = {
        "prioritizers", "queuePrioritizerClass"};
    struct flow_connection *c = flow_add_connection(f, group, err);

    if (c == NULL) {
        return -1;
    }
    const struct field fields[] = {{"id", &c->id}, {"name", &c->name},
        {"sourceId", &c->source.id}, {"sourceGroupId", &c->source.group_id},
        {"destinationId", &c->destination.id},
        {"destinationGroupId", &c->destination.group_id},
        {"backPressureObjectThreshold", &c->max_objects},
        {"maxWorkQueueSize", &c->max_objects},
        {"backPressureDataSizeThreshold", &c->max_size},
        {"maxWorkQueueDataSize", &c->max_size},
        {"flowFileExpiration", &c->expiration},
        {"loadBalanceStrategy", &c->load_balance}};
    const struct field of_source[] = {
        {"id", &c->source.id}, {"groupId", &c->source.group_id}};
    const struct field of_destination[] = {
        {"id", &c->destination.id}, {"groupId", &c->destination.group_id}};

    if (TAKE(f, n, fields, err) != 0 ||
        TAKE(f, xml_child(n, "source"), of_source, err) != 0 ||
        TAKE(f, xml_child(n, "destination"), of_destination, err) != 0) {
        return -1;
    }
    return take_names(f, &c->relationships, n, relationships, 2, err) == 0
               ? take_names(f, &c->prioritizers, n, prioritizers, 2, err)
               : -1;
}

static int take_context(
    struct flow *f, const struct xml_node *n, struct error *err)
{
    static const char *const inherited[] = {"inheritedParameterContextId"};
    struct flow_context *c = flow_add_context(f, err);

    if (c == NULL) {
        return -1;
    }
    const struct field fields[] = {{"id", &c->id}, {"name", &c->name}};

    if (TAKE(f, n, fields, err) != 0 ||
        take_names(f, &c->inherited, n, inherited, 1, err) != 0) {
        return -1;
    }
    for (const struct xml_node *p = n->first; p != NULL; p = p->next) {
        const char *name = xml_child_text(p, "name");
        const char *secret = xml_child_text(p, "sensitive");
        const struct xml_node *value = xml_child(p, "value");
        struct slice text = slice_of(value != NULL ? value->text : "");

        if (strcmp(p->name, "parameter") == 0 && name != NULL &&
            flow_put(f, &c->parameters, slice_of(name),
                value != NULL ? &text : NULL,
                secret != NULL && strcmp(secret, "true") == 0, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* The remote group's ports, which connections end at. */
static int take_remote(struct flow *f, struct flow_group *group,
    const struct xml_node *n, struct error *err)
{
    static const char *const names[] = {
        "inputPort", "outputPort", "inputPorts", "outputPorts"};

    for (const struct xml_node *p = n->first; p != NULL; p = p->next) {
        for (size_t i = 0; i < 4; i++) {
            if (strcmp(p->name, names[i]) == 0 &&
                take_component(f, group, FLOW_REMOTE, p, err) != 0) {
                return -1;
            }
        }
    }
    /* Templates keep them in <contents>. */
    n = xml_child(n, "contents");
    return n != NULL ? take_remote(f, group, n, err) : 0;
}

static int take_variable(struct flow *f, struct flow_group *group,
    const struct xml_node *n, struct error *err)
{
    const char *name = xml_attribute(n, "name");
    const char *value = xml_attribute(n, "value");
    struct slice text = slice_of(value != NULL ? value : "");

    return name != NULL ? flow_put(f, &group->variables, slice_of(name), &text,
                              false, err)
                        : 0;
}

/* A plain text of the group itself. */
static int take_group_text(struct flow *f, const char **to,
    const struct xml_node *n, struct error *err)
{
    const char *text = n->first != NULL ? xml_child_text(n, "id") : n->text;

    *to = flow_text(f, slice_of(text != NULL ? text : ""), err);
    return *to != NULL ? 0 : -1;
}

struct element {
    const char *name;
    enum {
        COMPONENT,
        CONNECTION,
        REMOTE_GROUP,
        CONTEXT,
        VARIABLE,
        VARIABLES,
        GROUP_ID,
        GROUP_NAME,
        GROUP_CONTEXT
    } what;
    enum flow_kind kind; /* of COMPONENT */
};

static const struct element elements[] = {
    {"processor", COMPONENT, FLOW_PROCESSOR},
    {"processors", COMPONENT, FLOW_PROCESSOR},
    {"inputPort", COMPONENT, FLOW_INPUT_PORT},
    {"inputPorts", COMPONENT, FLOW_INPUT_PORT},
    {"outputPort", COMPONENT, FLOW_OUTPUT_PORT},
    {"outputPorts", COMPONENT, FLOW_OUTPUT_PORT},
    {"funnel", COMPONENT, FLOW_FUNNEL},
    {"funnels", COMPONENT, FLOW_FUNNEL},
    {"controllerService", COMPONENT, FLOW_SERVICE},
    {"controllerServices", COMPONENT, FLOW_SERVICE},
    {"connection", CONNECTION, 0},
    {"connections", CONNECTION, 0},
    {"remoteProcessGroup", REMOTE_GROUP, 0},
    {"remoteProcessGroups", REMOTE_GROUP, 0},
    {"parameterContext", CONTEXT, 0},
    {"variable", VARIABLE, 0},
    {"variables", VARIABLES, 0},
    {"id", GROUP_ID, 0},
    {"name", GROUP_NAME, 0},
    {"parameterContextId", GROUP_CONTEXT, 0},
};

static const struct element *find_element(const char *name)
{
    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++) {
        if (strcmp(elements[i].name, name) == 0) {
            return &elements[i];
        }
    }
    return NULL;
}

bool flow_xml_is_wanted(const char *name)
{
    return find_element(name) != NULL;
}

int flow_xml_take(struct flow *f, struct flow_group *group,
    const struct xml_node *n, struct error *err)
{
    const struct element *e = find_element(n->name);

    assert(e != NULL); /* flow_xml_is_wanted was asked */
    if (group == NULL && e->what != CONTEXT &&
        !(e->what == COMPONENT && e->kind == FLOW_SERVICE)) {
        if (e->what == GROUP_NAME) { /* the template's own */
            f->title = flow_text(f, slice_of(n->text), err);
            return f->title != NULL ? 0 : -1;
        }
        return 0;
    }
    switch (e->what) {
    case COMPONENT:
        return take_component(f, group, e->kind, n, err);
    case CONNECTION:
        return take_connection(f, group, n, err);
    case REMOTE_GROUP:
        return take_remote(f, group, n, err);
    case CONTEXT:
        /* In a template's group: which context is the group's. */
        return group != NULL ? take_group_text(f, &group->context, n, err)
                             : take_context(f, n, err);
    case VARIABLE:
        return take_variable(f, group, n, err);
    case VARIABLES:
        return take_entries(f, &group->variables, n, err);
    case GROUP_ID:
        return take_group_text(f, &group->id, n, err);
    case GROUP_NAME:
        return take_group_text(f, &group->name, n, err);
    case GROUP_CONTEXT:
        return take_group_text(f, &group->context, n, err);
    }
    return 0;
}
