/*
 * The ledger as NiFi's numbers of the last five minutes: ConsumeKafka's Out is
 * what was taken; each step's In and Out what passed it; PutElasticsearch's In
 * what ended in the engine's hands (stored or refused; skipped tombstones too),
 * its Read the bytes of it, its Tasks and Time the bulk requests answered; what
 * is between its In and what came before it is its queue. What was refused goes
 * on to the dead letters over a connection "failure".
 */
#include "bridge/pipeline_state.h"

#include "bridge/watch/nifi_flow.h"
#include "common/clock.h"

/* As NiFi's defaults: 10000 objects, 1 GB. Ours is bounded by memory. */
#define QUEUE_MOST 10000

/* Where a step's values stand, behind the traffic. */
static size_t step_place(const struct nifi_part *step)
{
    return TRAFFIC_COUNT + step->step * PIPELINE_STEP_VALUES;
}

enum { STEP_IN = 0, STEP_OUT = 2, STEP_REFUSED = 4 }; /* and bytes behind */

/* A count and its bytes: in the window, or, with window NULL, in all. */
struct amount {
    uint64_t n, bytes;
};

static struct amount at(
    const struct window *window, const uint64_t *now, size_t place)
{
    return window == NULL
               ? (struct amount){now[place], now[place + 1]}
               : (struct amount){window_grew(window, place, now[place]),
                     window_grew(window, place + 1, now[place + 1])};
}

static struct amount plus(struct amount a, struct amount b)
{
    return (struct amount){a.n + b.n, a.bytes + b.bytes};
}

static struct amount minus(struct amount a, struct amount b)
{
    return (struct amount){
        a.n > b.n ? a.n - b.n : 0, a.bytes > b.bytes ? a.bytes - b.bytes : 0};
}

/* What went into a part of the row. */
static struct amount went_in(
    const struct nifi_part *part, const struct window *w, const uint64_t *now)
{
    switch (part->role) {
    case NIFI_STEP:
        return at(w, now, step_place(part) + STEP_IN);
    case NIFI_PUT:
        return plus(at(w, now, TRAFFIC_STORED),
            plus(at(w, now, TRAFFIC_REFUSED), at(w, now, TRAFFIC_SKIPPED)));
    case NIFI_AFTER:
        return at(w, now, TRAFFIC_STORED);
    case NIFI_CONSUME:
    case NIFI_DEAD:
        break;
    }
    return (struct amount){0, 0};
}

/* What came out of it for the next part of the row. */
static struct amount came_out(
    const struct nifi_part *part, const struct window *w, const uint64_t *now)
{
    switch (part->role) {
    case NIFI_CONSUME:
        return at(w, now, TRAFFIC_TAKEN);
    case NIFI_STEP:
        return at(w, now, step_place(part) + STEP_OUT);
    case NIFI_PUT:
    case NIFI_AFTER:
        return at(w, now, TRAFFIC_STORED);
    case NIFI_DEAD:
        break;
    }
    return (struct amount){0, 0};
}

static struct amount was_refused(
    const struct nifi_part *part, const struct window *w, const uint64_t *now)
{
    return at(w, now,
        part->role == NIFI_STEP ? step_place(part) + STEP_REFUSED
                                : TRAFFIC_REFUSED);
}

static void put_in(struct nifi_numbers *to, struct amount a)
{
    to->in += a.n;
    to->in_bytes += a.bytes;
}

static void put_out(struct nifi_numbers *to, struct amount a)
{
    to->out += a.n;
    to->out_bytes += a.bytes;
}

