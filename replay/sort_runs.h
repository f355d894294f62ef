/*
 * struct sort_runs: sorted runs of rows, one behind the other in an unlinked
 * file, and their merge. For row_sort alone.
 */
#ifndef NARU_REPLAY_SORT_RUNS_H
#define NARU_REPLAY_SORT_RUNS_H

#include "common/attr.h"
#include "common/error.h"

#include <stddef.h>
#include <stdint.h>

/* In front of each row: what it is ordered by, and how long it is. */
struct sort_head {
    int64_t event_ms;
    int64_t line;
    uint32_t file;
    uint32_t bytes; /* of all, this head too; a multiple of 8 */
    uint32_t n_fields;
    uint32_t unused;
};

/* sort_head_compare(a, b): Of the heads at a and b: below 0, 0, above 0. */
int sort_head_compare(const char *a, const char *b);

struct sort_runs; /* opaque */

/* sort_runs_new(err): With a file of its own. NULL with err. */
struct sort_runs *sort_runs_new(struct error *err) MUST_CHECK;
void sort_runs_free(struct sort_runs *s);

/* sort_runs_put(s, row, err): Append a row to the run. 0 or -1 with err. */
int sort_runs_put(
    struct sort_runs *s, const char *row, struct error *err) MUST_CHECK;

/* sort_runs_end_run(s, err): The run is whole; another may follow. */
int sort_runs_end_run(struct sort_runs *s, struct error *err) MUST_CHECK;

/*
 * sort_runs_start(s, memory_bytes, err):
 * Begin the merge, or begin it again, with about so much memory. 0 or -1.
 */
int sort_runs_start(
    struct sort_runs *s, size_t memory_bytes, struct error *err) MUST_CHECK;

/* sort_runs_next(s, row, err): 1 and the next row, valid until the next call;
 * 0 at the end; -1 with err. */
int sort_runs_next(
    struct sort_runs *s, const char **row, struct error *err) MUST_CHECK;

#endif
