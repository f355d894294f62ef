/*
 * struct row_source: the rows of several CSV files as one stream in event-time
 * order, and the choice of which rows leave. Rows of equal time come in the
 * order of the files on the command line, then of their lines, so that the
 * same input gives the same stream. Each file must itself be in order, unless
 * all rows are sorted.
 */
#ifndef NARU_REPLAY_ROW_SOURCE_H
#define NARU_REPLAY_ROW_SOURCE_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "mappings/dataset.h"
#include "replay/column_map.h"
#include "replay/row_choice.h"
#include "replay/source_file.h"
#include "replay/text_decoder.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is read; all of it is borrowed for as long as it is read. */
struct row_input {
    char *const *paths;
    size_t n_paths; /* 1 and up */
    const struct dataset *dataset;
    struct column_choices columns;
    struct row_choice choice;
    enum text_encoding encoding;
    bool sort;                         /* else files out of order fail */
    size_t sort_bytes;                 /* in memory; 0 chooses */
    const volatile sig_atomic_t *stop; /* not 0 ends sorting; may be NULL */
};

struct source_row {
    const struct column_map *map;
    const struct slice *fields; /* valid until the next row_source_next */
    const char *path;
    int64_t line;
    int64_t event_ms;
};

struct row_source; /* opaque */

/*
 * row_source_open(input, err):
 * Open all files and bind their headers. *input is copied. NULL with err,
 * which names the file. A file of a header alone is fine.
 */
struct row_source *row_source_open(
    const struct row_input *input, struct error *err) MUST_CHECK;
void row_source_free(struct row_source *s);

/*
 * row_source_next(s, row, err):
 * The next row that is chosen. Bad rows and failures come in the place they
 * have in the stream (when sorting: all before the first row), with err
 * "FILE:LINE: COLUMN: why". Of a row that is left out only the columns that
 * decide it are looked at. Sorting reads everything in the first call.
 */
enum row_source_result row_source_next(
    struct row_source *s, struct source_row *row, struct error *err) MUST_CHECK;

/*
 * row_source_rewind(s, err):
 * After the end, begin again with the first row. Standard input cannot. 0, or
 * -1 with err.
 */
int row_source_rewind(struct row_source *s, struct error *err) MUST_CHECK;

/* row_source_left_out(s, why): How many rows were left out for that. */
int64_t row_source_left_out(const struct row_source *s, enum row_left_out why);

/*
 * row_source_share(s): How much of all files was read, 0 to 1, by their bytes;
 * below 0 when that is not known.
 */
double row_source_share(const struct row_source *s);

#endif
