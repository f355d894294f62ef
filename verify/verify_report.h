/* The result of an audit, as a table with examples for people, and as JSON. */
#ifndef NARU_VERIFY_VERIFY_REPORT_H
#define NARU_VERIFY_VERIFY_REPORT_H

#include "common/attr.h"
#include "common/error.h"
#include "verify/verify_job.h"

#include <stdio.h>

/* verify_report_print(plan, r, to): Table, examples, and a closing sentence. */
void verify_report_print(
    const struct verify_plan *plan, const struct verify_result *r, FILE *to);

/*
 * verify_report_write(plan, r, path, err):
 * The same as one JSON object in a file, which is replaced. 0 or -1 with err.
 */
int verify_report_write(const struct verify_plan *plan,
    const struct verify_result *r, const char *path,
    struct error *err) MUST_CHECK;

#endif
