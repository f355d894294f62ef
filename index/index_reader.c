/*
 * Reading an index; see index_reader.h. _source comes back byte for byte as it
 * was sent, as long as nothing (filter_path, _source filters) makes the engine
 * write it anew; so nothing is filtered.
 */
#include "index/index_reader.h"

#include "common/endpoint.h"
#include "common/http_call.h"
#include "index/marked_json.h"
#include "mappings/engine.h"
#include "mappings/engine_answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEEP_ALIVE "30m" /* verify reads CSV and topic before it goes on */
#define PAGE_BYTES 1000000
#define FIRST_PAGE_DOCS 200
#define MOST_PAGE_DOCS 10000 /* index.max_result_window */
#define SCROLL_PAGE_DOCS 1000
#define REQUEST_MAX_BYTES ((size_t)64 << 10)
#define QUERY_MAX_BYTES ((size_t)16 << 20)
#define MARKED_MAX_BYTES ((size_t)2 << 30)
#define TRIES 5
#define COUNT_DIGITS 18 /* fit an int64 */

struct index_reader {
    struct endpoint *endpoint;
    bool point_in_time;
    char *index, *query, *sort; /* the last two may be NULL */
    struct buf cursor; /* the point in time's or the scroll's id, quoted */
    struct buf after;  /* sort values of the last document; PIT only */
    json_t *page;      /* a scroll's first, fetched when it was opened */
    size_t page_docs;
    struct buf request, marked;
};

static const json_t *shards_failed(const json_t *page)
{
    return json_object_get(json_object_get(page, "$_shards"), "$failed");
}

/* Keep the id by which the rest is asked for; engines may change it. */
static int take_cursor(struct index_reader *p, const json_t *page,
    const char *member, struct error *err)
{
    struct slice id = marked_json_string(json_object_get(page, member));

    if (id.p == NULL) {
        return p->cursor.len_bytes > 0
                   ? 0
                   : error_set(err, "index %s: the engine gives no %s",
                         p->index, member + 1);
    }
    buf_clear(&p->cursor);
    return buf_printf(&p->cursor, "\"%.*s\"", (int)id.len, id.p) == 0
               ? 0
               : error_set(err, "out of memory");
}

static int check_page(
    const struct index_reader *p, const json_t *page, struct error *err)
{
    const json_t *failed = shards_failed(page);

    if (json_is_true(json_object_get(page, "$timed_out")) ||
        (failed != NULL && !slice_is(marked_json_number(failed), "0"))) {
        return error_set(err,
            "index %s: some shards did not answer; see to the cluster's "
            "health and run it again",
            p->index);
    }
    return 0;
}

static void pause_before_try(int tries)
{
    const struct timespec pause = {tries, 0};

    (void)nanosleep(&pause, NULL);
}

static bool is_passing(long status)
{
    return status == 429 || (status >= 502 && status <= 504);
}

/*
 * Send request and read the answer. Only what may be asked twice is: the page
 * behind a sort value, not the next one of a scroll.
 */
static json_t *call(struct index_reader *p, const char *method,
    const char *path, bool again, struct error *err)
{
    struct http_answer answer;
    json_t *page = NULL;

    for (int tries = 1;; tries++) {
        int rc = http_call(
            p->endpoint, method, path, buf_str(&p->request), &answer, err);

        if (!again || tries == TRIES ||
            (rc == 0 && !is_passing(answer.status))) {
            if (rc == 0 && answer.status == 200) {
                page =
                    marked_json_load(buf_slice(&answer.body), &p->marked, err);
            } else if (rc == 0) {
                (void)engine_answer_explain(
                    method, path, answer.status, buf_slice(&answer.body), err);
            }
            http_answer_fini(&answer);
            return page;
        }
        http_answer_fini(&answer);
        pause_before_try(tries);
    }
}

/* Put {"size":...,"sort":[...] and the query into the request, still open. */
static int begin_search(
    struct index_reader *p, size_t page_docs, const char *last_sort)
{
    buf_clear(&p->request);
    if (buf_printf(&p->request, "{\"size\":%zu,\"sort\":[%s%s\"%s\"]",
            page_docs, p->sort != NULL ? p->sort : "",
            p->sort != NULL ? "," : "", last_sort) != 0) {
        return -1;
    }
    return p->query != NULL ? buf_printf(&p->request, ",\"query\":%s", p->query)
                            : 0;
}

