/*
 * What stands, by _export, which Kibana 9 still has while its other saved
 * object APIs are for its own pages only; Kibana 6 has _bulk_get. An export
 * that asks for something missing is refused as a whole, naming what is
 * missing; then the rest is asked for.
 */
#include "kibana/standing_objects.h"

#include "kibana/object_text.h"

#include <stdlib.h>
#include <string.h>

#define EXPORT_PATH "/api/saved_objects/_export"
#define GET_PATH "/api/saved_objects/_bulk_get"

static bool is_same(const json_t *a, const json_t *b)
{
    return strcmp(object_text(a, "type"), object_text(b, "type")) == 0 &&
           strcmp(object_text(a, "id"), object_text(b, "id")) == 0;
}

static json_t *find(const json_t *list, const json_t *wanted)
{
    json_t *one;
    size_t i;

    json_array_foreach(list, i, one)
    {
        if (is_same(one, wanted)) {
            return one;
        }
    }
    return NULL;
}

/* [{"type","id"}...] of ours without those that are missing. */
static json_t *names_of(const json_t *ours, const json_t *missing)
{
    json_t *names = json_array();
    const json_t *one;
    size_t i;

    json_array_foreach(ours, i, one)
    {
        if (find(missing, one) == NULL) {
            (void)json_array_append_new(
                names, json_pack("{ss,ss}", "type", object_text(one, "type"),
                           "id", object_text(one, "id")));
        }
    }
    return names;
}

/* Line by line; NULL when one is no JSON. */
static json_t *parse_lines(struct slice body)
{
    json_t *all = json_array();

    while (body.len > 0) {
        const char *end = memchr(body.p, '\n', body.len);
        size_t n = end != NULL ? (size_t)(end - body.p) : body.len;
        json_t *one = n > 0 ? json_loadb(body.p, n, 0, NULL) : NULL;

        if (n > 0 && json_array_append_new(all, one) != 0) {
            json_decref(all);
            return NULL;
        }
        n += end != NULL ? 1 : 0;
        body = (struct slice){body.p + n, body.len - n};
    }
    return all;
}

/* Send body (taken over) to path; the answer is the caller's to fini. */
static int ask(const struct kibana_link *link, const char *path, json_t *body,
    struct http_answer *answer, struct error *err)
{
    char *text = json_dumps(body, JSON_COMPACT);
    int rc = kibana_server_call(link,
        &(struct http_request){.method = "POST", .body = text}, path, answer,
        err);

    free(text);
    json_decref(body);
    return rc;
}

/* Of a refused export: what was missing, to be released; NULL when it was
 * refused for another reason. */
static json_t *read_missing(const struct http_answer *answer)
{
    struct slice body = buf_slice(&answer->body);
    json_t *root = body.len > 0 ? json_loadb(body.p, body.len, 0, NULL) : NULL;
    json_t *objects =
        json_object_get(json_object_get(root, "attributes"), "objects");
    const json_t *one;
    size_t i;

    objects = answer->status == 400 ? json_incref(objects) : NULL;
    json_array_foreach(objects, i, one)
    {
        const json_t *status =
            json_object_get(json_object_get(one, "error"), "statusCode");

        if (json_integer_value(status) != 404) {
            json_decref(objects);
            objects = NULL;
            break;
        }
    }
    json_decref(root);
    return objects;
}

static int read_export(const struct kibana_link *link, const json_t *ours,
    json_t **found, json_t **missing, struct error *err)
{
    json_t *names = names_of(ours, *missing);
    struct http_answer answer;
    int rc = -1;

    *found = NULL;
    if (json_array_size(names) == 0) {
        json_decref(names);
        return 0;
    }
    if (ask(link, EXPORT_PATH,
            json_pack("{so,sb,sb}", "objects", names, "includeReferencesDeep",
                0, "excludeExportDetails", 1),
            &answer, err) != 0) {
        rc = -1;
    } else if (answer.status == 200) {
        *found = parse_lines(buf_slice(&answer.body));
        rc = *found != NULL
                 ? 0
                 : error_set(err, "what %s answers is no list of objects",
                       EXPORT_PATH);
    } else if (*missing == NULL && (*missing = read_missing(&answer)) != NULL) {
        rc = read_export(link, ours, found, missing, err);
    } else {
        rc = kibana_server_explain(link, EXPORT_PATH, &answer, err);
    }
    http_answer_fini(&answer);
    return rc;
}

/* {"saved_objects":[{...} or {"type","id","error"}...]} */
static int read_bulk(const struct kibana_link *link, const json_t *ours,
    json_t **found, struct error *err)
{
    struct http_answer answer;
    json_t *root = NULL;
    int rc = -1;

    *found = NULL;
    if (ask(link, GET_PATH, names_of(ours, NULL), &answer, err) != 0) {
        rc = -1;
    } else if (answer.status != 200) {
        rc = kibana_server_explain(link, GET_PATH, &answer, err);
    } else {
        root = json_loadb(answer.body.data, answer.body.len_bytes, 0, NULL);
        *found = json_incref(json_object_get(root, "saved_objects"));
        rc = *found != NULL
                 ? 0
                 : error_set(
                       err, "what %s answers is no list of objects", GET_PATH);
    }
    json_decref(root);
    http_answer_fini(&answer);
    return rc;
}

/* In the order of ours. */
static json_t *in_order(const json_t *ours, const json_t *found)
{
    json_t *out = json_array();
    const json_t *one;
    size_t i;

    json_array_foreach(ours, i, one)
    {
        json_t *standing = find(found, one);

        if (json_object_get(standing, "error") != NULL) {
            standing = NULL;
        }
        (void)json_array_append_new(
            out, standing != NULL ? json_incref(standing) : json_null());
    }
    return out;
}

int standing_objects_read(const struct kibana_link *link,
    const struct kibana_server *server, const json_t *ours, json_t **out,
    struct error *err)
{
    json_t *found = NULL, *missing = NULL;
    int rc = server->exports ? read_export(link, ours, &found, &missing, err)
                             : read_bulk(link, ours, &found, err);

    *out = rc == 0 ? in_order(ours, found) : NULL;
    json_decref(found);
    json_decref(missing);
    return rc;
}
