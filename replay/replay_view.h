/*
 * struct replay_view: what a person sees of a replay while it runs: on a
 * terminal a line in place, else a log line now and then: the simulated date,
 * rows, rate, lateness, records in flight, time left.
 */
#ifndef NARU_REPLAY_REPLAY_VIEW_H
#define NARU_REPLAY_REPLAY_VIEW_H

#include "common/progress.h"
#include "replay/pacer.h"
#include "replay/record_sink.h"
#include "replay/row_source.h"

#include <stdbool.h>
#include <stdint.h>

struct replay_view {
    struct progress *progress; /* borrowed, as all here; NULL: show nothing */
    const struct record_counts *counts;
    const struct row_source *source;
    const struct pacer *pacer;
    bool one_pass; /* else no time is left, but more passes */

    int64_t start_us;    /* when the first row was sent; 0: not yet */
    double start_share;  /* of the source that was read by then */
    int64_t paused_us;   /* spent waiting since */
    int64_t lateness_us; /* of the last row; below 0: there is no schedule */
    int64_t skipping;    /* rows sent before that are passed over; 0: none */
    bool paused;

    int64_t shown_us; /* when the rate was last measured, and at what */
    int64_t shown_taken;
    double rate_per_sec;
};

/* replay_view_show(v, now_us): Show it, if it is time to. */
void replay_view_show(struct replay_view *v, int64_t now_us);

/*
 * replay_view_left(v, now_us, seconds): How long it will take from here by the
 * share of the files that was read. False when nothing tells.
 */
bool replay_view_left(
    const struct replay_view *v, int64_t now_us, double *seconds);

#endif
