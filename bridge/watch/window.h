/*
 * struct window: the last five minutes of some values, second by second: how
 * much a counter grew in that time (NiFi's rolling five minutes,
 * RingBufferEventRepository(5) of one-second buckets), and the course of a
 * gauge. It is fed with the values themselves once a second, so what counts
 * pays nothing for it. Pure: the caller brings the time.
 */
#ifndef NARU_BRIDGE_WATCH_WINDOW_H
#define NARU_BRIDGE_WATCH_WINDOW_H

#include "common/attr.h"

#include <stddef.h>
#include <stdint.h>

#define WINDOW_SECONDS 300

struct window;

/* window_new(n_values): All values are 0 until the first tick. NULL out of
 * memory. */
struct window *window_new(size_t n_values) MUST_CHECK;
void window_free(struct window *w);

/*
 * window_tick(w, now_s, values):
 * The n_values as they are at second now_s, of a clock that never goes back.
 * Seconds that were missed count as having had these values at their end; a
 * second given twice has the newer ones. The first tick begins the window: a
 * counter's growth is measured from there.
 */
void window_tick(struct window *w, int64_t now_s, const uint64_t *values);

/* window_grew(w, i, now): How much counter i, which is now at now, grew in the
 * last WINDOW_SECONDS, or since the first tick when that is less. */
uint64_t window_grew(const struct window *w, size_t i, uint64_t now);

/* window_length_s(w): Seconds that can be asked for, 0 to WINDOW_SECONDS. */
size_t window_length_s(const struct window *w);

/* window_value(w, i, ago_s): Value i at the tick ago_s seconds before the last
 * one; ago_s is at most window_length_s. */
uint64_t window_value(const struct window *w, size_t i, size_t ago_s);

#endif
