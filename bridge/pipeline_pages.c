/*
 * What the pipeline shows of itself: metrics in Prometheus' text format
 * (version 0.0.4), health, and a log line now and then.
 */
#include "bridge/metric_table.h"
#include "bridge/pipeline_state.h"

#include "common/clock.h"
#include "common/json_write.h"
#include "common/log.h"

#include <stdio.h>
#include <string.h>

#define NOT_READY_AFTER_US 10000000 /* blocked for so long */

/* Set once; a page that does not fit is cut by nobody: it fails whole. */
struct page {
    struct buf *out;
    bool failed;
};

static void head(struct page *g, enum metric metric)
{
    const struct metric_row *row = &metric_table[metric];

    g->failed |= buf_printf(g->out, "# HELP %s %s\n# TYPE %s %s\n", row->name,
                     row->help, row->name, row->type) != 0;
}

static void single(struct page *g, enum metric metric, double v)
{
    head(g, metric);
    g->failed |=
        buf_printf(g->out, "%s %.15g\n", metric_table[metric].name, v) != 0;
}

/* name{topic="t",partition="0"<more>} v */
static void of_partition(struct page *g, enum metric metric,
    const struct partition *one, const char *outcome, double v)
{
    g->failed |= buf_printf(g->out, "%s{topic=\"%s\",partition=\"%d\"",
                     metric_table[metric].name, one->topic, one->number) != 0;
    if (outcome != NULL) {
        g->failed |= buf_printf(g->out, ",outcome=\"%s\"", outcome) != 0;
    }
    g->failed |= buf_printf(g->out, "} %.15g\n", v) != 0;
}

static void put_outcomes(struct page *g, const struct partition *one)
{
    const struct offsets_counts *counts = offsets_counts(one->offsets);

    for (size_t k = 0; k < OUTCOME_COUNT; k++) {
        of_partition(
            g, METRIC_RECORDS, one, outcome_names[k], (double)counts->ended[k]);
    }
}

int64_t pipeline_lag(struct pipeline *p, struct partition *one)
{
    int64_t frontier = offsets_frontier(one->offsets);

    if (!one->assigned) {
        return -1;
    }
    one->high = consumer_seen_end(p->consumer, one->topic, one->number);
    if (one->high < 0) {
        return -1;
    }
    frontier = frontier >= 0 ? frontier : one->committed;
    return frontier < 0 ? -1 : one->high > frontier ? one->high - frontier : 0;
}

static void put_partitions(struct page *g, struct pipeline *p)
{
    const struct partitions *all = &p->partitions;

    head(g, METRIC_CONSUMED);
    for (size_t i = 0; i < all->n; i++) {
        of_partition(g, METRIC_CONSUMED, all->all[i], NULL,
            (double)offsets_counts(all->all[i]->offsets)->consumed);
    }
    head(g, METRIC_RECORDS);
    for (size_t i = 0; i < all->n; i++) {
        put_outcomes(g, all->all[i]);
    }
    head(g, METRIC_PENDING);
    for (size_t i = 0; i < all->n; i++) {
        of_partition(g, METRIC_PENDING, all->all[i], NULL,
            (double)offsets_pending(all->all[i]->offsets));
    }
    head(g, METRIC_LAG);
    for (size_t i = 0; i < all->n; i++) {
        int64_t lag = pipeline_lag(p, all->all[i]);

        if (lag >= 0) {
            of_partition(g, METRIC_LAG, all->all[i], NULL, (double)lag);
        }
    }
    head(g, METRIC_LOST);
    for (size_t i = 0; i < all->n; i++) {
        of_partition(
            g, METRIC_LOST, all->all[i], NULL, (double)all->all[i]->lost);
    }
    head(g, METRIC_COMMITTED);
    for (size_t i = 0; i < all->n; i++) {
        if (all->all[i]->assigned && all->all[i]->committed >= 0) {
            of_partition(g, METRIC_COMMITTED, all->all[i], NULL,
                (double)all->all[i]->committed);
        }
    }
}

