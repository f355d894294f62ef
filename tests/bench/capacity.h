/*
 * struct capacity: a model of a server that works through so many documents a
 * second and lets so many wait; what comes beyond is refused. Work is counted
 * in documents since the start, so that a change of the rate holds at once
 * for what waits already. Pure: the time is handed in.
 */
#ifndef NARU_BENCH_CAPACITY_H
#define NARU_BENCH_CAPACITY_H

#include <stdbool.h>
#include <stdint.h>

struct capacity {
    double docs_per_s; /* 0: no limit, all is done at once */
    double queue_docs; /* how many may wait */
    double taken;      /* documents taken since the start */
    double done;       /* ... and worked through */
    int64_t at_us;     /* when done was right */
};

/* capacity_advance(c, now_us): Work until now. */
void capacity_advance(struct capacity *c, int64_t now_us);

/* capacity_is_full(c): Would one more document have to wait too long? */
bool capacity_is_full(const struct capacity *c);

/* capacity_take(c, docs): Take them, full or not. */
void capacity_take(struct capacity *c, double docs);

/*
 * capacity_wait_us(c, ticket): How long until all is done that was taken when
 * c->taken was ticket; 0: it is.
 */
int64_t capacity_wait_us(const struct capacity *c, double ticket);

#endif
