/*
 * struct mappings_job: what a `naru mappings` command line asks for, and the
 * actions there are. An action is a file cli/mappings_<action>.c with one
 * function, and a row in cmd_mappings.c.
 */
#ifndef NARU_CLI_MAPPINGS_JOB_H
#define NARU_CLI_MAPPINGS_JOB_H

#include "cli/settings.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"
#include "mappings/plan_line.h"

#include <stdbool.h>
#include <stdint.h>

struct mappings_job {
    struct settings_args settings;
    const char *dataset; /* NULL: the configuration's */
    bool help, json;
    int64_t wait_s;
    bool abort, drop_old, dry_run; /* migrate */
    const char *plan;      /* apply: the fingerprint to keep to, or NULL */
    const char *plan_file; /* apply: the file that holds it, or NULL */
    const char *preflight; /* plan: a CSV file, or topic:NAME; or NULL */
    int64_t records;       /* of it; 0: all */
};

/* Everything an action works with. */
struct mappings_scene {
    struct config *config;
    struct dataset *dataset;
    struct endpoint *endpoint; /* NULL until mappings_scene_find_engine */
    struct engine engine;
};

/*
 * An action's work. Returns the exit code; with other than 0 and err->text not
 * empty, that line is printed.
 */
typedef int (*mappings_action_fn)(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err);

int mappings_check_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err);
int mappings_lint_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err);
int mappings_plan_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err);
int mappings_preflight(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err);
int mappings_show(const struct mappings_job *job, struct mappings_scene *scene,
    struct error *err);
int mappings_migrate_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err);
int mappings_apply_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err);

/* mappings_print_lines(lines, before, err): Each on a line of standard output,
 * with before in front. 0 or -1 with err. */
int mappings_print_lines(const struct plan_lines *lines, const char *before,
    struct error *err) MUST_CHECK;

/* mappings_scene_type(scene): bridge.type; NULL when it is not set. */
const char *mappings_scene_type(const struct mappings_scene *scene);

/*
 * mappings_scene_find_engine(scene, job, err):
 * Make the endpoint of [elasticsearch] and wait for the engine as long as the
 * job says. Returns 0; else the exit code with err: 2 when the configuration is
 * unusable, 1 when no engine answers.
 */
int mappings_scene_find_engine(struct mappings_scene *scene,
    const struct mappings_job *job, struct error *err) MUST_CHECK;

#endif
