/*
 * struct engine_model: an engine of numbers, and a client that keeps a
 * limiter's (or a fixed) number of requests under way in it, in simulated
 * time: requests in service share the engine's speed evenly.
 */
#ifndef NARU_TESTS_ENGINE_MODEL_H
#define NARU_TESTS_ENGINE_MODEL_H

#include "bridge/limiter.h"

#include <assert.h>
#include <stdlib.h>

#define MODEL_MOST 64

struct engine_model {
    double bytes_per_s;  /* with enough in service */
    double workers;      /* requests in service for that speed */
    double half_at;      /* else: in service for half of it, a slow curve */
    double collapse;     /* speed is divided by 1 + this for each one above */
    double body_bytes;   /* each request costs as if so much longer */
    double delay_s;      /* on the way, at no cost to the engine */
    double queue_bytes;  /* refuses while so much is unfinished; 0: never */
    bool refuses_items;  /* ... only what is above, not the whole request */
    double at_random;    /* refuses this share of requests, whatever the load */
    double noise;        /* each request's work differs by up to this share */
    double wander;       /* its speed differs by up to this share, by second */
    double falls_s;      /* from then on at a tenth; 0: never */
    double comes_back_s; /* ... until then */
};

/* What a client got. */
struct model_result {
    double bytes;         /* worked off from from_s on */
    double sent, refused; /* requests (or shares of them) from from_s on */
    double most_refused_s;
    size_t window, batch_bytes; /* at the end */
};

struct model_client {
    struct limiter *limiter; /* NULL: fixed */
    size_t window, bytes;
    unsigned seed; /* of the noise */
};

struct model_request {
    bool used;
    double served_from_s; /* on its way until then */
    bool is_there;
    double left;  /* work, bytes */
    double whole; /* ... when it came */
    double taken, refused_share;
    double again_s; /* a refused slot of a fixed client waits */
    struct limiter_ticket ticket;
};

struct model_run {
    const struct engine_model *engine;
    const struct model_client *client;
    struct model_request all[MODEL_MOST];
    double now_s, from_s;
    size_t flying;
    unsigned random;
    struct model_result result;
};

static double model_random(struct model_run *r) /* -1 to 1 */
{
    r->random = r->random * 1664525u + 1013904223u;
    return (double)(r->random >> 8) / (double)(1u << 23) - 1.0;
}

/* Chance by the second, from one to the next evenly: -1 to 1. Merges and
 * collections of garbage do the like. */
static double model_wander(const struct model_run *r)
{
    double second = (double)(long)r->now_s, at[2];

    for (int i = 0; i < 2; i++) {
        struct model_run by_second = {
            .random = (unsigned)(second + i) * 7919u + r->client->seed};

        (void)model_random(&by_second);
        at[i] = model_random(&by_second);
    }
    return at[0] + (at[1] - at[0]) * (r->now_s - second);
}

static double model_speed(const struct model_run *r, double n)
{
    const struct engine_model *e = r->engine;
    double speed = e->bytes_per_s;

    if (n == 0) {
        return 0;
    }
    if (e->falls_s > 0 && r->now_s >= e->falls_s &&
        r->now_s < e->comes_back_s) {
        speed /= 10;
    }
    if (e->wander > 0) {
        speed *= 1 + e->wander * model_wander(r);
    }
    if (e->half_at > 0) {
        speed *= n / (n + e->half_at);
    } else if (n < e->workers) {
        speed *= n / e->workers;
    } else {
        speed /= 1 + e->collapse * (n - e->workers);
    }
    return speed;
}

static double model_backlog(const struct model_run *r, double *n)
{
    double bytes = 0;

    *n = 0;
    for (size_t i = 0; i < MODEL_MOST; i++) {
        if (r->all[i].used && r->all[i].is_there) {
            bytes += r->all[i].left;
            *n += 1;
        }
    }
    return bytes;
}

