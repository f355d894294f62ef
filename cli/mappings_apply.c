/* naru mappings apply: the plan carried out, or just the one that was shown. */
#include "cli/mappings_job.h"

#include "mappings/apply.h"
#include "mappings/index_names.h"
#include "mappings/json_checksum.h"
#include "mappings/load_profile.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define LEAST_DIGITS 8

static void report(const char *line, void *arg)
{
    (void)arg;
    (void)printf("%s\n", line);
    (void)fflush(stdout);
}

static void report_restored(const char *index, void *arg)
{
    (void)arg;
    (void)printf("index %s restored after bulk load\n", index);
}

static int check_digits(const char *text, struct error *err)
{
    size_t n = strlen(text);

    if (n < LEAST_DIGITS || n >= JSON_CHECKSUM_CHARS ||
        strspn(text, "0123456789abcdef") != n) {
        return error_set(err,
            "--plan: '%s' is not what naru mappings plan prints behind "
            "\"plan\" (%d hexadecimal digits or more)",
            text, LEAST_DIGITS);
    }
    return 0;
}

/* The file that plan --json wrote; "-": standard input. */
static json_t *load_plan(
    const char *path, const struct dataset *ds, struct error *err)
{
    json_error_t slip;
    json_t *plan = strcmp(path, "-") == 0 ? json_loadf(stdin, 0, &slip)
                                          : json_load_file(path, 0, &slip);
    const char *dataset = json_string_value(json_object_get(plan, "dataset"));

    if (plan == NULL) {
        (void)error_set(err, "--plan-file %s: %s", path, slip.text);
    } else if (dataset == NULL ||
               !json_is_string(json_object_get(plan, "plan"))) {
        (void)error_set(err,
            "--plan-file %s: that is not what naru mappings plan --json "
            "writes",
            path);
    } else if (strcmp(dataset, ds->name) != 0) {
        (void)error_set(err,
            "--plan-file %s: the plan is of dataset %s, not of %s", path,
            dataset, ds->name);
    } else {
        return plan;
    }
    json_decref(plan);
    return NULL;
}

/* What a killed naru bridge --bulk-load left, unless just the plan that was
 * shown is to be done. */
static int restore(struct mappings_scene *scene, struct error *err)
{
    struct index_names names;

    return index_names_init(&names, scene->dataset, err) == 0 &&
                   load_profile_restore(scene->endpoint, &scene->engine,
                       names.pattern, report_restored, NULL, err) == 0
               ? 0
               : -1;
}

static int apply(const struct mappings_job *job, struct mappings_scene *scene,
    const char *fingerprint, struct error *err)
{
    const struct mappings_apply_options o = {.type = mappings_scene_type(scene),
        .fingerprint = fingerprint,
        .report = report};
    int rc = mappings_scene_find_engine(scene, job, err);

    if (rc != 0) {
        return rc;
    }
    if (fingerprint == NULL && restore(scene, err) != 0) {
        return 1;
    }
    return mappings_apply(
               scene->endpoint, &scene->engine, scene->dataset, &o, err) == 0
               ? 0
               : 1;
}

int mappings_apply_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err)
{
    json_t *plan = NULL;
    const char *fingerprint = job->plan;
    int rc;

    if (job->plan != NULL && job->plan_file != NULL) {
        (void)error_set(err, "--plan and --plan-file: give one of them");
        return 2;
    }
    if (job->plan_file != NULL) {
        plan = load_plan(job->plan_file, scene->dataset, err);
        if (plan == NULL) {
            return 2;
        }
        fingerprint = json_string_value(json_object_get(plan, "plan"));
    }
    rc = fingerprint != NULL && check_digits(fingerprint, err) != 0
             ? 2
             : apply(job, scene, fingerprint, err);
    json_decref(plan);
    return rc;
}
