/*
 * What the scripted Kibana answers. The shapes of its answers are those of
 * Kibana 7 to 9 and OpenSearch Dashboards 2: what was seen there, or is in
 * their documentation.
 */
#include "kibana/object_text.h"
#include "tests/fakes/fake_kibana.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_BYTES 512

struct call {
    struct fake_kibana *k;
    struct evhttp_request *request;
    char space[64]; /* "default" without one */
    const char *path;
    struct evkeyvalq query;
};

static void answer(const struct call *c, int status, json_t *body)
{
    struct evbuffer *out = evbuffer_new();
    char *text = json_dumps(body, JSON_COMPACT);

    (void)evbuffer_add_printf(out, "%s", text);
    (void)evhttp_add_header(evhttp_request_get_output_headers(c->request),
        "Content-Type", "application/json; charset=utf-8");
    evhttp_send_reply(c->request, status, NULL, out);
    evbuffer_free(out);
    free(text);
    json_decref(body);
}

static void refuse(
    const struct call *c, int status, const char *error, const char *message)
{
    answer(c, status,
        json_pack("{si,ss,ss}", "statusCode", status, "error", error, "message",
            message));
}

static const char *header(const struct call *c, const char *name)
{
    const char *value =
        evhttp_find_header(evhttp_request_get_input_headers(c->request), name);

    return value != NULL ? value : "";
}

static struct slice body_of(const struct call *c)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(c->request);

    return (struct slice){
        (const char *)evbuffer_pullup(in, -1), evbuffer_get_length(in)};
}

static bool is_true(const struct call *c, const char *name)
{
    const char *value = evhttp_find_header(&c->query, name);

    return value != NULL && strcmp(value, "true") == 0;
}

static bool has_login(const struct call *c)
{
    const char *login = c->k->script.login;

    return login == NULL || strcmp(header(c, "Authorization"), login) == 0;
}

/* ---- status and spaces ---- */

static void on_status(const struct call *c)
{
    const struct fake_kibana_script *s = &c->k->script;

    if (!has_login(c)) {
        if (s->tells_version_to_strangers) {
            refuse(c, 401, "Unauthorized", "Unauthorized");
        } else {
            answer(c, 200,
                json_pack(
                    "{s{s{ss}}}", "status", "overall", "level", "available"));
        }
    } else {
        answer(c, 200,
            json_pack("{ss,s{ss,sb},s{s[{ss}]}}", "name", "fake", "version",
                "number", s->version, "build_snapshot", 0, "status", "statuses",
                "id",
                s->is_dashboards ? "core:opensearch@2.19.4"
                                 : "core:elasticsearch@8.19.0"));
    }
}

static void on_space(const struct call *c, const char *id)
{
    const char *space = c->k->script.space;

    if (space != NULL && strcmp(space, id) == 0) {
        answer(c, 200, json_pack("{ss,ss}", "id", id, "name", id));
    } else {
        refuse(c, 404, "Not Found", "Not Found");
    }
}

/* ---- the form ---- */

/* The bytes of the one part of a form, or why there are none. */
static const char *read_form(const struct call *c, struct slice *file)
{
    struct slice body = body_of(c);
    const char *boundary = strstr(header(c, "Content-Type"), "boundary=");
    const char *start, *end;
    char open[128], close[136];

    if (strncmp(header(c, "Content-Type"), "multipart/form-data", 19) != 0 ||
        boundary == NULL) {
        return "Unsupported Media Type";
    }
    (void)snprintf(open, sizeof(open), "--%s\r\n", boundary + 9);
    (void)snprintf(close, sizeof(close), "\r\n--%s--", boundary + 9);
    if (body.len < strlen(open) || memcmp(body.p, open, strlen(open)) != 0) {
        return "Invalid multipart payload format";
    }
    start = memmem(body.p, body.len, "\r\n\r\n", 4);
    end = memmem(body.p, body.len, close, strlen(close));
    if (start == NULL || end == NULL || end < start + 4 ||
        memmem(body.p + 1, body.len - 1, open, strlen(open)) != NULL) {
        return "Invalid multipart payload format";
    }
    if (memmem(body.p, (size_t)(start - body.p), "name=\"file\"", 11) == NULL) {
        return "[request body.file]: expected value of type [Stream]";
    }
    if (memmem(body.p, (size_t)(start - body.p), ".ndjson\"", 8) == NULL) {
        return "Invalid file extension";
    }
    *file = (struct slice){start + 4, (size_t)(end - start - 4)};
    return NULL;
}

