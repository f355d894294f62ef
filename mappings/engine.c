/*
 * The engine probe and the table of differences; see engine.h.
 *
 * The product is told by "distribution" and "tagline" before the number: an
 * OpenSearch 1 or 2 with compatibility.override_main_response_version calls
 * itself 7.10.2. The nodes API has no tagline; Elasticsearch alone reports a
 * build_flavor there (NodesInfoResponse.toXContent of both).
 */
#include "mappings/engine.h"

#include "common/clock.h"
#include "common/http_call.h"
#include "mappings/engine_answer.h"

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NODES_PATH                                                             \
    "/_nodes/_local?filter_path=nodes.*.version,nodes.*.build_flavor"
#define PRODUCT_BYTES sizeof(((struct http_answer *)0)->product)
#define PAUSE_MS 500
#define LIMIT_MS 5000 /* the bridge stands still meanwhile */

/* Versions in one number, to compare. */
#define V(major, minor) ((major)*1000 + (minor))
#define ALWAYS 0
#define NEVER INT32_MAX

/* Since when, and until before which version, an engine is so. */
struct difference {
    size_t field; /* of struct engine, a bool */
    int elasticsearch_since, elasticsearch_until;
    int opensearch_since, opensearch_until;
};

/*
 * typeless: types left _bulk's action lines with Elasticsearch 7.0 (its
 *   "Removal of mapping types"); every OpenSearch does without.
 * takes_type: Elasticsearch 7 takes one still, 8 answers 400 to it; OpenSearch
 *   2.0 removed it. One that hides its version (0.0) counts as newer.
 * composable_templates: _index_template came with 7.8 (spec:
 *   indices.put_index_template).
 * require_alias: 7.10 (spec: bulk).
 * include_type_name: from 6.7; false is the default of 7, 8 knows it no more.
 * point_in_time: _pit came with 7.10, the order _shard_doc with 7.12 (spec:
 *   open_point_in_time); OpenSearch has other paths for it.
 * simulate_template: 7.9 (spec: indices.simulate_template), OpenSearch 1.0.
 * policy_meta: documented from 8.0 on (ilm-put-lifecycle); ISM has none.
 * unpacks_zstd: OpenSearch 3.8 does; Elasticsearch 7.17, 8.19 and 9.5 do not.
 *   They all leave it to Netty's HttpContentDecompressor, which needs zstd-jni.
 * write_block: 7.9 (spec: indices.add_block).
 */
static const struct difference differences[] = {
    {offsetof(struct engine, typeless), V(7, 0), NEVER, ALWAYS, NEVER},
    {offsetof(struct engine, takes_type), ALWAYS, V(8, 0), V(1, 0), V(2, 0)},
    {offsetof(struct engine, composable_templates), V(7, 8), NEVER, ALWAYS,
        NEVER},
    {offsetof(struct engine, require_alias), V(7, 10), NEVER, ALWAYS, NEVER},
    {offsetof(struct engine, include_type_name), ALWAYS, V(7, 0), NEVER, NEVER},
    {offsetof(struct engine, point_in_time), V(7, 12), NEVER, NEVER, NEVER},
    {offsetof(struct engine, simulate_template), V(7, 9), NEVER, ALWAYS, NEVER},
    {offsetof(struct engine, policy_meta), V(8, 0), NEVER, NEVER, NEVER},
    {offsetof(struct engine, unpacks_zstd), NEVER, NEVER, V(3, 0), NEVER},
    {offsetof(struct engine, write_block), V(7, 9), NEVER, ALWAYS, NEVER},
};

static void apply_differences(struct engine *engine)
{
    int version = V(engine->major, engine->minor);

    for (size_t i = 0; i < sizeof(differences) / sizeof(*differences); i++) {
        const struct difference *d = &differences[i];
        bool yes = engine->product == ENGINE_OPENSEARCH
                       ? version >= d->opensearch_since &&
                             version < d->opensearch_until
                       : version >= d->elasticsearch_since &&
                             version < d->elasticsearch_until;

        *(bool *)((char *)engine + d->field) = yes;
    }
}

/* "8.19.21", "9.0.0-SNAPSHOT". Numbers above 999 are no versions of ours. */
static int read_version(
    const char *text, struct engine *engine, struct error *err)
{
    if (text == NULL || sscanf(text, "%3d.%3d.%3d", &engine->major,
                            &engine->minor, &engine->patch) != 3) {
        return error_set(err, "the engine's version \"%s\" is unreadable",
            text != NULL ? text : "");
    }
    return 0;
}

/*
 * Product and version are known: the name, the differences. OpenSearch's own
 * numbers are small, so a large one is the mask; 0.0 stands for unknown then,
 * which has what every OpenSearch has.
 */
