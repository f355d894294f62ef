/*
 * CSV rows out of a byte source; see csv_reader.h. The only user of libcsv.
 *
 * libcsv is handed one physical line at a time (or the part of it that is in
 * the chunk), so at most one row ends in a call: rows can be pulled rather
 * than pushed, and the line number is known without asking the parser. It
 * calls back for each field; the fields of a row gather in one buffer. Lines of
 * the simple kind, which most are, it never sees (csv_line.h).
 */
#include "replay/csv_reader.h"

#include "common/buf.h"
#include "common/utf8.h"
#include "replay/csv_line.h"
#include "replay/text_lines.h"

#include <csv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FIELD_BLOCK_BYTES ((size_t)64 * 1024)

struct csv_reader {
    char *path;
    struct text_lines lines;
    struct csv_parser parser;
    bool parser_made;

    int64_t nul_line; /* where a NUL byte comes next, 0: none */
    int64_t row_line; /* where the row being read starts */
    bool in_row;
    bool row_ended;
    bool skipping; /* to the next line, after broken quoting */
    bool over;     /* the end was reached */
    bool failed;

    struct buf text;      /* the row's fields, end to end */
    size_t *field_end;    /* in text */
    struct slice *fields; /* made when the row has ended */
    size_t n_fields, cap_fields;
    bool no_room; /* a callback found none */

    struct slice *header;
    char *header_text;
    size_t n_columns;
};

/* Beside the field, libcsv keeps its closing quote and room for one byte. */
#define PARSER_MAX_BYTES (CSV_READER_FIELD_MAX_BYTES + 2)

/*
 * libcsv grows its buffer through this and knows no ceiling of its own. A
 * refusal makes it ask for less until nothing is left, so it ends up with
 * exactly the ceiling.
 */
static void *grow_field(void *p, size_t bytes)
{
    return bytes > PARSER_MAX_BYTES ? NULL : realloc(p, bytes);
}

/* Spaces belong to their field: libcsv must not trim them. */
static int never_space(unsigned char c)
{
    (void)c;
    return 0;
}

static int make_parser(struct csv_reader *r)
{
    if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return -1;
    }
    csv_set_realloc_func(&r->parser, grow_field);
    csv_set_space_func(&r->parser, never_space);
    csv_set_blk_size(&r->parser, FIELD_BLOCK_BYTES);
    r->parser_made = true;
    return 0;
}

static int grow_fields(struct csv_reader *r)
{
    size_t cap = r->cap_fields == 0 ? 32 : r->cap_fields * 2;
    size_t *ends = realloc(r->field_end, cap * sizeof(*ends));
    struct slice *fields;

    if (ends == NULL) {
        return -1;
    }
    r->field_end = ends;
    fields = realloc(r->fields, cap * sizeof(*fields));
    if (fields == NULL) {
        return -1;
    }
    r->fields = fields;
    r->cap_fields = cap;
    return 0;
}

static void on_field(void *field, size_t len, void *arg)
{
    struct csv_reader *r = arg;

    if ((r->n_fields == r->cap_fields && grow_fields(r) != 0) ||
        buf_append(&r->text, field, len) != 0) {
        r->no_room = true;
        return;
    }
    r->field_end[r->n_fields++] = r->text.len_bytes;
}

static void on_row(int c, void *arg)
{
    struct csv_reader *r = arg;

    (void)c;
    r->row_ended = true;
}

/* Give the file up; line is 0 when it is not about one. */
static enum csv_reader_result fail(
    struct csv_reader *r, int64_t line, struct error *err)
{
    r->failed = true;
    if (line == 0) {
        (void)error_prefix(err, "%s: ", r->path);
    } else {
        (void)error_prefix(err, "%s:%lld: ", r->path, (long long)line);
    }
    return CSV_READER_FAILED;
}

static void forget_row(struct csv_reader *r)
{
    buf_clear(&r->text);
    r->n_fields = 0;
    r->in_row = false;
    r->row_ended = false;
}

/* The column that the parser stood in, for a message; "" if unknown. */
static const char *column_at(const struct csv_reader *r, char *out, size_t size)
{
    size_t i = r->n_fields;

    out[0] = '\0';
    if (i < r->n_columns) {
        size_t len = r->header[i].len < size - 3 ? r->header[i].len : size - 3;

        memcpy(out, r->header[i].p, len);
        memcpy(out + len, ": ", 3);
    }
    return out;
}

static enum csv_reader_result broken_quoting(
    struct csv_reader *r, const struct text_part *part, struct error *err)
{
    char column[64];
    int64_t row_line = r->row_line;

