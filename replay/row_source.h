/*
 * struct row_source: the rows of several CSV files as one stream in event-time
 * order, and the choice of which rows leave. Rows of equal time come in the
 * order of the files on the command line, then of their lines, so that the
 * same input gives the same stream. Each file must itself be in order.
 */
#ifndef NARU_REPLAY_ROW_SOURCE_H
#define NARU_REPLAY_ROW_SOURCE_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "mappings/dataset.h"
#include "replay/column_map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ROW_SOURCE_EVER INT64_MAX

struct row_choice {
    int64_t from_ms;  /* event time of the first rows taken; INT64_MIN: all */
    int64_t until_ms; /* and of the first rows no longer taken; ..._EVER */
    int64_t top;      /* rows whose rank is at most this; 0: all */
    bool keep_zero_volume;
};

/* Why a row was left out, in the order in which that is decided. */
enum row_left_out { LEFT_BY_DATE, LEFT_BY_VOLUME, LEFT_BY_RANK, LEFT_REASONS };

struct source_row {
    const struct column_map *map;
    const struct slice *fields; /* valid until the next row_source_next */
    const char *path;
    int64_t line;
    int64_t event_ms;
};

enum row_source_result {
    ROW_SOURCE_ROW,
    ROW_SOURCE_END,
    ROW_SOURCE_BAD_ROW, /* this row is unusable; going on is possible */
    ROW_SOURCE_FAILED   /* a file is unusable */
};

struct row_source; /* opaque */

/*
 * row_source_open(paths, n, dataset, columns, choice, err):
 * Open all n >= 1 files and bind their headers. dataset and what columns
 * points to are borrowed until row_source_free. NULL with err, which names
 * the file. A file of a header alone is fine.
 */
struct row_source *row_source_open(char *const *paths, size_t n,
    const struct dataset *dataset, const struct column_choices *columns,
    const struct row_choice *choice, struct error *err) MUST_CHECK;
void row_source_free(struct row_source *s);

/*
 * row_source_next(s, row, err):
 * The next row that is chosen. Bad rows and failures come in the place they
 * have in the stream, with err "FILE:LINE: COLUMN: why". Of a row that is left
 * out only the columns that decide it are looked at.
 */
enum row_source_result row_source_next(
    struct row_source *s, struct source_row *row, struct error *err) MUST_CHECK;

/* row_source_left_out(s, why): How many rows were left out for that. */
int64_t row_source_left_out(const struct row_source *s, enum row_left_out why);

#endif
