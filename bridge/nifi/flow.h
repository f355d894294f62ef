/*
 * struct flow: a NiFi flow, the same whatever file it was read from: groups,
 * components (processors, ports, funnels), connections, controller services,
 * variables and parameter contexts. Pure; all of it lives in one arena.
 */
#ifndef NARU_BRIDGE_NIFI_FLOW_H
#define NARU_BRIDGE_NIFI_FLOW_H

#include "bridge/nifi/arena.h"
#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More than any NiFi runs; a file with more is not read on. */
#define FLOW_MAX_ELEMENTS 100000
#define FLOW_MAX_GROUP_DEPTH 64
#define FLOW_MAX_PROPERTIES 2000 /* of one component */
#define FLOW_MAX_BYTES ((size_t)256 << 20)

enum flow_format {
    FLOW_TEMPLATE,   /* template XML */
    FLOW_XML,        /* flow.xml of 0.x and 1.x */
    FLOW_JSON,       /* flow.json of 1.16 and later */
    FLOW_DEFINITION, /* downloaded from a process group */
    FLOW_REGISTRY    /* a snapshot of NiFi Registry */
};

struct flow_property {
    const char *name;
    const char *value; /* NULL: none, so the default */
    bool is_sensitive; /* the file says so */
};

struct flow_list {
    struct flow_property *items;
    size_t n, room;
};

struct flow_names {
    const char **items;
    size_t n, room;
};

struct flow_group {
    const char *id, *instance_id, *name;
    struct flow_group *parent; /* NULL: the root */
    struct flow_list variables;
    const char *context; /* the parameter context's id or name, or NULL */
    int depth;
};

enum flow_kind {
    FLOW_PROCESSOR,
    FLOW_INPUT_PORT,
    FLOW_OUTPUT_PORT,
    FLOW_FUNNEL,
    FLOW_REMOTE, /* a port of a remote process group */
    FLOW_SERVICE /* a controller service */
};

struct flow_component {
    enum flow_kind kind;
    const char *id, *instance_id;
    const char *name;
    const char *type; /* the class; "" where there is none */
    const char *artifact, *version;
    struct flow_group *group; /* NULL: the controller's own */
    struct flow_list properties;
    struct flow_names auto_terminated, retried;
    const char *state; /* RUNNING, STOPPED, DISABLED, ENABLED, or NULL */
    const char *tasks, *period, *strategy, *penalty, *yield; /* or NULL */
    const char *retry_count, *max_backoff;
    bool has_advanced_rules;            /* UpdateAttribute's annotation data */
    bool is_outside;                    /* a service that the file only names */
    struct flow_connection **out, **in; /* set by flow_link */
    size_t n_out, room_out, n_in, room_in;
    bool is_on_path, reaches_writer; /* marks of flow_path */
};

struct flow_end { /* of a connection, as the file names it */
    const char *id, *instance_id, *group_id;
};

struct flow_connection {
    const char *id, *name;
    struct flow_group *group;
    struct flow_end source, destination;
    struct flow_names relationships, prioritizers;
    const char *max_objects, *max_size, *expiration, *load_balance;
    struct flow_component *from, *to; /* set by flow_link; NULL: nobody */
};

struct flow_context {
    const char *id, *name;
    struct flow_list parameters;
    struct flow_names inherited;
};

struct flow {
    struct arena arena;
    enum flow_format format;
    const char *encoding; /* the file's own version of its form, or NULL */
    const char *title;    /* a template's name, or NULL */
    struct flow_group **groups;
    struct flow_component **components; /* services among them */
    struct flow_connection **connections;
    struct flow_context **contexts;
    size_t n_groups, n_components, n_connections, n_contexts;
    size_t room_groups, room_components, room_connections, room_contexts;
    size_t n_elements;
    struct flow_names faults; /* wrong references, a sentence each */
    struct flow_index *index; /* of ids, by flow_link */
};

struct flow *flow_new(void) MUST_CHECK;
void flow_free(struct flow *f);

/* flow_format_name(format): For people. */
const char *flow_format_name(enum flow_format format);

/*
 * flow_add_*: a new element, empty but for what is given; NULL with err when
 * there are too many, they nest too deep, or memory is short.
 */
struct flow_group *flow_add_group(
    struct flow *f, struct flow_group *parent, struct error *err) MUST_CHECK;
struct flow_component *flow_add_component(struct flow *f, enum flow_kind kind,
    struct flow_group *group, struct error *err) MUST_CHECK;
struct flow_connection *flow_add_connection(
    struct flow *f, struct flow_group *group, struct error *err) MUST_CHECK;
struct flow_context *flow_add_context(
    struct flow *f, struct error *err) MUST_CHECK;

/*
 * flow_put(f, list, name, value, is_sensitive, err), flow_put_name(f, names,
 * name, err): Texts are copied; value may be NULL. Returns 0, or -1 with err.
 */
int flow_put(struct flow *f, struct flow_list *list, struct slice name,
    const struct slice *value, bool is_sensitive, struct error *err) MUST_CHECK;
int flow_put_name(struct flow *f, struct flow_names *names, struct slice name,
    struct error *err) MUST_CHECK;

/* flow_text(f, s, err): A copy of s in the flow; NULL with err. */
const char *flow_text(
    struct flow *f, struct slice s, struct error *err) MUST_CHECK;

/*
 * flow_link(f, err):
 * Find the ends of all connections. Which are not there is a sentence in
 * f->faults. Call once, when all is added. Returns 0; -1 with err out of
 * memory.
 */
int flow_link(struct flow *f, struct error *err) MUST_CHECK;

/* flow_list_find(list, name): NULL when there is no such property. */
const struct flow_property *flow_list_find(
    const struct flow_list *list, const char *name);
bool flow_names_have(const struct flow_names *names, const char *name);

/*
 * flow_service(f, id, group):
 * The controller service that a component of group means by id: the nearest
 * upward that has it as id or instance id. NULL when there is none.
 */
struct flow_component *flow_service(
    const struct flow *f, const char *id, const struct flow_group *group);

/* flow_class(c): The class without its package, such as LogAttribute. */
const char *flow_class(const struct flow_component *c);

#endif
