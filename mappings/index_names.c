/* The names of template, index and alias; see index_names.h. */
#include "mappings/index_names.h"

#include <stdio.h>
#include <string.h>

#define MAX_BYTES 200 /* Elasticsearch takes 255 for a whole name */

int index_names_init(
    struct index_names *names, const struct dataset *ds, struct error *err)
{
    *names = (struct index_names){.dataset = ds->name, .alias = ds->index};
    if (strstr(ds->index, "%{") != NULL) {
        return error_set(err,
            "dataset %s has several indices, \"%s\"; mappings apply supports "
            "a plain index name only, so far",
            ds->name, ds->index);
    }
    if (strlen(ds->index) > MAX_BYTES || strlen(ds->name) > MAX_BYTES) {
        return error_set(err,
            "dataset %.40s...: name and index may have %d bytes at most",
            ds->name, MAX_BYTES);
    }
    (void)snprintf(names->template_name, sizeof(names->template_name),
        "naru-%.200s", ds->name);
    (void)snprintf(
        names->pattern, sizeof(names->pattern), "%.200s-v*", ds->index);
    (void)snprintf(names->index, sizeof(names->index), "%.200s-v%d", ds->index,
        ds->schema_version);
    return 0;
}
