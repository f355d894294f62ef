/*
 * A replay: rows from a row source, paced, as records into a sink, and the
 * account of it. Rows read = records taken + rows left out + bad rows.
 */
#ifndef NARU_REPLAY_REPLAY_JOB_H
#define NARU_REPLAY_REPLAY_JOB_H

#include "common/attr.h"
#include "common/error.h"
#include "common/histogram.h"
#include "common/progress.h"
#include "replay/pacer.h"
#include "replay/record_sink.h"
#include "replay/row_source.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#define REPLAY_BAD_ROWS_KEPT 10

struct replay_plan {
    struct row_source *source; /* borrowed, as all here */
    struct record_sink sink;
    struct pace pace;
    int utc_offset_minutes;    /* of the dataset's days */
    bool skip_bad_rows;        /* else the first one ends the replay */
    struct progress *progress; /* NULL: show none */
    /* Told of each run of days without rows, both included; NULL: nobody. */
    void (*on_closed_days)(void *arg, int64_t first_day, int64_t last_day);
    void *arg;
    const volatile sig_atomic_t *stop; /* not 0: end early */
};

struct replay_report {
    int64_t rows_read;
    int64_t taken;        /* records handed to the sink */
    int64_t acknowledged; /* of those, stored for good */
    uint64_t bytes;       /* of their values */
    int64_t left_out[LEFT_REASONS];
    int64_t bad_rows;
    struct error bad_row[REPLAY_BAD_ROWS_KEPT]; /* the first of them */

    bool any_day;
    int64_t first_day, last_day; /* day numbers, of records */
    int64_t days, closed_days;
    int64_t elapsed_us; /* until the last acknowledgement */
    bool paced;
    struct histogram lateness_us;

    bool interrupted; /* by plan->stop */
    bool closed;      /* the sink's reader went away */
};

/*
 * replay_run(plan, report, err):
 * Send every row of the source, then wait until the sink has delivered all it
 * took, also after a bad row or plan->stop. Returns 0 when the end of the rows
 * or of a closed sink was reached; -1 with err after a bad row (unless they
 * are skipped), an unusable file, a failed delivery or a stop. report is
 * filled in every case.
 */
int replay_run(const struct replay_plan *plan, struct replay_report *report,
    struct error *err) MUST_CHECK;

#endif
