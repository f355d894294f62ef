/* Which Kibana answers, and requests of it; see kibana_server.h. */
#include "kibana/kibana_server.h"

#include "common/clock.h"
#include "kibana/object_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PAUSE_MS 500
#define QUOTED_BYTES 200

/* Versions in one number, to compare. */
#define V(major, minor) ((major)*1000 + (minor))

/* ---- what it is ---- */

static bool mentions(struct slice body, const char *word)
{
    return body.len > 0 && memmem(body.p, body.len, word, strlen(word)) != NULL;
}

/*
 * OpenSearch Dashboards counts from 1 and reports its engine as
 * "core:opensearch"; Kibana with this API counts from 5. Vega came with 6.2;
 * 7.11 is the first that knows the versions of the portable floor.
 */
static int conclude(struct kibana_server *s, struct error *err)
{
    int version = V(s->major, s->minor);

    (void)snprintf(s->name, sizeof(s->name), "%s %d.%d.%d",
        s->product == KIBANA ? "Kibana" : "OpenSearch Dashboards", s->major,
        s->minor, s->patch);
    s->dashboard_path = "/app/dashboards#/view/";
    s->target = SAVED_OBJECTS_PORTABLE;
    s->exports = true;
    if (s->product == OPENSEARCH_DASHBOARDS) {
        return 0;
    }
    s->has_spaces = version >= V(6, 5);
    if (version < V(6, 2)) {
        return error_set(err,
            "%s is older than 6.2, the first that draws Vega; naru has no "
            "saved objects for it",
            s->name);
    }
    if (version < V(7, 0)) {
        s->target = SAVED_OBJECTS_LEGACY;
        s->exports = false;
        s->dashboard_path = "/app/kibana#/dashboard/";
    } else if (version < V(7, 11)) {
        return error_set(err,
            "%s does not know the versions that naru's saved objects state; "
            "it takes Kibana 7.11 or newer (or 6.2 to 6.8, in the legacy "
            "form)",
            s->name);
    } else if (version >= V(8, 0)) {
        s->target = SAVED_OBJECTS_KIBANA8;
    }
    return 0;
}

int kibana_server_from_status(
    struct slice body, struct kibana_server *server, struct error *err)
{
    json_t *root = body.len > 0 ? json_loadb(body.p, body.len, 0, NULL) : NULL;
    const json_t *version = json_object_get(root, "version");
    const char *number = object_text(version, "number");
    int rc = -1;

    *server = (struct kibana_server){.product = KIBANA};
    if (sscanf(number, "%3d.%3d.%3d", &server->major, &server->minor,
            &server->patch) == 3) {
        if (server->major < 4 || mentions(body, "core:opensearch")) {
            server->product = OPENSEARCH_DASHBOARDS;
        }
        rc = conclude(server, err);
    } else if (json_is_object(json_object_get(root, "status"))) {
        /* What Kibana 8 shows to those who have not logged in. */
        (void)error_set(err,
            "it does not tell its version to strangers; set kibana.username "
            "and kibana.password_file, or kibana.api_key_file");
    } else {
        (void)error_set(err,
            "what answers GET /api/status is neither Kibana nor OpenSearch "
            "Dashboards; check --url, with its base path (server.basePath) if "
            "it has one");
    }
    json_decref(root);
    return rc;
}

/* ---- requests ---- */

int kibana_server_call(const struct kibana_link *link,
    const struct http_request *request, const char *path,
    struct http_answer *answer, struct error *err)
{
    static const char *const headers[] = {
        "kbn-xsrf: true", "osd-xsrf: true", NULL};
    struct http_request q = *request;
    char whole[KIBANA_PATH_BYTES];

    (void)snprintf(whole, sizeof(whole), "%s%s%s",
        link->space != NULL ? "/s/" : "",
        link->space != NULL ? link->space : "", path);
    q.path = whole;
    q.headers = headers;
    q.limit_ms = link->limit_ms;
    return http_call_with(link->endpoint, &q, answer, err);
}

/* {"statusCode","error","message"}, or the beginning of another body. */
static void quote(const struct http_answer *answer, char said[QUOTED_BYTES + 1])
{
    struct slice body = buf_slice(&answer->body);
    json_t *root = body.len > 0 ? json_loadb(body.p, body.len, 0, NULL) : NULL;
    const char *message = object_text(root, "message");
    int n = body.len < QUOTED_BYTES ? (int)body.len : QUOTED_BYTES;

    if (message[0] != '\0') {
        (void)snprintf(said, QUOTED_BYTES + 1, "%s", message);
    } else {
        (void)snprintf(said, QUOTED_BYTES + 1, "%.*s", n, n > 0 ? body.p : "");
    }
    json_decref(root);
}

