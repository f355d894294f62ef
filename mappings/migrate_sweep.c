/* Deleted documents; see migrate_sweep.h. */
#include "mappings/migrate_sweep.h"

#include "mappings/copy_outcome.h"
#include "mappings/engine_send.h"

#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 60000
#define PAGE_NUMBERS 5000

/* One request with a JSON answer; body is taken over. */
static int ask(struct migrate_copy *c, const char *path, json_t *body,
    json_t **out, struct error *err)
{
    char *text = json_dumps(body, JSON_COMPACT);
    struct http_answer answer;
    int rc;

    *out = NULL;
    json_decref(body);
    if (text == NULL) {
        return error_set(err, "out of memory");
    }
    rc =
        engine_send(c->endpoint, "POST", path, text, PATIENCE_MS, &answer, err);
    if (rc == 0) {
        *out = json_loadb(answer.body.data, answer.body.len_bytes, 0, NULL);
        rc = *out != NULL ? 0
                          : error_set(err, "%s: the answer is no JSON", path);
    }
    http_answer_fini(&answer);
    free(text);
    return rc;
}

/* The hits of a shard of the new index between two sequence numbers. */
static int read_page(struct migrate_copy *c, size_t shard, int64_t first,
    int64_t last, json_t **answer, struct error *err)
{
    char path[400];
    json_t *body = json_pack("{sI,sb,sb,sb,s[s],s{s{s{sI,sI}}}}", "size",
        (json_int_t)(last - first), "_source", 0, "seq_no_primary_term", 1,
        "track_total_hits", 0, "sort", "_doc", "query", "range", "_seq_no",
        "gt", (json_int_t)first, "lte", (json_int_t)last);

    (void)snprintf(path, sizeof(path),
        "/%s/_search?preference=_shards:%zu"
        "&allow_partial_search_results=false",
        c->to, shard);
    return ask(c, path, body, answer, err);
}

static json_t *mget_body(const json_t *hits)
{
    json_t *docs = json_array();
    const json_t *hit;
    size_t i;

    json_array_foreach(hits, i, hit)
    {
        json_t *one = json_pack("{sO}", "_id", json_object_get(hit, "_id"));
        json_t *routing = json_object_get(hit, "_routing");

        if (routing != NULL) {
            (void)json_object_set(one, "routing", routing);
        }
        if (json_array_append_new(docs, one) != 0) {
            json_decref(docs);
            return NULL;
        }
    }
    return json_pack("{so}", "docs", docs);
}

/* What index holds of hits, in their order. */
static int look_up(struct migrate_copy *c, const char *index,
    const json_t *hits, json_t **answer, struct error *err)
{
    char path[400];

    (void)snprintf(path, sizeof(path),
        "/%s/_mget?_source=false&filter_path=docs.found,docs._version,"
        "docs.error",
        index);
    if (ask(c, path, mget_body(hits), answer, err) != 0) {
        return -1;
    }
    return json_array_size(json_object_get(*answer, "docs")) ==
                   json_array_size(hits)
               ? 0
               : error_set(err, "%s does not answer for each document", index);
}

/* A delete of the document as it was read, and of no later one. */
static int append_delete(
    struct migrate_copy *c, const json_t *hit, struct error *err)
{
    json_t *meta = json_pack("{sO,sO,sO}", "_id", json_object_get(hit, "_id"),
        "if_seq_no", json_object_get(hit, "_seq_no"), "if_primary_term",
        json_object_get(hit, "_primary_term"));
    json_t *routing = json_object_get(hit, "_routing");
    json_t *line = json_pack("{so}", "delete", meta);
    char *text = NULL;
    int rc = -1;

    if (line != NULL &&
        (routing == NULL || json_object_set(meta, "routing", routing) == 0) &&
        (c->type == NULL ||
            json_object_set_new(meta, "_type", json_string(c->type)) == 0)) {
        text = json_dumps(line, JSON_COMPACT);
    }
    if (text != NULL && buf_append_str(&c->bulk, text) == 0 &&
        buf_append_char(&c->bulk, '\n') == 0) {
        rc = 0;
    }
    free(text);
    json_decref(line);
    return rc == 0 ? 0 : error_set(err, "out of memory");
}

/* Of hits, delete those that found says the old index lacks. */
static int collect(struct migrate_copy *c, const json_t *hits,
    const json_t *found, size_t *n, struct error *err)
{
    const json_t *hit;
    size_t i;

    buf_clear(&c->bulk);
    *n = 0;
    json_array_foreach(hits, i, hit)
    {
        const json_t *one = json_array_get(found, i);

        if (json_object_get(one, "error") != NULL) {
            return error_set(err,
                "%s does not tell whether it holds document %s", c->from,
                json_string_value(json_object_get(hit, "_id")));
        }
        if (!json_is_true(json_object_get(one, "found"))) {
            if (append_delete(c, hit, err) != 0) {
                return -1;
            }
            ++*n;
        }
    }
    return 0;
}

