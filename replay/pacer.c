/* The schedule of a replay; see pacer.h. */
#include "replay/pacer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define US_PER_SEC 1e6
#define MS_PER_DAY INT64_C(86400000)
#define LONGEST_STEP_US (24.0 * 3600 * US_PER_SEC)
#define DUE_MAX_US 9e18 /* a due time beyond is never reached anyway */

static int refuse(const char *text, struct error *err)
{
    return error_set(err,
        "--pace %s: not a pace; write day:1s (a trading day each second), "
        "row:100ms, 10000/s, x60 (event time 60 times as fast) or max",
        text);
}

/* A plain number above 0, e.g. "1", "0.5"; *end behind it. */
static int read_positive(const char *text, double *out, const char **end)
{
    char *stop;

    if (text[0] < '0' || text[0] > '9') {
        return -1; /* strtod takes signs, spaces, "inf" */
    }
    if (text[strspn(text, "0123456789.")] == 'x') {
        return -1; /* and hexadecimal */
    }
    *out = strtod(text, &stop);
    *end = stop;
    return isfinite(*out) && *out > 0 ? 0 : -1;
}

static int read_step(const char *text, double *step_us)
{
    static const struct {
        const char *unit;
        double us;
    } units[] = {{"us", 1}, {"ms", 1e3}, {"s", 1e6}, {"m", 60e6}, {"h", 3.6e9}};
    const char *unit;
    double n;

    if (read_positive(text, &n, &unit) != 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(unit, units[i].unit) == 0) {
            *step_us = n * units[i].us;
            return *step_us <= LONGEST_STEP_US ? 0 : -1;
        }
    }
    return -1;
}

int duration_parse(const char *text, int64_t *us)
{
    double n;

    if (read_step(text, &n) != 0 || n < 1) {
        return -1;
    }
    *us = (int64_t)n;
    return 0;
}

int pace_parse(const char *text, struct pace *pace, struct error *err)
{
    struct pace p = {PACE_MAX, 0, 0};
    const char *end;

    if (strcmp(text, "max") == 0) {
        *pace = p;
        return 0;
    }
    if (strncmp(text, "day:", 4) == 0 || strncmp(text, "row:", 4) == 0) {
        p.kind = text[0] == 'd' ? PACE_DAY : PACE_ROW;
        if (read_step(text + 4, &p.step_us) != 0) {
            return refuse(text, err);
        }
    } else if (text[0] == 'x') {
        p.kind = PACE_SPEED;
        if (read_positive(text + 1, &p.speed, &end) != 0 || *end != '\0') {
            return refuse(text, err);
        }
    } else {
        p.kind = PACE_ROW;
        if (read_positive(text, &p.step_us, &end) != 0 ||
            strcmp(end, "/s") != 0) {
            return refuse(text, err);
        }
        p.step_us = US_PER_SEC / p.step_us;
    }
    *pace = p;
    return 0;
}

void pacer_init(
    struct pacer *p, struct pace pace, int64_t start_us, int utc_offset_minutes)
{
    *p = (struct pacer){.pace = pace, .start_us = start_us};
    p->utc_offset_ms = (int64_t)utc_offset_minutes * 60 * 1000;
}

/* Any instant has a day: nothing here overflows. */
static int64_t local_day(const struct pacer *p, int64_t event_ms)
{
    int64_t day = event_ms / MS_PER_DAY;
    int64_t rest = event_ms % MS_PER_DAY + p->utc_offset_ms;

    while (rest < 0) {
        rest += MS_PER_DAY;
        day--;
    }
    return day + rest / MS_PER_DAY;
}

static int64_t after_start(const struct pacer *p, double us)
{
    return us < DUE_MAX_US - (double)p->start_us ? p->start_us + (int64_t)us
                                                 : INT64_MAX;
}

/* Count the row's day; days between two of one pass are closed. */
static void count_day(struct pacer *p, int64_t day)
{
    if (p->rows == 0) {
        p->first_day = day;
    }
    if (p->rows == 0 || p->again) {
        p->days++;
    } else if (day != p->last_day) {
        p->closed += day - p->last_day - 1;
        p->days++;
    }
    p->last_day = day;
}

/* The due time by event time alone; a further pass starts where the last one
 * ended. */
static int64_t by_event_time(struct pacer *p, int64_t event_ms)
{
    if (p->again) {
        p->start_us = p->last_due_us;
        p->first_ms = event_ms;
    }
    return after_start(
        p, ((double)event_ms - (double)p->first_ms) * 1e3 / p->pace.speed);
}

int64_t pacer_next(struct pacer *p, int64_t event_ms)
{
    int64_t row = p->rows;
    int64_t due_us = p->start_us;

    if (row == 0) {
        p->first_ms = event_ms;
    }
    count_day(p, local_day(p, event_ms));
    switch (p->pace.kind) {
    case PACE_MAX:
        break;
    case PACE_DAY:
        due_us = after_start(p, (double)(p->days - 1) * p->pace.step_us);
        break;
    case PACE_ROW:
        due_us = after_start(p, (double)row * p->pace.step_us);
        break;
    case PACE_SPEED:
        due_us = by_event_time(p, event_ms);
        break;
    }
    p->rows++;
    p->again = false;
    p->last_due_us = due_us;
    return due_us;
}

void pacer_begin_again(struct pacer *p)
{
    p->again = p->rows > 0;
}

void pacer_shift(struct pacer *p, int64_t us)
{
    p->start_us += us;
    p->last_due_us += us;
}
