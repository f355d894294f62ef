/*
 * NiFi's own status endpoints under /nifi-api/, for what watched NiFi before:
 * the flow's names from [nifi] or made up, its numbers from the traffic of the
 * last five minutes. Read-only, and off unless admin.nifi_api.
 */
#include "bridge/pipeline_state.h"

#include "bridge/bulk_target.h"
#include "bridge/transform/words.h"
#include "bridge/watch/nifi_body.h"
#include "bridge/watch/nifi_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE_BYTES 300
#define PATH_BYTES 256

enum nifi_endpoint {
    ENDPOINT_CONTROLLER,
    ENDPOINT_ABOUT,
    ENDPOINT_GROUP,
    ENDPOINT_PROCESSOR,
    ENDPOINT_PROCESSOR_STATUS,
    ENDPOINT_CONNECTION_STATUS
};

struct nifi_page {
    struct pipeline *p;
    enum nifi_endpoint endpoint;
    size_t place; /* of the part or link */
    struct nifi_page *next;
};

struct pipeline_nifi {
    struct nifi_flow flow;
    char base[BASE_BYTES];
    struct nifi_page *pages;
};

/* ---- the flow's form ---- */

/* One of [nifi]'s values as its words. */
static int read_words(const char *name, int number, const char *value, size_t n,
    struct words *w, struct error *err)
{
    int rc = words_read(value, w, err);

    if (rc == 0 && w->n != n) {
        rc = error_set(err, "it is not of the form %s",
            n == 3 ? "ID CLASS NAME" : "ID NAME");
    }
    if (rc == 0 &&
        strspn(w->all[0], "0123456789abcdefABCDEF-") != strlen(w->all[0])) {
        rc = error_set(err, "'%s' is no id of NiFi's", w->all[0]);
    }
    if (rc != 0) {
        return error_prefix(err, number > 0 ? "%s.%d: " : "%s: ", name, number);
    }
    return 0;
}

/* "-" is no name. */
static void take_name(char *to, size_t size, const char *name)
{
    if (strcmp(name, "-") != 0) {
        (void)snprintf(to, size, "%s", name);
    }
}

static int name_group(struct pipeline *p, struct error *err)
{
    struct nifi_flow *f = &p->nifi->flow;
    const char *named = config_text(p->config, "nifi.group");
    const char *topics = config_text(p->config, "bridge.topics");
    const char *group = config_text(p->config, "kafka.group.id");
    char seed[600];
    struct words w;
    int rc;

    (void)snprintf(seed, sizeof(seed), "naru/%s/%s",
        group != NULL ? group : "naru-bridge", topics != NULL ? topics : "");
    nifi_flow_make_id(seed, f->id);
    (void)snprintf(f->name, sizeof(f->name), "naru bridge");
    if (named == NULL) {
        return 0;
    }
    rc = read_words("nifi.group", 0, named, 2, &w, err);
    if (rc == 0) {
        take_name(f->id, sizeof(f->id), w.all[0]);
        take_name(f->name, sizeof(f->name), w.all[1]);
    }
    words_fini(&w);
    return rc;
}

/* The NiFi class that a step stands for. */
static const char *class_of(const char *kind)
{
    static const char *const classes[][2] = {
        {"update-attribute",
            "org.apache.nifi.processors.attributes.UpdateAttribute"},
        {"evaluate-json",
            "org.apache.nifi.processors.standard.EvaluateJsonPath"},
        {"split-json", "org.apache.nifi.processors.standard.SplitJson"},
        {"route", "org.apache.nifi.processors.standard.RouteOnAttribute"},
        {"convert-json", "org.apache.nifi.processors.standard.ConvertRecord"},
        {"merge", "org.apache.nifi.processors.standard.MergeContent"},
        {"log", "org.apache.nifi.processors.standard.LogAttribute"},
        {"log-message", "org.apache.nifi.processors.standard.LogMessage"},
    };

    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        if (strcmp(kind, classes[i][0]) == 0) {
            return classes[i][1];
        }
    }
    return kind;
}

