/*
 * /status: the bridge as one JSON object: what it does, what is in its way,
 * and the ledger, whole and for each partition. The equation
 *
 *   consumed = created + updated + duplicate + deleted + dead_lettered
 *              + skipped + released + pending
 *
 * holds in each of them, because one turn of the loop writes the page.
 */
#include "bridge/pipeline_state.h"

#include "common/clock.h"
#include "common/json_write.h"

static int put_text(struct buf *b, const char *key, const char *text)
{
    if (buf_printf(b, "\"%s\":", key) != 0) {
        return -1;
    }
    return text != NULL ? json_write_string(b, slice_of(text))
                        : buf_append_str(b, "null");
}

/* "key":number, with null for what is not known (below 0). */
static int put_number(struct buf *b, const char *key, int64_t number)
{
    return number < 0 ? buf_printf(b, "\"%s\":null,", key)
                      : buf_printf(b, "\"%s\":%lld,", key, (long long)number);
}

static int put_counts(
    struct buf *b, const struct offsets_counts *counts, uint64_t pending)
{
    int rc = buf_printf(
        b, "\"consumed\":%llu,", (unsigned long long)counts->consumed);

    for (size_t k = 0; rc == 0 && k < OUTCOME_COUNT; k++) {
        rc = buf_printf(b, "\"%s\":%llu,", outcome_names[k],
            (unsigned long long)counts->ended[k]);
    }
    return rc == 0
               ? buf_printf(b, "\"pending\":%llu", (unsigned long long)pending)
               : -1;
}

static int put_partition(
    struct buf *b, struct pipeline *p, struct partition *one)
{
    int64_t lag = pipeline_lag(p, one);
    int rc = buf_append_char(b, '{') | put_text(b, "topic", one->topic) |
             buf_printf(b, ",\"partition\":%d,\"assigned\":%s,", one->number,
                 one->assigned ? "true" : "false") |
             put_number(b, "frontier", offsets_frontier(one->offsets)) |
             put_number(b, "committed", one->committed) |
             put_number(b, "high", one->high) | put_number(b, "lag", lag) |
             put_number(b, "lost", (int64_t)one->lost);

    return rc == 0 && put_counts(b, offsets_counts(one->offsets),
                          offsets_pending(one->offsets)) == 0
               ? buf_append_char(b, '}')
               : -1;
}

static int put_obstacle(struct buf *b, const struct pipeline *p)
{
    int64_t since_us;
    const char *why = pipeline_obstacle(p, &since_us);

    if (put_text(b, "blocked", why) != 0) {
        return -1;
    }
    return why == NULL ? 0
                       : buf_printf(b, ",\"blocked_ms\":%lld",
                             (long long)((clock_mono_us() - since_us) / 1000));
}

static int put_sender(struct buf *b, const struct pipeline *p)
{
    if (p->sender == NULL) {
        return 0;
    }
    return buf_printf(b,
        ",\"in_flight\":%zu,\"window\":%zu,\"batch_bytes\":%zu,"
        "\"latency_ms\":%.3f,\"held_bytes\":%zu",
        sender_flying(p->sender), sender_window(p->sender),
        sender_batch_ceiling(p->sender),
        (double)sender_latency_us(p->sender) / 1e3,
        sender_held_bytes(p->sender) +
            (p->open != NULL ? batch_bytes(p->open) : 0));
}

static int put_partitions(struct buf *b, struct pipeline *p)
{
    int rc = buf_append_str(b, "\"partitions\":[");

    for (size_t i = 0; rc == 0 && i < p->partitions.n; i++) {
        rc = i > 0 ? buf_append_char(b, ',') : 0;
        rc = rc == 0 ? put_partition(b, p, p->partitions.all[i]) : rc;
    }
    return rc == 0 ? buf_append_char(b, ']') : -1;
}

int pipeline_status_page(void *arg, struct buf *body, const char **type)
{
    struct pipeline *p = arg;
    struct offsets_counts sum;

    *type = "application/json";
    partitions_sum(&p->partitions, &sum);
    if (buf_append_char(body, '{') != 0 ||
        put_text(body, "phase", pipeline_phase_name(p)) != 0 ||
        buf_append_char(body, ',') != 0 ||
        put_text(body, "engine",
            p->engine.name[0] != '\0' ? p->engine.name : NULL) != 0 ||
        buf_append_char(body, ',') != 0 || put_obstacle(body, p) != 0 ||
        put_sender(body, p) != 0 ||
        buf_append_str(body, ",\"ledger\":{") != 0 ||
        put_counts(body, &sum, partitions_pending(&p->partitions)) != 0 ||
        buf_append_str(body, "},") != 0 || put_partitions(body, p) != 0) {
        return 500;
    }
    return buf_append_str(body, "}\n") == 0 ? 200 : 500;
}
