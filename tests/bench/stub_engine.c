/*
 * Bulk requests at the counting engine; see stub_engine.h. The answer is
 * written while the body is read, item by item; it holds what filter_path
 * asks for, as the real engine's does.
 */
#include "tests/bench/stub_engine.h"

#include "common/clock.h"
#include "tests/bench/bulk_lines.h"

#include <stdlib.h>
#include <string.h>

/* What an item's answer holds. */
enum answer_form {
    ANSWER_FULL,   /* no filter_path: all that Elasticsearch tells */
    ANSWER_STATUS, /* items.*.status */
    ANSWER_ERRORS  /* items.*.error only: nothing when all is well */
};

/* A bulk request while it is read and until it is answered. */
struct bulk {
    struct stub_engine *engine;
    struct exchange *x;
    struct bulk_lines lines;
    enum answer_form form;
    bool flying;
    bool has_errors;
    size_t n_items;
    double ticket; /* of the capacity */
    int64_t ended_us;
};

/* ---- items ---- */

static const char BUSY[] =
    "\"error\":{\"type\":\"es_rejected_execution_exception\","
    "\"reason\":\"rejected execution\"}";

static int put_item(
    struct bulk *b, enum bulk_op op, struct slice id, int status)
{
    struct buf *out = &b->x->answer;
    const char *comma = out->len_bytes > 0 ? "," : "";
    const char *name = bulk_op_names[op];

    if (status == 429) {
        return buf_printf(
            out, "%s{\"%s\":{\"status\":429,%s}}", comma, name, BUSY);
    }
    switch (b->form) {
    case ANSWER_STATUS:
        return buf_printf(
            out, "%s{\"%s\":{\"status\":%d}}", comma, name, status);
    case ANSWER_FULL:
        return buf_printf(out,
            "%s{\"%s\":{\"_index\":\"bench\",\"_type\":\"_doc\","
            "\"_id\":\"%.*s\",\"_version\":1,\"result\":\"%s\","
            "\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0},"
            "\"_seq_no\":%zu,\"_primary_term\":1,\"status\":%d}}",
            comma, name, (int)id.len, id.p,
            status == 201 ? "created" : "updated", b->n_items, status);
    case ANSWER_ERRORS:
        break;
    }
    return 0;
}

/* The answer that nearly all items get, without printf. */
static int put_usual_item(struct buf *out)
{
    static const char usual[] = ",{\"index\":{\"status\":201}}";
    size_t skip = out->len_bytes > 0 ? 0 : 1;

    return buf_append(out, usual + skip, sizeof(usual) - 1 - skip);
}

static int count_item(struct stub_engine *e, struct slice id, int *status)
{
    bool is_new = true;

    if (e->keeps_ids && id.len > 0 && id_set_add(&e->ids, id, &is_new) != 0) {
        return -1;
    }
    if (e->counts.items < STUB_MOST_ARRIVALS) {
        e->arrivals_us[e->counts.items] = e->now_us;
    }
    e->counts.items++;
    e->counts.created += is_new ? 1 : 0;
    e->counts.duplicates += is_new ? 0 : 1;
    *status = is_new ? 201 : 200;
    return 0;
}

static int on_item(void *arg, enum bulk_op op, struct slice id)
{
    struct bulk *b = arg;
    struct stub_engine *e = b->engine;
    int status = 429;

    b->n_items++;
    if (e->refuses_items && capacity_is_full(&e->capacity)) {
        e->counts.refused_items++;
        b->has_errors = true;
        return put_item(b, op, id, status);
    }
    if (count_item(e, id, &status) != 0) {
        return -1;
    }
    capacity_take(&e->capacity, 1);
    b->ticket = e->capacity.taken;
    if (status == 201 && op == BULK_OP_INDEX && b->form == ANSWER_STATUS) {
        return put_usual_item(&b->x->answer);
    }
    return put_item(b, op, id, status);
}

/* ---- bulk requests ---- */

static enum answer_form form_of(const struct stub_engine *e, const char *path)
{
    const char *filter = strstr(path, "filter_path=");

    if (filter == NULL) {
        return e->always_short ? ANSWER_STATUS : ANSWER_FULL;
    }
    return strstr(filter, "status") != NULL ? ANSWER_STATUS : ANSWER_ERRORS;
}

static struct bulk *bulk_of(struct stub_engine *e, struct exchange *x)
{
    struct bulk *b = x->of_owner;

