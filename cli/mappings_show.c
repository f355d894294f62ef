/* naru mappings show: what apply would create an index with, from no engine. */
#include "cli/mappings_job.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define KOREAN "@korean"

int mappings_show(const struct mappings_job *job, struct mappings_scene *scene,
    struct error *err)
{
    json_t *body = NULL;
    char *text;
    int rc;

    (void)job;
    if (dataset_create_body(scene->dataset, KOREAN, &text, err) != 0) {
        return 1;
    }
    body = json_loads(text, 0, NULL);
    rc = body != NULL ? json_dumpf(body, stdout, JSON_INDENT(2)) : -1;
    free(text);
    json_decref(body);
    if (rc != 0 || putchar('\n') == EOF || fflush(stdout) != 0) {
        (void)error_set(err, "cannot write to standard output");
        return 1;
    }
    if (dataset_wants_korean(scene->dataset)) {
        (void)fprintf(stderr,
            "naru mappings: apply puts nori, cjk or standard for " KOREAN
            ", the first that the engine knows\n");
    }
    return 0;
}
