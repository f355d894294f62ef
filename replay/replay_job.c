/* The loop of a replay; see replay_job.h. */
#include "replay/replay_job.h"

#include "common/buf.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/log.h"
#include "replay/row_json.h"

#include <inttypes.h>
#include <string.h>

#define RATE_OVER_US 3000000
#define SERVE_EVERY_ROWS 256 /* at full speed */
#define LONGEST_WAIT_US 100000

struct job {
    const struct replay_plan *plan;
    struct replay_report *report;
    struct pacer pacer;
    struct buf line; /* the row's JSON */
    int64_t start_us;

    int64_t shown_us; /* when progress was last shown, and what it said */
    int64_t shown_taken;
    double rate_per_sec; /* as last measured */
};

static bool is_stopped(const struct job *j)
{
    return *j->plan->stop != 0;
}

/* Over a few seconds: at a day each second most moments send nothing. */
static void measure_rate(struct job *j, int64_t now_us)
{
    int64_t taken = j->plan->sink.counts->taken;

    if (now_us - j->shown_us >= RATE_OVER_US || j->rate_per_sec == 0) {
        j->rate_per_sec = (double)(taken - j->shown_taken) * 1e6 /
                          (double)(now_us - j->shown_us);
        j->shown_us = now_us;
        j->shown_taken = taken;
    }
}

static void show_progress(struct job *j, int64_t now_us)
{
    const struct record_counts *counts = j->plan->sink.counts;
    struct progress *progress = j->plan->progress;
    char day[CIVIL_DATE_BYTES + 1] = "-";

    if (progress == NULL || !progress_due(progress, now_us)) {
        return;
    }
    measure_rate(j, now_us);
    if (j->pacer.rows > 0) {
        civil_format(j->pacer.last_day, day);
    }
    if (progress->on_terminal) {
        progress_show(progress,
            "%s  %" PRId64 " rows  %.0f rows/s  %" PRId64 " in flight", day,
            counts->taken, j->rate_per_sec,
            counts->taken - counts->acknowledged);
    } else {
        log_info(LOG_MSG("replaying"), LOG_STR("day", day),
            LOG_INT("rows", counts->taken),
            LOG_DBL("rows_per_sec", j->rate_per_sec),
            LOG_INT("in_flight", counts->taken - counts->acknowledged));
    }
}

/* Let the sink work until due_us; RECORD_TAKEN unless it has ended. */
static enum record_outcome wait_until(
    struct job *j, int64_t due_us, struct error *err)
{
    int64_t now_us = clock_mono_us();

    while (now_us < due_us && !is_stopped(j)) {
        int64_t wait_us = due_us - now_us;
        enum record_outcome outcome = j->plan->sink.serve(j->plan->sink.self,
            wait_us < LONGEST_WAIT_US ? wait_us : LONGEST_WAIT_US, err);

        if (outcome != RECORD_TAKEN) {
            return outcome;
        }
        now_us = clock_mono_us();
        show_progress(j, now_us);
    }
    return RECORD_TAKEN;
}

/* The row's due time; days that are passed over on the way to it are told. */
static int64_t schedule(struct job *j, int64_t event_ms)
{
    bool any = j->pacer.rows > 0;
    int64_t before = j->pacer.last_day;
    int64_t due_us = pacer_next(&j->pacer, event_ms);

    if (any && j->pacer.last_day > before + 1 &&
        j->plan->on_closed_days != NULL) {
        j->plan->on_closed_days(
            j->plan->arg, before + 1, j->pacer.last_day - 1);
    }
    return due_us;
}

/*
 * Wait for the row's time; at full speed only look in now and then. The
 * schedule starts with the first row that is sent, not with the reading of
 * what comes before it.
 */
static enum record_outcome keep_pace(
    struct job *j, int64_t event_ms, struct error *err)
{
    enum record_outcome outcome = RECORD_TAKEN;
    int64_t due_us;

    if (j->pacer.rows == 0) {
        pacer_init(&j->pacer, j->plan->pace, clock_mono_us(),
            j->plan->utc_offset_minutes);
    }
    due_us = schedule(j, event_ms);
    if (j->report->paced) {
        outcome = wait_until(j, due_us, err);
        if (!is_stopped(j)) {
            histogram_add(&j->report->lateness_us, clock_mono_us() - due_us);
        }
    }
    if (outcome == RECORD_TAKEN && j->pacer.rows % SERVE_EVERY_ROWS == 0) {
        outcome = j->plan->sink.serve(j->plan->sink.self, 0, err);
        show_progress(j, clock_mono_us());
    }
    return outcome;
}

/* Hand the record over, however long there is no room for it. */
static enum record_outcome send_record(
    struct job *j, struct slice key, struct slice value, struct error *err)
{
    enum record_outcome outcome;