static void model_send(struct model_run *r)
{
    const struct model_client *c = r->client;
    size_t bytes = c->limiter ? limiter_batch_bytes(c->limiter) : c->bytes;

    while (c->limiter ? limiter_allows(c->limiter, bytes)
                      : r->flying < c->window) {
        struct model_request *q = r->all;

        while (q->used || q->again_s > r->now_s) {
            if (++q == r->all + MODEL_MOST) {
                return;
            }
        }
        *q = (struct model_request){.used = true,
            .served_from_s = r->now_s + r->engine->delay_s,
            .taken = (double)bytes};
        if (c->limiter != NULL) {
            limiter_sent(
                c->limiter, &q->ticket, bytes, true, (int64_t)(r->now_s * 1e6));
        }
        r->flying++;
    }
}

static void model_answer(struct model_run *r, struct model_request *q)
{
    q->used = false;
    r->flying--;
    if (r->client->limiter != NULL) {
        limiter_answered(r->client->limiter, &q->ticket, q->refused_share,
            (int64_t)(r->now_s * 1e6));
    }
    if (r->now_s >= r->from_s) {
        r->result.sent += 1;
        r->result.refused += q->refused_share;
    }
}

/* It comes in: taken, or refused in part or whole. */
static void model_arrive(struct model_run *r, struct model_request *q)
{
    const struct engine_model *e = r->engine;
    double n, backlog = model_backlog(r, &n);
    double room = e->queue_bytes - backlog;

    q->is_there = true;
    q->left = (q->taken + e->body_bytes) * (1 + e->noise * model_random(r));
    if (e->queue_bytes > 0 && room <= (e->refuses_items ? q->taken : 0)) {
        double take = e->refuses_items && room > 0 ? room / q->taken : 0;

        q->refused_share = 1 - take;
        q->left = e->body_bytes + take * q->taken;
    }
    if (e->at_random > 0 && (model_random(r) + 1) / 2 < e->at_random) {
        q->refused_share = 1;
    }
    q->whole = q->left;
    if (q->refused_share >= 1) {
        model_answer(r, q);
    }
}

/* Up to the next arrival, end of service, change of speed, or until. */
static void model_advance(struct model_run *r, double until_s)
{
    double n, step = until_s - r->now_s;
    double each;

    (void)model_backlog(r, &n);
    each = n > 0 ? model_speed(r, n) / n : 0;
    for (size_t i = 0; i < MODEL_MOST; i++) {
        struct model_request *q = &r->all[i];
        double t = !q->used      ? step
                   : q->is_there ? q->left / each
                                 : q->served_from_s - r->now_s;

        step = t < step ? t : step;
    }
    step = step > 1e-6 ? step : 1e-6;
    step = step < 0.05 ? step : 0.05; /* so that a change of speed is seen */
    r->now_s += step;
    for (size_t i = 0; i < MODEL_MOST; i++) {
        struct model_request *q = &r->all[i];

        if (q->used && q->is_there) {
            q->left -= each * step;
            if (r->now_s >= r->from_s && q->whole > 0) {
                r->result.bytes +=
                    each * step / q->whole * q->taken * (1 - q->refused_share);
            }
        }
    }
    for (size_t i = 0; i < MODEL_MOST; i++) {
        struct model_request *q = &r->all[i];

        if (q->used && q->is_there && q->left <= 1) {
            model_answer(r, q);
        } else if (q->used && !q->is_there && q->served_from_s <= r->now_s) {
            model_arrive(r, q);
        }
    }
}

/* model_play(engine, client, from_s, to_s): What the client gets done. */
static struct model_result model_play(const struct engine_model *engine,
    const struct model_client *client, double from_s, double to_s)
{
    struct model_run r = {
        .engine = engine, .client = client, .from_s = from_s, .random = 1 + client->seed};

    while (r.now_s < to_s) {
        model_send(&r);
        model_advance(&r, to_s);
    }
    if (client->limiter != NULL) {
        r.result.window = client->limiter->climb.base.window;
        r.result.batch_bytes = client->limiter->climb.base.bytes;
    }
    return r.result;
}

#endif