static int add_part(
    struct nifi_flow *f, enum nifi_role role, const char *type, size_t step)
{
    struct nifi_part *part =
        nifi_flow_add(f, role, type, nifi_flow_simple_type(type));

    if (part == NULL) {
        return -1;
    }
    part->step = step;
    return f->n_parts < 2 ||
                   nifi_flow_link(f, f->n_parts - 2, f->n_parts - 1,
                       f->parts[f->n_parts - 2].role == NIFI_STEP ? "matched"
                                                                  : "success")
               ? 0
               : -1;
}

/* ConsumeKafka, the steps, PutElasticsearchHttp, what logs behind it. */
static int add_parts(struct pipeline *p)
{
    const struct transform *t = pipeline_transform(p);
    struct nifi_flow *f = &p->nifi->flow;
    int rc = add_part(f, NIFI_CONSUME,
        "org.apache.nifi.processors.kafka.pubsub.ConsumeKafka_2_6", 0);

    for (size_t i = 0; rc == 0 && t != NULL && i < transform_step_count(t);
         i++) {
        rc = add_part(f, NIFI_STEP, class_of(transform_step_kind(t, i)), i);
    }
    rc = rc == 0 ? add_part(f, NIFI_PUT,
                       "org.apache.nifi.processors.elasticsearch."
                       "PutElasticsearchHttp",
                       0)
                 : rc;
    for (size_t i = 0; rc == 0 && t != NULL && i < transform_after_count(t);
         i++) {
        rc = add_part(f, NIFI_AFTER, class_of(transform_after_kind(t, i)), i);
    }
    return rc;
}

/* Names and ids of the flow that was imported, processor by processor: those
 * between ConsumeKafka and PutElasticsearch are the first of the steps. */
static int take_names(struct pipeline *p, struct error *err)
{
    struct nifi_flow *f = &p->nifi->flow;
    const char *value;
    int number;
    size_t part = 0;

    for (size_t i = 0; config_numbered_at(p->config, "nifi.processor.N", i,
                           &number, &value, NULL) == 0;
         i++) {
        struct words w;
        int rc = read_words("nifi.processor", number, value, 3, &w, err);
        enum nifi_role role = rc == 0 ? nifi_flow_role(w.all[1]) : NIFI_STEP;

        /* Steps beyond those of the flow are nobody's. */
        while (rc == 0 && role == NIFI_PUT && part < f->n_parts &&
               f->parts[part].role == NIFI_STEP) {
            part++;
        }
        if (rc == 0 && part < f->n_parts) {
            struct nifi_part *to = &f->parts[part++];

            take_name(to->id, sizeof(to->id), w.all[0]);
            take_name(to->type, sizeof(to->type), w.all[1]);
            (void)snprintf(to->name, sizeof(to->name), "%s",
                nifi_flow_simple_type(to->type));
            take_name(to->name, sizeof(to->name), w.all[2]);
        }
        words_fini(&w);
        if (rc != 0) {
            return -1;
        }
    }
    return 0;
}

static int take_link_names(struct pipeline *p, struct error *err)
{
    struct nifi_flow *f = &p->nifi->flow;
    const char *value;
    int number;

    for (size_t i = 0; config_numbered_at(p->config, "nifi.connection.N", i,
                           &number, &value, NULL) == 0;
         i++) {
        struct words w;
        int rc = read_words("nifi.connection", number, value, 2, &w, err);

        if (rc == 0 && number >= 1 && (size_t)number <= f->n_links) {
            struct nifi_link *to = &f->links[number - 1];

            take_name(to->id, sizeof(to->id), w.all[0]);
            take_name(to->name, sizeof(to->name), w.all[1]);
        }
        words_fini(&w);
        if (rc != 0) {
            return -1;
        }
    }
    return 0;
}

