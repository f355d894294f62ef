/*
 * struct pace_keeper: rows held back until they are due, on an absolute
 * schedule that starts with the first row sent; pauses, and the lateness that
 * came of it. While it waits the sink works.
 */
#ifndef NARU_REPLAY_PACE_KEEPER_H
#define NARU_REPLAY_PACE_KEEPER_H

#include "common/error.h"
#include "common/histogram.h"
#include "replay/pacer.h"
#include "replay/record_sink.h"
#include "replay/replay_view.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct pace_keeper {
    struct record_sink sink; /* set these before the first wait */
    struct pace pace;
    int utc_offset_minutes;
    int64_t start_delay_us;
    const volatile sig_atomic_t *stop;   /* not 0: wait no more */
    const volatile sig_atomic_t *paused; /* NULL, or not 0: hold the rows */
    void (*look)(void *arg); /* NULL, or called every 100 ms or so */
    void (*on_closed_days)(void *arg, int64_t first_day, int64_t last_day);
    void *arg;
    struct replay_view *view;

    struct pacer pacer;
    struct histogram lateness_us;
    int64_t paused_us;
    int64_t looked_us;
    int64_t calls;
};

/*
 * pace_keeper_wait(k, event_ms, err):
 * Wait until the row of that event time is due, or until a stop. TAKEN, or
 * what the sink said that ends the replay.
 */
enum record_outcome pace_keeper_wait(
    struct pace_keeper *k, int64_t event_ms, struct error *err);

/* pace_keeper_look(k, now_us): Show progress and look at the keys, if due. */
void pace_keeper_look(struct pace_keeper *k, int64_t now_us);

#endif