    if (b == NULL && (b = calloc(1, sizeof(*b))) != NULL) {
        b->engine = e;
        b->x = x;
        bulk_lines_init(&b->lines, on_item, b);
        x->of_owner = b;
    }
    return b;
}

static bool is_bulk(const struct exchange *x)
{
    const char *at = strstr(x->path, "/_bulk");

    return at != NULL && (at[6] == '\0' || at[6] == '?' || at[6] == '/') &&
           x->method[0] == 'P';
}

static void refuse(struct stub_engine *e, struct exchange *x)
{
    x->status = 429;
    e->counts.refused_requests++;
    (void)!buf_printf(&x->answer, "{%s,\"status\":429}", BUSY);
}

static void begin_bulk(struct stub_engine *e, struct exchange *x)
{
    struct bulk *b = bulk_of(e, x);

    if (b == NULL) {
        x->status = 503;
        return;
    }
    bulk_lines_restart(&b->lines);
    b->form = form_of(e, x->path);
    b->has_errors = false;
    b->n_items = 0;
    b->ticket = 0;
    b->flying = true;
    e->counts.requests++;
    e->counts.flying++;
    if (e->counts.flying > e->counts.most_flying) {
        e->counts.most_flying = e->counts.flying;
    }
    capacity_advance(&e->capacity, clock_mono_us());
    if (!e->refuses_items && capacity_is_full(&e->capacity)) {
        refuse(e, x);
    }
}

static void end_bulk(struct stub_engine *e, struct exchange *x)
{
    struct bulk *b = x->of_owner;

    e->counts.body_bytes += x->body_bytes;
    if (b != NULL) {
        b->ended_us = clock_mono_us();
    }
    if (x->status != 0) {
        return;
    }
    if (b->n_items == 0 || !bulk_lines_are_whole(&b->lines)) {
        e->counts.bad_requests++;
        x->status = 400;
        return;
    }
    x->status = 200;
    if (b->form == ANSWER_ERRORS && !b->has_errors) {
        buf_clear(&x->answer);
        (void)!buf_append_str(&x->answer, "{\"errors\":false}");
        return;
    }
    (void)!buf_printf(&x->lead, "{\"took\":1,\"errors\":%s,\"items\":[",
        b->has_errors ? "true" : "false");
    (void)!buf_append_str(&x->answer, "]}");
}

/* ---- the server's calls ---- */

static void on_begin(void *arg, struct exchange *x)
{
    if (is_bulk(x)) {
        begin_bulk(arg, x);
    }
}

static void on_body(void *arg, struct exchange *x, struct slice piece)
{
    struct stub_engine *e = arg;
    struct bulk *b = x->of_owner;
    int64_t now_us = clock_mono_us();
    uint64_t before = e->counts.items;

    if (!is_bulk(x)) {
        return;
    }
    e->now_us = now_us;
    capacity_advance(&e->capacity, now_us);
    if (bulk_lines_read(&b->lines, piece) != 0) {
        e->counts.bad_requests++;
        x->status = 400;
    }
    if (e->counts.items > before) {
        e->counts.first_us =
            e->counts.first_us != 0 ? e->counts.first_us : now_us;
        e->counts.last_us = now_us;
    }
}

static void on_end(void *arg, struct exchange *x)
{
    if (is_bulk(x)) {
        end_bulk(arg, x);
    } else {
        stub_engine_page(arg, x);
    }
}

static int64_t on_wait(void *arg, struct exchange *x, int64_t now_us)
{
    struct stub_engine *e = arg;
    struct bulk *b = x->of_owner;
    int64_t wait_us = 0, delay_us;

    if (!is_bulk(x) || b == NULL) {
        return 0;
    }
    if (x->status == 200) {
        capacity_advance(&e->capacity, now_us);
        wait_us = capacity_wait_us(&e->capacity, b->ticket);
    }
    delay_us = b->ended_us + e->delay_us - now_us;
    wait_us = delay_us > wait_us ? delay_us : wait_us;
    if (wait_us <= 0) {
        b->flying = false;
        e->counts.flying--;
    }
    return wait_us;
}

static void on_closed(void *arg, struct exchange *x)
{
    struct stub_engine *e = arg;
    struct bulk *b = x->of_owner;

    if (b != NULL) {
        e->counts.flying -= b->flying ? 1 : 0;
        bulk_lines_fini(&b->lines);
        free(b);
    }
}

const struct server_calls stub_engine_calls = {
    .begin = on_begin,
    .body = on_body,
    .end = on_end,
    .wait_us = on_wait,
    .closed = on_closed,
};
