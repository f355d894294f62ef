/*
 * struct csv_reader: the rows of one CSV file, plain or packed, one at a time.
 *
 * The format is RFC 4180 read strictly: comma, double quotes, a quote inside a
 * quoted field doubled; spaces belong to their field. LF, CRLF and CR end a
 * row; blank lines are passed over; a byte order mark is skipped. The first row
 * is the header, and each row must have as many fields. The header is checked
 * to be UTF-8; the fields are as they stand (or as they were converted).
 *
 * Every error begins with "FILE:LINE: " or "FILE: ". Lines are the file's
 * physical lines from 1; line breaks inside quotes count.
 */
#ifndef NARU_REPLAY_CSV_READER_H
#define NARU_REPLAY_CSV_READER_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "replay/text_decoder.h"

#include <stddef.h>
#include <stdint.h>

#define CSV_READER_FIELD_MAX_BYTES ((size_t)1 << 20) /* one more, unquoted */
#define CSV_READER_ROW_MAX_BYTES ((size_t)16 << 20)

enum csv_reader_result {
    CSV_READER_ROW,     /* a row was read */
    CSV_READER_END,     /* there are no more */
    CSV_READER_BAD_ROW, /* this row is unusable; reading on is possible */
    CSV_READER_FAILED   /* the file is unusable from here on */
};

struct csv_row {
    struct slice *fields; /* as many as the header has; may be changed */
    int64_t line;         /* where the row starts */
};

struct csv_options {
    enum text_encoding encoding;
    size_t chunk_bytes; /* read at once; 0 chooses. Rows do not depend on it */
};

struct csv_reader; /* opaque */

/*
 * csv_reader_open(path, options, err):
 * Open path ("-": standard input) and read its header. NULL with err if there
 * is no such file, or no header in it.
 */
struct csv_reader *csv_reader_open(const char *path,
    const struct csv_options *options, struct error *err) MUST_CHECK;
void csv_reader_free(struct csv_reader *r);

/* csv_name_of(path): What to call it in messages: path itself, or for "-"
 * "standard input". */
const char *csv_name_of(const char *path);

/*
 * csv_reader_place(r, size):
 * How much of the file, as it lies there, was read; its length into *size, or
 * -1 when that is not known.
 */
int64_t csv_reader_place(const struct csv_reader *r, int64_t *size);

/* The header's fields; they live as long as r. */
size_t csv_reader_column_count(const struct csv_reader *r);
const struct slice *csv_reader_header(const struct csv_reader *r);

/*
 * csv_reader_next(r, row, err):
 * Read the next row. Its fields are valid until the next call. A bad row has a
 * wrong number of fields or broken quoting; in the second case what follows
 * is read from the next physical line on. After END or FAILED the answer
 * stays the same. Allocates only to grow its buffers.
 */
enum csv_reader_result csv_reader_next(
    struct csv_reader *r, struct csv_row *row, struct error *err) MUST_CHECK;

#endif
