/*
 * struct plan_look: one look at the engine, and the plan that follows from it.
 * What plan, apply and check have in common.
 */
#ifndef NARU_MAPPINGS_PLAN_LOOK_H
#define NARU_MAPPINGS_PLAN_LOOK_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"
#include "mappings/index_plan.h"
#include "mappings/index_state.h"
#include "mappings/index_wanted.h"

struct plan_look {
    struct engine engine;
    struct index_state state;
    struct index_wanted wanted;
    struct index_plan plan;
};

/*
 * plan_look_at(look, e, engine, ds, type, err):
 * Read what stands, ask what the engine would make of ds, plan. type is that of
 * bridge.type or NULL; ds and type are borrowed for as long as look lives.
 * Blocks for some ten requests; changes nothing. Returns 0 or -1 with err;
 * plan_look_fini is safe in both cases.
 */
int plan_look_at(struct plan_look *look, const struct endpoint *e,
    const struct engine *engine, const struct dataset *ds, const char *type,
    struct error *err) MUST_CHECK;
void plan_look_fini(struct plan_look *look);

#endif
