/*
 * A replay: rows from a row source, paced, as records into a sink, and the
 * account of it. Rows read = records taken + rows passed over, left out,
 * refused or bad.
 */
#ifndef NARU_REPLAY_REPLAY_JOB_H
#define NARU_REPLAY_REPLAY_JOB_H

#include "common/attr.h"
#include "common/error.h"
#include "common/histogram.h"
#include "common/progress.h"
#include "replay/id_watch.h"
#include "replay/key_pattern.h"
#include "replay/manifest.h"
#include "replay/pacer.h"
#include "replay/record_sink.h"
#include "replay/row_source.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#define REPLAY_ROWS_KEPT 10 /* of each kind that is told of */

struct replay_plan {
    struct row_source *source; /* borrowed, as all here */
    struct record_sink sink;
    const struct key_pattern *key; /* NULL: the dataset's */
    struct manifest *manifest;     /* NULL: none */
    struct id_watch *ids;          /* NULL: ids are not watched */

    struct pace pace;
    int utc_offset_minutes; /* of the dataset's days */
    int64_t start_delay_us;
    int64_t passes; /* over the rows; 0: for ever */

    bool skip_bad_rows; /* else the first one ends the replay */
    bool skip_refused;  /* and so for records that the sink cannot take */

    bool chained;           /* records carry their checksum */
    int64_t resume_records; /* so many were sent by runs before, */
    uint32_t resume_chain;  /* and this was their checksum */

    struct progress *progress;           /* NULL: show none */
    const volatile sig_atomic_t *stop;   /* not 0: end early */
    const volatile sig_atomic_t *paused; /* NULL, or not 0: hold the rows */
    void (*look)(void *arg); /* NULL, or called every 100 ms or so */
    /* Told of each run of days without rows, both included; NULL: nobody. */
    void (*on_closed_days)(void *arg, int64_t first_day, int64_t last_day);
    void *arg;
};

/* Rows of one kind: how many, and what is said of the first of them. */
struct row_notes {
    int64_t n;
    struct error first[REPLAY_ROWS_KEPT];
};

struct replay_report {
    int64_t rows_read;
    int64_t passed_over;  /* sent by a run before */
    int64_t taken;        /* records handed to the sink */
    int64_t acknowledged; /* of those, stored for good */
    uint64_t bytes;       /* of their values */
    int64_t left_out[LEFT_REASONS];
    struct row_notes bad, refused, doubled;
    int64_t passes; /* over the rows that were completed */

    bool any_day;
    int64_t first_day, last_day; /* day numbers, of records */
    int64_t days, closed_days;
    int64_t elapsed_us; /* until the last acknowledgement */
    int64_t paused_us;
    bool paced;
    struct histogram lateness_us;

    bool complete;    /* all rows were sent */
    bool interrupted; /* by plan->stop */
    bool closed;      /* the sink's reader went away */
};

/*
 * replay_run(plan, report, err):
 * Send every row of the source, then wait until the sink has delivered all it
 * took, also after a bad row or plan->stop. Returns 0 when the end of the rows
 * or of a closed sink was reached; -1 with err after a bad row or a refused
 * record (unless they are skipped), an unusable file, a failed delivery, an
 * input that is not the one to resume, or a stop. report is filled in every
 * case.
 */
int replay_run(const struct replay_plan *plan, struct replay_report *report,
    struct error *err) MUST_CHECK;

#endif
