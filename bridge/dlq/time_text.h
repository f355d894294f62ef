/* Points in time as people and scripts write them. Pure. */
#ifndef NARU_DLQ_TIME_TEXT_H
#define NARU_DLQ_TIME_TEXT_H

#include "common/attr.h"
#include "common/error.h"

#include <stdint.h>

/* "2022-01-03T00:00:00.000Z" and a NUL. */
#define TIME_TEXT_BYTES 25

/*
 * time_text_read(text, now_ms, out_ms, err):
 * Milliseconds since 1970 of
 *   2022-01-03   2022-01-03T09:30   2022-01-03T09:30:15.250+09:00   ...Z
 *   15m   36h   7d   90s    so long before now_ms
 *   1641168000000           milliseconds since 1970, ten digits or more
 * A time without a zone is UTC. Returns 0 or -1 with err.
 */
int time_text_read(const char *text, int64_t now_ms, int64_t *out_ms,
    struct error *err) MUST_CHECK;

/* time_text_write(ms, out): As in TIME_TEXT_BYTES; "-" when it has no such
 * form (before the year 1 or after 9999). */
void time_text_write(int64_t ms, char out[TIME_TEXT_BYTES]);

#endif
