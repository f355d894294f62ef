/*
 * Putting a dataset's template, index and alias in place: what stands is read,
 * a plan is made (index_plan.h) and carried out.
 */
#ifndef NARU_MAPPINGS_APPLY_H
#define NARU_MAPPINGS_APPLY_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"

/* One line for a person, without a newline: "index marcap-v1 created". */
typedef void (*mappings_report_fn)(const char *line, void *arg);

/*
 * mappings_apply(e, ds, report, arg, err):
 * Bring the engine to what ds wants; a second call changes nothing. Blocks
 * for a handful of requests. report may be NULL; it runs, with arg, once a
 * step: after a change was made, or for what needs none ("... unchanged"), and
 * again for those when another applier at the same time made us look again.
 * Returns 0, or -1 with err: the engine does not answer or is refused by
 * engine_probe; something of another owner is in the way (nothing is changed
 * then); the engine refuses a change, which needs a new index.
 */
int mappings_apply(const struct endpoint *e, const struct dataset *ds,
    mappings_report_fn report, void *arg, struct error *err) MUST_CHECK;

#endif