    csv_free(&r->parser);
    r->parser_made = false;
    if (make_parser(r) != 0) {
        (void)error_set(err, "out of memory");
        return fail(r, 0, err);
    }
    (void)column_at(r, column, sizeof(column));
    if (part->line == row_line) {
        (void)error_set(err,
            "%s:%lld: %sbroken quoting: a quote inside a field without "
            "quotes, or text after a closing quote",
            r->path, (long long)row_line, column);
    } else {
        (void)error_set(err,
            "%s:%lld: %sbroken quoting on line %lld; is the quote opened on "
            "line %lld not closed?",
            r->path, (long long)row_line, column, (long long)part->line,
            (long long)row_line);
    }
    forget_row(r);
    r->skipping = !part->ends_line;
    return CSV_READER_BAD_ROW;
}

static enum csv_reader_result parser_failed(
    struct csv_reader *r, const struct text_part *part, struct error *err)
{
    char column[64];

    if (csv_error(&r->parser) == CSV_EPARSE) {
        return broken_quoting(r, part, err);
    }
    if (csv_get_buffer_size(&r->parser) >= PARSER_MAX_BYTES) {
        (void)error_set(err,
            "%sa field larger than 1 MiB; is a quote not closed?",
            column_at(r, column, sizeof(column)));
    } else {
        (void)error_set(err, "out of memory");
    }
    return fail(r, r->row_line, err);
}

/* Hand a part of a line, without NUL, to libcsv. ROW means that it went well.
 */
static enum csv_reader_result feed_text(
    struct csv_reader *r, const struct text_part *part, struct error *err)
{
    struct slice bytes = part->bytes;

    if (r->skipping) {
        r->skipping = !part->ends_line;
        return CSV_READER_ROW;
    }
    if (!r->in_row && bytes.p[0] != '\n' && bytes.p[0] != '\r') {
        r->in_row = true;
        r->row_line = part->line;
    }
    if (csv_parse(&r->parser, bytes.p, bytes.len, on_field, on_row, r) !=
        bytes.len) {
        return parser_failed(r, part, err);
    }
    if (r->no_room) {
        (void)error_set(err, "a row larger than 16 MiB, or no memory for it");
        return fail(r, r->row_line, err);
    }
    return CSV_READER_ROW;
}

static enum csv_reader_result fail_at_nul(
    struct csv_reader *r, struct error *err)
{
    (void)error_set(
        err, "a NUL byte: this is no UTF-8 text (is it UTF-16, or packed?)");
    return fail(r, r->nul_line, err);
}

/* What stands before a NUL byte comes first, so that the same is found wrong
 * however many bytes are read at once. */
static enum csv_reader_result feed(
    struct csv_reader *r, const struct text_part *part, struct error *err)
{
    const char *nul = memchr(part->bytes.p, '\0', part->bytes.len);
    struct text_part before = *part;
    enum csv_reader_result result = CSV_READER_ROW;

    if (nul == NULL) {
        return feed_text(r, part, err);
    }
    r->nul_line = part->line;
    before.bytes.len = (size_t)(nul - part->bytes.p);
    before.ends_line = false;
    if (before.bytes.len > 0) {
        result = feed_text(r, &before, err);
    }
    return result == CSV_READER_ROW ? fail_at_nul(r, err) : result;
}

/* The bytes are at their end: the last row may lack its line break. */
static enum csv_reader_result finish(struct csv_reader *r, struct error *err)
{
    char column[64];

    r->over = true;
    if (csv_fini(&r->parser, on_field, on_row, r) != 0) {
        (void)error_set(err,
            "%sa quote is opened and never closed: the row runs to the end "
            "of the file",
            column_at(r, column, sizeof(column)));
        return fail(r, r->row_line, err);
    }
    return r->row_ended ? CSV_READER_ROW : CSV_READER_END;
}

/* The bytes cannot be read on: say where, when a line is to blame. */
static enum csv_reader_result unreadable(
    struct csv_reader *r, struct error *err)
{
    char column[64];

    if (!r->lines.text.bad_text) {
        return fail(r, 0, err);
    }
    (void)error_prefix(err, "%s", column_at(r, column, sizeof(column)));
    return fail(r, r->lines.line, err);
}

/* Cut the text that libcsv has given into its fields. */
static void cut_text(struct csv_reader *r)
{
    size_t start = 0;

    for (size_t i = 0; i < r->n_fields; i++) {
        r->fields[i] =
            (struct slice){r->text.data + start, r->field_end[i] - start};
        start = r->field_end[i];
    }
}

/* Is the part a row by itself, of the simple kind? Then its fields are cut. */
static bool take_simple_row(struct csv_reader *r, const struct text_part *part)
{
    struct slice line = {part->bytes.p, part->bytes.len - 1};

    if (!part->ends_line || r->in_row || r->skipping || line.len == 0 ||
        memchr(line.p, '\0', line.len) != NULL) {
        return false;
    }
    r->n_fields = csv_line_cut(line, r->fields, r->cap_fields);
    r->row_line = part->line;
    return r->n_fields > 0;
}

/* Read until a row has ended; then fields holds it. */
static enum csv_reader_result read_row(struct csv_reader *r, struct error *err)
{
    struct text_part part;
    enum csv_reader_result result;
    int got;