static int delete_them(
    struct migrate_copy *c, size_t n, uint64_t *removed, struct error *err)
{
    char path[400];
    struct http_answer answer;
    struct copy_outcome o = {.stored = 0};
    json_t *changed = json_array();
    int rc;

    (void)snprintf(path, sizeof(path), "/%s/_bulk?" COPY_OUTCOME_FILTER, c->to);
    rc = engine_send(c->endpoint, "POST", path, buf_str(&c->bulk), PATIENCE_MS,
        &answer, err);
    if (rc == 0) {
        rc = copy_outcome_read(buf_slice(&answer.body), n, &o, changed, err);
    }
    http_answer_fini(&answer);
    json_decref(changed);
    if (rc == 0 && o.busy + o.refused > 0) {
        rc = error_set(err, "%s does not delete documents: %s", c->to,
            o.refused > 0 ? o.why : "it is too busy; run it again later");
    }
    *removed += o.stored;
    return rc;
}

static int sweep_page(struct migrate_copy *c, size_t shard, int64_t first,
    int64_t last, uint64_t *removed, struct error *err)
{
    json_t *page = NULL, *found = NULL;
    const json_t *hits;
    size_t n = 0;
    int rc = read_page(c, shard, first, last, &page, err);

    hits = json_object_get(json_object_get(page, "hits"), "hits");
    if (rc == 0 && json_array_size(hits) > 0) {
        rc = look_up(c, c->from, hits, &found, err);
        if (rc == 0) {
            rc = collect(c, hits, json_object_get(found, "docs"), &n, err);
        }
        if (rc == 0 && n > 0) {
            rc = delete_them(c, n, removed, err);
        }
    }
    json_decref(found);
    json_decref(page);
    return rc == 0 ? c->on_page(c->arg, err) : rc;
}

static int sweep_all(struct migrate_copy *c, const struct migrate_ends *ends,
    size_t n_shards, uint64_t *removed, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n_shards; i++) {
        for (int64_t at = -1; rc == 0 && at < ends->upto[i];) {
            int64_t last = ends->upto[i] - at > PAGE_NUMBERS ? at + PAGE_NUMBERS
                                                             : ends->upto[i];

            rc = sweep_page(c, i, at, last, removed, err);
            at = last;
        }
    }
    return rc;
}

int migrate_sweep(struct migrate_copy *c, size_t n_shards,
    migrate_check_fn check, void *arg, uint64_t *removed, struct error *err)
{
    struct migrate_copy fresh = {
        .endpoint = c->endpoint, .engine = c->engine, .from = c->to};
    struct migrate_ends *ends = calloc(1, sizeof(*ends));
    int rc = -1;

    *removed = 0;
    if (ends == NULL) {
        return error_set(err, "out of memory");
    }
    if (migrate_copy_init(&fresh, n_shards, NULL, err) == 0 &&
        migrate_copy_look(&fresh, ends, err) == 0 && check(arg, err) == 0) {
        rc = sweep_all(c, ends, n_shards, removed, err);
    }
    migrate_copy_fini(&fresh);
    free(ends);
    return rc;
}

/* [id, ...] as [{"_id":id}, ...]. */
static json_t *as_hits(const json_t *ids)
{
    json_t *hits = json_array(), *id;
    size_t i;

    json_array_foreach(ids, i, id)
    {
        (void)json_array_append_new(hits, json_pack("{sO}", "_id", id));
    }
    return hits;
}

int migrate_sweep_conflicts(struct migrate_copy *c, struct error *err)
{
    json_t *hits = as_hits(c->conflicts), *old = NULL, *fresh = NULL;
    int rc = 0;

    if (json_array_size(c->conflicts) > 0 &&
        (look_up(c, c->from, hits, &old, err) != 0 ||
            look_up(c, c->to, hits, &fresh, err) != 0)) {
        rc = -1;
    }
    for (size_t i = 0; rc == 0 && i < json_array_size(hits); i++) {
        const json_t *a = json_array_get(json_object_get(old, "docs"), i);
        const json_t *b = json_array_get(json_object_get(fresh, "docs"), i);

        if (json_is_true(json_object_get(a, "found")) &&
            json_integer_value(json_object_get(a, "_version")) <
                json_integer_value(json_object_get(b, "_version"))) {
            rc = error_set(err,
                "document %s was deleted from %s and written anew in a lower "
                "version after it was copied; naru mappings migrate --abort, "
                "then migrate anew",
                json_string_value(json_array_get(c->conflicts, i)), c->from);
        }
    }
    json_decref(old);
    json_decref(fresh);
    json_decref(hits);
    return rc;
}