/* What a processor reads, writes, receives and sends, and its time. */
static void fill_work(const struct pipeline *p, struct nifi_part *part,
    const struct window *w, const uint64_t *now)
{
    struct nifi_numbers *n = &part->numbers;

    switch (part->role) {
    case NIFI_CONSUME:
        n->received = n->out;
        n->received_bytes = n->written_bytes = n->out_bytes;
        n->tasks = at(w, now, TRAFFIC_TURNS).n;
        n->nanos = at(w, now, TRAFFIC_TURN_US).n * 1000;
        break;
    case NIFI_PUT:
        n->read_bytes = n->in_bytes;
        n->sent = at(w, now, TRAFFIC_STORED).n;
        n->sent_bytes = at(w, now, TRAFFIC_STORED).bytes;
        n->tasks = at(w, now, TRAFFIC_REQUESTS).n;
        n->nanos = at(w, now, TRAFFIC_REQUEST_US).n * 1000;
        n->active_threads =
            p->sender != NULL ? (unsigned)sender_flying(p->sender) : 0;
        break;
    case NIFI_DEAD:
        n->read_bytes = n->sent_bytes = n->in_bytes;
        n->sent = n->tasks = n->in;
        break;
    case NIFI_STEP:
    case NIFI_AFTER:
        n->read_bytes = n->in_bytes;
        n->tasks = n->in;
        break;
    }
}

/* In the row: what came out before it and has not gone in behind it waits. */
static void fill_link(const struct pipeline *p, struct nifi_flow *flow,
    struct nifi_link *l, const struct window *w, const uint64_t *now)
{
    struct nifi_part *from = &flow->parts[l->from];
    struct nifi_part *to = &flow->parts[l->to];
    struct amount in = came_out(from, w, now), out = went_in(to, w, now);
    struct amount queued =
        minus(came_out(from, NULL, now), went_in(to, NULL, now));

    l->in = in.n;
    l->in_bytes = in.bytes;
    l->out = out.n;
    l->out_bytes = out.bytes;
    l->queued = queued.n;
    l->queued_bytes = queued.bytes;
    l->queued_most = QUEUE_MOST;
    l->queued_bytes_most = p->limits.memory_bytes;
    put_out(&from->numbers, in);
    put_in(&to->numbers, out);
}

/* To the dead letters. What is not safe yet is shown behind the engine, where
 * most of them come from. */
static void fill_failure(const struct pipeline *p, struct nifi_flow *flow,
    struct nifi_link *l, const struct window *w, const uint64_t *now)
{
    struct nifi_part *from = &flow->parts[l->from];
    struct amount in = was_refused(from, w, now), queued = {0, 0};

    if (from->role == NIFI_PUT && p->dead_letter != NULL) {
        queued.n = dead_letter_pending(p->dead_letter);
        queued.bytes =
            queued.n > 0 ? dead_letter_pending_bytes(p->dead_letter) : 0;
    }
    l->in = in.n;
    l->in_bytes = in.bytes;
    l->out = minus(in, queued).n;
    l->out_bytes = minus(in, queued).bytes;
    l->queued = queued.n;
    l->queued_bytes = queued.bytes;
    l->queued_most = PIPELINE_DEAD_LETTERS_MOST;
    l->queued_bytes_most = p->limits.memory_bytes;
    put_out(&from->numbers, in);
    put_in(&flow->parts[l->to].numbers, minus(in, queued));
}

void pipeline_nifi_fill(struct pipeline *p, struct nifi_flow *flow)
{
    const struct window *w = pipeline_window(p);
    const uint64_t *now = pipeline_traffic(p);

    flow->is_running =
        p->phase == PIPELINE_STARTING || p->phase == PIPELINE_RUNNING;
    flow->wall_ms = clock_wall_ms();
    for (size_t i = 0; i < flow->n_parts; i++) {
        flow->parts[i].numbers = (struct nifi_numbers){0};
    }
    for (size_t i = 0; i < flow->n_links; i++) {
        if (flow->parts[flow->links[i].to].role == NIFI_DEAD) {
            fill_failure(p, flow, &flow->links[i], w, now);
        } else {
            fill_link(p, flow, &flow->links[i], w, now);
        }
    }
    for (size_t i = 0; i < flow->n_parts; i++) {
        fill_work(p, &flow->parts[i], w, now);
    }
}
