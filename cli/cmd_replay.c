/*
 * naru replay: CSV rows as JSON records into Kafka, at a chosen pace. Options
 * in replay_options.c; here the pieces are made in the order in which a user
 * wants to hear of what is wrong: arguments, files, brokers.
 */
#include "cli/commands.h"

#include "cli/check_dataset.h"
#include "cli/keyboard.h"
#include "cli/replay_options.h"
#include "cli/replay_target.h"
#include "common/civil.h"
#include "common/clock.h"
#include "replay/line_sink.h"
#include "replay/replay_job.h"
#include "replay/replay_report.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXIT_WORK 1
#define EXIT_USAGE 2

static volatile sig_atomic_t stop_asked;

static volatile sig_atomic_t paused;

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

static void on_pause(int number)
{
    paused = number == SIGUSR1;
}

/* From the start: a replay may be paused while it waits for its first row. */
static void catch_pauses(void)
{
    struct sigaction pause = {.sa_handler = on_pause, .sa_flags = SA_RESTART};

    (void)sigaction(SIGUSR1, &pause, NULL);
    (void)sigaction(SIGUSR2, &pause, NULL);
}

/* The first signal ends the replay in order; a second one the process. Reads
 * go on after a pause, and break off at an end. */
static void catch_signals(void)
{
    struct sigaction stop = {
        .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    (void)sigaction(SIGINT, &stop, NULL);
    (void)sigaction(SIGTERM, &stop, NULL);
    (void)sigaction(SIGPIPE, &ignore, NULL); /* write() tells */
}

static void complain(const struct error *err)
{
    (void)fprintf(stderr, "naru replay: %s\n", err->text);
}

/* What must not be missed, also by those who want no report. */
static void warn(const char *what, const struct row_notes *notes)
{
    const char *s = strstr(what, "%s");

    if (notes->n > 0) {
        (void)fprintf(stderr,
            "naru replay: warning: %lld %.*s%s%s; the first: %s\n",
            (long long)notes->n, (int)(s - what), what,
            notes->n == 1 ? "" : "s", s + 2, notes->first[0].text);
    }
}

/* A code that no row has is likely a slip. */
static void warn_of_unmet_codes(const struct replay_options *o)
{
    struct slice first;
    size_t n;

    if (o->rows.code_set == NULL) {
        return;
    }
    n = code_set_unmet(o->rows.code_set, &first);
    if (n > 0) {
        (void)fprintf(stderr,
            "naru replay: warning: no row has %zu of the codes; the first: "
            "%.*s\n",
            n, (int)first.len, first.p);
    }
}

static int print_report(const struct replay_options *o,
    const struct replay_report *report, struct error *err)
{
    const char *topic = o->dry_run ? NULL : o->topic;

    if (report->closed) {
        return 0; /* who reads only the first rows wants no account */
    }
    if (o->rows.skip_bad_rows) {
        warn("bad row%s left out", &report->bad);
    }
    if (o->skip_refused) {
        warn("row%s too large for Kafka left out", &report->refused);
    }
    warn("row%s with the id of a row before", &report->doubled);
    warn_of_unmet_codes(o);
    if (o->json_report) {
        if (replay_report_json(report, topic, stdout) != 0) {
            return error_set(err, "the report cannot be written");
        }
    } else if (!o->quiet) {
        replay_report_print(report, topic, o->rows.input.n_paths, stderr);
    }
    return 0;
}

/* The keys of a terminal. */
static void look_at_keys(void *arg)
{
    int key;

    (void)arg;
    while ((key = keyboard_key()) >= 0) {
        if (key == ' ' || key == 'p') {
            paused = !paused;
        } else if (key == 'q') {
            stop_asked = 1;
        }
    }
}

/* Closed days, as they are passed; arg is the progress on the terminal. */
static void list_closed_days(void *arg, int64_t first_day, int64_t last_day)
{
    static const char *const names[] = {"Sunday", "Monday", "Tuesday",
        "Wednesday", "Thursday", "Friday", "Saturday"};
    char text[CIVIL_DATE_BYTES + 1];

    if (arg != NULL) {
        progress_clear(arg);
    }
    for (int64_t day = first_day; day <= last_day; day++) {
        civil_format(day, text);
        (void)fprintf(
            stderr, "closed: %s, %s\n", text, names[civil_weekday(day)]);
    }
}

static int write_manifest(const struct replay_options *o,
    struct manifest *manifest, const struct replay_report *report,
    struct error *err)
{
    return manifest == NULL ? 0
                            : manifest_write(manifest, o->manifest,
                                  o->rows.dataset->name, report->complete, err);
}

/* Run the plan, and give the account of it. */
static int run_plan(const struct replay_options *o, struct replay_plan *plan)
{
    struct replay_report report;
    struct error err, unwritten;
    int result;

    catch_signals();
    result = replay_run(plan, &report, &err);
    keyboard_close();
    if (plan->progress != NULL) {
        progress_clear(plan->progress);
    }
    if (((result == 0 || report.taken + report.passed_over > 0) &&
            print_report(o, &report, &unwritten) != 0) ||
        write_manifest(o, plan->manifest, &report, &unwritten) != 0) {
        err = result == 0 ? unwritten : err;
        result = -1;
    }
    if (result != 0) {
        complain(&err); /* last, where it is seen */
    }
    return result == 0 ? 0 : EXIT_WORK;
}

/* What the options say of how to replay; the rest is the caller's. */
static struct replay_plan plan_of(
    const struct replay_options *o, struct row_source *source)
{
    return (struct replay_plan){.source = source,
        .key = o->key,
        .pace = o->pace,
        .utc_offset_minutes = o->rows.dataset->utc_offset_minutes,
        .start_delay_us = o->start_delay_us,
        .passes = o->passes,
        .skip_bad_rows = o->rows.skip_bad_rows,
        .skip_refused = o->skip_refused,
        .stop = &stop_asked,
        .paused = &paused};
}

/* Add the plan's helpers and run it. */
static int run(const struct replay_options *o, struct replay_plan *plan)
{
    const struct dataset *dataset = o->rows.dataset;
    struct error err = {"out of memory"};
    struct progress progress;
    int code = EXIT_WORK;

    if (!o->quiet && !(o->dry_run && isatty(STDOUT_FILENO))) {
        progress_init(&progress, stderr, clock_mono_us());
        plan->progress = &progress;
        plan->look =
            progress.on_terminal && keyboard_open() ? look_at_keys : NULL;
    }
    if (o->verbose) {
        plan->on_closed_days = list_closed_days;
        plan->arg = plan->progress;
    }
    plan->manifest = o->manifest != NULL ? manifest_new() : NULL;
    plan->ids = id_watch_wanted(dataset) ? id_watch_new(dataset) : NULL;
    if ((o->manifest != NULL && plan->manifest == NULL) ||
        (id_watch_wanted(dataset) && plan->ids == NULL)) {
        complain(&err);
    } else {
        code = run_plan(o, plan);
    }
    manifest_free(plan->manifest);
    id_watch_free(plan->ids);
    plan->progress = NULL; /* it ends here */
    plan->arg = NULL;
    return code;
}

static int run_dry(const struct replay_options *o, struct row_source *source)
{
    struct replay_plan plan = plan_of(o, source);
    struct line_sink lines;
    int code;

    line_sink_init(&lines, STDOUT_FILENO);
    plan.sink = line_sink_sink(&lines);
    code = run(o, &plan);
    line_sink_fini(&lines);
    return code;
}

static int run_to_kafka(const struct replay_options *o,
    struct row_source *source, struct replay_target *target)
{
    struct replay_plan plan = plan_of(o, source);
    struct error err;

    if (replay_target_open(target, &err) != 0) {
        complain(&err);
        return EXIT_WORK;
    }
    plan.sink = target->sink;
    plan.chained = o->resume != NULL;
    plan.resume_records = target->start.records;
    plan.resume_chain = target->start.chain;
    return run(o, &plan);
}

static int replay(const struct replay_options *o, struct replay_target *target)
{
    struct row_input input = o->rows.input;
    struct row_source *source;
    struct error err;
    int code;

    input.stop = &stop_asked;
    catch_pauses();
    source = row_source_open(&input, &err);
    if (source == NULL) {
        complain(&err);
        return EXIT_WORK;
    }
    code = o->dry_run ? run_dry(o, source) : run_to_kafka(o, source, target);
    row_source_free(source);
    return code;
}

/* Arguments were fine; the configuration is judged before files are opened. */
static int prepare_and_replay(const struct replay_options *o)
{
    struct replay_target target;
    struct error err;
    int code;

    if (o->dry_run) {
        return replay(o, NULL);
    }
    if (replay_target_init(&target, o, &err) != 0) {
        complain(&err);
        code = EXIT_USAGE;
    } else {
        code = replay(o, &target);
    }
    replay_target_fini(&target);
    return code;
}

static int try_dataset(const struct replay_options *o)
{
    struct row_input input = o->rows.input;
    struct error err;

    input.paths = o->rows.paths.paths;
    input.n_paths = o->rows.paths.n;
    input.choice.from_ms = INT64_MIN;
    input.choice.until_ms = ROW_CHOICE_EVER;
    input.choice.keep_zero_volume = true;
    if (check_dataset(o->rows.dataset_name, &input, &err) != 0) {
        (void)fflush(stdout);
        complain(&err);
        return EXIT_WORK;
    }
    return 0;
}

int cmd_replay(int argc, char **argv)
{
    struct replay_options o;
    struct error err;
    int code;

    if (replay_options_read(&o, argc, argv, &err) != 0) {
        complain(&err);
        code = EXIT_USAGE;
    } else if (o.check_dataset) {
        code = try_dataset(&o);
    } else {
        code = o.help ? 0 : prepare_and_replay(&o);
    }
    replay_options_fini(&o);
    return code;
}
