/* The loop of a replay; see replay_job.h. */
#include "replay/replay_job.h"

#include "common/clock.h"
#include "replay/pace_keeper.h"
#include "replay/record_maker.h"
#include "replay/replay_view.h"

#include <inttypes.h>
#include <string.h>

#define DRAIN_STEP_US 100000
#define LOOK_EVERY_ROWS 4096 /* when rows are passed over */

struct job {
    const struct replay_plan *plan;
    struct replay_report *report;
    struct pace_keeper keeper;
    struct replay_view view;
    struct record_maker maker;
    int64_t start_us;
};

static bool is_stopped(const struct job *j)
{
    return *j->plan->stop != 0;
}

static void note(struct row_notes *notes, const struct error *err)
{
    if (notes->n < REPLAY_ROWS_KEPT) {
        notes->first[notes->n] = *err;
    }
    notes->n++;
}

/* Count a bad row; FAILED when it ends the replay. */
static enum record_outcome note_bad_row(struct job *j, const struct error *err)
{
    note(&j->report->bad, err);
    return j->plan->skip_bad_rows ? RECORD_TAKEN : RECORD_FAILED;
}

/* The record is larger than Kafka takes. */
static enum record_outcome note_refused(
    struct job *j, const struct out_record *record, struct error *err)
{
    (void)error_set(err,
        "%s:%lld: the record with key %.*s has %zu bytes, more than Kafka "
        "takes (kafka.message.max.bytes, and the topic's max.message.bytes); "
        "--skip-refused leaves such rows out",
        record->path, (long long)record->line,
        (int)(record->key.len < 100 ? record->key.len : 100), record->key.p,
        record->value.len);
    note(&j->report->refused, err);
    return j->plan->skip_refused ? RECORD_TAKEN : RECORD_FAILED;
}

/* Two rows of one id are told of, and sent. */
static enum record_outcome watch_id(
    struct job *j, const struct source_row *row, struct error *err)
{
    int known = j->plan->ids != NULL ? id_watch_add(j->plan->ids, row, err) : 0;

    if (known < 0) {
        (void)error_set(err, "out of memory");
        return RECORD_FAILED;
    }
    if (known > 0) {
        note(&j->report->doubled, err);
    }
    return RECORD_TAKEN;
}

/* Is the record one that a run before has sent? */
static bool was_sent(const struct job *j)
{
    return j->report->passed_over < j->plan->resume_records;
}

/* Pass over it; the last of them shows whether they were all the same. */
static enum record_outcome pass_over(
    struct job *j, const struct out_record *record, struct error *err)
{
    int64_t n = ++j->report->passed_over;

    j->view.skipping = n < j->plan->resume_records ? n : 0;
    if (n % LOOK_EVERY_ROWS == 0) {
        pace_keeper_look(&j->keeper, clock_mono_us());
    }
    if (n == j->plan->resume_records &&
        record->chain != j->plan->resume_chain) {
        (void)error_set(err,
            "the first %" PRId64 " records of this input (to %s:%lld) are not "
            "those that were sent: files or options have changed; --restart "
            "begins anew",
            n, record->path, (long long)record->line);
        return RECORD_FAILED;
    }
    return RECORD_TAKEN;
}

/* Hand the record over, however long there is no room for it. */
static enum record_outcome send_record(
    struct job *j, const struct out_record *record, struct error *err)
{
    enum record_outcome outcome;

    do {
        outcome = j->plan->sink.send(j->plan->sink.self, record, err);
        if (outcome == RECORD_BUSY) {
            pace_keeper_look(&j->keeper, clock_mono_us());
        }
    } while (outcome == RECORD_BUSY && !is_stopped(j));
    return outcome;
}

/* Send a record of the stream, or know that it was sent. */
static enum record_outcome take_record(
    struct job *j, struct out_record *record, struct error *err)
{
    enum record_outcome outcome = RECORD_TAKEN;

    if (!was_sent(j)) {
        outcome = pace_keeper_wait(&j->keeper, record->event_ms, err);
        if (outcome != RECORD_TAKEN || is_stopped(j)) {
            return outcome;
        }
    }
    record_maker_count(&j->maker, record);
    outcome =
        was_sent(j) ? pass_over(j, record, err) : send_record(j, record, err);
    if (outcome == RECORD_TAKEN && j->plan->manifest != NULL &&
        manifest_add(j->plan->manifest, record) != 0) {
        (void)error_set(err, "--manifest: out of memory");
        return RECORD_FAILED;
    }
    return outcome;
}

/* What became of one row; TAKEN also for one that was skipped. */
static enum record_outcome take_row(
    struct job *j, const struct source_row *row, struct error *err)
{
    const struct record_sink *sink = &j->plan->sink;
    struct out_record record;

    if (record_maker_make(&j->maker, row, &record, err) != 0) {
        return note_bad_row(j, err);
    }
    if (sink->fits != NULL && !sink->fits(sink->self, &record)) {
        return note_refused(j, &record, err);
    }
    if (watch_id(j, row, err) != RECORD_TAKEN) {
        return RECORD_FAILED;
    }
    return take_record(j, &record, err);
}

/* One pass over the rows; TAKEN at their end or at a stop. */
static enum record_outcome send_pass(struct job *j, struct error *err)
{
    enum record_outcome outcome = RECORD_TAKEN;
    struct source_row row;

