/*
 * naru replay: CSV rows as JSON records into Kafka, at a chosen pace. Options
 * in replay_options.c; here the pieces are made in the order in which a user
 * wants to hear of what is wrong: arguments, files, brokers.
 */
#include "cli/commands.h"

#include "cli/replay_options.h"
#include "common/civil.h"
#include "common/clock.h"
#include "common/kafka_topic.h"
#include "replay/line_sink.h"
#include "replay/producer.h"
#include "replay/replay_job.h"
#include "replay/replay_report.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define EXIT_WORK 1
#define EXIT_USAGE 2

static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

/* The first signal ends the replay in order; a second one the process. */
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

static void say_as_it_is(
    const struct replay_options *o, const struct kafka_topic_info *info)
{
    bool same = info->partitions == o->partitions &&
                (o->replicas < 0 || info->replicas == o->replicas);

    if (!same && !o->quiet) {
        (void)fprintf(stderr,
            "naru replay: topic %s exists with %d partitions and %d replicas; "
            "it is used as it is\n",
            o->topic, info->partitions, info->replicas);
    }
}

/* See that the topic is there, making it if asked. */
static int prepare_topic(
    struct kafka_topics *k, const struct replay_options *o, struct error *err)
{
    struct kafka_topic_info info;

    if (kafka_topic_describe(k, o->topic, &info, err) != 0) {
        return -1;
    }
    if (info.exists) {
        if (o->partitions > 0) {
            say_as_it_is(o, &info);
        }
        return 0;
    }
    if (o->partitions == 0) {
        return error_set(err,
            "topic %s does not exist: create it, or use --create-topic 6:3",
            o->topic);
    }
    return kafka_topic_create(k,
               &(struct kafka_new_topic){
                   o->topic, o->partitions, o->replicas, NULL},
               err) < 0
               ? -1
               : 0;
}

static int look_at_topic(const struct replay_options *o, struct error *err)
{
    struct kafka_topics *k = kafka_topics_open(o->config, err);
    int result;

    if (k == NULL) {
        return -1;
    }
    result = prepare_topic(k, o, err);
    kafka_topics_free(k);
    return result;
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

    if (report->bad_rows > 0 && o->rows.skip_bad_rows) {
        (void)fprintf(stderr,
            "naru replay: warning: %lld bad row%s left out; the first: %s\n",
            (long long)report->bad_rows, report->bad_rows == 1 ? "" : "s",
            report->bad_row[0].text);
    }
    warn_of_unmet_codes(o);
    if (o->json_report) {
        if (replay_report_json(report, topic, stdout) != 0) {
            return error_set(err, "the report cannot be written");
        }
    } else if (!o->quiet && !report->closed) {
        replay_report_print(report, topic, o->rows.input.n_paths, stderr);
    }
    return 0;
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

/* Replay into sink, and give the account of it. */
static int run(const struct replay_options *o, struct row_source *source,
    struct record_sink sink)
{
    struct progress progress;
    struct replay_report report;
    struct error err, unprinted;
    int result;
    struct replay_plan plan = {.source = source,
        .sink = sink,
        .pace = o->pace,
        .utc_offset_minutes = o->rows.dataset->utc_offset_minutes,
        .skip_bad_rows = o->rows.skip_bad_rows,
        .stop = &stop_asked};

    if (!o->quiet && !(o->dry_run && isatty(STDOUT_FILENO))) {
        progress_init(&progress, stderr, clock_mono_us());
        plan.progress = &progress;
    }
    if (o->verbose) {
        plan.on_closed_days = list_closed_days;
        plan.arg = plan.progress;
    }
    catch_signals();
    result = replay_run(&plan, &report, &err);
    if (plan.progress != NULL) {
        progress_clear(plan.progress);
    }
    if ((result == 0 || report.taken > 0) &&
        print_report(o, &report, &unprinted) != 0) {
        err = result == 0 ? unprinted : err;
        result = -1;
    }
    if (result != 0) {
        complain(&err); /* last, where it is seen */
    }
    return result == 0 ? 0 : EXIT_WORK;
}

static int run_dry(const struct replay_options *o, struct row_source *source)
{
    struct line_sink lines;
    int code;

    line_sink_init(&lines, STDOUT_FILENO);
    code = run(o, source, line_sink_sink(&lines));
    line_sink_fini(&lines);
    return code;
}

static int run_to_kafka(const struct replay_options *o,
    struct row_source *source, struct producer *producer)
{
    struct error err;

    if (look_at_topic(o, &err) != 0) {
        complain(&err);
        return EXIT_WORK;
    }
    return run(o, source, producer_sink(producer));
}

static int replay(const struct replay_options *o)
{
    struct row_input input = o->rows.input;
    struct producer *producer = NULL;
    struct row_source *source;
    struct error err;
    int code;

    input.stop = &stop_asked;
    if (!o->dry_run) {
        producer = producer_new(o->config, o->topic, &err);
        if (producer == NULL) {
            complain(&err);
            return EXIT_USAGE;
        }
    }
    source = row_source_open(&input, &err);
    if (source == NULL) {
        complain(&err);
        code = EXIT_WORK;
    } else if (o->dry_run) {
        code = run_dry(o, source);
    } else {
        code = run_to_kafka(o, source, producer);
    }
    row_source_free(source);
    producer_free(producer);
    return code;
}

int cmd_replay(int argc, char **argv)
{
    struct replay_options o;
    struct error err;
    int code;

    if (replay_options_read(&o, argc, argv, &err) != 0) {
        complain(&err);
        code = EXIT_USAGE;
    } else {
        code = o.help ? 0 : replay(&o);
    }
    replay_options_fini(&o);
    return code;
}
