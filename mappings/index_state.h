/* Reading from the engine what stands of a dataset's template, index, alias. */
#ifndef NARU_MAPPINGS_INDEX_STATE_H
#define NARU_MAPPINGS_INDEX_STATE_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"
#include "mappings/index_plan.h"

/*
 * index_state_read(state, e, engine, names, err):
 * Three GET requests. Returns 0, or -1 with err; index_state_fini is safe in
 * both cases.
 */
int index_state_read(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err) MUST_CHECK;
void index_state_fini(struct index_state *state);

/*
 * index_choose_analyzer(state, e, ds, name, err):
 * What stands for "@korean": what the standing index was made with, else the
 * first of nori (a plug-in), cjk and standard that the engine knows. *name
 * is static or borrowed from state. Returns 0 or -1 with err.
 */
int index_choose_analyzer(const struct index_state *state,
    const struct endpoint *e, const struct dataset *ds, const char **name,
    struct error *err) MUST_CHECK;

#endif