    do {
        outcome = j->plan->sink.send(j->plan->sink.self, key, value, err);
        if (outcome == RECORD_BUSY) {
            show_progress(j, clock_mono_us());
        }
    } while (outcome == RECORD_BUSY && !is_stopped(j));
    return outcome;
}

static int encode(
    struct job *j, const struct source_row *row, struct error *err)
{
    size_t key = row->map->key_slot;
    int result;

    buf_clear(&j->line);
    if (row->fields[key].len == 0) {
        result = error_set(err, "%s: empty, and it is the record's key",
            row->map->slots[key].column->name);
    } else {
        result = row_json_write(row->map, row->fields, &j->line, err);
    }
    return result == 0 ? 0
                       : error_prefix(
                             err, "%s:%lld: ", row->path, (long long)row->line);
}

/* Count a bad row; -1 when it ends the replay. */
static int note_bad_row(struct job *j, const struct error *err)
{
    int64_t n = j->report->bad_rows++;

    if (n < REPLAY_BAD_ROWS_KEPT) {
        j->report->bad_row[n] = *err;
    }
    return j->plan->skip_bad_rows ? 0 : -1;
}

/* What became of one row; TAKEN also for one that was skipped. */
static enum record_outcome take_row(
    struct job *j, const struct source_row *row, struct error *err)
{
    enum record_outcome outcome;

    if (encode(j, row, err) != 0) {
        return note_bad_row(j, err) == 0 ? RECORD_TAKEN : RECORD_FAILED;
    }
    outcome = keep_pace(j, row->event_ms, err);
    if (outcome != RECORD_TAKEN || is_stopped(j)) {
        return outcome;
    }
    return send_record(
        j, row->fields[row->map->key_slot], buf_slice(&j->line), err);
}

/* All rows; returns 0 at their end, at a stop or when nobody reads. */
static int send_rows(struct job *j, struct error *err)
{
    struct source_row row;
    enum record_outcome outcome;

    while (!is_stopped(j)) {
        switch (row_source_next(j->plan->source, &row, err)) {
        case ROW_SOURCE_END:
            return 0;
        case ROW_SOURCE_FAILED:
            return is_stopped(j) ? 0 : -1; /* a signal breaks off a read */
        case ROW_SOURCE_BAD_ROW:
            if (note_bad_row(j, err) != 0) {
                return -1;
            }
            break;
        case ROW_SOURCE_ROW:
            outcome = take_row(j, &row, err);
            if (outcome == RECORD_CLOSED) {
                j->report->closed = true;
                return 0;
            }
            if (outcome == RECORD_FAILED) {
                return -1;
            }
            break;
        }
    }
    return 0;
}

/* Wait until nothing is under way, or can be any more. */
static int drain(struct job *j, struct error *err)
{
    for (;;) {
        switch (j->plan->sink.drain(j->plan->sink.self, LONGEST_WAIT_US, err)) {
        case RECORD_TAKEN:
            return 0;
        case RECORD_CLOSED:
            j->report->closed = true;
            return 0;
        case RECORD_FAILED:
            return -1;
        case RECORD_BUSY:
            show_progress(j, clock_mono_us());
            break;
        }
    }
}

static void fill_report(struct job *j)
{
    struct replay_report *r = j->report;

    r->taken = j->plan->sink.counts->taken;
    r->acknowledged = j->plan->sink.counts->acknowledged;
    r->bytes = j->plan->sink.counts->bytes;
    r->rows_read = r->taken + r->bad_rows;
    for (int i = 0; i < LEFT_REASONS; i++) {
        r->left_out[i] =
            row_source_left_out(j->plan->source, (enum row_left_out)i);
        r->rows_read += r->left_out[i];
    }
    r->any_day = j->pacer.rows > 0;
    r->first_day = j->pacer.first_day;
    r->last_day = j->pacer.last_day;
    r->days = j->pacer.days;
    r->closed_days = pacer_closed_days(&j->pacer);
    r->elapsed_us = clock_mono_us() - j->start_us;
}

int replay_run(const struct replay_plan *plan, struct replay_report *report,
    struct error *err)
{
    struct job j = {.plan = plan, .report = report};
    struct error later;
    int result;

    memset(report, 0, sizeof(*report));
    report->paced = plan->pace.kind != PACE_MAX;
    j.start_us = j.shown_us = clock_mono_us();
    buf_init(&j.line, ROW_JSON_MAX_BYTES);

    result = send_rows(&j, err);
    if (!report->closed && drain(&j, &later) != 0 && result == 0) {
        *err = later;
        result = -1;
    }
    fill_report(&j);
    buf_fini(&j.line);
    if (result == 0 && is_stopped(&j)) {
        report->interrupted = true;
        result = error_set(err,
            "stopped by a signal after %" PRId64 " records, all of them "
            "delivered; rows that follow were not sent",
            report->taken);
    }
    return result;
}
