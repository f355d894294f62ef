/*
 * struct stub_engine: what the counting engine knows of the documents it was
 * sent, and what it answers; the callbacks of its server.
 */
#ifndef NARU_BENCH_STUB_ENGINE_H
#define NARU_BENCH_STUB_ENGINE_H

#include "tests/bench/capacity.h"
#include "tests/bench/id_set.h"
#include "tests/bench/stub_server.h"

#include <stdbool.h>
#include <stdint.h>

struct stub_counts {
    uint64_t items, created, duplicates, refused_items;
    uint64_t requests, refused_requests, bad_requests, body_bytes;
    uint64_t flying, most_flying;
    int64_t first_us, last_us; /* when items came, 0: none yet */
};

#define STUB_MOST_ARRIVALS 20000

struct stub_engine {
    struct stub_counts counts;
    struct id_set ids;
    int64_t now_us;                          /* when the piece at hand came */
    int64_t arrivals_us[STUB_MOST_ARRIVALS]; /* of the first items, in order */
    struct capacity capacity;
    int64_t delay_us;
    bool keeps_ids;
    bool refuses_items; /* when full: the items, else the request */
    bool always_short;  /* statuses only, though no filter_path asks for it */
};

extern const struct server_calls stub_engine_calls; /* arg: the engine */

/* stub_engine_page(e, x): Answer what is no bulk request (stub_pages.c). */
void stub_engine_page(struct stub_engine *e, struct exchange *x);

#endif
