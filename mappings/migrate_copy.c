/* Copying by sequence numbers; see migrate_copy.h. */
#include "mappings/migrate_copy.h"

#include "common/fault_point.h"
#include "mappings/copy_outcome.h"
#include "mappings/copy_page.h"
#include "mappings/engine_get.h"
#include "mappings/engine_send.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATIENCE_MS 60000
#define BUSY_PAUSE_MS 500
#define BUSY_TRIES 120
#define FIRST_PAGE 1000
#define MOST_PAGE 10000 /* index.max_result_window */
#define PAGE_BYTES ((size_t)4 << 20)
#define MOST_BULK_BYTES ((size_t)256 << 20)
#define MOST_CONFLICTS 10000

int migrate_copy_init(struct migrate_copy *c, size_t n_shards,
    const json_t *cursors, struct error *err)
{
    c->n_shards = n_shards;
    c->cursors = calloc(n_shards + 1, sizeof(*c->cursors));
    c->conflicts = json_array();
    c->page_numbers = FIRST_PAGE;
    buf_init(&c->request, 4096);
    buf_init(&c->bulk, MOST_BULK_BYTES);
    if (c->cursors == NULL || c->conflicts == NULL) {
        return error_set(err, "out of memory");
    }
    if (n_shards == 0 || n_shards > MIGRATE_MOST_SHARDS) {
        return error_set(err, "index %s has %zu shards, which is too many",
            c->from, n_shards);
    }
    for (size_t i = 0; i < n_shards; i++) {
        const json_t *known = json_array_get(cursors, i);

        c->cursors[i] = known != NULL ? json_integer_value(known) : -1;
    }
    return 0;
}

void migrate_copy_fini(struct migrate_copy *c)
{
    free(c->cursors);
    json_decref(c->conflicts);
    buf_fini(&c->request);
    buf_fini(&c->bulk);
    *c = (struct migrate_copy){.endpoint = NULL};
}

