/* Search answers made into bulk requests; see copy_page.h. */
#include "mappings/copy_page.h"

#include "common/json_scan.h"

#include <stdio.h>
#include <string.h>

struct hit {
    struct slice id, routing, version, source;
};

static int no_answer(struct error *err)
{
    return error_set(err,
        "the engine's answer to a search is not what it should be; is the "
        "_source of the index switched off?");
}

static int read_hit(struct json_cursor *c, struct hit *hit)
{
    struct slice key;
    int rc;

    *hit = (struct hit){{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    if (json_enter(c, '{') != 0) {
        return -1;
    }
    while ((rc = json_next_key(c, &key)) == 1) {
        struct json_value v;

        if (json_read(c, &v) != 0) {
            return -1;
        }
        if (slice_is(key, "_id") && v.kind == JSON_STRING) {
            hit->id = v.raw;
        } else if (slice_is(key, "_routing") && v.kind == JSON_STRING) {
            hit->routing = v.raw;
        } else if (slice_is(key, "_version") && v.kind == JSON_NUMBER) {
            hit->version = v.raw;
        } else if (slice_is(key, "_source") && v.kind == JSON_OBJECT) {
            hit->source = v.raw;
        }
    }
    return rc == 0 && hit->id.p != NULL && hit->version.p != NULL &&
                   hit->source.p != NULL
               ? 0
               : -1;
}

/* A document may have been sent over several lines, which a bulk request is
 * not to have: in JSON a line's end is white space. */
static int append_source(struct buf *out, struct slice source)
{
    size_t at = out->len_bytes;

    if (buf_append_slice(out, source) != 0) {
        return -1;
    }
    for (char *p = out->data + at; p < out->data + out->len_bytes; p++) {
        if (*p == '\n' || *p == '\r') {
            *p = ' ';
        }
    }
    return buf_append_char(out, '\n');
}

static int append_hit(struct buf *out, const struct hit *hit, const char *type)
{
    if (buf_printf(out, "{\"index\":{\"_id\":\"" SLICE_FMT "\"",
            SLICE_ARG(hit->id)) != 0 ||
        (type != NULL && buf_printf(out, ",\"_type\":\"%s\"", type) != 0) ||
        (hit->routing.p != NULL &&
            buf_printf(out, ",\"routing\":\"" SLICE_FMT "\"",
                SLICE_ARG(hit->routing)) != 0) ||
        buf_printf(out,
            ",\"version\":" SLICE_FMT ",\"version_type\":\"external_gte\"}}\n",
            SLICE_ARG(hit->version)) != 0) {
        return -1;
    }
    return append_source(out, hit->source);
}

/* {"total":1,"successful":1,"skipped":0,"failed":0} */
static bool all_shards(struct slice shards)
{
    struct json_field failed = {.name = slice_of("failed")};
    size_t bad_at;

    return json_find_fields(shards, &failed, 1, &bad_at) == 0 && failed.found &&
           slice_is(failed.value.raw, "0");
}

static int find_hits(struct slice answer, struct slice *hits, struct error *err)
{
    struct json_field top[] = {{.name = slice_of("timed_out")},
        {.name = slice_of("_shards")}, {.name = slice_of("hits")}};
    struct json_field inner = {.name = slice_of("hits")};
    size_t bad_at;

    if (json_find_fields(answer, top, 3, &bad_at) != 0 || !top[2].found ||
        top[2].value.kind != JSON_OBJECT || !top[1].found) {
        return no_answer(err);
    }
    if (top[0].value.kind == JSON_TRUE || !all_shards(top[1].value.raw)) {
        return error_set(err,
            "some shards did not answer; see to the cluster's health and run "
            "it again");
    }
    if (json_find_fields(top[2].value.raw, &inner, 1, &bad_at) != 0 ||
        !inner.found || inner.value.kind != JSON_ARRAY) {
        return no_answer(err);
    }
    *hits = inner.value.raw;
    return 0;
}

int copy_page_write(struct slice answer, const char *type, struct buf *out,
    size_t *docs, struct error *err)
{
    struct slice hits = {NULL, 0};
    struct json_cursor c;
    struct hit hit;
    int rc;

    *docs = 0;
    if (find_hits(answer, &hits, err) != 0) {
        return -1;
    }
    c = json_cursor_of(hits);
    if (json_enter(&c, '[') != 0) {
        return no_answer(err);
    }
    while ((rc = json_next_element(&c)) == 1) {
        if (read_hit(&c, &hit) != 0) {
            return no_answer(err);
        }
        if (append_hit(out, &hit, type) != 0) {
            return error_set(err, "out of memory");
        }
        ++*docs;
    }
    return rc == 0 ? 0 : no_answer(err);
}
