/*
 * naru bridge --check: what a bridge with this configuration would find. Looks
 * and asks; changes nothing, joins no group. Each finding is a line:
 *
 *   ok       topic Stock_Data: 6 partitions, 3 replicas
 *   warning  topic Stock_Data: min.insync.replicas is 1: ...
 *   error    index marcap: there is no such index or alias; ...
 *
 * A warning is where "acknowledged" does not mean "durable": the bridge works,
 * and what it commits can still be lost by the servers. An error is what it
 * would stop or wait at.
 */
#ifndef NARU_BRIDGE_PREFLIGHT_H
#define NARU_BRIDGE_PREFLIGHT_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <stdio.h>

enum finding { FINDING_OK, FINDING_WARNING, FINDING_ERROR };
#define FINDING_KINDS 3

struct preflight {
    FILE *out;
    unsigned counts[FINDING_KINDS];
};

/*
 * preflight_run(f, config, err):
 * Check all, a line each to f->out, counting into f->counts (zeroed by the
 * caller). Blocks, for some seconds where servers do not answer. Returns 0; -1
 * with err when the configuration itself is unusable.
 */
int preflight_run(struct preflight *f, const struct config *config,
    struct error *err) MUST_CHECK;

/* preflight_tell(f, kind, subject, fmt, ...): One finding. */
void preflight_tell(struct preflight *f, enum finding kind, const char *subject,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

/* preflight_engine(f, config, err): The part of preflight_run that is about the
 * engine and the indices that would be written to. */
int preflight_engine(struct preflight *f, const struct config *config,
    struct error *err) MUST_CHECK;

#endif
