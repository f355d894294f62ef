/* One reading of the CSV files: each chosen row with its content. */
#ifndef NARU_VERIFY_CSV_PASS_H
#define NARU_VERIFY_CSV_PASS_H

#include "common/attr.h"
#include "common/error.h"
#include "replay/row_source.h"
#include "verify/content.h"
#include "verify/id_pattern.h"

#include <stdbool.h>

struct csv_choice {
    struct row_input input; /* no paths: there is no CSV */
    bool skip_bad_rows;
};

/* Called for each row; both are valid during the call. Not 0 ends it. */
typedef int (*csv_pass_fn)(void *arg, struct content *content,
    const struct origin *origin, struct error *err);

/*
 * csv_pass_run(choice, each, arg, bad_rows, err):
 * Read all. A bad row is an error with file and line, or counted in *bad_rows
 * when such are skipped. Returns 0, or -1 with err.
 */
int csv_pass_run(const struct csv_choice *choice, csv_pass_fn each, void *arg,
    uint64_t *bad_rows, struct error *err) MUST_CHECK;

#endif
