/* A plan for a person and for a program. */
#ifndef NARU_MAPPINGS_PLAN_REPORT_H
#define NARU_MAPPINGS_PLAN_REPORT_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "mappings/plan_look.h"

#define PLAN_REPORT_MAX_BYTES (16u << 20)

/*
 * plan_report_text(look, arguments, out, err), plan_report_json(look, out,
 * err): Append it to out: a line a difference, its verdict first, then what
 * apply would do, and the fingerprint. arguments are those that apply needs to
 * find the same dataset and engine (" -c naru.conf marcap"). Return 0 or -1
 * with err (out of memory).
 */
int plan_report_text(const struct plan_look *look, const char *arguments,
    struct buf *out, struct error *err) MUST_CHECK;
int plan_report_json(const struct plan_look *look, struct buf *out,
    struct error *err) MUST_CHECK;

/* plan_report_line_json(line): One line as a JSON object; a new reference, or
 * NULL out of memory. */
json_t *plan_report_line_json(const struct plan_line *line) MUST_CHECK;

/*
 * plan_report_exit_code(look):
 * 0 nothing to do, 3 changes are needed, 1 something forbidden is in the way.
 */
int plan_report_exit_code(const struct plan_look *look);

#endif
