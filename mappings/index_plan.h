/*
 * What must be done to bring template, indices and aliases of a dataset in
 * place: the wanted compared with what stands, as lines for a person and as
 * requests for the engine. Pure: no I/O.
 */
#ifndef NARU_MAPPINGS_INDEX_PLAN_H
#define NARU_MAPPINGS_INDEX_PLAN_H

#include "common/attr.h"
#include "common/error.h"
#include "mappings/engine.h"
#include "mappings/index_state.h"
#include "mappings/index_wanted.h"
#include "mappings/json_checksum.h"
#include "mappings/plan_line.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define INDEX_PATH_BYTES 384

enum index_action { INDEX_KEEP, INDEX_CREATE, INDEX_UPDATE };

/* One thing to do, or to say that nothing is to do. */
struct index_step {
    enum index_action action;
    bool on_index; /* a change of a standing index: refused, it needs a new */
    char what[2 * INDEX_NAME_BYTES]; /* "alias marcap -> marcap-v1" */
    const char *method;              /* of the request; NULL for KEEP */
    char path[INDEX_PATH_BYTES];
    json_t *body; /* owned; NULL for KEEP */
};

struct index_plan {
    struct plan_lines lines; /* by subject */
    struct index_step *steps;
    size_t n_steps;
    /* Of all that the plan follows from: the same plan, the same print. */
    char fingerprint[JSON_CHECKSUM_CHARS];
    bool out_of_memory;
};

/*
 * index_plan_make(plan, w, state, engine, err):
 * The lines and the steps from state to w, in their order. What naru has not
 * made itself for this dataset is never touched: one such thing in the way is
 * a line with PLAN_FORBIDDEN. Steps are of use only when there is none of those
 * and none with PLAN_NEW_INDEX. Returns 0, or -1 with err out of memory.
 * index_plan_fini is safe in both cases.
 */
int index_plan_make(struct index_plan *plan, const struct index_wanted *w,
    const struct index_state *state, const struct engine *engine,
    struct error *err) MUST_CHECK;
void index_plan_fini(struct index_plan *plan);

/* index_plan_obstacle(plan): The first line that keeps apply from doing it,
 * forbidden ones first; NULL when there is none. */
const struct plan_line *index_plan_obstacle(const struct index_plan *plan);

/* index_plan_changes(plan): How many steps change something. */
size_t index_plan_changes(const struct index_plan *plan);

/*
 * index_plan_compare_indices(lines, w, state, engine):
 * The lines of the standing indices alone (and of a family's missing
 * template); for drift_read_indices.
 */
void index_plan_compare_indices(struct plan_lines *lines,
    const struct index_wanted *w, const struct index_state *state,
    const struct engine *engine);

#endif
