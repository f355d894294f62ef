/* naru mappings migrate: the arguments, a line of progress, the signals. */
#include "cli/mappings_job.h"

#include "bridge/bulk_request.h"
#include "common/clock.h"
#include "common/progress.h"
#include "mappings/migrate.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t stop_asked;

struct terminal {
    struct progress progress;
    int64_t since_us;
};

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

static bool is_stopped(void *arg)
{
    (void)arg;
    return stop_asked != 0;
}

static void report(const char *line, void *arg)
{
    struct terminal *t = arg;

    progress_clear(&t->progress);
    (void)printf("%s\n", line);
    (void)fflush(stdout);
}

static void show_progress(uint64_t docs, unsigned percent, void *arg)
{
    struct terminal *t = arg;
    int64_t now_us = clock_mono_us();
    int64_t took_us = now_us - t->since_us;

    if (progress_due(&t->progress, now_us) && took_us > 0) {
        progress_show(&t->progress, "copying: %llu documents, %u %%, %.0f/s",
            (unsigned long long)docs, percent,
            (double)docs * 1e6 / (double)took_us);
    }
}

/* Once more, and the process ends as signals end it. */
static void watch_signals(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    action.sa_flags = (int)SA_RESETHAND;
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
}

/* Versions order the writes of an id, but a deleted one leaves none. */
static void warn_of_deletes(const struct config *config)
{
    if (config_number(config, "bridge.on_tombstone") == TOMBSTONE_DELETE &&
        config_number(config, "bridge.ordering") == 0) {
        (void)fprintf(stderr,
            "naru mappings: notice: bridge.on_tombstone is delete and "
            "bridge.ordering is none: a record that a delete overtook just "
            "when the alias moves would bring its document back; let bridges "
            "run with --ordering id meanwhile\n");
    }
}

int mappings_migrate_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err)
{
    struct terminal t;
    const struct migrate_options o = {.abort = job->abort,
        .drop_old = job->drop_old,
        .dry_run = job->dry_run,
        .type = mappings_scene_type(scene),
        .report = report,
        .progress = show_progress,
        .stop = is_stopped,
        .arg = &t};
    int rc;

    if (job->abort && job->drop_old) {
        (void)error_set(err, "--abort and --drop-old: give one of them");
        return 2;
    }
    rc = mappings_scene_find_engine(scene, job, err);
    if (rc != 0) {
        return rc;
    }
    if (!job->abort) {
        warn_of_deletes(scene->config);
    }
    t.since_us = clock_mono_us();
    progress_init(&t.progress, stderr, t.since_us);
    watch_signals();
    rc = mappings_migrate(
        scene->endpoint, &scene->engine, scene->dataset, &o, err);
    progress_clear(&t.progress);
    return rc == 0 ? 0 : 1;
}
