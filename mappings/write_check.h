/*
 * May records of a dataset be written where its writes go now? The bridge asks
 * so at its start.
 */
#ifndef NARU_MAPPINGS_WRITE_CHECK_H
#define NARU_MAPPINGS_WRITE_CHECK_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"
#include "mappings/plan_line.h"

/*
 * write_check_read(lines, e, engine, ds, type, err):
 * The index that takes the writes of ds, of whatever version it is (behind
 * its write alias; of a family all members), compared with ds: as
 * drift_read_indices, whose lines these are. A dataset ahead of its index, or
 * behind it, so contradicts only where fields do. No alias, no index: no lines.
 * Returns 0, or -1 with err when it cannot be found out.
 */
int write_check_read(struct plan_lines *lines, const struct endpoint *e,
    const struct engine *engine, const struct dataset *ds, const char *type,
    struct error *err) MUST_CHECK;

#endif
