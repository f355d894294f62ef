/* What a preflight found, as a table for people and as JSON. */
#ifndef NARU_PREFLIGHT_PREFLIGHT_REPORT_H
#define NARU_PREFLIGHT_PREFLIGHT_REPORT_H

#include "common/attr.h"
#include "preflight/preflight_job.h"

#include <stdio.h>

/* preflight_report_print(plan, r, to): Table and closing sentence. */
void preflight_report_print(const struct preflight_plan *plan,
    const struct preflight_result *r, FILE *to);

/*
 * preflight_report_json(plan, r, to):
 * The same as one JSON object. Returns 0, or -1: out of memory, not written.
 */
int preflight_report_json(const struct preflight_plan *plan,
    const struct preflight_result *r, FILE *to) MUST_CHECK;

#endif
