/* Waiting for rows to be due; see pace_keeper.h. */
#include "replay/pace_keeper.h"

#include "common/clock.h"

#define SERVE_EVERY_ROWS 256 /* at full speed */
#define LONGEST_WAIT_US 100000

static bool is_set(const volatile sig_atomic_t *flag)
{
    return flag != NULL && *flag != 0;
}

void pace_keeper_look(struct pace_keeper *k, int64_t now_us)
{
    if (k->look != NULL && now_us - k->looked_us >= LONGEST_WAIT_US) {
        k->looked_us = now_us;
        k->look(k->arg);
    }
    k->view->paused = is_set(k->paused);
    replay_view_show(k->view, now_us);
}

static enum record_outcome serve(
    struct pace_keeper *k, int64_t wait_us, struct error *err)
{
    enum record_outcome outcome = k->sink.serve(k->sink.self,
        wait_us < LONGEST_WAIT_US ? wait_us : LONGEST_WAIT_US, err);

    pace_keeper_look(k, clock_mono_us());
    return outcome;
}

/* As long as rows are held, time stands still for the schedule. */
static enum record_outcome hold(struct pace_keeper *k, struct error *err)
{
    enum record_outcome outcome = RECORD_TAKEN;
    int64_t from_us = clock_mono_us();
    int64_t held_us;

    while (outcome == RECORD_TAKEN && is_set(k->paused) && !is_set(k->stop)) {
        outcome = serve(k, LONGEST_WAIT_US, err);
    }
    held_us = clock_mono_us() - from_us;
    pacer_shift(&k->pacer, held_us);
    k->paused_us += held_us;
    k->view->paused_us = k->paused_us;
    return outcome;
}

/* Wait for the row that was scheduled last; the schedule may move meanwhile. */
static enum record_outcome wait_for_due(
    struct pace_keeper *k, struct error *err)
{
    enum record_outcome outcome = RECORD_TAKEN;

    while (outcome == RECORD_TAKEN && !is_set(k->stop)) {
        int64_t wait_us = k->pacer.last_due_us - clock_mono_us();

        if (is_set(k->paused)) {
            outcome = hold(k, err);
        } else if (wait_us > 0) {
            outcome = serve(k, wait_us, err);
        } else {
            break;
        }
    }
    return outcome;
}

static void start(struct pace_keeper *k)
{
    int64_t now_us = clock_mono_us();

    pacer_init(
        &k->pacer, k->pace, now_us + k->start_delay_us, k->utc_offset_minutes);
    k->view->start_us = k->pacer.start_us;
    k->view->start_share = row_source_share(k->view->source);
}

/* Days that are passed over on the way to the row's are told. */
static void schedule(struct pace_keeper *k, int64_t event_ms)
{
    int64_t before = k->pacer.last_day;
    bool told = k->pacer.rows == 0 || k->pacer.again;

    (void)pacer_next(&k->pacer, event_ms);
    if (!told && k->pacer.last_day > before + 1 && k->on_closed_days != NULL) {
        k->on_closed_days(k->arg, before + 1, k->pacer.last_day - 1);
    }
}

enum record_outcome pace_keeper_wait(
    struct pace_keeper *k, int64_t event_ms, struct error *err)
{
    enum record_outcome outcome = RECORD_TAKEN;
    bool first = k->pacer.rows == 0;

    if (first) {
        start(k);
    }
    schedule(k, event_ms);
    if (k->pace.kind != PACE_MAX || first || is_set(k->paused)) {
        outcome = wait_for_due(k, err);
    }
    if (k->pace.kind != PACE_MAX && !is_set(k->stop)) {
        k->view->lateness_us = clock_mono_us() - k->pacer.last_due_us;
        histogram_add(&k->lateness_us, k->view->lateness_us);
    }
    if (outcome == RECORD_TAKEN && ++k->calls % SERVE_EVERY_ROWS == 0) {
        outcome = serve(k, 0, err);
    }
    return outcome;
}
