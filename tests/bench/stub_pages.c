/* What the counting engine answers besides bulk requests; see stub_engine.h
 * and counting_engine.c. */
#include "tests/bench/stub_engine.h"

#include "common/clock.h"

#include <stdlib.h>
#include <string.h>

static void put_counts(const struct stub_engine *e, struct buf *out)
{
    const struct stub_counts *c = &e->counts;

    (void)!buf_printf(out,
        "{\"items\":%llu,\"created\":%llu,\"duplicates\":%llu,"
        "\"refused_items\":%llu,\"requests\":%llu,\"refused_requests\":%llu,"
        "\"bad_requests\":%llu,\"body_bytes\":%llu,\"flying\":%llu,"
        "\"most_flying\":%llu,\"first_us\":%lld,\"last_us\":%lld,"
        "\"now_us\":%lld,\"done\":%.0f,\"cpu_us\":%lld}\n",
        (unsigned long long)c->items, (unsigned long long)c->created,
        (unsigned long long)c->duplicates, (unsigned long long)c->refused_items,
        (unsigned long long)c->requests,
        (unsigned long long)c->refused_requests,
        (unsigned long long)c->bad_requests, (unsigned long long)c->body_bytes,
        (unsigned long long)c->flying, (unsigned long long)c->most_flying,
        (long long)c->first_us, (long long)c->last_us,
        (long long)clock_mono_us(), e->capacity.done,
        (long long)clock_cpu_us());
}

static void put_arrivals(const struct stub_engine *e, struct buf *out)
{
    size_t n = e->counts.items < STUB_MOST_ARRIVALS ? e->counts.items
                                                    : STUB_MOST_ARRIVALS;

    (void)!buf_append_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        (void)!buf_printf(
            out, "%s%lld", i > 0 ? "," : "", (long long)e->arrivals_us[i]);
    }
    (void)!buf_append_str(out, "]\n");
}

static void set_number(const char *path, const char *name, double *out)
{
    const char *at = strstr(path, name);

    if (at != NULL) {
        *out = strtod(at + strlen(name), NULL);
    }
}

static void set_limits(struct stub_engine *e, const char *path)
{
    double delay_ms = (double)e->delay_us / 1000;

    capacity_advance(&e->capacity, clock_mono_us());
    set_number(path, "docs_per_s=", &e->capacity.docs_per_s);
    set_number(path, "queue_docs=", &e->capacity.queue_docs);
    set_number(path, "delay_ms=", &delay_ms);
    e->delay_us = (int64_t)(delay_ms * 1000);
    if (strstr(path, "refuse=") != NULL) {
        e->refuses_items = strstr(path, "refuse=items") != NULL;
    }
}

void stub_engine_page(struct stub_engine *e, struct exchange *x)
{
    static const char root[] =
        "{\"name\":\"bench\",\"cluster_name\":\"bench\",\"version\":{"
        "\"number\":\"7.17.29\",\"build_flavor\":\"default\","
        "\"lucene_version\":\"8.11.3\"},"
        "\"tagline\":\"You Know, for Search\"}\n";

    x->status = 200;
    if (strcmp(x->path, "/_counts") == 0) {
        capacity_advance(&e->capacity, clock_mono_us());
        put_counts(e, &x->answer);
    } else if (strcmp(x->path, "/_arrivals") == 0) {
        put_arrivals(e, &x->answer);
    } else if (strcmp(x->path, "/_reset") == 0) {
        e->counts = (struct stub_counts){.flying = e->counts.flying};
        id_set_clear(&e->ids);
        (void)!buf_append_str(&x->answer, "{}\n");
    } else if (strncmp(x->path, "/_limits", 8) == 0) {
        set_limits(e, x->path);
        (void)!buf_append_str(&x->answer, "{}\n");
    } else {
        (void)!buf_append_str(
            &x->answer, strcmp(x->path, "/") == 0 ? root : "{}\n");
    }
}
