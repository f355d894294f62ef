/* Connections, relationships and scheduling: what bounds a flow, and where it
 * loses, doubles or goes round for ever. */
#include "bridge/nifi/plan_build.h"

#include <stdlib.h>
#include <string.h>

/* naru's own default of bridge.memory_bytes, and its smallest. */
#define OUR_MEMORY_BYTES ((int64_t)16 << 20)
#define LEAST_MEMORY_BYTES ((int64_t)1 << 20)

static const char *connection_title(
    struct plan *p, const struct flow_connection *c)
{
    struct buf names;
    const char *text;

    buf_init(&names, 65536);
    for (size_t i = 0; i < c->relationships.n; i++) {
        p->failed |= buf_printf(&names, "%s%s", i > 0 ? ", " : "",
                         c->relationships.items[i]) != 0;
    }
    text = plan_text(p, "connection '%s' to %s", buf_str(&names),
        c->to != NULL && c->to->name[0] != '\0' ? c->to->name : "a funnel");
    buf_fini(&names);
    return text;
}

static void tell_queue(struct plan *p, const struct flow_connection *c)
{
    const char *objects = c->max_objects != NULL ? c->max_objects : "10000";
    const char *size = c->max_size != NULL ? c->max_size : "1 GB";
    int64_t bytes;

    plan_fact(p, connection_title(p, c),
        plan_text(p, "holds %s FlowFiles or %s, on disk", objects, size),
        "no queue: what is not stored stays in Kafka");
    if (plan_size_bytes(size, &bytes) == 0 && bytes > 0 &&
        bytes < OUR_MEMORY_BYTES) {
        const struct plan_value v = {
            .property = "back pressure", .is_given = true};

        bytes = bytes < LEAST_MEMORY_BYTES ? LEAST_MEMORY_BYTES : bytes;
        plan_set(p, "bridge.memory_bytes",
            plan_text(p, "%lld", (long long)bytes), &v);
        plan_fact(p, "back pressure", size, "bridge.memory_bytes = %lld",
            (long long)bytes);
    }
}

static void check_queue(struct plan *p, const struct flow_connection *c)
{
    int64_t ms;

    if (c->expiration != NULL && plan_duration_ms(c->expiration, &ms) == 0 &&
        ms > 0) {
        plan_find(p, PLAN_LOSES,
            "%s drops FlowFiles older than %s; naru drops none",
            connection_title(p, c), c->expiration);
    }
    for (size_t i = 0; i < c->prioritizers.n; i++) {
        if (strstr(c->prioritizers.items[i], "FirstInFirstOut") == NULL) {
            plan_find(p, PLAN_CANNOT,
                "%s orders by %s; naru keeps Kafka's order",
                connection_title(p, c), c->prioritizers.items[i]);
        }
    }
    if (c->load_balance != NULL && c->load_balance[0] != '\0' &&
        strcmp(c->load_balance, "DO_NOT_LOAD_BALANCE") != 0) {
        plan_find(p, PLAN_NOTE,
            "%s is balanced over NiFi's nodes; several naru in one group "
            "share the partitions instead",
            connection_title(p, c));
    }
}

void plan_make_wires(struct plan *p)
{
    p->now = NULL;
    for (size_t i = 1; i < p->path->n_hops; i++) {
        const struct flow_connection *c = p->path->hops[i].in;

        tell_queue(p, c);
        check_queue(p, c);
    }
}

/* ---- scheduling ---- */

static void take_tasks(
    struct plan *p, const struct flow_component *c, bool is_writer)
{
    long n = c->tasks != NULL ? strtol(c->tasks, NULL, 10) : 1;
    struct plan_value v = {.property = "concurrent tasks",
        .text = c->tasks != NULL ? c->tasks : "1",
        .is_given = c->tasks != NULL};

    if (is_writer && n > 1) {
        n = n > 64 ? 64 : n;
        plan_set(p, "bridge.max_in_flight", plan_text(p, "%ld", n), &v);
        plan_row(p, &v, "bridge.max_in_flight = %ld requests at once", n);
    } else if (is_writer) {
        plan_row(p, &v,
            "as many requests at once as measuring finds best, up to 32 "
            "(bridge.max_in_flight)");
    } else {
        plan_row(p, &v,
            "one reads all partitions; for more start naru again with the "
            "same group");
    }
}