/* Where what is refused goes: from each step that can, and from the engine. */
static int add_dead_letters(struct pipeline *p)
{
    struct nifi_flow *f = &p->nifi->flow;
    size_t n = f->n_parts;

    if (p->stop_on_refusal) {
        return 0;
    }
    if (nifi_flow_add(f, NIFI_DEAD,
            "org.apache.nifi.processors.kafka.pubsub.PublishKafka_2_6",
            "dead letters") == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        if ((f->parts[i].role == NIFI_STEP || f->parts[i].role == NIFI_PUT) &&
            nifi_flow_link(f, i, n, "failure") == NULL) {
            return -1;
        }
    }
    return 0;
}

/* ---- pages ---- */

#define PROPERTIES_MOST 24

struct properties {
    struct nifi_property all[PROPERTIES_MOST];
    size_t n;
    char texts[4][32]; /* numbers with units */
    size_t n_texts;
};

static void add_property(
    struct properties *to, const char *name, const char *value)
{
    to->all[to->n++] = (struct nifi_property){name, value};
}

static const char *number_text(
    struct properties *to, int64_t number, const char *unit)
{
    char *text = to->texts[to->n_texts++];

    (void)snprintf(
        text, sizeof(to->texts[0]), "%lld%s", (long long)number, unit);
    return text;
}

/* Under NiFi's names; secrets are none of it, and null as in NiFi. */
static void add_put_properties(const struct pipeline *p, struct properties *to)
{
    const struct config *c = p->config;

    add_property(
        to, "elasticsearch-http-url", config_text(c, "elasticsearch.hosts"));
    add_property(to, "SSL Context Service", NULL);
    add_property(to, "Username", config_text(c, "elasticsearch.username"));
    add_property(to, "Password", NULL);
    add_property(to, "elasticsearch-http-connect-timeout",
        number_text(
            to, config_number(c, "elasticsearch.connect_timeout_ms"), " ms"));
    add_property(to, "elasticsearch-http-response-timeout",
        number_text(
            to, config_number(c, "elasticsearch.request_timeout_ms"), " ms"));
    add_property(to, "proxy-configuration-service", NULL);
    add_property(to, "elasticsearch-http-proxy-host", NULL);
    add_property(to, "elasticsearch-http-proxy-port", NULL);
    add_property(to, "proxy-username", NULL);
    add_property(to, "proxy-password", NULL);
    add_property(to, "put-es-id-attr", config_text(c, "bridge.id"));
    add_property(to, "put-es-index", bulk_target_index(c, p->dataset));
    add_property(to, "put-es-type", config_text(c, "bridge.type"));
    add_property(to, "Character Set", "UTF-8");
    add_property(to, "put-es-batch-size",
        number_text(to, config_number(c, "bridge.batch_docs"), ""));
    add_property(to, "put-es-index-op", config_text(c, "bridge.op"));
}

static void add_consume_properties(
    const struct pipeline *p, struct properties *to)
{
    const struct config *c = p->config;

    add_property(
        to, "bootstrap.servers", config_text(c, "kafka.bootstrap.servers"));
    add_property(to, "topic", config_text(c, "bridge.topics"));
    add_property(to, "group.id", config_text(c, "kafka.group.id"));
    add_property(
        to, "auto.offset.reset", config_text(c, "kafka.auto.offset.reset"));
}

static int write_processor(
    struct pipeline *p, const struct nifi_part *part, struct buf *body)
{
    struct properties props = {.n = 0};

    if (part->role == NIFI_PUT) {
        add_put_properties(p, &props);
    } else if (part->role == NIFI_CONSUME) {
        add_consume_properties(p, &props);
    }
    return nifi_body_processor(
        body, &p->nifi->flow, part, p->nifi->base, props.all, props.n);
}