static int conclude(
    struct engine *engine, const char *version, struct error *err)
{
    bool opensearch = engine->product == ENGINE_OPENSEARCH;

    if (read_version(version, engine, err) != 0) {
        return -1;
    }
    if (!opensearch && V(engine->major, engine->minor) < V(6, 8)) {
        return error_set(err,
            "Elasticsearch %s is older than 6.8, the oldest that naru knows",
            version);
    }
    if (opensearch && V(engine->major, engine->minor) == V(7, 10)) {
        engine->major = engine->minor = engine->patch = 0;
        (void)snprintf(engine->name, sizeof(engine->name),
            "OpenSearch (calling itself 7.10.2)");
    } else {
        (void)snprintf(engine->name, sizeof(engine->name), "%s %d.%d.%d",
            opensearch ? "OpenSearch" : "Elasticsearch", engine->major,
            engine->minor, engine->patch);
    }
    apply_differences(engine);
    return 0;
}

static json_t *parse(struct slice body)
{
    return body.len == 0 ? NULL : json_loadb(body.p, body.len, 0, NULL);
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

int engine_from_root(
    struct slice body, struct engine *engine, struct error *err)
{
    json_t *root = parse(body);
    const json_t *version = json_object_get(root, "version");
    const char *tagline = text_of(root, "tagline");
    int rc = -1;

    *engine = (struct engine){0};
    if (strcmp(text_of(version, "distribution"), "opensearch") == 0 ||
        strncmp(tagline, "The OpenSearch Project", 22) == 0) {
        engine->product = ENGINE_OPENSEARCH;
        rc = conclude(engine, text_of(version, "number"), err);
    } else if (strcmp(tagline, "You Know, for Search") == 0) {
        engine->product = ENGINE_ELASTICSEARCH;
        rc = conclude(engine, text_of(version, "number"), err);
    } else {
        (void)error_set(err,
            "what answers GET / is neither Elasticsearch nor OpenSearch; "
            "check elasticsearch.hosts");
    }
    json_decref(root);
    return rc;
}

int engine_from_nodes(
    struct slice body, struct engine *engine, struct error *err)
{
    json_t *root = parse(body);
    json_t *nodes = json_object_get(root, "nodes");
    const json_t *node =
        json_object_iter_value(json_object_iter(nodes)); /* the only one */
    int rc = -1;

    *engine = (struct engine){0};
    if (node == NULL) {
        (void)error_set(err,
            "what answers GET /_nodes/_local is neither Elasticsearch nor "
            "OpenSearch; check elasticsearch.hosts");
    } else {
        engine->product = json_object_get(node, "build_flavor") != NULL
                              ? ENGINE_ELASTICSEARCH
                              : ENGINE_OPENSEARCH;
        rc = conclude(engine, text_of(node, "version"), err);
    }
    json_decref(root);
    return rc;
}

int engine_from_product(const char *product, struct engine *engine)
{
    *engine = (struct engine){.product = ENGINE_ELASTICSEARCH,
        .major = 7,
        .minor = 14,
        .name = "Elasticsearch (7.14 or later)"};
    if (strcmp(product, "Elasticsearch") != 0) {
        return -1;
    }
    apply_differences(engine);
    engine->takes_type = false;
    return 0;
}

enum finding { FOUND, NOT_YET, HOPELESS };

/* A proxy before a starting engine says 502 to 504, the engine itself 503. */
static bool is_passing(long status)
{
    return status == 429 || (status >= 502 && status <= 504);
}

/* A proxy tells in its page's title what it wants: a client certificate, TLS.
 * " (400 No required SSL certificate was sent)", or nothing. */
static void quote_title(struct slice body, char *out, size_t size)
{
    static const char begin[] = "<title>";
    const char *at = body.len > 0
                         ? memmem(body.p, body.len, begin, sizeof(begin) - 1)
                         : NULL;
    size_t n = 0;

    out[0] = '\0';
    if (at != NULL) {
        at += sizeof(begin) - 1;
        while (at + n < body.p + body.len && at[n] != '<' && at[n] >= ' ') {
            n++;
        }
        (void)snprintf(out, size, " (%.*s)", (int)(n < 100 ? n : 100), at);
    }
}

static int explain_status(
    const struct endpoint *e, long status, struct slice body, struct error *err)
{
    const char *host = endpoint_host(e, 0);
    char title[112];

    if (is_passing(status)) {
        return error_set(
            err, "%s is not ready yet (%ld to GET /)", host, status);
    }
    if (status == 401 && endpoint_has_login(e)) {
        return error_set(err,
            "%s refuses our login (401 to GET /); check user and password, or "
            "the key or token, in the files that elasticsearch.*_file name",
            host);
    }
    if (status == 401) {
        return error_set(err,
            "%s asks who we are (401 to GET /); set elasticsearch.username "
            "and password_file, or api_key_file",
            host);
    }
    if (status == 403) {
        return error_set(err,
            "%s forbids GET / and GET /_nodes/_local (403); give our user the "
            "cluster privilege monitor",
            host);
    }
    quote_title(body, title, sizeof(title));
    return error_set(err,
        "%s answers %ld to GET / and GET /_nodes/_local%s; check "
        "elasticsearch.hosts",
        host, status, title);
}

typedef int (*read_answer_fn)(
    struct slice body, struct engine *engine, struct error *err);

static enum finding ask(const struct endpoint *e, const char *path,
    read_answer_fn read_answer, long *status, char product[PRODUCT_BYTES],
    struct engine *engine, struct error *err)
{
    struct http_answer answer;
    enum finding finding = HOPELESS;

    *status = 0;
    if (http_call_within(e, "GET", path, NULL, LIMIT_MS, &answer, err) != 0) {
        finding = NOT_YET;
    } else if (answer.status == 200) {
        *status = 200;
        if (read_answer(buf_slice(&answer.body), engine, err) == 0) {
            finding = FOUND;
        }
    } else {
        *status = answer.status;
        (void)explain_status(e, answer.status, buf_slice(&answer.body), err);
        finding = is_passing(answer.status) ? NOT_YET : HOPELESS;
    }
    (void)snprintf(product, PRODUCT_BYTES, "%s", answer.product);
    http_answer_fini(&answer);
    return finding;
}

static enum finding probe(
    const struct endpoint *e, struct engine *engine, struct error *err)
{
    struct engine second = {0};
    long status, second_status;
    char product[PRODUCT_BYTES];
    enum finding finding =
        ask(e, "/", engine_from_root, &status, product, engine, err);

    if (finding == FOUND && engine->major == 0) {
        /* A mask: the nodes tell the true number, if we may ask them. */
        if (ask(e, NODES_PATH, engine_from_nodes, &second_status, product,
                &second, NULL) == FOUND) {
            *engine = second;
        }
    } else if (finding == HOPELESS && status != 200) {
        finding = ask(e, NODES_PATH, engine_from_nodes, &second_status, product,
            engine, err);
        /* 401: nobody knows us; 403: all but this is hidden from us. */
        if (finding == HOPELESS && second_status == 403 &&
            engine_from_product(product, engine) == 0) {
            finding = FOUND;
        }
    }
    return finding;
}

const char *engine_bulk_type(
    const struct engine *engine, const char *wanted, bool *dropped)
{
    if (dropped != NULL) {
        *dropped = wanted != NULL && !engine->takes_type;
    }
    if (wanted != NULL && engine->takes_type) {
        return wanted;
    }
    return engine->typeless ? NULL : "_doc";
}

int engine_probe(
    const struct endpoint *e, struct engine *engine, struct error *err)
{
    return probe(e, engine, err) == FOUND ? 0 : -1;
}

int engine_wait(const struct endpoint *e, int64_t wait_ms,
    struct engine *engine, struct error *err)
{
    const struct timespec pause = {0, PAUSE_MS * 1000000L};
    int64_t end_us = clock_mono_us() + wait_ms * 1000;
    enum finding finding;

    while ((finding = probe(e, engine, err)) == NOT_YET &&
           clock_mono_us() + PAUSE_MS * 1000 <= end_us) {
        (void)nanosleep(&pause, NULL);
    }
    return finding == FOUND ? 0 : -1;
}

/*
 * A server without the module takes the path for an index's: 400, 404 or 405.
 */
int engine_find_lifecycle(const struct endpoint *e, const struct engine *engine,
    enum engine_lifecycle *lifecycle, struct error *err)
{
    bool opensearch = engine->product == ENGINE_OPENSEARCH;
    const char *path =
        opensearch ? "/_plugins/_ism/policies?size=1" : "/_ilm/status";
    struct http_answer answer;
    int rc = http_call(e, "GET", path, NULL, &answer, err);

    *lifecycle = LIFECYCLE_NONE;
    if (rc == 0 && answer.status == 200) {
        *lifecycle = opensearch ? LIFECYCLE_ISM : LIFECYCLE_ILM;
    } else if (rc == 0 && answer.status != 400 && answer.status != 404 &&
               answer.status != 405) {
        rc = engine_answer_explain(
            "GET", path, answer.status, buf_slice(&answer.body), err);
    }
    http_answer_fini(&answer);
    return rc;
}