static void put_histogram(
    struct page *g, enum metric metric, const struct histogram *h)
{
    const char *name = metric_table[metric].name;
    static const int64_t edges_ms[] = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 30000};

    for (size_t i = 0; i < sizeof(edges_ms) / sizeof(edges_ms[0]); i++) {
        g->failed |= buf_printf(g->out, "%s_bucket{le=\"%g\"} %llu\n", name,
                         (double)edges_ms[i] / 1000.0,
                         (unsigned long long)histogram_at_most(
                             h, edges_ms[i] * 1000)) != 0;
    }
    g->failed |=
        buf_printf(g->out,
            "%s_bucket{le=\"+Inf\"} %llu\n%s_sum %.6f\n"
            "%s_count %llu\n",
            name, (unsigned long long)h->count, name, (double)h->sum / 1e6,
            name, (unsigned long long)h->count) != 0;
}

static void put_sender(struct page *g, const struct pipeline *p)
{
    static const char *const classes[SENDER_STATUS_CLASSES] = {
        "none", "1xx", "2xx", "3xx", "4xx", "5xx"};
    const struct sender_stats *s = sender_stats(p->sender);

    head(g, METRIC_RESPONSES);
    for (size_t i = 0; i < SENDER_STATUS_CLASSES; i++) {
        g->failed |= buf_printf(g->out, "%s{class=\"%s\"} %llu\n",
                         metric_table[METRIC_RESPONSES].name, classes[i],
                         (unsigned long long)s->by_class[i]) != 0;
    }
    single(g, METRIC_REQUESTS, (double)s->requests);
    single(g, METRIC_SENT_BYTES, (double)s->sent_bytes);
    single(g, METRIC_PUSHED_BACK, (double)s->pushed_back);
    single(g, METRIC_SENT_AGAIN, (double)s->items_again);
    single(g, METRIC_IN_FLIGHT, (double)sender_flying(p->sender));
    single(g, METRIC_WINDOW, (double)sender_window(p->sender));
    single(g, METRIC_BATCH_BYTES, (double)sender_batch_ceiling(p->sender));
    single(g, METRIC_LATENCY, (double)sender_latency_us(p->sender) / 1e6);
    single(g, METRIC_HELD_BYTES,
        (double)(sender_held_bytes(p->sender) +
                 (p->open != NULL ? batch_bytes(p->open) : 0)));
    head(g, METRIC_SECONDS);
    put_histogram(g, METRIC_SECONDS, &s->took_us);
}

const char *pipeline_obstacle(const struct pipeline *p, int64_t *since_us)
{
    const char *why;

    *since_us = p->started_us;
    if (p->phase == PIPELINE_STARTING) {
        return "waiting for elasticsearch";
    }
    if (p->phase != PIPELINE_RUNNING) {
        return "stopping";
    }
    why = sender_blocked(p->sender, since_us);
    if (why != NULL && clock_mono_us() - *since_us > NOT_READY_AFTER_US) {
        return why;
    }
    if (p->dead_letter != NULL) {
        return dead_letter_problem(p->dead_letter, since_us);
    }
    return NULL;
}

static int metrics_page(void *arg, struct buf *body, const char **type)
{
    struct pipeline *p = arg;
    struct page g = {body, false};
    int64_t since_us;

    *type = "text/plain; version=0.0.4; charset=utf-8";
    single(&g, METRIC_READY, pipeline_obstacle(p, &since_us) == NULL ? 1 : 0);
    single(&g, METRIC_CPU, (double)clock_cpu_us() / 1e6);
    put_partitions(&g, p);
    if (p->sender != NULL) {
        put_sender(&g, p);
    }
    return g.failed ? 500 : 200;
}

static int health_page(void *arg, struct buf *body, const char **type)
{
    (void)arg;
    (void)type;
    return buf_append_str(body, "ok\n") == 0 ? 200 : 500;
}

