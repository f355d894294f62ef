/*
 * What SQL tools (Tableau through either product's SQL, and Kibana's field
 * lists, which resolve fields the same way) stumble over in a dataset and in
 * the index that stands.
 */
#ifndef NARU_MAPPINGS_SQL_LINT_H
#define NARU_MAPPINGS_SQL_LINT_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/plan_line.h"

#include <jansson.h>

/*
 * sql_lint_dataset(lines, ds, err):
 * Offline, a PLAN_SQL line a finding, with the column as its path: nested
 * fields, text without a keyword beside it, normalized keywords, float,
 * unsigned_long, several date formats in one field, fields that cannot be
 * aggregated, an alias that SQL must quote, fields left to guessing. Pure.
 * Returns 0 or -1 with err.
 */
int sql_lint_dataset(struct plan_lines *lines, const struct dataset *ds,
    struct error *err) MUST_CHECK;

/*
 * sql_lint_engine(lines, e, ds, err):
 * The same of what stands behind the alias, by _field_caps: one type a field,
 * aggregatable. Nothing stands: no lines. One request. Returns 0 or -1.
 */
int sql_lint_engine(struct plan_lines *lines, const struct endpoint *e,
    const struct dataset *ds, struct error *err) MUST_CHECK;

/* sql_lint_field_caps(lines, ds, caps): The pure part: caps is the answer. */
void sql_lint_field_caps(
    struct plan_lines *lines, const struct dataset *ds, const json_t *caps);

#endif
