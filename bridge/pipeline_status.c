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
#include "common/json_out.h"

/* null for what is not known (below 0). */
static void put_known(struct json_out *o, const char *key, int64_t number)
{
    if (number < 0) {
        json_out_text(o, key, NULL);
    } else {
        json_out_number(o, key, number);
    }
}

static void put_counts(
    struct json_out *o, const struct offsets_counts *counts, uint64_t pending)
{
    json_out_count(o, "consumed", counts->consumed);
    for (size_t k = 0; k < OUTCOME_COUNT; k++) {
        json_out_count(o, outcome_names[k], counts->ended[k]);
    }
    json_out_count(o, "pending", pending);
}

static void put_partition(
    struct json_out *o, struct pipeline *p, struct partition *one)
{
    int64_t lag = pipeline_lag(p, one);

    json_out_open(o, NULL, '{');
    json_out_text(o, "topic", one->topic);
    json_out_number(o, "partition", one->number);
    json_out_bool(o, "assigned", one->assigned);
    put_known(o, "frontier", offsets_frontier(one->offsets));
    put_known(o, "committed", one->committed);
    put_known(o, "high", one->high);
    put_known(o, "lag", lag);
    json_out_count(o, "lost", one->lost);
    put_counts(o, offsets_counts(one->offsets), offsets_pending(one->offsets));
    json_out_close(o, '}');
}

static void put_obstacle(struct json_out *o, const struct pipeline *p)
{
    int64_t since_us;
    const char *why = pipeline_obstacle(p, &since_us);

    json_out_text(o, "blocked", why);
    if (why != NULL) {
        json_out_number(o, "blocked_ms", (clock_mono_us() - since_us) / 1000);
    }
}

static void put_sender(struct json_out *o, const struct pipeline *p)
{
    if (p->sender == NULL) {
        return;
    }
    json_out_count(o, "in_flight", sender_flying(p->sender));
    json_out_count(o, "window", sender_window(p->sender));
    json_out_count(o, "batch_bytes", sender_batch_ceiling(p->sender));
    json_out_key(o, "latency_ms");
    json_out_failed(o,
        buf_printf(o->to, "%.3f", (double)sender_latency_us(p->sender) / 1e3));
    json_out_count(o, "held_bytes",
        sender_held_bytes(p->sender) +
            (p->open != NULL ? batch_bytes(p->open) : 0));
}

static void put_ledger(struct json_out *o, struct pipeline *p)
{
    struct offsets_counts sum;

    partitions_sum(&p->partitions, &sum);
    json_out_open(o, "ledger", '{');
    put_counts(o, &sum, partitions_pending(&p->partitions));
    json_out_close(o, '}');
    json_out_open(o, "partitions", '[');
    for (size_t i = 0; i < p->partitions.n; i++) {
        put_partition(o, p, p->partitions.all[i]);
    }
    json_out_close(o, ']');
}

int pipeline_status_page(void *arg, struct buf *body, const char **type)
{
    struct pipeline *p = arg;
    struct json_out o = json_out_of(body);

    *type = "application/json";
    json_out_open(&o, NULL, '{');
    json_out_text(&o, "phase", pipeline_phase_name(p));
    json_out_text(
        &o, "engine", p->engine.name[0] != '\0' ? p->engine.name : NULL);
    put_obstacle(&o, p);
    put_sender(&o, p);
    put_ledger(&o, p);
    pipeline_put_watch(&o, p);
    json_out_close(&o, '}');
    json_out_failed(&o, buf_append_char(body, '\n'));
    return json_out_end(&o) == 0 ? 200 : 500;
}
