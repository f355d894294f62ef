/*
 * struct row_sort: rows put in order of event time, then of file, then of
 * line, however many: what memory does not hold goes to one unlinked file in
 * $TMPDIR (else /tmp), in sorted runs, and is merged from there.
 */
#ifndef NARU_REPLAY_ROW_SORT_H
#define NARU_REPLAY_ROW_SORT_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

#include <stddef.h>
#include <stdint.h>

#define ROW_SORT_MEMORY_BYTES ((size_t)24 << 20)

struct sorted_row {
    int64_t event_ms;
    int64_t line;
    uint32_t file;
    uint32_t n_fields;
    struct slice *fields; /* valid until the next call */
};

struct row_sort; /* opaque */

/*
 * row_sort_new(memory_bytes): An empty one that holds about so many bytes of
 * rows in memory. NULL without memory.
 */
struct row_sort *row_sort_new(size_t memory_bytes) MUST_CHECK;
void row_sort_free(struct row_sort *s);

/*
 * row_sort_add(s, row, err):
 * Take a copy of row. Returns 0, or -1 with err: no room on the disk, or a row
 * larger than all of the memory.
 */
int row_sort_add(struct row_sort *s, const struct sorted_row *row,
    struct error *err) MUST_CHECK;

/* row_sort_start(s, err): All rows were added, or: begin again. 0 or -1. */
int row_sort_start(struct row_sort *s, struct error *err) MUST_CHECK;

/* row_sort_next(s, row, err): The next row: 1, 0 at the end, -1 with err. */
int row_sort_next(
    struct row_sort *s, struct sorted_row *row, struct error *err) MUST_CHECK;

#endif