static json_t *read_lines(struct slice file)
{
    json_t *all = json_array();

    while (file.len > 0) {
        const char *end = memchr(file.p, '\n', file.len);
        size_t n = end != NULL ? (size_t)(end - file.p) : file.len;
        json_t *one = n > 0 ? json_loadb(file.p, n, 0, NULL) : NULL;

        if (n > 0 && json_array_append_new(all, one) != 0) {
            json_decref(all);
            return NULL;
        }
        n += end != NULL ? 1 : 0;
        file = (struct slice){file.p + n, file.len - n};
    }
    return all;
}

/* ---- imports ---- */

static void key_of(
    const struct call *c, const json_t *object, char key[KEY_BYTES])
{
    (void)snprintf(key, KEY_BYTES, "%s %s %s", c->space,
        object_text(object, "type"), object_text(object, "id"));
}

/* As Kibana 8 changes what it stores: references of a dashboard's panels get
 * the panel's index in front, and classic visualizations more parameters. */
static void migrate(json_t *object)
{
    json_t *attributes = json_object_get(object, "attributes");
    json_t *state = object_text_parse(attributes, "visState");
    json_t *reference;
    size_t i;

    json_array_foreach(json_object_get(object, "references"), i, reference)
    {
        const char *name = object_text(reference, "name");
        char longer[128];

        if (strncmp(name, "panel_", 6) == 0) {
            (void)snprintf(
                longer, sizeof(longer), "%d:%s", atoi(name + 6) + 1, name);
            (void)json_object_set_new(reference, "name", json_string(longer));
        }
    }
    if (strcmp(object_text(state, "type"), "table") == 0) {
        (void)json_object_set_new(
            json_object_get(state, "params"), "showToolbar", json_true());
        object_text_set(attributes, "visState", state);
    } else {
        json_decref(state);
    }
    (void)json_object_del(object, "migrationVersion");
    (void)json_object_set_new(
        object, "typeMigrationVersion", json_string("10.2.0"));
    (void)json_object_set_new(
        object, "coreMigrationVersion", json_string("8.8.0"));
}

static void store(const struct call *c, const json_t *object)
{
    json_t *copy = json_deep_copy(object);
    char key[KEY_BYTES];

    key_of(c, object, key);
    if (c->k->script.migrates) {
        migrate(copy);
    }
    (void)json_object_set_new(c->k->objects, key, copy);
}

static bool is_in(const json_t *all, const json_t *reference)
{
    const json_t *one;
    size_t i;

    json_array_foreach(all, i, one)
    {
        if (strcmp(object_text(one, "type"), object_text(reference, "type")) ==
                0 &&
            strcmp(object_text(one, "id"), object_text(reference, "id")) == 0) {
            return true;
        }
    }
    return false;
}

/* Both products look for data views only. */
static json_t *missing_references(
    const struct call *c, const json_t *all, const json_t *object)
{
    json_t *missing = json_array();
    json_t *one;
    char key[KEY_BYTES];
    size_t i;

    json_array_foreach(json_object_get(object, "references"), i, one)
    {
        key_of(c, one, key);
        if (strcmp(object_text(one, "type"), "index-pattern") == 0 &&
            !is_in(all, one) && json_object_get(c->k->objects, key) == NULL) {
            (void)json_array_append(missing, one);
        }
    }
    return missing;
}

/* The "error" of an object that is not imported, or NULL. */
static json_t *judge(
    const struct call *c, const json_t *all, const json_t *object)
{
    const struct fake_kibana_script *s = &c->k->script;
    json_t *missing = missing_references(c, all, object);
    json_t *error = NULL;
    char key[KEY_BYTES];

    key_of(c, object, key);
    if (s->refused_id != NULL &&
        strcmp(object_text(object, "id"), s->refused_id) == 0) {
        error = json_loads(s->refused_error, 0, NULL);
    } else if (s->is_dashboards &&
               strcmp(object_text(object, "type"), "lens") == 0) {
        error = json_pack("{ss}", "type", "unsupported_type");
    } else if (json_array_size(missing) > 0) {
        error = json_pack(
            "{ss,sO}", "type", "missing_references", "references", missing);
    } else if (!is_true(c, "overwrite") &&
               json_object_get(c->k->objects, key) != NULL) {
        error = json_pack("{ss}", "type", "conflict");
    }
    json_decref(missing);
    return error;
}

