/* Reading a bulk answer in place; see bulk_response.h. */
#include "bridge/bulk_response.h"

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

/* "error" is an object; before Elasticsearch 2 it was a text. */
static void read_error(const struct json_value *v, struct item_answer *item)
{
    struct json_field fields[] = {
        {.name = {"type", 4}}, {.name = {"reason", 6}}};
    size_t bad_at;

    if (v->kind == JSON_STRING) {
        item->error_type = v->raw;
        return;
    }
    if (v->kind != JSON_OBJECT ||
        json_find_fields(v->raw, fields, 2, &bad_at) != 0) {
        return;
    }
    if (fields[0].found && fields[0].value.kind == JSON_STRING) {
        item->error_type = fields[0].value.raw;
    }
    if (fields[1].found && fields[1].value.kind == JSON_STRING) {
        item->error_reason = fields[1].value.raw;
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

int bulk_response_next(struct bulk_response *r, struct item_answer *item)
{
    struct slice op, none;
    int more = json_next_element(&r->at);

    if (more != 1) {
        return more;
    }
    *item = (struct item_answer){.status = -1};
    if (json_enter(&r->at, '{') != 0 || json_next_key(&r->at, &op) != 1) {
        return -1;
    }
    item->is_delete = slice_is(op, "delete");
    if (read_item(&r->at, item) != 0 || json_next_key(&r->at, &none) != 0) {
        return -1;
    }
    return 1;
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
    long n = 0;
    int more;

    if (bulk_response_open(&r, body) != 0) {
        return -1;
    }
    while ((more = bulk_response_next(&r, &item)) == 1) {
        n++;
    }
    if (more != 0) {
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
