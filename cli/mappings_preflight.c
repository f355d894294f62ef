/*
 * naru mappings plan --preflight: records held against the mapping before any
 * is sent. The work is in preflight/; here are source, account and exit code.
 */
#include "cli/mappings_job.h"

#include "common/clock.h"
#include "common/kafka_topic.h"
#include "common/log.h"
#include "preflight/preflight_report.h"

#include <stdio.h>
#include <string.h>

#define TOPIC "topic:"

static int choose_source(const struct mappings_job *job,
    struct preflight_plan *plan, struct error *err)
{
    if (strncmp(job->preflight, TOPIC, strlen(TOPIC)) != 0) {
        plan->csv = job->preflight;
        return plan->csv[0] != '\0'
                   ? 0
                   : error_set(err, "--preflight: name a CSV file, or "
                                    "topic:NAME");
    }
    plan->topic = job->preflight + strlen(TOPIC);
    if (plan->topic[0] == '\0') {
        return error_set(err, "--preflight: topic: has no name behind it");
    }
    return kafka_topics_brokers(plan->config) != NULL
               ? 0
               : error_set(err,
                     "no brokers are named; set bootstrap.servers in [kafka] "
                     "of naru.conf, or --set "
                     "kafka.bootstrap.servers=HOST:PORT");
}

static int report(const struct mappings_job *job,
    const struct preflight_plan *plan, const struct preflight_result *result,
    struct error *err)
{
    int rc = 0;

    if (job->json) {
        rc = preflight_report_json(plan, result, stdout);
    } else {
        preflight_report_print(plan, result, stdout);
    }
    return rc == 0 && fflush(stdout) == 0
               ? 0
               : error_set(err, "cannot write to standard output");
}

int mappings_preflight(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err)
{
    struct preflight_plan plan = {.config = scene->config,
        .dataset = scene->dataset,
        .most = job->records};
    struct preflight_result result;
    struct progress progress;
    int code = 1;

    if (choose_source(job, &plan, err) != 0) {
        return 2;
    }
    log_setup(LOG_ERROR, false); /* else one line an error is several */
    progress_init(&progress, stderr, clock_mono_us());
    plan.progress = &progress;
    if (preflight_job_run(&plan, &result, err) == 0 &&
        report(job, &plan, &result, err) == 0) {
        err->text[0] = '\0';
        code =
            result.refusals.refused > 0 || preflight_result_missing(&result) > 0
                ? 1
                : 0;
    }
    preflight_result_fini(&result);
    return code;
}
