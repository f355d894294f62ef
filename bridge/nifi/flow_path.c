/*
 * See flow_path.h. First all that can reach a writer is marked, backward and
 * in linear time; then the search forward leaves dead ends aside.
 */
#include "bridge/nifi/flow_path.h"

#include "bridge/nifi/catalog.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STEPS 1000000

struct search {
    struct flow *f;
    struct flow_paths *paths;
    struct flow_hop hops[FLOW_MAX_HOPS];
    size_t n_hops;
    size_t steps;
    struct error *err;
};

static bool is_writer(const struct flow_component *c)
{
    return c->kind == FLOW_PROCESSOR && catalog_is_writer(catalog_class_of(c));
}

static bool is_source(const struct flow_component *c)
{
    return c->kind == FLOW_PROCESSOR && catalog_is_source(catalog_class_of(c));
}

static int mark_what_reaches(struct flow *f, struct error *err)
{
    struct flow_component **queue =
        calloc(f->n_components + 1, sizeof(struct flow_component *));
    size_t n = 0;

    if (queue == NULL) {
        return error_set(err, "out of memory");
    }
    for (size_t i = 0; i < f->n_components; i++) {
        if (is_writer(f->components[i])) {
            f->components[i]->reaches_writer = true;
            queue[n++] = f->components[i];
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < queue[i]->n_in; k++) {
            struct flow_component *from = queue[i]->in[k]->from;

            if (from != NULL && !from->reaches_writer) {
                from->reaches_writer = true;
                queue[n++] = from;
            }
        }
    }
    free(queue);
    return 0;
}

static int keep_path(struct search *s)
{
    struct flow_paths *paths = s->paths;
    struct flow_path path = {.n_hops = s->n_hops};
    void *grown = arena_grow(
        &s->f->arena, paths->items, paths->n, &paths->room, sizeof(path));

    path.hops = arena_alloc(&s->f->arena, s->n_hops * sizeof(struct flow_hop));
    if (grown == NULL || path.hops == NULL) {
        return error_set(s->err, "out of memory");
    }
    memcpy(path.hops, s->hops, s->n_hops * sizeof(struct flow_hop));
    paths->items = grown;
    paths->items[paths->n++] = path;
    return 0;
}

static int visit(
    struct search *s, struct flow_component *c, struct flow_connection *in)
{
    int rc = 0;

    if (++s->steps > MAX_STEPS || s->n_hops == FLOW_MAX_HOPS ||
        s->paths->n == FLOW_MAX_PATHS) {
        s->paths->is_cut = true;
        return 0;
    }
    c->is_on_path = true;
    s->hops[s->n_hops++] = (struct flow_hop){c, in};
    if (is_writer(c)) {
        rc = keep_path(s);
    }
    for (size_t i = 0; rc == 0 && !is_writer(c) && i < c->n_out; i++) {
        struct flow_component *to = c->out[i]->to;
        bool is_double = false; /* two connections to the same: one way */

        for (size_t k = i > 64 ? i - 64 : 0; k < i; k++) {
            is_double |= c->out[k]->to == to;
        }
        if (to != NULL && !to->is_on_path && to->reaches_writer && !is_double) {
            rc = visit(s, to, c->out[i]);
        }
    }
    s->n_hops--;
    c->is_on_path = false;
    return rc;
}

int flow_find_paths(struct flow *f, struct flow_paths *paths, struct error *err)
{
    struct search s = {.f = f, .paths = paths, .err = err};

    *paths = (struct flow_paths){0};
    if (mark_what_reaches(f, err) != 0) {
        return -1;
    }
    for (size_t i = 0; i < f->n_components; i++) {
        if (is_source(f->components[i]) &&
            visit(&s, f->components[i], NULL) != 0) {
            return -1;
        }
    }
    return 0;
}
