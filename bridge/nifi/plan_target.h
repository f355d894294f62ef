/* Where documents go: index, type, operation and id of a writer. */
#ifndef NARU_BRIDGE_NIFI_PLAN_TARGET_H
#define NARU_BRIDGE_NIFI_PLAN_TARGET_H

#include "bridge/nifi/plan_build.h"

struct plan_target {
    struct plan_value index, type, op, id; /* id: an attribute's name */
    bool id_is_path;                       /* ... or a record path */
};

/* plan_set_target(p, t): Into [bridge], with a step where expressions are to
 * be evaluated. */
void plan_set_target(struct plan *p, const struct plan_target *t);

#endif