int kibana_server_explain(const struct kibana_link *link, const char *path,
    const struct http_answer *answer, struct error *err)
{
    const char *host = endpoint_host(link->endpoint, 0);
    char said[QUOTED_BYTES + 1];

    quote(answer, said);
    switch (answer->status) {
    case 401:
        return error_set(err,
            "%s asks who we are (401 to %s): %s; set kibana.username and "
            "kibana.password_file, or kibana.api_key_file",
            host, path, said);
    case 403:
        return error_set(err,
            "%s forbids it (403 to %s): %s; our user needs the privilege all "
            "on Saved Objects Management in that space",
            host, path, said);
    case 413:
        return error_set(err,
            "%s takes no file this large (413): %s; raise "
            "savedObjects.maxImportPayloadBytes there, or the limit of a proxy "
            "before it",
            host, said);
    case 422:
        return error_set(err,
            "%s refuses what states a version above its own (422): %s", host,
            said);
    case 429:
    case 502:
    case 503:
    case 504:
        return error_set(err,
            "%s is not ready (%ld to %s): %s; --wait SECONDS waits for it",
            host, answer->status, path, said);
    default:
        return error_set(
            err, "%s answers %ld to %s: %s", host, answer->status, path, said);
    }
}

/* ---- the probe ---- */

enum finding { FOUND, NOT_YET, HOPELESS };

static enum finding probe(const struct kibana_link *link,
    struct kibana_server *server, struct error *err)
{
    /* Outside of any space. */
    const struct kibana_link whole = {
        .endpoint = link->endpoint, .limit_ms = link->limit_ms};
    struct http_answer answer;
    enum finding finding = HOPELESS;

    if (kibana_server_call(&whole, &(struct http_request){.method = "GET"},
            "/api/status", &answer, err) != 0) {
        finding = NOT_YET;
    } else if (answer.status != 200) {
        (void)kibana_server_explain(&whole, "/api/status", &answer, err);
        finding =
            answer.status == 429 || answer.status >= 502 ? NOT_YET : HOPELESS;
    } else if (kibana_server_from_status(
                   buf_slice(&answer.body), server, err) == 0) {
        finding = FOUND;
    } else {
        (void)error_prefix(err, "%s: ", endpoint_host(link->endpoint, 0));
    }
    http_answer_fini(&answer);
    return finding;
}

int kibana_server_probe(const struct kibana_link *link,
    struct kibana_server *server, struct error *err)
{
    return probe(link, server, err) == FOUND ? 0 : -1;
}

int kibana_server_wait(const struct kibana_link *link, int64_t wait_ms,
    struct kibana_server *server, struct error *err)
{
    const struct timespec pause = {0, PAUSE_MS * 1000000L};
    int64_t until_us = clock_mono_us() + wait_ms * 1000;
    enum finding finding = probe(link, server, err);

    while (finding == NOT_YET && clock_mono_us() < until_us) {
        (void)nanosleep(&pause, NULL);
        finding = probe(link, server, err);
    }
    return finding == FOUND ? 0 : -1;
}

/* ---- spaces ---- */

/* What Kibana takes as a space's id; anything else would change the URL. */
static bool is_space_id(const char *space)
{
    for (const char *c = space; *c != '\0'; c++) {
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) &&
            *c != '_' && *c != '-') {
            return false;
        }
    }
    return space[0] != '\0' && strlen(space) < KIBANA_PATH_BYTES / 2;
}

int kibana_server_check_space_id(const char *space, struct error *err)
{
    return is_space_id(space)
               ? 0
               : error_set(err,
                     "kibana.space: '%s' is no space's identifier: small "
                     "letters, digits, - and _",
                     space);
}

static int ask_for_space(const struct kibana_link *link, struct error *err)
{
    const struct kibana_link whole = {
        .endpoint = link->endpoint, .limit_ms = link->limit_ms};
    char path[KIBANA_PATH_BYTES];
    struct http_answer answer;
    int rc = -1;

    (void)snprintf(path, sizeof(path), "/api/spaces/space/%s", link->space);
    if (kibana_server_call(&whole, &(struct http_request){.method = "GET"},
            path, &answer, err) == 0) {
        if (answer.status == 200) {
            rc = 0;
        } else if (answer.status == 404) {
            (void)error_set(err, "there is no space '%s' at %s", link->space,
                endpoint_host(link->endpoint, 0));
        } else {
            (void)kibana_server_explain(&whole, path, &answer, err);
        }
    }
    http_answer_fini(&answer);
    return rc;
}

int kibana_server_check_space(const struct kibana_link *link,
    const struct kibana_server *server, struct error *err)
{
    if (link->space == NULL) {
        return 0;
    }
    if (!server->has_spaces) {
        return error_set(err, "--space: %s has no spaces", server->name);
    }
    return ask_for_space(link, err);
}