/* The next page of a point in time. */
static json_t *search(struct index_reader *p, struct error *err)
{
    if (begin_search(p, p->page_docs, "_shard_doc") != 0 ||
        buf_printf(&p->request,
            ",\"track_total_hits\":false,\"pit\":{\"id\":%s,\"keep_alive\":"
            "\"" KEEP_ALIVE "\"}",
            buf_str(&p->cursor)) != 0 ||
        (p->after.len_bytes > 0 &&
            buf_printf(&p->request, ",\"search_after\":%s",
                buf_str(&p->after)) != 0) ||
        buf_append_char(&p->request, '}') != 0) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    return call(
        p, "POST", "/_search?allow_partial_search_results=false", true, err);
}

static json_t *scroll(struct index_reader *p, struct error *err)
{
    buf_clear(&p->request);
    if (buf_printf(&p->request,
            "{\"scroll\":\"" KEEP_ALIVE "\",\"scroll_id\":%s}",
            buf_str(&p->cursor)) != 0) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    return call(p, "POST", "/_search/scroll", false, err);
}

static json_t *next_page(struct index_reader *p, struct error *err)
{
    json_t *page = p->page;

    if (page != NULL) {
        p->page = NULL;
    } else {
        page = p->point_in_time ? search(p, err) : scroll(p, err);
    }
    if (page != NULL &&
        (check_page(p, page, err) != 0 ||
            take_cursor(p, page, p->point_in_time ? "$pit_id" : "$_scroll_id",
                err) != 0)) {
        json_decref(page);
        page = NULL;
    }
    return page;
}

/* Remember where to go on: [1641168000000,"005930",4294967298]. */
static int take_sort(
    struct index_reader *p, const json_t *hit, struct error *err)
{
    json_t *sort = json_object_get(hit, "$sort");

    buf_clear(&p->after);
    if (json_array_size(sort) == 0) {
        return error_set(
            err, "index %s: a document without its sort values", p->index);
    }
    return marked_json_write(&p->after, sort) == 0
               ? 0
               : error_set(err, "index %s: sort values too long", p->index);
}

static int give(
    const json_t *hit, index_reader_fn each, void *arg, struct error *err)
{
    struct index_document document = {
        .index = marked_json_string(json_object_get(hit, "$_index")),
        .id = marked_json_string(json_object_get(hit, "$_id")),
        .source = json_object_get(hit, "$_source")};

    if (document.id.p == NULL || !json_is_object(document.source)) {
        return error_set(err,
            "index " SLICE_FMT ": document " SLICE_FMT
            " comes without its _source; is _source disabled there?",
            SLICE_ARG(document.index), SLICE_ARG(document.id));
    }
    return each(arg, &document, err);
}

/* As many documents as make a good page, judged by the last one. */
static void adapt_page(struct index_reader *p, size_t docs)
{
    size_t each_bytes = p->marked.len_bytes / docs + 1;
    size_t most =
        4 * p->page_docs < MOST_PAGE_DOCS ? 4 * p->page_docs : MOST_PAGE_DOCS;

    p->page_docs = PAGE_BYTES / each_bytes + 1;
    p->page_docs = p->page_docs < most ? p->page_docs : most;
}

/* The documents of a page: how many, or -1. */
static int give_page(struct index_reader *p, const json_t *page,
    index_reader_fn each, void *arg, struct error *err)
{
    const json_t *hits =
        json_object_get(json_object_get(page, "$hits"), "$hits");
    const json_t *hit = NULL;
    size_t i;

    if (!json_is_array(hits)) {
        return error_set(err, "index %s: an answer without hits", p->index);
    }
    json_array_foreach(hits, i, hit)
    {
        if (give(hit, each, arg, err) != 0) {
            return -1;
        }
    }
    if (i > 0 && p->point_in_time && take_sort(p, hit, err) != 0) {
        return -1;
    }
    if (i > 0) {
        adapt_page(p, i);
    }
    return (int)i;
}

int index_reader_read(
    struct index_reader *p, index_reader_fn each, void *arg, struct error *err)
{
    int n = 1;

    while (n > 0) {
        json_t *page = next_page(p, err);

        n = page != NULL ? give_page(p, page, each, arg, err) : -1;
        json_decref(page);
    }
    return n;
}

int index_reader_count(
    struct index_reader *p, int64_t *documents, struct error *err)
{
    struct buf path;
    struct slice count;
    json_t *answer = NULL;
    int rc = -1;

    buf_init(&path, REQUEST_MAX_BYTES);
    buf_clear(&p->request);
    if (buf_printf(&path, "/%s/_count", p->index) != 0 ||
        buf_printf(&p->request, "{\"query\":%s}",
            p->query != NULL ? p->query : "{\"match_all\":{}}") != 0) {
        (void)error_set(err, "out of memory");
        goto out;
    }
    answer = call(p, "POST", buf_str(&path), true, err);
    if (answer == NULL || check_page(p, answer, err) != 0) {
        goto out;
    }
    count = marked_json_number(json_object_get(answer, "$count"));
    if (count.p == NULL || count.len > COUNT_DIGITS ||
        strspn(count.p, "0123456789") != count.len) {
        (void)error_set(err, "index %s: an answer without a count", p->index);
        goto out;
    }
    *documents = strtoll(count.p, NULL, 10);
    rc = 0;
out:
    json_decref(answer);
    buf_fini(&path);
    return rc;
}

