/* What naru calls a dataset's template, index and alias in the engine. */
#ifndef NARU_MAPPINGS_INDEX_NAMES_H
#define NARU_MAPPINGS_INDEX_NAMES_H

#include "common/attr.h"
#include "common/error.h"
#include "mappings/dataset.h"

#define INDEX_NAME_BYTES 256

struct index_names {
    const char *dataset;                  /* its name; borrowed */
    const char *alias;                    /* its index; borrowed */
    char template_name[INDEX_NAME_BYTES]; /* "naru-<dataset>" */
    char pattern[INDEX_NAME_BYTES];       /* "<alias>-v*" */
    char index[INDEX_NAME_BYTES];         /* "<alias>-v<schema_version>" */
};

/*
 * index_names_init(names, ds, err):
 * ds is borrowed for as long as names live. Returns 0; -1 with err when the
 * dataset's index holds %{...} (one alias is managed, not a family of indices)
 * or a name is longer than 200 bytes.
 */
int index_names_init(struct index_names *names, const struct dataset *ds,
    struct error *err) MUST_CHECK;

#endif