static void take_penalty(struct plan *p, const struct flow_component *c)
{
    const char *text = c->penalty != NULL ? c->penalty : "30 sec";
    struct plan_value v = {.property = "penalty duration",
        .text = text,
        .is_given = c->penalty != NULL};
    int64_t ms;

    if (plan_duration_ms(text, &ms) != 0 || ms == 30000) {
        plan_row(p, &v, "30 s at most between two tries (bridge.retry_max_ms)");
        return;
    }
    ms = ms < 100 ? 100 : ms > 3600000 ? 3600000 : ms;
    plan_set(p, "bridge.retry_max_ms", plan_text(p, "%lld", (long long)ms), &v);
    plan_row(p, &v, "bridge.retry_max_ms = %lld", (long long)ms);
}

static bool runs_always(const struct flow_component *c)
{
    int64_t ms = 0;

    if (c->strategy != NULL && strcmp(c->strategy, "CRON_DRIVEN") == 0) {
        return false;
    }
    return c->period == NULL || plan_duration_ms(c->period, &ms) != 0 ||
           ms < 1000;
}

void plan_make_scheduling(struct plan *p, const struct flow_component *c)
{
    bool is_writer = catalog_is_writer(catalog_class_of(c));

    p->now = c;
    if (c->state != NULL && plan_is(c->state, "DISABLED")) {
        plan_find(p, PLAN_CANNOT, "it is disabled in NiFi: nothing passes");
    }
    if (is_writer || catalog_is_source(catalog_class_of(c))) {
        take_tasks(p, c, is_writer);
    }
    if (is_writer) {
        take_penalty(p, c);
    }
    if (!runs_always(c)) {
        plan_find(p, PLAN_NOTE, "it runs %s%s in NiFi; naru runs all the time",
            c->strategy != NULL && strcmp(c->strategy, "CRON_DRIVEN") == 0
                ? "by cron: "
                : "each ",
            c->period != NULL ? c->period : "");
    }
}

/* ---- what comes after, and what goes wrong ---- */

