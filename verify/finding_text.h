/* The findings' names, and which of an audit's numbers stand in which column.
 */
#ifndef NARU_VERIFY_FINDING_TEXT_H
#define NARU_VERIFY_FINDING_TEXT_H

#include "verify/verify_job.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum source_column { SOURCE_CSV, SOURCE_TOPIC, SOURCE_INDEX, SOURCE_COLUMNS };

struct finding_row {
    const char *name;                /* in the table */
    enum finding in[SOURCE_COLUMNS]; /* FINDING_NONE: does not apply */
};

extern const struct finding_row finding_rows[];
extern const size_t finding_rows_count;

/* finding_title(f): "missing in the index". finding_key(f): for JSON. */
const char *finding_title(enum finding f);
const char *finding_key(enum finding f);

/* finding_has_column(plan, column): Was that source read? */
bool finding_has_column(
    const struct verify_plan *plan, enum source_column column);

/* finding_applies(plan, f): Could f have been found, by what was read? */
bool finding_applies(const struct verify_plan *plan, enum finding f);

#endif
