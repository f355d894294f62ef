/* An index written out as CSV: opened, read, chosen from, written. */
#ifndef NARU_EXPORT_EXPORT_JOB_H
#define NARU_EXPORT_EXPORT_JOB_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "common/progress.h"
#include "export/export_row.h"
#include "mappings/dataset.h"
#include "replay/row_choice.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

struct export_plan {
    const struct config *config; /* borrowed, as all here */
    const struct dataset *dataset;
    const char *index;               /* or an alias, or a pattern */
    const struct row_choice *choice; /* volume counts for nothing here */
    const char *out;                 /* a file, or "-" */
    bool gzip;
    bool byte_order_mark;
    struct progress *progress;         /* NULL: show none */
    const volatile sig_atomic_t *stop; /* not 0 ends it */
};

struct export_result {
    uint64_t documents; /* read */
    uint64_t rows;      /* written, without the header */
    uint64_t bytes;     /* of the file, packed if it is */
    bool reader_gone;   /* nobody reads standard output any more */
};

/*
 * export_run(plan, row, result, err):
 * Write the documents that plan chooses, in order of event time and then of
 * key, by row (made by the caller, who learns from it which fields were left).
 * The file appears when it is whole, replacing one of its name. Returns 0, or
 * -1 with err; result holds in both cases how far it came.
 */
int export_run(const struct export_plan *plan, struct export_row *row,
    struct export_result *result, struct error *err) MUST_CHECK;

#endif