static void take_object(const struct call *c, const json_t *all,
    const json_t *object, json_t *good, json_t *bad)
{
    json_t *error = judge(c, all, object);
    json_t *result = json_pack("{ss,ss,s{ss}}", "type",
        object_text(object, "type"), "id", object_text(object, "id"), "meta",
        "title", object_text(json_object_get(object, "attributes"), "title"));
    char key[KEY_BYTES];

    key_of(c, object, key);
    if (error != NULL) {
        (void)json_object_set_new(result, "error", error);
        (void)json_array_append_new(bad, result);
        return;
    }
    if (json_object_get(c->k->objects, key) != NULL) {
        (void)json_object_set_new(result, "overwrite", json_true());
    }
    store(c, object);
    (void)json_array_append_new(good, result);
}

/* The versions that OpenSearch Dashboards stops at, as measured. */
static bool is_too_new(const json_t *object)
{
    static const char *const most[][2] = {{"index-pattern", "7.6.0"},
        {"visualization", "7.10.0"}, {"dashboard", "7.9.3"}};
    const json_t *stated = json_object_get(object, "migrationVersion");

    for (size_t i = 0; i < 3; i++) {
        int a[3] = {0}, b[3] = {0};

        if (strcmp(object_text(object, "type"), most[i][0]) != 0) {
            continue;
        }
        (void)sscanf(
            object_text(stated, most[i][0]), "%d.%d.%d", &a[0], &a[1], &a[2]);
        (void)sscanf(most[i][1], "%d.%d.%d", &b[0], &b[1], &b[2]);
        for (size_t p = 0; p < 3; p++) {
            if (a[p] != b[p]) {
                return a[p] > b[p];
            }
        }
    }
    return false;
}

static void import_all(const struct call *c, const json_t *all)
{
    json_t *good = json_array(), *bad = json_array(), *body;
    const json_t *one;
    size_t i;

    json_array_foreach(all, i, one)
    {
        if (is_too_new(one)) {
            json_decref(good);
            json_decref(bad);
            refuse(c, 422, "Unprocessable Entity",
                "Document has property which belongs to a more recent "
                "version");
            return;
        }
    }
    json_array_foreach(all, i, one)
    {
        take_object(c, all, one, good, bad);
    }
    body = json_pack("{sb,si,so}", "success", json_array_size(bad) == 0,
        "successCount", (int)json_array_size(good), "successResults", good);
    if (json_array_size(bad) > 0) {
        (void)json_object_set(body, "errors", bad);
    }
    json_decref(bad);
    answer(c, 200, body);
}

static void on_import(const struct call *c)
{
    const struct fake_kibana_script *s = &c->k->script;
    struct slice file;
    const char *why = read_form(c, &file);
    json_t *all = why == NULL ? read_lines(file) : NULL;

    c->k->imports++;
    if (why != NULL || all == NULL) {
        refuse(c,
            strncmp(why != NULL ? why : "", "Unsupported", 11) == 0 ? 415 : 400,
            "Bad Request", why != NULL ? why : "Unexpected token");
    } else if (s->import_status != 0) {
        refuse(c, s->import_status, "Error", s->import_message);
    } else if (s->import_body != NULL) {
        json_t *body = json_loads(s->import_body, JSON_DECODE_ANY, NULL);

        answer(c, 200, body);
    } else {
        import_all(c, all);
    }
    json_decref(all);
}

static void on_legacy_import(const struct call *c)
{
    struct slice body = body_of(c);
    json_t *root = json_loadb(body.p, body.len, 0, NULL);
    json_t *out = json_array();
    json_t *one;
    char key[KEY_BYTES];
    size_t i;

    c->k->imports++;
    json_array_foreach(json_object_get(root, "objects"), i, one)
    {
        json_t *result = json_pack("{ss,ss}", "type", object_text(one, "type"),
            "id", object_text(one, "id"));

        key_of(c, one, key);
        if (!is_true(c, "force") &&
            json_object_get(c->k->objects, key) != NULL) {
            (void)json_object_set_new(result, "error",
                json_pack("{si,ss}", "statusCode", 409, "message",
                    "version conflict, document already exists"));
        } else {
            store(c, one);
        }
        (void)json_array_append_new(out, result);
    }
    json_decref(root);
    answer(c, 200, json_pack("{so}", "objects", out));
}

/* ---- what stands ---- */

static json_t *not_found(const json_t *wanted)
{
    return json_pack("{ss,ss,s{si,ss}}", "type", object_text(wanted, "type"),
        "id", object_text(wanted, "id"), "error", "statusCode", 404, "error",
        "Not Found");
}