static int open_at(struct index_reader *p, const char *path, const char *member,
    struct error *err)
{
    json_t *answer = call(p, "POST", path, false, err);
    int rc = -1;

    if (answer != NULL && check_page(p, answer, err) == 0 &&
        take_cursor(p, answer, member, err) == 0) {
        rc = 0;
        if (!p->point_in_time) {
            p->page = json_incref(answer);
        }
    }
    json_decref(answer);
    return rc;
}

/* What was acknowledged becomes visible only by a refresh. */
static int refresh_and_open(struct index_reader *p, struct error *err)
{
    struct buf path;
    json_t *answer = NULL;
    int rc = -1;

    buf_init(&path, REQUEST_MAX_BYTES);
    if (buf_printf(&path, "/%s/_refresh", p->index) != 0) {
        (void)error_set(err, "out of memory");
        goto out;
    }
    answer = call(p, "POST", buf_str(&path), false, err);
    if (answer == NULL || check_page(p, answer, err) != 0) {
        goto out;
    }
    buf_clear(&path);
    if (p->point_in_time) {
        rc = buf_printf(&path, "/%s/_pit?keep_alive=" KEEP_ALIVE, p->index);
    } else {
        rc = buf_printf(&path,
            "/%s/_search?scroll=" KEEP_ALIVE
            "&allow_partial_search_results=false",
            p->index);
    }
    buf_clear(&p->request);
    if (rc == 0 && !p->point_in_time) {
        rc = begin_search(p, SCROLL_PAGE_DOCS, "_doc") == 0
                 ? buf_append_char(&p->request, '}')
                 : -1;
    }
    rc = rc == 0 ? open_at(p, buf_str(&path),
                       p->point_in_time ? "$id" : "$_scroll_id", err)
                 : error_set(err, "out of memory");
out:
    json_decref(answer);
    buf_fini(&path);
    return rc;
}

static int copy_text(char **to, const char *text)
{
    *to = text != NULL ? strdup(text) : NULL;
    return text == NULL || *to != NULL ? 0 : -1;
}

struct index_reader *index_reader_open(const struct config *config,
    const struct index_question *question, struct error *err)
{
    struct index_reader *p = calloc(1, sizeof(*p));
    struct engine engine;

    if (p == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    buf_init(&p->cursor, REQUEST_MAX_BYTES);
    buf_init(&p->after, REQUEST_MAX_BYTES);
    buf_init(&p->request, QUERY_MAX_BYTES + 2 * REQUEST_MAX_BYTES);
    buf_init(&p->marked, MARKED_MAX_BYTES);
    p->page_docs = FIRST_PAGE_DOCS;
    if (copy_text(&p->index, question->index) != 0 ||
        copy_text(&p->query, question->query) != 0 ||
        copy_text(&p->sort, question->sort) != 0) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    p->endpoint = endpoint_new(config, err);
    if (p->endpoint == NULL || engine_probe(p->endpoint, &engine, err) != 0) {
        goto fail;
    }
    p->point_in_time = engine.point_in_time;
    if (refresh_and_open(p, err) != 0) {
        goto fail;
    }
    return p;

fail:
    index_reader_free(p);
    return NULL;
}

/* The engine would keep it until keep_alive; what it answers is no matter. */
static void close_cursor(struct index_reader *p)
{
    json_t *answer = NULL;

    buf_clear(&p->request);
    if (p->cursor.len_bytes > 0 &&
        buf_printf(&p->request,
            p->point_in_time ? "{\"id\":%s}" : "{\"scroll_id\":[%s]}",
            buf_str(&p->cursor)) == 0) {
        answer = call(p, "DELETE",
            p->point_in_time ? "/_pit" : "/_search/scroll", false, NULL);
    }
    json_decref(answer);
}

void index_reader_free(struct index_reader *p)
{
    if (p == NULL) {
        return;
    }
    if (p->endpoint != NULL) {
        close_cursor(p);
    }
    json_decref(p->page);
    buf_fini(&p->cursor);
    buf_fini(&p->after);
    buf_fini(&p->request);
    buf_fini(&p->marked);
    endpoint_free(p->endpoint);
    free(p->index);
    free(p->query);
    free(p->sort);
    free(p);
}
