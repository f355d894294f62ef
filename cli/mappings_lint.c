/* naru mappings lint: what SQL tools stumble over, found in the file alone. */
#include "cli/mappings_job.h"

#include "mappings/sql_lint.h"

#include <stdio.h>

int mappings_print_lines(
    const struct plan_lines *lines, const char *before, struct error *err)
{
    for (size_t i = 0; i < lines->n; i++) {
        struct buf text;
        int rc;

        buf_init(&text, 1u << 20);
        rc = plan_line_say(&lines->items[i], &text);
        if (rc == 0) {
            (void)printf("%s%s\n", before, buf_str(&text));
        }
        buf_fini(&text);
        if (rc != 0) {
            return error_set(err, "out of memory");
        }
    }
    return fflush(stdout) == 0
               ? 0
               : error_set(err, "cannot write to standard output");
}

int mappings_lint_action(const struct mappings_job *job,
    struct mappings_scene *scene, struct error *err)
{
    struct plan_lines lines = {.items = NULL};
    int rc = sql_lint_dataset(&lines, scene->dataset, err);

    (void)job;
    if (rc == 0) {
        rc = mappings_print_lines(&lines, "", err);
    }
    if (rc == 0 && lines.n == 0) {
        (void)printf("dataset %s: nothing that SQL tools stumble over\n",
            scene->dataset->name);
    }
    rc = rc != 0 || lines.n > 0 ? 1 : 0;
    plan_lines_fini(&lines);
    return rc;
}