json_t *migrate_copy_cursors(const struct migrate_copy *c)
{
    json_t *list = json_array();

    for (size_t i = 0; list != NULL && i < c->n_shards; i++) {
        if (json_array_append_new(list, json_integer(c->cursors[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

int64_t migrate_copy_done(const struct migrate_copy *c)
{
    int64_t sum = 0;

    for (size_t i = 0; i < c->n_shards; i++) {
        sum += c->cursors[i] + 1;
    }
    return sum;
}

static int ask(struct migrate_copy *c, const char *method, const char *path,
    const char *body, struct http_answer *answer, struct error *err)
{
    return engine_send(
        c->endpoint, method, path, body, PATIENCE_MS, answer, err);
}

static int refresh(struct migrate_copy *c, const char *index, struct error *err)
{
    char path[300];
    struct http_answer answer;
    int rc;

    (void)snprintf(path, sizeof(path), "/%s/_refresh", index);
    rc = ask(c, "POST", path, NULL, &answer, err);
    http_answer_fini(&answer);
    return rc;
}

/* The copy of a shard that orders its operations. */
static const json_t *primary_of(const json_t *shard)
{
    const json_t *copy;
    size_t i;

    json_array_foreach(shard, i, copy)
    {
        if (json_is_true(
                json_object_get(json_object_get(copy, "routing"), "primary"))) {
            return json_object_get(copy, "seq_no");
        }
    }
    return NULL;
}

static int read_ends(struct migrate_copy *c, const json_t *stats,
    struct migrate_ends *ends, struct error *err)
{
    const json_t *shards = json_object_get(
        json_object_get(json_object_get(stats, "indices"), c->from), "shards");

    ends->left = 0;
    ends->under_way = false;
    for (size_t i = 0; i < c->n_shards; i++) {
        char name[24]; /* of SIZE_MAX: 20 digits */
        const json_t *numbers;

        (void)snprintf(name, sizeof(name), "%zu", i);
        numbers = primary_of(json_object_get(shards, name));
        if (numbers == NULL) {
            return error_set(err,
                "shard %zu of %s has no primary at the moment; see to the "
                "cluster's health and run it again",
                i, c->from);
        }
        ends->upto[i] =
            json_integer_value(json_object_get(numbers, "global_checkpoint"));
        ends->under_way |= json_integer_value(json_object_get(
                               numbers, "max_seq_no")) != ends->upto[i];
        if (ends->upto[i] > c->cursors[i]) {
            ends->left += ends->upto[i] - c->cursors[i];
        }
    }
    return 0;
}

int migrate_copy_look(
    struct migrate_copy *c, struct migrate_ends *ends, struct error *err)
{
    char path[400];
    json_t *stats = NULL;
    int rc;

    (void)snprintf(path, sizeof(path),
        "/%s/_stats/docs?level=shards&filter_path=indices.*.shards.*.seq_no,"
        "indices.*.shards.*.routing.primary",
        c->from);
    rc = engine_get(c->endpoint, path, &stats, err);
    if (rc == 0) {
        rc = read_ends(c, stats, ends, err);
    }
    json_decref(stats);
    return rc == 0 ? refresh(c, c->from, err) : -1;
}

static void pause_ms(long ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};

    (void)nanosleep(&pause, NULL);
}

static int judge(
    struct migrate_copy *c, const struct copy_outcome *o, struct error *err)
{
    if (o->refused > 0) {
        return error_set(err,
            "%s does not take %zu documents of %s, the first of them %s. "
            "Readers and bridges are where they were. Mend that and migrate "
            "again, or go back with naru mappings migrate --abort",
            c->to, o->refused, c->from, o->why);
    }
    if (json_array_size(c->conflicts) > MOST_CONFLICTS) {
        return error_set(err,
            "%s holds more than %d documents in a higher version than %s; naru "
            "mappings migrate --abort, then migrate anew",
            c->to, MOST_CONFLICTS, c->from);
    }
    return 0;
}

/* Send the bulk request until all of it is stored. */
static int store(struct migrate_copy *c, size_t docs, struct error *err)
{
    char path[400];

    (void)snprintf(path, sizeof(path), "/%s/_bulk?" COPY_OUTCOME_FILTER, c->to);
    for (int tries = 1;; tries++) {
        struct http_answer answer;
        struct copy_outcome o = {.stored = 0};
        int rc = ask(c, "POST", path, buf_str(&c->bulk), &answer, err);

        if (rc == 0) {
            rc = copy_outcome_read(
                buf_slice(&answer.body), docs, &o, c->conflicts, err);
        } else {
            (void)error_prefix(err, "copying into %s: ", c->to);
        }
        http_answer_fini(&answer);
        if (rc != 0 || judge(c, &o, err) != 0) {
            return -1;
        }
        if (o.busy == 0) {
            return 0;
        }
        if (tries == BUSY_TRIES) {
            return error_set(err,
                "%s has been too busy for a minute; run it again later", c->to);
        }
        pause_ms(BUSY_PAUSE_MS);
    }
}

/* As many sequence numbers as make a good request, by the last ones. */
static void adapt_page(struct migrate_copy *c, size_t bytes)
{
    if (bytes > 2 * PAGE_BYTES) {
        c->page_numbers = c->page_numbers / 4 + 1;
    } else if (bytes > PAGE_BYTES) {
        c->page_numbers = c->page_numbers / 2 + 1;
    } else if (bytes < PAGE_BYTES / 2) {
        c->page_numbers *= 2;
    }
    if (c->page_numbers > MOST_PAGE) {
        c->page_numbers = MOST_PAGE;
    }
}

/* The documents of shard whose numbers are above first, up to last. Each has a
 * number of its own, so there are no more than that. */
static int copy_page(struct migrate_copy *c, size_t shard, int64_t first,
    int64_t last, struct error *err)
{
    char path[400];
    struct http_answer answer;
    size_t docs = 0;
    int rc;

    (void)snprintf(path, sizeof(path),
        "/%s/_search?preference=_shards:%zu"
        "&allow_partial_search_results=false",
        c->from, shard);
    buf_clear(&c->request);
    buf_clear(&c->bulk);
    if (buf_printf(&c->request,
            "{\"size\":%lld,\"version\":true,\"track_total_hits\":false,"
            "\"sort\":[\"_doc\"],\"query\":{\"range\":{\"_seq_no\":"
            "{\"gt\":%lld,\"lte\":%lld}}}}",
            (long long)(last - first), (long long)first,
            (long long)last) != 0) {
        return error_set(err, "out of memory");
    }
    rc = ask(c, "POST", path, buf_str(&c->request), &answer, err);
    if (rc == 0) {
        rc = copy_page_write(
            buf_slice(&answer.body), c->type, &c->bulk, &docs, err);
    }
    http_answer_fini(&answer);
    if (rc != 0) {
        return error_prefix(err, "reading %s: ", c->from);
    }
    if (docs > 0 && store(c, docs, err) != 0) {
        return -1;
    }
    c->docs += docs;
    adapt_page(c, c->bulk.len_bytes);
    return 0;
}

int migrate_copy_pass(
    struct migrate_copy *c, const struct migrate_ends *ends, struct error *err)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < c->n_shards; i++) {
        while (rc == 0 && c->cursors[i] < ends->upto[i]) {
            int64_t first = c->cursors[i];
            int64_t last = ends->upto[i] - first > c->page_numbers
                               ? first + c->page_numbers
                               : ends->upto[i];

            rc = copy_page(c, i, first, last, err);
            if (rc == 0) {
                FAULT_POINT("migrate_page");
                c->cursors[i] = last;
                rc = c->on_page(c->arg, err);
            }
        }
    }
    return rc;
}

int migrate_copy_count(
    struct migrate_copy *c, const char *index, int64_t *docs, struct error *err)
{
    char path[300];
    struct http_answer answer;
    json_t *root = NULL;
    int rc = -1;

    if (refresh(c, index, err) != 0) {
        return -1;
    }
    (void)snprintf(path, sizeof(path), "/%s/_count", index);
    if (ask(c, "GET", path, NULL, &answer, err) == 0) {
        root = json_loadb(answer.body.data, answer.body.len_bytes, 0, NULL);
        *docs = json_integer_value(json_object_get(root, "count"));
        rc = json_integer_value(json_object_get(
                 json_object_get(root, "_shards"), "failed")) == 0 &&
                     json_is_integer(json_object_get(root, "count"))
                 ? 0
                 : error_set(err,
                       "%s cannot be counted: some shards did not answer",
                       index);
    }
    http_answer_fini(&answer);
    json_decref(root);
    return rc;
}