    while (outcome == RECORD_TAKEN && !is_stopped(j)) {
        switch (row_source_next(j->plan->source, &row, err)) {
        case ROW_SOURCE_END:
            j->report->passes++;
            return RECORD_TAKEN;
        case ROW_SOURCE_FAILED:
            /* A signal breaks off a read. */
            return is_stopped(j) ? RECORD_TAKEN : RECORD_FAILED;
        case ROW_SOURCE_BAD_ROW:
            outcome = note_bad_row(j, err);
            break;
        case ROW_SOURCE_ROW:
            outcome = take_row(j, &row, err);
            break;
        }
    }
    return outcome == RECORD_BUSY ? RECORD_TAKEN : outcome; /* a stop */
}

/* Is there another pass to go? Then all is put back to the first row. */
static int start_again(struct job *j, bool *again, struct error *err)
{
    *again = !is_stopped(j) && j->report->passes != j->plan->passes;
    if (!*again) {
        return 0;
    }
    if (j->report->passed_over + j->keeper.pacer.rows == 0) {
        return error_set(err, "there is no row to send again and again");
    }
    pacer_begin_again(&j->keeper.pacer);
    if (j->plan->ids != NULL) {
        id_watch_forget(j->plan->ids);
    }
    return row_source_rewind(j->plan->source, err);
}

/* All passes; returns 0 at their end, at a stop or when nobody reads. */
static int send_rows(struct job *j, struct error *err)
{
    bool again = true;

    while (again) {
        enum record_outcome outcome = send_pass(j, err);

        if (outcome != RECORD_TAKEN) {
            j->report->closed = outcome == RECORD_CLOSED;
            return j->report->closed ? 0 : -1;
        }
        if (start_again(j, &again, err) != 0) {
            return -1;
        }
    }
    if (is_stopped(j)) {
        return 0;
    }
    if (was_sent(j)) {
        return error_set(err,
            "the input has %" PRId64 " records, but %" PRId64
            " of it were sent before: it has changed; --restart begins anew",
            j->report->passed_over, j->plan->resume_records);
    }
    j->report->complete = true;
    return 0;
}

/* Wait until nothing is under way, or can be any more. */
static int drain(struct job *j, struct error *err)
{
    for (;;) {
        switch (j->plan->sink.drain(j->plan->sink.self, DRAIN_STEP_US, err)) {
        case RECORD_TAKEN:
            return 0;
        case RECORD_CLOSED:
            j->report->closed = true;
            return 0;
        case RECORD_FAILED:
            return -1;
        case RECORD_BUSY:
            pace_keeper_look(&j->keeper, clock_mono_us());
            break;
        }
    }
}

static void fill_report(struct job *j)
{
    struct replay_report *r = j->report;
    const struct pacer *pacer = &j->keeper.pacer;

    r->taken = j->plan->sink.counts->taken;
    r->acknowledged = j->plan->sink.counts->acknowledged;
    r->bytes = j->plan->sink.counts->bytes;
    r->rows_read = r->taken + r->passed_over + r->bad.n + r->refused.n;
    for (int i = 0; i < LEFT_REASONS; i++) {
        r->left_out[i] =
            row_source_left_out(j->plan->source, (enum row_left_out)i);
        r->rows_read += r->left_out[i];
    }
    r->any_day = pacer->rows > 0;
    r->first_day = pacer->first_day;
    r->last_day = pacer->last_day;
    r->days = pacer->days;
    r->closed_days = pacer->closed;
    r->lateness_us = j->keeper.lateness_us;
    r->paused_us = j->keeper.paused_us;
    r->elapsed_us = clock_mono_us() - j->start_us;
}

static void prepare(struct job *j)
{
    const struct replay_plan *plan = j->plan;

    j->start_us = clock_mono_us();
    j->view = (struct replay_view){.progress = plan->progress,
        .counts = plan->sink.counts,
        .source = plan->source,
        .pacer = &j->keeper.pacer,
        .one_pass = plan->passes == 1,
        .lateness_us = -1,
        .shown_us = j->start_us};
    j->keeper = (struct pace_keeper){.sink = plan->sink,
        .pace = plan->pace,
        .utc_offset_minutes = plan->utc_offset_minutes,
        .start_delay_us = plan->start_delay_us,
        .stop = plan->stop,
        .paused = plan->paused,
        .look = plan->look,
        .on_closed_days = plan->on_closed_days,
        .arg = plan->arg,
        .view = &j->view};
    record_maker_init(&j->maker, plan->key, plan->chained);
}

int replay_run(const struct replay_plan *plan, struct replay_report *report,
    struct error *err)
{
    struct job j = {.plan = plan, .report = report};
    struct error later;
    int result;

    memset(report, 0, sizeof(*report));
    report->paced = plan->pace.kind != PACE_MAX;
    prepare(&j);
    result = send_rows(&j, err);
    if (!report->closed && drain(&j, &later) != 0 && result == 0) {
        *err = later;
        report->complete = false;
        result = -1;
    }
    fill_report(&j);
    record_maker_fini(&j.maker);
    /* A signal that comes when all was sent stops nothing. */
    if (result == 0 && is_stopped(&j) && !report->complete) {
        report->interrupted = true;
        result = error_set(err,
            "stopped by a signal after %" PRId64 " records, all of them "
            "delivered; rows that follow were not sent",
            report->taken);
    }
    return result;
}
