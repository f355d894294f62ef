/* A NiFi flow in memory; see flow.h. */
#include "bridge/nifi/flow.h"

#include "bridge/nifi/flow_index.h"

#include <stdlib.h>
#include <string.h>

/* How many components one id may stand for before the file is taken to be
 * broken; looking through them must stay cheap. */
#define MAX_NAMESAKES 200

struct flow *flow_new(void)
{
    struct flow *f = calloc(1, sizeof(*f));

    if (f != NULL) {
        arena_init(&f->arena, FLOW_MAX_BYTES);
    }
    return f;
}

void flow_free(struct flow *f)
{
    if (f != NULL) {
        arena_fini(&f->arena);
        free(f);
    }
}

const char *flow_format_name(enum flow_format format)
{
    switch (format) {
    case FLOW_TEMPLATE:
        return "template (XML)";
    case FLOW_XML:
        return "flow.xml";
    case FLOW_JSON:
        return "flow.json";
    case FLOW_DEFINITION:
        return "flow definition (JSON)";
    case FLOW_REGISTRY:
        return "NiFi Registry snapshot (JSON)";
    }
    return "";
}

static int no_memory(const struct flow *f, struct error *err)
{
    return f->arena.left_bytes < 4096
               ? error_set(err, "the flow takes more than %zu MB of memory",
                     FLOW_MAX_BYTES >> 20)
               : error_set(err, "out of memory");
}

/* A zeroed element, counted. */
static void *new_element(struct flow *f, size_t bytes, struct error *err)
{
    void *p;

    if (f->n_elements >= FLOW_MAX_ELEMENTS) {
        (void)error_set(err,
            "the flow has more than %d groups, processors, connections and "
            "services; export the one process group that is meant",
            FLOW_MAX_ELEMENTS);
        return NULL;
    }
    f->n_elements++;
    p = arena_alloc(&f->arena, bytes);
    if (p == NULL) {
        (void)no_memory(f, err);
    }
    return p;
}

#define APPEND(f, items, item)                                                 \
    append_pointer(                                                            \
        (f), (void **)&(f)->items, &(f)->n_##items, &(f)->room_##items, item)

static int append_pointer(
    struct flow *f, void **items, size_t *n, size_t *room, void *item)
{
    void **grown = arena_grow(&f->arena, *items, *n, room, sizeof(void *));

    if (grown == NULL) {
        return -1;
    }
    grown[(*n)++] = item;
    *items = grown;
    return 0;
}

struct flow_group *flow_add_group(
    struct flow *f, struct flow_group *parent, struct error *err)
{
    struct flow_group *g;

    if (parent != NULL && parent->depth + 1 > FLOW_MAX_GROUP_DEPTH) {
        (void)error_set(err, "process groups nest deeper than %d levels",
            FLOW_MAX_GROUP_DEPTH);
        return NULL;
    }
    g = new_element(f, sizeof(*g), err);
    if (g == NULL) {
        return NULL;
    }
    g->parent = parent;
    g->depth = parent != NULL ? parent->depth + 1 : 0;
    g->id = g->name = "";
    if (APPEND(f, groups, g) != 0) {
        (void)no_memory(f, err);
        return NULL;
    }
    return g;
}

struct flow_component *flow_add_component(struct flow *f, enum flow_kind kind,
    struct flow_group *group, struct error *err)
{
    struct flow_component *c = new_element(f, sizeof(*c), err);

    if (c == NULL) {
        return NULL;
    }
    c->kind = kind;
    c->group = group;
    c->id = c->name = c->type = c->artifact = c->version = "";
    if (APPEND(f, components, c) != 0) {
        (void)no_memory(f, err);
        return NULL;
    }
    return c;
}

struct flow_connection *flow_add_connection(
    struct flow *f, struct flow_group *group, struct error *err)
{
    struct flow_connection *c = new_element(f, sizeof(*c), err);

    if (c == NULL) {
        return NULL;
    }
    c->group = group;
    c->id = c->name = c->source.id = c->destination.id = "";
    if (APPEND(f, connections, c) != 0) {
        (void)no_memory(f, err);
        return NULL;
    }
    return c;
}

struct flow_context *flow_add_context(struct flow *f, struct error *err)
{
    struct flow_context *c = new_element(f, sizeof(*c), err);

    if (c == NULL) {
        return NULL;
    }
    c->id = c->name = "";
    if (APPEND(f, contexts, c) != 0) {
        (void)no_memory(f, err);
        return NULL;
    }
    return c;
}

const char *flow_text(struct flow *f, struct slice s, struct error *err)
{
    const char *copy;

    if (s.len > 0 && memchr(s.p, '\0', s.len) != NULL) {
        (void)error_set(err, "a text holds a NUL byte");
        return NULL;
    }
    copy = arena_text(&f->arena, s);
    if (copy == NULL) {
        (void)no_memory(f, err);
    }
    return copy;
}

int flow_put(struct flow *f, struct flow_list *list, struct slice name,
    const struct slice *value, bool is_sensitive, struct error *err)
{
    struct flow_property p = {.is_sensitive = is_sensitive};
    void *grown;

    if (list->n >= FLOW_MAX_PROPERTIES) {
        return error_set(err, "a component has more than %d properties",
            FLOW_MAX_PROPERTIES);
    }
    p.name = flow_text(f, name, err);
    if (p.name == NULL) {
        return -1;
    }
    if (value != NULL) {
        p.value = flow_text(f, *value, err);
        if (p.value == NULL) {
            return -1;
        }
    }
    grown = arena_grow(&f->arena, list->items, list->n, &list->room, sizeof(p));
    if (grown == NULL) {
        return no_memory(f, err);
    }
    list->items = grown;
    list->items[list->n++] = p;
    return 0;
}

int flow_put_name(struct flow *f, struct flow_names *names, struct slice name,
    struct error *err)
{
    const char *copy;
    const char **grown;

    if (names->n >= FLOW_MAX_PROPERTIES) {
        return error_set(
            err, "a list of names is longer than %d", FLOW_MAX_PROPERTIES);
    }
    copy = flow_text(f, name, err);
    if (copy == NULL) {
        return -1;
    }
    grown = arena_grow(
        &f->arena, names->items, names->n, &names->room, sizeof(*grown));
    if (grown == NULL) {
        return no_memory(f, err);
    }
    names->items = grown;
    names->items[names->n++] = copy;
    return 0;
}

const struct flow_property *flow_list_find(
    const struct flow_list *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i].name, name) == 0) {
            return &list->items[i];
        }
    }
    return NULL;
}

