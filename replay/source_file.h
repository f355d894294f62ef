/*
 * struct source_file: one CSV file as a row source sees it: bound to the
 * dataset, cleaned, with event times, moved from chosen row to chosen row.
 */
#ifndef NARU_REPLAY_SOURCE_FILE_H
#define NARU_REPLAY_SOURCE_FILE_H

#include "common/attr.h"
#include "common/error.h"
#include "replay/column_map.h"
#include "replay/csv_reader.h"
#include "replay/row_choice.h"
#include "replay/row_clean.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SOURCE_TIME_TEXT_BYTES 32

enum row_source_result {
    ROW_SOURCE_ROW,
    ROW_SOURCE_END,
    ROW_SOURCE_BAD_ROW, /* this row is unusable; going on is possible */
    ROW_SOURCE_FAILED   /* a file is unusable */
};

struct source_file {
    const char *path; /* borrowed, as it was named */
    const char *name; /* what to call it in messages */
    size_t place;     /* on the command line */
    struct csv_options csv;
    struct csv_reader *reader; /* NULL once closed */
    struct column_map map;
    struct row_clean clean;
    const struct row_choice *choice; /* borrowed */
    bool any_order;                  /* rows need not be in order of time */

    enum row_source_result head;
    struct csv_row row; /* when head is ROW */
    struct error err;   /* when it is BAD_ROW or FAILED */
    int64_t event_ms;   /* of the head, or of the row before it */
    bool any_time;
    int64_t read_bytes, size_bytes; /* of the file; size -1: unknown */

    char time_text[SOURCE_TIME_TEXT_BYTES]; /* the last, to know it again */
    size_t time_len;
};

/*
 * source_file_open(f, dataset, columns, err):
 * Open f->path and bind its header; path, place, csv, choice and any_order are
 * set, the rest is 0. Returns 0, or -1 with err, which names the file;
 * source_file_fini is due after both.
 */
int source_file_open(struct source_file *f, const struct dataset *dataset,
    const struct column_choices *columns, struct error *err) MUST_CHECK;

/*
 * source_file_reopen(f, err):
 * Go back to the first row. The header must still be the same. 0 or -1.
 */
int source_file_reopen(struct source_file *f, struct error *err) MUST_CHECK;

/* source_file_close(f): Let the file go; map and name stay. */
void source_file_close(struct source_file *f);
void source_file_fini(struct source_file *f);

/*
 * source_file_next(f, left_out):
 * Move on to the next chosen row, or whatever comes before that, and set
 * f->head; rows left out are counted by reason.
 */
void source_file_next(struct source_file *f, int64_t left_out[LEFT_REASONS]);

#endif