static void on_export(const struct call *c)
{
    struct slice body = body_of(c);
    json_t *root = json_loadb(body.p, body.len, 0, NULL);
    json_t *missing = json_array();
    struct evbuffer *out = evbuffer_new();
    const json_t *one;
    char key[KEY_BYTES];
    size_t i;

    json_array_foreach(json_object_get(root, "objects"), i, one)
    {
        json_t *standing;
        char *line;

        key_of(c, one, key);
        standing = json_object_get(c->k->objects, key);
        if (standing == NULL) {
            (void)json_array_append_new(missing, not_found(one));
            continue;
        }
        line = json_dumps(standing, JSON_COMPACT);
        (void)evbuffer_add_printf(
            out, "%s%s", evbuffer_get_length(out) > 0 ? "\n" : "", line);
        free(line);
    }
    if (json_array_size(missing) > 0) {
        answer(c, 400,
            json_pack("{si,ss,ss,s{sO}}", "statusCode", 400, "error",
                "Bad Request", "message", "Error fetching objects to export",
                "attributes", "objects", missing));
    } else {
        evhttp_send_reply(c->request, 200, NULL, out);
    }
    evbuffer_free(out);
    json_decref(missing);
    json_decref(root);
}

static void on_bulk_get(const struct call *c)
{
    struct slice body = body_of(c);
    json_t *root = json_loadb(body.p, body.len, 0, NULL);
    json_t *out = json_array();
    const json_t *one;
    char key[KEY_BYTES];
    size_t i;

    json_array_foreach(root, i, one)
    {
        json_t *standing;

        key_of(c, one, key);
        standing = json_object_get(c->k->objects, key);
        (void)json_array_append_new(
            out, standing != NULL ? json_incref(standing) : not_found(one));
    }
    json_decref(root);
    answer(c, 200, json_pack("{so}", "saved_objects", out));
}

/* ---- the engine beside it ---- */

static void on_field_caps(const struct call *c)
{
    const char *caps = c->k->script.field_caps;

    (void)sscanf(c->path, "/%63[^/]", c->k->last_index);
    if (caps == NULL) {
        answer(c, 404,
            json_pack("{s{ss,ss},si}", "error", "type",
                "index_not_found_exception", "reason", "no such index",
                "status", 404));
    } else {
        answer(c, 200, json_pack("{so}", "fields", json_loads(caps, 0, NULL)));
    }
}

/* ---- the door ---- */

static void call_api(const struct call *c)
{
    const char *xsrf = c->k->script.is_dashboards ? "osd-xsrf" : "kbn-xsrf";
    char said[64];

    if (strncmp(c->path, "/api/spaces/space/", 18) == 0) {
        on_space(c, c->path + 18);
    } else if (header(c, xsrf)[0] == '\0') {
        (void)snprintf(
            said, sizeof(said), "Request must contain a %s header.", xsrf);
        refuse(c, 400, "Bad Request", said);
    } else if (strcmp(c->path, "/api/saved_objects/_import") == 0) {
        on_import(c);
    } else if (strcmp(c->path, "/api/kibana/dashboards/import") == 0) {
        on_legacy_import(c);
    } else if (strcmp(c->path, "/api/saved_objects/_export") == 0) {
        on_export(c);
    } else if (strcmp(c->path, "/api/saved_objects/_bulk_get") == 0) {
        on_bulk_get(c);
    } else {
        refuse(c, 404, "Not Found", "Not Found");
    }
}

static void route(struct call *c)
{
    int n = 0;

    if (sscanf(c->path, "/s/%63[^/]%n", c->space, &n) == 1 && n > 0) {
        c->path += n;
    } else {
        (void)snprintf(c->space, sizeof(c->space), "default");
    }
    if (strstr(c->path, "/_field_caps") != NULL) {
        on_field_caps(c);
    } else if (c->k->script.not_ready > 0) {
        c->k->script.not_ready--;
        refuse(c, 503, "Service Unavailable", "Kibana server is not ready yet");
    } else if (strcmp(c->path, "/api/status") == 0) {
        on_status(c);
    } else if (!has_login(c)) {
        refuse(c, 401, "Unauthorized", "Unauthorized");
    } else {
        call_api(c);
    }
}

void fake_kibana_serve(struct evhttp_request *request, void *arg)
{
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *query = evhttp_uri_get_query(uri);
    struct call c = {
        .k = arg, .request = request, .path = evhttp_uri_get_path(uri)};

    c.k->requests++;
    (void)evhttp_parse_query_str(query != NULL ? query : "", &c.query);
    route(&c);
    evhttp_clear_headers(&c.query);
}
