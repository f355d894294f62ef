/* naru mappings apply: the plan made and carried out. */
#include "cli/mappings_job.h"

#include "mappings/apply.h"
#include "mappings/index_names.h"

#include <stdio.h>

static void report(const char *line, void *arg)
{
    (void)arg;
    (void)printf("%s\n", line);
    (void)fflush(stdout);
}

int mappings_apply_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err)
{
    struct index_names names;
    int rc;

    if (index_names_init(&names, scene->dataset, err) != 0) {
        return 2;
    }
    rc = mappings_scene_find_engine(scene, job, err);
    if (rc != 0) {
        return rc;
    }
    return mappings_apply(scene->endpoint, scene->dataset, report, NULL, err) ==
                   0
               ? 0
               : 1;
}
