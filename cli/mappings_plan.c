/* naru mappings plan: what stands beside what is wanted; changes nothing. */
#include "cli/mappings_job.h"

#include "mappings/plan_report.h"

#include <stdio.h>

/* The arguments again, for apply; a --set may hold what is not to be shown. */
static int put_arguments(const struct mappings_job *job, struct buf *out)
{
    int rc = 0;

    if (job->settings.file != NULL) {
        rc = buf_printf(out, " -c %s", job->settings.file);
    }
    if (rc == 0 && job->settings.n_sets > 0) {
        rc = buf_append_str(out, " --set ...");
    }
    if (rc == 0 && job->dataset != NULL) {
        rc = buf_printf(out, " %s", job->dataset);
    }
    return rc;
}

static int report(const struct mappings_job *job, const struct plan_look *look,
    struct buf *out, struct error *err)
{
    struct buf arguments;
    int rc;

    if (job->json) {
        return plan_report_json(look, out, err);
    }
    buf_init(&arguments, PLAN_REPORT_MAX_BYTES);
    rc = put_arguments(job, &arguments) == 0
             ? plan_report_text(look, buf_str(&arguments), out, err)
             : error_set(err, "out of memory");
    buf_fini(&arguments);
    return rc;
}

int mappings_plan_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err)
{
    struct plan_look look;
    struct buf out;
    int rc = mappings_scene_find_engine(scene, job, err);

    if (rc != 0) {
        return rc;
    }
    buf_init(&out, PLAN_REPORT_MAX_BYTES);
    rc = 1;
    if (plan_look_at(&look, scene->endpoint, &scene->engine, scene->dataset,
            mappings_scene_type(scene), err) == 0 &&
        report(job, &look, &out, err) == 0) {
        rc = plan_report_exit_code(&look);
        if (fputs(buf_str(&out), stdout) == EOF || fflush(stdout) != 0) {
            (void)error_set(err, "cannot write to standard output");
            rc = 1;
        }
    }
    buf_fini(&out);
    plan_look_fini(&look);
    return rc;
}
