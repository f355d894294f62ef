/* naru mappings check: drift, for a cron job. */
#include "cli/mappings_job.h"

#include "mappings/drift.h"
#include "mappings/plan_report.h"
#include "mappings/sql_lint.h"

#include <jansson.h>
#include <stdio.h>

struct findings {
    struct plan_lines drift, sql;
};

static json_t *as_list(const struct plan_lines *lines)
{
    json_t *list = json_array();

    for (size_t i = 0; i < lines->n; i++) {
        (void)json_array_append_new(
            list, plan_report_line_json(&lines->items[i]));
    }
    return list;
}

static int print_json(const struct mappings_scene *scene,
    const struct findings *f, struct error *err)
{
    json_t *tree =
        json_pack("{ss,ss,so,so,si}", "dataset", scene->dataset->name, "engine",
            scene->engine.name, "drift", as_list(&f->drift), "sql",
            as_list(&f->sql), "exit_code", f->drift.n > 0 ? 1 : 0);
    int rc = tree != NULL ? json_dumpf(tree, stdout, JSON_INDENT(2)) : -1;

    json_decref(tree);
    return rc == 0 && putchar('\n') != EOF && fflush(stdout) == 0
               ? 0
               : error_set(err, "cannot write to standard output");
}

static int print_text(const struct mappings_scene *scene,
    const struct findings *f, struct error *err)
{
    size_t contradictions = drift_contradictions(&f->drift);

    if (mappings_print_lines(&f->drift, "drift  ", err) != 0 ||
        mappings_print_lines(&f->sql, "note   ", err) != 0) {
        return -1;
    }
    if (f->drift.n == 0) {
        (void)printf("dataset %s on %s: no drift\n", scene->dataset->name,
            scene->engine.name);
    } else {
        (void)printf("dataset %s on %s: %zu difference%s", scene->dataset->name,
            scene->engine.name, f->drift.n, f->drift.n == 1 ? "" : "s");
        if (contradictions > 0) {
            (void)printf("; %zu of them would refuse or falsify records",
                contradictions);
        }
        (void)putchar('\n');
    }
    return fflush(stdout) == 0
               ? 0
               : error_set(err, "cannot write to standard output");
}

int mappings_check_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err)
{
    struct findings f = {.drift = {.items = NULL}};
    int rc = mappings_scene_find_engine(scene, job, err);

    if (rc != 0) {
        return rc;
    }
    rc = 1;
    if (drift_read(&f.drift, scene->endpoint, &scene->engine, scene->dataset,
            mappings_scene_type(scene), err) == 0 &&
        sql_lint_engine(&f.sql, scene->endpoint, scene->dataset, err) == 0 &&
        (job->json ? print_json : print_text)(scene, &f, err) == 0) {
        rc = f.drift.n > 0 ? 1 : 0;
    }
    plan_lines_fini(&f.drift);
    plan_lines_fini(&f.sql);
    return rc;
}
