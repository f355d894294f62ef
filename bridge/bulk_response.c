/* Reading a bulk answer in place; see bulk_response.h. */
#include "bridge/bulk_response.h"

#include <stdio.h>
#include <string.h>

#define CAUSES_MOST 16 /* deep; the engines nest two or three */

int bulk_response_open(struct bulk_response *r, struct slice body)
{
    struct json_value v;
    struct slice key;

    r->at = json_cursor_of(body);
    if (json_enter(&r->at, '{') != 0) {
        return -1;
    }
    while (json_next_key(&r->at, &key) == 1) {
        if (slice_is(key, "items")) {
            return json_enter(&r->at, '[');
        }
        if (json_read(&r->at, &v) != 0) {
            return -1;
        }
    }
    return -1;
}

static int read_status(struct slice raw)
{
    int n = 0;

    for (size_t i = 0; i < raw.len && i < 3; i++) {
        if (raw.p[i] < '0' || raw.p[i] > '9') {
            return -1;
        }
        n = n * 10 + (raw.p[i] - '0');
    }
    return raw.len == 3 ? n : -1;
}

static bool is_text(const struct json_field *f)
{
    return f->found && f->value.kind == JSON_STRING;
}

/*
 * "error" is an object; before Elasticsearch 2 it was a text. Its own reason
 * often says only where ("failed to parse field [Volume] of type [long]"), and
 * the innermost caused_by says why ("For input string: \"abc\"").
 */
static void read_error(const struct json_value *v, struct item_answer *item)
{
    struct json_value error = *v;
    size_t bad_at;

    if (v->kind == JSON_STRING) {
        item->error_type = v->raw;
        return;
    }
    for (int depth = 0; depth < CAUSES_MOST; depth++) {
        struct json_field fields[] = {{.name = {"type", 4}},
            {.name = {"reason", 6}}, {.name = {"caused_by", 9}}};

        if (error.kind != JSON_OBJECT ||
            json_find_fields(error.raw, fields, 3, &bad_at) != 0) {
            return;
        }
        if (depth == 0 && is_text(&fields[0])) {
            item->error_type = fields[0].value.raw;
        }
        if (is_text(&fields[1])) {
            *(depth == 0 ? &item->error_reason : &item->error_cause) =
                fields[1].value.raw;
        }
        if (!fields[2].found) {
            return;
        }
        error = fields[2].value;
    }
}

/* The inside of {"index":{...}}, the cursor before the inner brace. */
static int read_item(struct json_cursor *c, struct item_answer *item)
{
    struct json_value v;
    struct slice key;
    int more;

    if (json_enter(c, '{') != 0) {
        return -1;
    }
    while ((more = json_next_key(c, &key)) == 1) {
        if (json_read(c, &v) != 0) {
            return -1;
        }
        if (slice_is(key, "status")) {
            item->status = read_status(v.raw);
        } else if (slice_is(key, "error")) {
            read_error(&v, item);
        }
    }
    return more == 0 && item->status > 0 ? 0 : -1;
}

void item_reason(const struct item_answer *item, char *out, size_t size)
{
    (void)snprintf(out, size, SLICE_FMT "%s" SLICE_FMT,
        SLICE_ARG(item->error_reason), item->error_cause.len > 0 ? ": " : "",
        SLICE_ARG(item->error_cause));
}

/* {"index":{"status":201}}, all there is of a success in an answer filtered as
 * we ask for, and so of nearly every item there ever is. */
static bool read_plain(struct json_cursor *c, struct item_answer *item)
{
    static const char lead[] = "{\"index\":{\"status\":";
    const size_t n = sizeof(lead) - 1;
    const size_t status_bytes = 3;
    const char *after = c->at + n + status_bytes;

    if ((size_t)(c->end - c->at) < n + status_bytes + 2 ||
        memcmp(c->at, lead, n) != 0 || after[0] != '}' || after[1] != '}') {
        return false;
    }
    item->status = read_status((struct slice){c->at + n, status_bytes});
    c->at = after + 2;
    return true;
}

/* The cursor stands before the item, or white space in front of it. */
static int read_element(struct bulk_response *r, struct item_answer *item)
{
    struct slice op, none;

    *item = (struct item_answer){.status = -1};
    if (read_plain(&r->at, item)) {
        return item->status > 0 ? 1 : -1;
    }
    if (json_enter(&r->at, '{') != 0 || json_next_key(&r->at, &op) != 1) {
        return -1;
    }
    item->is_delete = slice_is(op, "delete");
    item->is_update = slice_is(op, "update");
    if (read_item(&r->at, item) != 0 || json_next_key(&r->at, &none) != 0) {
        return -1;
    }
    return 1;
}

int bulk_response_next(struct bulk_response *r, struct item_answer *item)
{
    int more = json_next_element(&r->at);

    return more == 1 ? read_element(r, item) : more;
}

long bulk_response_run(struct bulk_response *r, struct item_answer *item)
{
    struct json_cursor *c = &r->at;
    int more = json_next_element(c);
    const char *text = c->at;
    size_t len;
    long n = 1;

    if (more != 1) {
        return more;
    }
    if (read_element(r, item) != 1) {
        return -1;
    }
    len = (size_t)(c->at - text);
    while ((size_t)(c->end - c->at) > len && *c->at == ',' &&
           memcmp(c->at + 1, text, len) == 0) {
        c->at += len + 1;
        n++;
    }
    return n;
}

static bool is_at_end(const struct json_cursor *c)
{
    for (const char *at = c->at; at < c->end; at++) {
        if (*at != ' ' && *at != '\n' && *at != '\r' && *at != '\t') {
            return false;
        }
    }
    return true;
}

long bulk_response_count(struct slice body)
{
    struct bulk_response r;
    struct item_answer item;
    struct json_value v;
    struct slice key;
    long n = 0, run;
    int more;

    if (bulk_response_open(&r, body) != 0) {
        return -1;
    }
    while ((run = bulk_response_run(&r, &item)) > 0) {
        n += run;
    }
    if (run != 0) {
        return -1;
    }
    /* The text must go on to its end: an answer cut short is no answer. */
    while ((more = json_next_key(&r.at, &key)) == 1) {
        if (json_read(&r.at, &v) != 0) {
            return -1;
        }
    }
    return more == 0 && is_at_end(&r.at) ? n : -1;
}
