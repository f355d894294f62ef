/*
 * Records held against a dataset's mapping before any is sent: those of a
 * topic, or those that naru replay would make of a CSV file. Nothing is
 * written, and no engine is asked.
 *
 * Each record is looked at as it goes its way: a CSV row by replay's encoder,
 * the record by the bridge's (id, index, version), the document by the rules of
 * the mapping.
 */
#ifndef NARU_PREFLIGHT_PREFLIGHT_JOB_H
#define NARU_PREFLIGHT_PREFLIGHT_JOB_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "common/progress.h"
#include "mappings/dataset.h"
#include "preflight/mapping_rules.h"
#include "preflight/name_list.h"
#include "preflight/refusals.h"

#include <stdbool.h>
#include <stdint.h>

struct preflight_plan {
    const struct config *config; /* [bridge] for id, index and version, [kafka];
                                  * borrowed, as all here */
    const struct dataset *dataset;
    const char *csv;           /* a file, "-": standard input; or NULL */
    const char *topic;         /* then a topic */
    int64_t most;              /* records looked at; 0: all */
    struct progress *progress; /* NULL: show none */
};

struct preflight_result {
    struct mapping_rules rules;
    struct refusals refusals;
    uint64_t skipped;            /* tombstones, which become no document */
    bool all;                    /* the end was reached, not plan's most */
    struct name_list new_fields; /* that the mapping would gain */
};

/*
 * preflight_job_run(plan, result, err):
 * Returns 0 when the records were looked at, whatever was found; -1 with err.
 * preflight_result_fini is due after both.
 */
int preflight_job_run(const struct preflight_plan *plan,
    struct preflight_result *result, struct error *err) MUST_CHECK;
void preflight_result_fini(struct preflight_result *result);

/* preflight_result_missing(r): By how many fields the mapping would be over its
 * limit with those that the records bring; 0: they fit. */
size_t preflight_result_missing(const struct preflight_result *r);

#endif
