/*
 * A line of progress that a terminal shows in place. The caller decides when
 * it is due; whoever writes anything else to the terminal clears it first.
 */
#ifndef NARU_COMMON_PROGRESS_H
#define NARU_COMMON_PROGRESS_H

#include "common/attr.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
    FILE *to; /* borrowed */
    bool on_terminal;
    bool shown; /* a line stands on the terminal */
    int64_t every_us;
    int64_t next_us;
};

/*
 * progress_init(p, to, now_us):
 * Show progress on to (borrowed): every 200 ms on a terminal, every 10 s
 * elsewhere, the first time one interval from now.
 */
void progress_init(struct progress *p, FILE *to, int64_t now_us);

/* progress_due(p, now_us): Is it time for another? Then the next is set. */
bool progress_due(struct progress *p, int64_t now_us);

/* progress_show(p, fmt, ...): Replace the terminal's line. */
void progress_show(struct progress *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* progress_clear(p): Take the line away, if one stands there. */
void progress_clear(struct progress *p);

#endif
