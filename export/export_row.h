/*
 * struct export_row: a document as a row of CSV: the columns that were chosen,
 * each value's own text. Pure; no value is rounded or written anew.
 *
 *   a string          its text
 *   a number          as it stands in the document: 78600.0, 7.86e4
 *   null, no field    nothing
 *   anything else     its JSON
 */
#ifndef NARU_EXPORT_EXPORT_ROW_H
#define NARU_EXPORT_EXPORT_ROW_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "replay/column_map.h"
#include "replay/where.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define EXPORT_ROW_MAX_BYTES ((size_t)1 << 30)
#define EXPORT_LEFT_NAMES 8 /* of fields not exported, kept for the account */
#define EXPORT_LEFT_NAME_BYTES 64

struct export_left {
    char name[EXPORT_LEFT_NAME_BYTES]; /* cut when longer */
    uint64_t documents;
};

struct export_row {
    const struct dataset *dataset; /* borrowed */
    const size_t *columns;         /* the order they are written in; borrowed */
    size_t n_columns;
    const char *line_end;

    struct column_map map; /* of all the dataset's columns, for conditions */
    char **labels;         /* "$Close", as marked JSON has it; owned */
    struct slice *fields;  /* of the document at hand, by dataset column */
    struct buf *others;    /* where its JSON values lie */
    bool *chosen;

    bool counts_left; /* fields of documents that are no chosen column */
    struct export_left left[EXPORT_LEFT_NAMES];
    size_t n_left;
};

/*
 * export_row_init(r, dataset, columns, n, line_end, err):
 * dataset, columns (indices of the dataset's) and line_end are borrowed until
 * export_row_fini, which is safe after failure, too. Returns 0, or -1.
 */
int export_row_init(struct export_row *r, const struct dataset *dataset,
    const size_t *columns, size_t n, const char *line_end,
    struct error *err) MUST_CHECK;
void export_row_fini(struct export_row *r);

/* export_row_header(r, out): Append the row of names. 0, or -1: out is full. */
int export_row_header(const struct export_row *r, struct buf *out) MUST_CHECK;

/*
 * export_row_take(r, source):
 * Take the fields of a document (an object of marked JSON, borrowed until the
 * next call). Returns 0, or -1 without memory.
 */
int export_row_take(struct export_row *r, json_t *source) MUST_CHECK;

/* export_row_write(r, out): Append what was taken. 0, or -1: out is full. */
int export_row_write(const struct export_row *r, struct buf *out) MUST_CHECK;

/*
 * export_row_holds(r, where, err): Is the condition true of what was taken? 1,
 * 0, or -1 with err: "COLUMN: why".
 */
int export_row_holds(const struct export_row *r, const struct where *where,
    struct error *err) MUST_CHECK;

/* export_row_field(r, column): A dataset column's text; valid as source is. */
struct slice export_row_field(const struct export_row *r, size_t column);

#endif
