/* What naru calls a dataset's template, indices and aliases in the engine. */
#ifndef NARU_MAPPINGS_INDEX_NAMES_H
#define NARU_MAPPINGS_INDEX_NAMES_H

#include "common/attr.h"
#include "common/error.h"
#include "mappings/dataset.h"

#include <stdbool.h>

#define INDEX_NAME_BYTES 256

struct index_names {
    const char *dataset; /* its name; borrowed */
    const char *alias;   /* what is read; borrowed */
    /* What is written: the alias "<alias>_write", or of a family the pattern
     * of its members, "<alias>-v1-%{Date:%Y}"; borrowed */
    const char *writes_to;
    bool is_family;
    char template_name[INDEX_NAME_BYTES]; /* "naru-<dataset>"; the lifecycle
                                             policy is called so too */
    char pattern[INDEX_NAME_BYTES];       /* "<alias>-v*": every version */
    char index[INDEX_NAME_BYTES]; /* "<alias>-v<schema_version>"; of a family
                                     with "-*" behind it */
};

/*
 * index_names_init(names, ds, err):
 * ds is borrowed for as long as names live. Returns 0; -1 with err when a name
 * is longer than 200 bytes.
 */
int index_names_init(struct index_names *names, const struct dataset *ds,
    struct error *err) MUST_CHECK;

/*
 * index_names_is_current(names, index), index_names_is_ours(names, index):
 * Is index one of this schema_version? One of any version?
 */
bool index_names_is_current(const struct index_names *names, const char *index);
bool index_names_is_ours(const struct index_names *names, const char *index);

#endif
