/* A running replay in a line; see replay_view.h. */
#include "replay/replay_view.h"

#include "common/civil.h"
#include "common/log.h"

#include <inttypes.h>
#include <stdio.h>

#define RATE_OVER_US 3000000
#define LEFT_AFTER_US 2000000 /* before that the share says little */
#define LEFT_BYTES 40

/* Over a few seconds: at a day each second most moments send nothing. */
static void measure_rate(struct replay_view *v, int64_t now_us)
{
    if (now_us - v->shown_us >= RATE_OVER_US || v->rate_per_sec == 0) {
        v->rate_per_sec = (double)(v->counts->taken - v->shown_taken) * 1e6 /
                          (double)(now_us - v->shown_us);
        v->shown_us = now_us;
        v->shown_taken = v->counts->taken;
    }
}

bool replay_view_left(
    const struct replay_view *v, int64_t now_us, double *seconds)
{
    double share = row_source_share(v->source);
    double done = share - v->start_share;
    int64_t spent_us = now_us - v->start_us - v->paused_us;

    if (!v->one_pass || v->start_us == 0 || spent_us < LEFT_AFTER_US ||
        share >= 1 || done <= 0) {
        return false;
    }
    *seconds = (double)spent_us / 1e6 * (1 - share) / done;
    return true;
}

/* "2h05m", "3m20s", "12s" */
static const char *short_time(double seconds, char out[LEFT_BYTES])
{
    int64_t s = (int64_t)(seconds + 0.5);

    if (s >= 3600) {
        (void)snprintf(out, LEFT_BYTES, "%" PRId64 "h%02dm", s / 3600,
            (int)(s % 3600 / 60));
    } else if (s >= 60) {
        (void)snprintf(
            out, LEFT_BYTES, "%dm%02ds", (int)(s / 60), (int)(s % 60));
    } else {
        (void)snprintf(out, LEFT_BYTES, "%ds", (int)s);
    }
    return out;
}

static void show_line(
    const struct replay_view *v, const char *day, int64_t now_us)
{
    char left[LEFT_BYTES], late[32] = "";
    double seconds;

    if (v->skipping > 0) {
        progress_show(v->progress,
            "%" PRId64 " rows were sent before and are passed over",
            v->skipping);
        return;
    }
    if (v->lateness_us >= 0) {
        (void)snprintf(
            late, sizeof(late), "  late %.1f ms", (double)v->lateness_us / 1e3);
    }
    progress_show(v->progress,
        "%s  %" PRId64 " rows  %.0f/s%s  %" PRId64 " in flight%s%s%s", day,
        v->counts->taken, v->rate_per_sec, late,
        v->counts->taken - v->counts->acknowledged, v->paused ? "  paused" : "",
        replay_view_left(v, now_us, &seconds) ? "  left " : "",
        replay_view_left(v, now_us, &seconds) ? short_time(seconds, left) : "");
}

static void log_line(
    const struct replay_view *v, const char *day, int64_t now_us)
{
    double seconds = -1;

    if (v->skipping > 0) {
        log_info(LOG_MSG("passing over rows that were sent before"),
            LOG_INT("rows", v->skipping));
        return;
    }
    (void)replay_view_left(v, now_us, &seconds);
    log_info(LOG_MSG(v->paused ? "paused" : "replaying"), LOG_STR("day", day),
        LOG_INT("rows", v->counts->taken),
        LOG_DBL("rows_per_sec", v->rate_per_sec),
        LOG_INT("in_flight", v->counts->taken - v->counts->acknowledged),
        LOG_INT("lateness_us", v->lateness_us),
        LOG_DBL("seconds_left", seconds));
}

void replay_view_show(struct replay_view *v, int64_t now_us)
{
    char day[CIVIL_DATE_BYTES + 1] = "-";

    if (v->progress == NULL || !progress_due(v->progress, now_us)) {
        return;
    }
    measure_rate(v, now_us);
    if (v->pacer->rows > 0) {
        civil_format(v->pacer->last_day, day);
    }
    if (v->progress->on_terminal) {
        show_line(v, day, now_us);
    } else {
        log_line(v, day, now_us);
    }
}