static bool is_failure(const char *name)
{
    static const char *const names[] = {
        "failure", "retry", "errors", "error_responses"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_success(const char *name)
{
    return strcmp(name, "success") == 0 || strcmp(name, "successful") == 0 ||
           strcmp(name, "original") == 0;
}

static bool has_success(const struct flow_connection *c)
{
    for (size_t i = 0; i < c->relationships.n; i++) {
        if (is_success(c->relationships.items[i])) {
            return true;
        }
    }
    /* From a log or a funnel on there is nothing else. */
    return c->from != NULL && !catalog_is_writer(catalog_class_of(c->from)) &&
           (c->relationships.n == 0 || catalog_is_wire(c->from));
}

static void take_after(struct plan *p, const struct flow_component *c,
    int depth, struct flow_names *seen)
{
    for (size_t i = 0; i < c->n_out && depth < PLAN_MAX_AFTER; i++) {
        const struct flow_component *to = c->out[i]->to;
        const char **grown;

        if (to == NULL || to == c || !has_success(c->out[i]) ||
            catalog_is_writer(catalog_class_of(to)) ||
            flow_names_have(seen, to->id)) {
            continue;
        }
        grown = arena_grow(
            &p->arena, seen->items, seen->n, &seen->room, sizeof(*grown));
        if (grown == NULL || seen->n > PLAN_MAX_AFTER * PLAN_MAX_AFTER) {
            p->failed |= grown == NULL;
            return;
        }
        seen->items = grown;
        grown[seen->n++] = to->id;
        if (catalog_is_log(catalog_class_of(to)) &&
            p->n_after_hops < PLAN_MAX_AFTER) {
            p->after[p->n_after_hops++] =
                (struct flow_hop){c->out[i]->to, c->out[i]};
            plan_make_log(p, to, true);
        } else if (!catalog_is_wire(to)) {
            p->now = to;
            plan_find(p, PLAN_LEAVES,
                "it comes after the writing; naru does only LogAttribute and "
                "LogMessage there");
            continue;
        }
        take_after(p, to, depth + 1, seen);
    }
}

/* Does it lead back to c, by a few connections? */
static bool leads_to(const struct flow_component *from,
    const struct flow_component *c, int depth)
{
    if (from == c) {
        return true;
    }
    for (size_t i = 0; i < from->n_out && i < 20 && depth > 0; i++) {
        if (from->out[i]->to != NULL &&
            leads_to(from->out[i]->to, c, depth - 1)) {
            return true;
        }
    }
    return false;
}

static void take_failure(struct plan *p, const struct flow_component *w,
    const struct flow_connection *c, const char *name)
{
    if (c->to == NULL) {
        return;
    }
    if (!leads_to(c->to, w, 4)) {
        plan_fact(p, plan_text(p, "relationship %s", name),
            plan_text(p, "goes to %s '%s'", flow_class(c->to), c->to->name),
            "a dead letter, or sent again");
        return;
    }
    plan_fact(p, plan_text(p, "relationship %s", name), "goes round again",
        strcmp(name, "retry") == 0 ? "sent again with back-off"
                                   : "a dead letter, or sent again");
    if (strcmp(name, "retry") != 0) {
        plan_find(p, PLAN_FOREVER,
            "%s leads back to itself: a document that the mapping refuses is "
            "sent for ever, and the queue fills until nothing passes; naru "
            "makes it a dead letter",
            name);
    }
}

static void take_failures(struct plan *p, const struct flow_component *w)
{
    struct buf lost;

    buf_init(&lost, 65536);
    for (size_t i = 0; i < w->n_out && i < 100; i++) {
        for (size_t k = 0; k < w->out[i]->relationships.n; k++) {
            if (is_failure(w->out[i]->relationships.items[k])) {
                take_failure(
                    p, w, w->out[i], w->out[i]->relationships.items[k]);
            }
        }
    }
    for (size_t i = 0; i < w->auto_terminated.n; i++) {
        const char *name = w->auto_terminated.items[i];

        if (is_failure(name) && strcmp(name, "error_responses") != 0 &&
            !flow_names_have(&w->retried, name)) {
            p->failed |= buf_printf(&lost, "%s%s",
                             lost.len_bytes > 0 ? " and " : "", name) != 0;
        }
    }
    if (lost.len_bytes > 0) {
        plan_find(p, PLAN_LOSES,
            "%s %s auto-terminated: what Elasticsearch refuses, and what "
            "comes while it is down, is dropped without a word; naru waits, "
            "sends again, and keeps what is refused in the dead letter topic",
            buf_str(&lost),
            strstr(buf_str(&lost), " and ") != NULL ? "are" : "is");
    }
    buf_fini(&lost);
}

/* Relationships of the way there that end in nothing, or go elsewhere. */
static void take_side_ways(struct plan *p)
{
    for (size_t i = 0; i + 1 < p->path->n_hops; i++) {
        const struct flow_component *c = p->path->hops[i].at;

        p->now = c;
        for (size_t k = 0; k < c->auto_terminated.n; k++) {
            const char *name = c->auto_terminated.items[k];

            if (strcmp(name, "failure") == 0 ||
                strcmp(name, "parse.failure") == 0 ||
                strcmp(name, "parse failure") == 0) {
                plan_find(p, PLAN_LOSES,
                    "%s is auto-terminated: what it cannot read is dropped; "
                    "in naru it is a dead letter",
                    name);
            }
        }
        for (size_t k = 0; k < c->n_out; k++) {
            const struct flow_component *to = c->out[k]->to;

            if (to != NULL && to != p->path->hops[i + 1].at && to != c &&
                !catalog_is_wire(to)) {
                plan_find(p, PLAN_LEAVES,
                    "it also goes to %s '%s' (%s), off this path",
                    flow_class(to), to->name,
                    c->out[k]->relationships.n > 0
                        ? c->out[k]->relationships.items[0]
                        : "");
            }
        }
    }
}

void plan_make_ends(struct plan *p, const struct flow_component *writer)
{
    struct flow_names seen = {0};

    p->now = writer;
    take_failures(p, writer);
    take_side_ways(p);
    take_after(p, writer, 0, &seen);
}

/* ---- what the bridge shows NiFi's numbers under ---- */

static const char *word_or(struct plan *p, const char *text)
{
    return plan_word(p, text[0] != '\0' ? text : "-");
}

static void add_name(struct plan *p, const struct flow_hop *hop, int *n)
{
    const struct flow_component *c = hop->at;

    if (catalog_is_wire(c)) {
        return;
    }
    if (*n > 0) {
        plan_set(p, plan_text(p, "nifi.connection.%d", *n),
            plan_text(
                p, "%s %s", word_or(p, hop->in->id), word_or(p, hop->in->name)),
            NULL);
    }
    plan_set(p, plan_text(p, "nifi.processor.%d", ++*n),
        plan_text(p, "%s %s %s", word_or(p, c->id), word_or(p, c->type),
            word_or(p, c->name)),
        NULL);
}

void plan_make_names(struct plan *p)
{
    const struct flow_group *g = p->path->hops[0].at->group;
    int n = 0;

    p->now = NULL;
    if (g != NULL) {
        plan_set(p, "nifi.group",
            plan_text(p, "%s %s", word_or(p, g->id), word_or(p, g->name)),
            NULL);
    }
    for (size_t i = 0; i < p->path->n_hops; i++) {
        add_name(p, &p->path->hops[i], &n);
    }
    for (size_t i = 0; i < p->n_after_hops; i++) {
        add_name(p, &p->after[i], &n);
    }
}
