/* See nifi_import.h. */
#include "bridge/nifi/nifi_import.h"

#include "bridge/nifi/catalog.h"
#include "bridge/nifi/flow_file.h"
#include "common/config_file.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int nifi_import_open(struct nifi_import *i, const char *path,
    const struct plan_options *options, struct error *err)
{
    *i = (struct nifi_import){
        .source = strcmp(path, "-") == 0 ? "standard input" : path};
    i->flow = flow_read(path, err);
    if (i->flow == NULL) {
        return -1;
    }
    if (flow_find_paths(i->flow, &i->paths, err) != 0) {
        return error_prefix(err, "%s: ", i->source);
    }
    for (size_t k = 0; k < i->paths.n; k++) {
        i->plans[k] = plan_new(i->flow, &i->paths.items[k], options, err);
        if (i->plans[k] == NULL) {
            return error_prefix(err, "%s: ", i->source);
        }
    }
    return 0;
}

void nifi_import_close(struct nifi_import *i)
{
    for (size_t k = 0; k < i->paths.n; k++) {
        plan_free(i->plans[k]);
    }
    flow_free(i->flow);
    *i = (struct nifi_import){0};
}

static bool has(const struct flow *f, bool (*is_one)(enum catalog_class class))
{
    for (size_t i = 0; i < f->n_components; i++) {
        if (f->components[i]->kind == FLOW_PROCESSOR &&
            is_one(catalog_class_of(f->components[i]))) {
            return true;
        }
    }
    return false;
}

static int no_path(const struct nifi_import *i, struct error *err)
{
    bool sources = has(i->flow, catalog_is_source);
    bool writers = has(i->flow, catalog_is_writer);

    return error_set(err, "%s: %s; there is nothing for naru to do", i->source,
        sources && writers ? "no connections lead from a ConsumeKafka to an "
                             "Elasticsearch writer"
        : sources          ? "it has a ConsumeKafka, but no PutElasticsearch "
                             "of any kind"
        : writers          ? "it writes to Elasticsearch, but has no "
                             "ConsumeKafka"
                           : "it has neither a ConsumeKafka nor a "
                             "PutElasticsearch of any kind");
}

const struct plan *nifi_import_choose(
    const struct nifi_import *i, size_t number, struct error *err)
{
    if (i->paths.n == 0) {
        (void)no_path(i, err);
        return NULL;
    }
    if (number == 0 && i->paths.n > 1) {
        (void)error_set(err,
            "%s: it has %zu paths from Kafka to Elasticsearch; choose one with "
            "--path N ('naru nifi check' shows them)",
            i->source, i->paths.n);
        return NULL;
    }
    if (number > i->paths.n) {
        (void)error_set(
            err, "%s: no path %zu; it has %zu", i->source, number, i->paths.n);
        return NULL;
    }
    return i->plans[number > 0 ? number - 1 : 0];
}

int nifi_import_check_plan(const struct plan *plan, struct error *err)
{
    size_t n = plan_count(plan, PLAN_CANNOT);
    const struct plan_finding *first = NULL;

    if (n == 0) {
        return 0;
    }
    for (size_t i = 0; first == NULL && i < plan->n_findings; i++) {
        if (plan->findings[i].kind == PLAN_CANNOT) {
            first = &plan->findings[i];
        }
    }
    assert(first != NULL); /* it is among those counted */
    (void)error_set(err, "%s%s%s%s%s",
        first->of != NULL ? flow_class(first->of) : "",
        first->of != NULL ? " '" : "", first->of != NULL ? first->of->name : "",
        first->of != NULL ? "': " : "", first->text);
    if (n > 1) {
        (void)error_set(err,
            "%.800s (and %zu more: 'naru nifi check' shows all)", err->text,
            n - 1);
    }
    return -1;
}

int nifi_import_take(const struct plan *plan, const char *source,
    struct config *c, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < plan->n_settings; i++) {
        const struct plan_setting *s = &plan->settings[i];
        char origin[512];

        if (s->value == NULL) {
            continue;
        }
        (void)snprintf(origin, sizeof(origin), "%s: %s", source,
            s->from[0] != '\0' ? s->from : "the flow");
        rc = config_put_from_file(c, s->name, s->value, origin, err);
    }
    config_end_of_file(c);
    return rc;
}

bool nifi_import_is_fine(const struct nifi_import *i, size_t only)
{
    for (size_t k = 0; k < i->paths.n; k++) {
        if ((only == 0 || only == k + 1) &&
            plan_count(i->plans[k], PLAN_CANNOT) > 0) {
            return false;
        }
    }
    return i->paths.n > 0;
}