bool flow_names_have(const struct flow_names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

const char *flow_class(const struct flow_component *c)
{
    const char *dot = strrchr(c->type, '.');

    return dot != NULL ? dot + 1 : c->type;
}

static bool is_within(
    const struct flow_group *inner, const struct flow_group *outer)
{
    while (inner != NULL && inner != outer) {
        inner = inner->parent;
    }
    return inner == outer;
}

static bool is_group(const struct flow_group *g, const char *id)
{
    return g != NULL && id != NULL &&
           (strcmp(g->id, id) == 0 ||
               (g->instance_id != NULL && strcmp(g->instance_id, id) == 0));
}

/* How well c answers to what a connection of group calls end; -1 not at all. */
static int fit(const struct flow_component *c, const struct flow_end *end,
    const struct flow_group *group)
{
    int points = 0;

    if (c->kind == FLOW_SERVICE) {
        return -1;
    }
    if (end->instance_id != NULL && c->instance_id != NULL &&
        strcmp(c->instance_id, end->instance_id) == 0) {
        return 100;
    }
    points += c->group == group ? 20 : 0;
    points += c->group != NULL && c->group->parent == group ? 10 : 0;
    points += is_group(c->group, end->group_id) ? 5 : 0;
    return points;
}

static struct flow_component *find_end(const struct flow *f,
    const struct flow_end *end, const struct flow_group *group)
{
    const char *ids[] = {end->instance_id, end->id};
    struct flow_component *best = NULL;
    int best_points = -1;

    for (size_t i = 0; i < 2; i++) {
        const struct flow_index_entry *cursor = NULL;
        struct flow_component *c;

        if (ids[i] == NULL || ids[i][0] == '\0') {
            continue;
        }
        for (size_t n = 0; n < MAX_NAMESAKES; n++) {
            int points;

            c = flow_index_each(f->index, ids[i], &cursor);
            if (c == NULL) {
                break;
            }
            points = fit(c, end, group);
            if (points > best_points) {
                best = c;
                best_points = points;
            }
        }
    }
    return best;
}

static int add_fault(struct flow *f, const struct flow_connection *c,
    const char *which, const struct flow_end *end, struct error *err)
{
    char *text;

    if (f->faults.n >= 100) {
        return 0;
    }
    text = arena_printf(&f->arena,
        "connection %s%s%s in group '%s': its %s %s is not in the file", c->id,
        c->name[0] != '\0' ? " " : "", c->name,
        c->group != NULL ? c->group->name : "", which,
        end->id[0] != '\0' ? end->id : "(no id)");
    return text != NULL ? flow_put_name(f, &f->faults, slice_of(text), err)
                        : no_memory(f, err);
}

static int add_to_ends(struct flow *f, struct flow_connection *c)
{
    if (c->from != NULL && append_pointer(f, (void **)&c->from->out,
                               &c->from->n_out, &c->from->room_out, c) != 0) {
        return -1;
    }
    return c->to == NULL ? 0
                         : append_pointer(f, (void **)&c->to->in, &c->to->n_in,
                               &c->to->room_in, c);
}

int flow_link(struct flow *f, struct error *err)
{
    f->index = flow_index_new(f);
    if (f->index == NULL) {
        return no_memory(f, err);
    }
    for (size_t i = 0; i < f->n_connections; i++) {
        struct flow_connection *c = f->connections[i];

        c->from = find_end(f, &c->source, c->group);
        c->to = find_end(f, &c->destination, c->group);
        if (c->from == NULL &&
            add_fault(f, c, "source", &c->source, err) != 0) {
            return -1;
        }
        if (c->to == NULL &&
            add_fault(f, c, "destination", &c->destination, err) != 0) {
            return -1;
        }
        if (add_to_ends(f, c) != 0) {
            return no_memory(f, err);
        }
    }
    return 0;
}

struct flow_component *flow_service(
    const struct flow *f, const char *id, const struct flow_group *group)
{
    const struct flow_index_entry *cursor = NULL;
    struct flow_component *best = NULL, *c;

    for (size_t n = 0; n < MAX_NAMESAKES; n++) {
        c = flow_index_each(f->index, id, &cursor);
        if (c == NULL) {
            break;
        }
        if (c->kind != FLOW_SERVICE ||
            (c->group != NULL && !is_within(group, c->group))) {
            continue;
        }
        if (best == NULL ||
            (c->group != NULL && (best->group == NULL ||
                                     c->group->depth > best->group->depth))) {
            best = c;
        }
    }
    return best;
}
