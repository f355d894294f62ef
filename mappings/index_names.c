/* The names of template, indices and aliases; see index_names.h. */
#include "mappings/index_names.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#define MAX_BYTES 200 /* Elasticsearch takes 255 for a whole name */

/* "marcap-v1-%{Date:%Y}" as "marcap-v1-*", "logs-v1_%{_topic}" as
 * "logs-v1_*". */
static void members_of(struct index_names *names)
{
    const char *at = names->writes_to;
    size_t n = 0;

    while (*at != '\0' && n + 1 < sizeof(names->index)) {
        if (strncmp(at, "%{", 2) == 0) {
            names->index[n++] = '*';
            at = strchr(at, '}') + 1; /* dataset_check_patterns has seen it */
        } else {
            names->index[n++] = *at++;
        }
    }
    names->index[n] = '\0';
}

int index_names_init(
    struct index_names *names, const struct dataset *ds, struct error *err)
{
    *names = (struct index_names){.dataset = ds->name,
        .alias = ds->alias,
        .writes_to = ds->writes_to,
        .is_family = ds->is_family};
    if (strlen(ds->index) > MAX_BYTES || strlen(ds->name) > MAX_BYTES) {
        return error_set(err,
            "dataset %.40s...: name and index may have %d bytes at most",
            ds->name, MAX_BYTES);
    }
    (void)snprintf(names->template_name, sizeof(names->template_name),
        "naru-%.200s", ds->name);
    (void)snprintf(
        names->pattern, sizeof(names->pattern), "%.200s-v*", ds->alias);
    if (ds->is_family) {
        members_of(names);
    } else {
        (void)snprintf(names->index, sizeof(names->index), "%.200s-v%d",
            ds->alias, ds->schema_version);
    }
    return 0;
}

bool index_names_is_current(const struct index_names *names, const char *index)
{
    return fnmatch(names->index, index, FNM_NOESCAPE) == 0;
}

/* "<alias>-v" and a digit: "marcap-very-old" is somebody's own. */
bool index_names_is_ours(const struct index_names *names, const char *index)
{
    size_t n = strlen(names->alias);

    return strncmp(index, names->alias, n) == 0 &&
           strncmp(index + n, "-v", 2) == 0 && index[n + 2] >= '0' &&
           index[n + 2] <= '9';
}
