/*
 * What must be done to bring template, index and alias of a dataset in place:
 * the wanted compared with what stands, as a list of requests. Pure: no I/O.
 */
#ifndef NARU_MAPPINGS_INDEX_PLAN_H
#define NARU_MAPPINGS_INDEX_PLAN_H

#include "common/attr.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"
#include "mappings/index_names.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define INDEX_PATH_BYTES 384
#define INDEX_PLAN_MAX_STEPS 4

/* What should be there. */
struct index_wanted {
    struct index_names names;
    json_t *body; /* owned: {"settings":...,"mappings":...} */
};

/* What is there; NULL where nothing is. All owned. */
struct index_state {
    json_t *template_; /* {"index_patterns":...,"template" or "mappings":...} */
    json_t *index;     /* {"aliases":...,"mappings":...,"settings":flat} */
    json_t *alias;     /* index name -> the same, of all it points to; or of
                          the concrete index that bears the name */
};

enum index_action { INDEX_KEEP, INDEX_CREATE, INDEX_UPDATE };

/* One thing to do, or to say that nothing is to do. */
struct index_step {
    enum index_action action;
    bool on_index; /* a change of a standing index: refused, it needs a new */
    char what[2 * INDEX_NAME_BYTES]; /* "alias marcap -> marcap-v1" */
    const char *method;              /* of the request; NULL for KEEP */
    char path[INDEX_PATH_BYTES];
    json_t *body; /* owned */
};

struct index_plan {
    struct index_step steps[INDEX_PLAN_MAX_STEPS];
    size_t n_steps;
};

/*
 * index_wanted_init(w, ds, korean_analyzer, err):
 * ds is borrowed for as long as w lives. Returns 0 or -1 with err;
 * index_wanted_fini is safe in both cases.
 */
int index_wanted_init(struct index_wanted *w, const struct dataset *ds,
    const char *korean_analyzer, struct error *err) MUST_CHECK;
void index_wanted_fini(struct index_wanted *w);

/*
 * index_meta(standing):
 * The "_meta" of an index or template as it stands, wherever the engine keeps
 * it; NULL when it has none. Borrowed.
 */
const json_t *index_meta(const json_t *standing);

/*
 * index_plan_make(plan, w, state, engine, err):
 * The steps from state to w, in their order. What naru has not made itself for
 * this dataset is never touched: one such thing in the way refuses the whole
 * plan. Returns 0, or -1 with err and no steps. index_plan_fini is safe in
 * both cases.
 */
int index_plan_make(struct index_plan *plan, const struct index_wanted *w,
    const struct index_state *state, const struct engine *engine,
    struct error *err) MUST_CHECK;
void index_plan_fini(struct index_plan *plan);

#endif