static int write_page(const struct nifi_page *page, struct buf *body)
{
    struct nifi_flow *f = &page->p->nifi->flow;

    switch (page->endpoint) {
    case ENDPOINT_CONTROLLER:
        return nifi_body_controller(body, f);
    case ENDPOINT_ABOUT:
        return nifi_body_about(body, page->p->nifi->base);
    case ENDPOINT_GROUP:
        return nifi_body_group_status(body, f);
    case ENDPOINT_PROCESSOR:
        return write_processor(page->p, &f->parts[page->place], body);
    case ENDPOINT_PROCESSOR_STATUS:
        return nifi_body_processor_status(body, f, &f->parts[page->place]);
    case ENDPOINT_CONNECTION_STATUS:
        return nifi_body_connection_status(body, f, &f->links[page->place]);
    }
    return -1;
}

static int on_page(void *arg, struct buf *body, const char **type)
{
    const struct nifi_page *page = arg;

    *type = "application/json";
    pipeline_nifi_fill(page->p, &page->p->nifi->flow);
    return write_page(page, body) == 0 ? 200 : 500;
}

/* Serve before/id/behind. */
static int serve(struct pipeline *p, enum nifi_endpoint endpoint, size_t place,
    const char *before, const char *id, const char *behind)
{
    struct nifi_page *page = malloc(sizeof(*page));
    char path[PATH_BYTES];

    if (page == NULL) {
        return -1;
    }
    *page = (struct nifi_page){p, endpoint, place, p->nifi->pages};
    p->nifi->pages = page;
    (void)snprintf(path, sizeof(path), "/nifi-api/%s%s%s", before, id, behind);
    return admin_page(p->admin, path, on_page, page);
}

static int serve_all(struct pipeline *p)
{
    const struct nifi_flow *f = &p->nifi->flow;
    int rc =
        serve(p, ENDPOINT_CONTROLLER, 0, "flow/status", "", "") |
        serve(p, ENDPOINT_ABOUT, 0, "flow/about", "", "") |
        serve(p, ENDPOINT_GROUP, 0, "flow/process-groups/", "root", "/status") |
        serve(p, ENDPOINT_GROUP, 0, "flow/process-groups/", f->id, "/status");

    for (size_t i = 0; rc == 0 && i < f->n_parts; i++) {
        rc =
            serve(p, ENDPOINT_PROCESSOR, i, "processors/", f->parts[i].id, "") |
            serve(p, ENDPOINT_PROCESSOR_STATUS, i, "flow/processors/",
                f->parts[i].id, "/status");
    }
    for (size_t i = 0; rc == 0 && i < f->n_links; i++) {
        rc = serve(p, ENDPOINT_CONNECTION_STATUS, i, "flow/connections/",
            f->links[i].id, "/status");
    }
    return rc;
}

int pipeline_nifi_new(struct pipeline *p, struct error *err)
{
    if (!config_bool(p->config, "admin.nifi_api")) {
        return 0;
    }
    p->nifi = calloc(1, sizeof(*p->nifi));
    if (p->nifi == NULL) {
        return error_set(err, "out of memory");
    }
    (void)snprintf(p->nifi->base, sizeof(p->nifi->base), "http://%s",
        config_text(p->config, "admin.listen"));
    if (name_group(p, err) != 0) {
        return error_prefix(err, "[nifi] ");
    }
    if (add_parts(p) != 0) {
        return error_set(err,
            "admin.nifi_api: there are more than %d steps to show",
            NIFI_PARTS_MOST - 4);
    }
    if (take_names(p, err) != 0 || take_link_names(p, err) != 0) {
        return error_prefix(err, "[nifi] ");
    }
    if (add_dead_letters(p) != 0) {
        return error_set(err, "admin.nifi_api: there are too many steps");
    }
    return serve_all(p) == 0 ? 0 : error_set(err, "out of memory");
}

void pipeline_nifi_free(struct pipeline *p)
{
    struct pipeline_nifi *n = p->nifi;

    p->nifi = NULL;
    while (n != NULL && n->pages != NULL) {
        struct nifi_page *next = n->pages->next;

        free(n->pages);
        n->pages = next;
    }
    free(n);
}
