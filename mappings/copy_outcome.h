/* What became of a bulk request's actions. For copying; pure. */
#ifndef NARU_MAPPINGS_COPY_OUTCOME_H
#define NARU_MAPPINGS_COPY_OUTCOME_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

#include <jansson.h>
#include <stddef.h>

/* What the request asks for, so that the answer holds what is read here. */
#define COPY_OUTCOME_FILTER                                                    \
    "filter_path=items.*._id,items.*.status,items.*.error"

struct copy_outcome {
    size_t stored;
    size_t busy;    /* 429, 5xx: to be sent again */
    size_t refused; /* the index does not take them */
    char why[512];  /* the first that was refused, by its id */
};

/*
 * copy_outcome_read(answer, sent, o, conflicts, err):
 * What became of sent actions; ids for which the index holds a higher version
 * (409) are appended to conflicts, an array. A 404 of a delete is fine. Returns
 * 0; -1 with err when it is no answer to that many actions.
 */
int copy_outcome_read(struct slice answer, size_t sent, struct copy_outcome *o,
    json_t *conflicts, struct error *err) MUST_CHECK;

#endif