static int ready_page(void *arg, struct buf *body, const char **type)
{
    struct pipeline *p = arg;
    int64_t since_us;
    const char *why = pipeline_obstacle(p, &since_us);

    (void)type;
    if (why == NULL) {
        return buf_append_str(body, "ready\n") == 0 ? 200 : 500;
    }
    return buf_printf(body, "not ready for %lld s: %s\n",
               (long long)((clock_mono_us() - since_us) / 1000000), why) == 0
               ? 503
               : 500;
}

int pipeline_add_pages(struct pipeline *p)
{
    return admin_open_page(p->admin, "/metrics", metrics_page, p) == 0 &&
                   admin_open_page(p->admin, "/healthz", health_page, p) == 0 &&
                   admin_open_page(p->admin, "/readyz", ready_page, p) == 0 &&
                   admin_page(p->admin, "/status", pipeline_status_page, p) == 0
               ? 0
               : -1;
}

static uint64_t ended_in_all(const struct offsets_counts *sum)
{
    uint64_t ended = 0;

    for (size_t k = 0; k < OUTCOME_COUNT; k++) {
        ended += sum->ended[k];
    }
    return ended;
}

static int64_t lag_in_all(struct pipeline *p)
{
    int64_t lag = 0;

    for (size_t i = 0; i < p->partitions.n; i++) {
        int64_t one = pipeline_lag(p, p->partitions.all[i]);

        lag += one > 0 ? one : 0;
    }
    return lag;
}

void pipeline_summary(struct pipeline *p, char *out, size_t size)
{
    struct offsets_counts sum;
    int64_t since_us;
    const char *why = pipeline_obstacle(p, &since_us);

    partitions_sum(&p->partitions, &sum);
    if (p->failure[0] != '\0') {
        (void)snprintf(out, size, "failed: %s", p->failure);
    } else if (pipeline_is_stopping(p)) {
        (void)snprintf(out, size, "stopping: %llu records under way",
            (unsigned long long)partitions_pending(&p->partitions));
    } else if (why != NULL) {
        (void)snprintf(out, size, "%s", why);
    } else if (!p->has_joined) {
        (void)snprintf(out, size, "joining the consumer group");
    } else {
        (void)snprintf(out, size,
            "ferrying: %llu records consumed, %llu ended, %llu dead letters, "
            "lag %lld",
            (unsigned long long)sum.consumed,
            (unsigned long long)ended_in_all(&sum),
            (unsigned long long)sum.ended[OUTCOME_DEAD_LETTERED],
            (long long)lag_in_all(p));
    }
    out[strcspn(out, "\n")] = '\0';
}

void pipeline_report(struct pipeline *p)
{
    struct offsets_counts sum;
    int64_t now_us = clock_mono_us();
    double seconds = (double)(now_us - p->reported_us) / 1e6;
    uint64_t ended;

    partitions_sum(&p->partitions, &sum);
    ended = ended_in_all(&sum);
    if (p->phase == PIPELINE_DONE) {
        seconds = (double)(now_us - p->started_us) / 1e6;
        p->reported_ended = 0;
    }
    log_info(LOG_MSG(p->phase == PIPELINE_DONE ? "ended" : "progress"),
        LOG_INT("consumed", sum.consumed),
        LOG_INT("created", sum.ended[OUTCOME_CREATED]),
        LOG_INT("updated", sum.ended[OUTCOME_UPDATED]),
        LOG_INT("duplicate", sum.ended[OUTCOME_DUPLICATE]),
        LOG_INT("deleted", sum.ended[OUTCOME_DELETED]),
        LOG_INT("dead_lettered", sum.ended[OUTCOME_DEAD_LETTERED]),
        LOG_INT("skipped", sum.ended[OUTCOME_SKIPPED]),
        LOG_INT("released", sum.ended[OUTCOME_RELEASED]),
        LOG_INT("pending", partitions_pending(&p->partitions)),
        LOG_INT("lag", lag_in_all(p)),
        LOG_INT("per_s",
            seconds > 0 ? (double)(ended - p->reported_ended) / seconds : 0),
        LOG_DBL("seconds", (double)(now_us - p->started_us) / 1e6));
    p->reported_ended = ended;
    p->reported_us = now_us;
}
