/*
 * struct pacer: when each row is due. Pure arithmetic on an absolute schedule:
 * due times follow from the first row's alone, so a row that leaves late does
 * not push back the rows behind it.
 */
#ifndef NARU_REPLAY_PACER_H
#define NARU_REPLAY_PACER_H

#include "common/attr.h"
#include "common/error.h"

#include <stdbool.h>
#include <stdint.h>

enum pace_kind {
    PACE_MAX,  /* every row at once */
    PACE_DAY,  /* each day with rows one step after the day before it */
    PACE_ROW,  /* each row one step after the row before it */
    PACE_SPEED /* event time, sped up */
};

struct pace {
    enum pace_kind kind;
    double step_us; /* of DAY and ROW; above 0 */
    double speed;   /* of SPEED: event seconds in a second; above 0 */
};

/*
 * pace_parse(text, pace, err):
 * Read "max", "day:1s", "row:250ms", "10000/s", "x60". Durations are a number,
 * a fraction too, with us, ms, s, m or h; up to 24 hours, and not 0. Returns 0
 * or -1 with err.
 */
int pace_parse(
    const char *text, struct pace *pace, struct error *err) MUST_CHECK;

struct pacer {
    struct pace pace;
    int64_t start_us;
    int64_t utc_offset_ms;
    int64_t rows;
    int64_t first_ms;  /* of event time */
    int64_t first_day; /* a day number in local time */
    int64_t last_day;
    int64_t last_due_us;
    int64_t days;   /* with rows */
    int64_t closed; /* without, between two with rows */
    bool again;     /* the next row is the first of another pass */
};

/* duration_parse(text, us): "250ms", "1.5s", above 0 to 24 h. 0, or -1. */
int duration_parse(const char *text, int64_t *us) MUST_CHECK;

/*
 * pacer_init(p, pace, start_us, utc_offset_minutes):
 * Start a schedule whose first row is due at start_us of a monotonic clock.
 * The offset tells which day an instant belongs to.
 */
void pacer_init(struct pacer *p, struct pace pace, int64_t start_us,
    int utc_offset_minutes);

/*
 * pacer_next(p, event_ms):
 * The due time, on start_us's clock, of the next row, whose event time must
 * not be before the last row's. Days without rows take no time with PACE_DAY.
 */
int64_t pacer_next(struct pacer *p, int64_t event_ms);

/*
 * pacer_begin_again(p): The rows start anew: the next one's event time may be
 * before the last, and it follows a step after it (with PACE_SPEED, at once).
 */
void pacer_begin_again(struct pacer *p);

/* pacer_shift(p, us): All due times to come are so much later. */
void pacer_shift(struct pacer *p, int64_t us);

#endif
