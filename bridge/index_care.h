/*
 * What the bridge does about indices before it writes and after: looks whether
 * the standing mapping contradicts the dataset, and relaxes and restores the
 * load profile. Blocks for some requests; for start and end.
 */
#ifndef NARU_BRIDGE_INDEX_CARE_H
#define NARU_BRIDGE_INDEX_CARE_H

#include "common/attr.h"
#include "common/config.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"

#include <stdbool.h>

struct index_care {
    const struct endpoint *endpoint; /* borrowed, all but the flags */
    const struct config *config;
    const struct dataset *dataset; /* NULL without one */
    bool force;                    /* write whatever the mapping is */
    bool bulk_load;                /* relax */
    /* Its own: */
    unsigned failures; /* to compare, so far */
    bool relaxed;      /* or about to be */
};

enum index_care_result {
    INDEX_CARE_READY,
    INDEX_CARE_REFUSED, /* the bridge must not start; err says why */
    INDEX_CARE_LATER    /* the engine did not answer as it should; err */
};

/*
 * index_care_begin(c, engine, err):
 * Compare the index that is written to with the dataset, each contradiction a
 * line of the log; relax it, or restore what a bridge before this one relaxed
 * and did not restore. An index that is not there is no matter here. Where the
 * comparing fails, it is LATER twice and then a warning.
 */
enum index_care_result index_care_begin(struct index_care *c,
    const struct engine *engine, struct error *err) MUST_CHECK;

/* index_care_end(c, engine): Restore what was relaxed; a failure is logged, and
 * the next start mends it. */
void index_care_end(const struct index_care *c, const struct engine *engine);

#endif
