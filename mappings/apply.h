/*
 * Putting a dataset's template, index and aliases in place: what stands is
 * read, a plan is made (index_plan.h) and carried out.
 */
#ifndef NARU_MAPPINGS_APPLY_H
#define NARU_MAPPINGS_APPLY_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"

/* One line for a person, without a newline: "index marcap-v1 created". */
typedef void (*mappings_report_fn)(const char *line, void *arg);

struct mappings_apply_options {
    const char *type; /* bridge.type, or NULL */
    /* Of the plan that was shown (or its first 8 digits and more): any other
     * plan is refused. NULL: whatever is to do now. */
    const char *fingerprint;
    mappings_report_fn report; /* may be NULL */
    void *arg;
};

/*
 * mappings_apply(e, engine, ds, o, err):
 * Bring the engine to what ds wants; a second call changes nothing. Blocks for
 * a dozen requests. report runs once a step: after a change was made, or for
 * what needs none ("... unchanged"), and again for those when another applier
 * at the same time made us look again. Returns 0, or -1 with err: the engine
 * does not answer; something of another owner is in the way or a change needs
 * a new index (nothing is changed then); the cluster is not what the plan was
 * made of.
 */
int mappings_apply(const struct endpoint *e, const struct engine *engine,
    const struct dataset *ds, const struct mappings_apply_options *o,
    struct error *err) MUST_CHECK;

#endif