    forget_row(r);
    if (r->nul_line > 0) {
        return fail_at_nul(r, err);
    }
    while (!r->over) {
        got = text_lines_next(&r->lines, &part, err);
        if (got < 0) {
            return unreadable(r, err);
        }
        if (got > 0 && take_simple_row(r, &part)) {
            return CSV_READER_ROW;
        }
        result = got > 0 ? feed(r, &part, err) : finish(r, err);
        if (result != CSV_READER_ROW) {
            return result;
        }
        if (r->row_ended) {
            cut_text(r);
            return CSV_READER_ROW;
        }
    }
    return CSV_READER_END;
}

enum csv_reader_result csv_reader_next(
    struct csv_reader *r, struct csv_row *row, struct error *err)
{
    enum csv_reader_result result;

    if (r->failed) {
        (void)error_set(err, "%s: reading failed before", r->path);
        return CSV_READER_FAILED;
    }
    result = read_row(r, err);
    if (result != CSV_READER_ROW) {
        return result;
    }
    if (r->n_fields != r->n_columns) {
        (void)error_set(err, "%s:%lld: row has %zu field%s, the header has %zu",
            r->path, (long long)r->row_line, r->n_fields,
            r->n_fields == 1 ? "" : "s", r->n_columns);
        return CSV_READER_BAD_ROW;
    }
    row->fields = r->fields;
    row->line = r->row_line;
    return CSV_READER_ROW;
}

/* A header in another encoding would be a list of unknown columns. */
static int check_header(const struct csv_reader *r, struct error *err)
{
    for (size_t i = 0; i < r->n_fields; i++) {
        size_t valid = utf8_valid_bytes(r->fields[i]);

        if (valid != r->fields[i].len) {
            return error_set(err,
                "%s:%lld: column %zu of the header: byte %zu, 0x%02X, is not "
                "UTF-8; is the file CP949? Then use --encoding cp949",
                r->path, (long long)r->row_line, i + 1, valid + 1,
                (unsigned)(unsigned char)r->fields[i].p[valid]);
        }
    }
    return 0;
}

/* Keep the first row's fields in memory of their own. */
static int keep_header(struct csv_reader *r, struct error *err)
{
    size_t bytes = 0;
    char *at;

    for (size_t i = 0; i < r->n_fields; i++) {
        bytes += r->fields[i].len;
    }
    r->header = calloc(r->n_fields, sizeof(*r->header));
    r->header_text = at = malloc(bytes + 1);
    if (r->header == NULL || at == NULL) {
        return error_set(err, "%s: out of memory", r->path);
    }
    for (size_t i = 0; i < r->n_fields; i++) {
        memcpy(at, r->fields[i].p, r->fields[i].len);
        r->header[i] = (struct slice){at, r->fields[i].len};
        at += r->fields[i].len;
    }
    r->n_columns = r->n_fields;
    return 0;
}

static int read_header(struct csv_reader *r, struct error *err)
{
    enum csv_reader_result result = read_row(r, err);

    if (result == CSV_READER_END) {
        return error_set(err, "%s: empty: a header line was expected", r->path);
    }
    return result == CSV_READER_ROW && check_header(r, err) == 0
               ? keep_header(r, err)
               : -1;
}

const char *csv_name_of(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

struct csv_reader *csv_reader_open(
    const char *path, const struct csv_options *options, struct error *err)
{
    const char *name = csv_name_of(path);
    struct byte_source *source = byte_source_open(path, err);
    struct csv_reader *r;

    if (source == NULL) {
        (void)error_prefix(err, "%s: ", name);
        return NULL;
    }
    r = calloc(1, sizeof(*r));
    if (r == NULL) {
        byte_source_free(source);
        goto no_memory;
    }
    if (text_lines_init(
            &r->lines, source, options->encoding, options->chunk_bytes) != 0) {
        goto no_memory;
    }
    buf_init(&r->text, CSV_READER_ROW_MAX_BYTES);
    r->path = strdup(name);
    if (r->path == NULL || buf_reserve(&r->text, 1) != 0 ||
        grow_fields(r) != 0 || make_parser(r) != 0) {
        goto no_memory;
    }
    if (read_header(r, err) != 0) {
        csv_reader_free(r);
        return NULL;
    }
    return r;

no_memory:
    (void)error_set(err, "%s: out of memory", name);
    csv_reader_free(r);
    return NULL;
}

void csv_reader_free(struct csv_reader *r)
{
    if (r == NULL) {
        return;
    }
    text_lines_fini(&r->lines);
    if (r->parser_made) {
        csv_free(&r->parser);
    }
    buf_fini(&r->text);
    free(r->header);
    free(r->header_text);
    free(r->field_end);
    free(r->fields);
    free(r->path);
    free(r);
}

int64_t csv_reader_place(const struct csv_reader *r, int64_t *size)
{
    return byte_source_place(r->lines.text.source, size);
}

size_t csv_reader_column_count(const struct csv_reader *r)
{
    return r->n_columns;
}

const struct slice *csv_reader_header(const struct csv_reader *r)
{
    return r->header;
}
