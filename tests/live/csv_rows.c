/*
 * csv_rows FILE ENCODING: the rows of a CSV as replay/csv_reader sees them, an
 * array of JSON strings a line, the header too; errors as a string. They are
 * read once for each chunk size from 1 byte to the file's length (or 600), and
 * must be the same: else "chunks of N differ" and exit code 1.
 */
#include "common/json_write.h"
#include "replay/csv_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define OUTPUT_MAX_BYTES ((size_t)64 << 20)
#define MOST_CHUNK 600

static void put(struct buf *out, const struct slice *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (buf_append_char(out, i == 0 ? '[' : ',') != 0 ||
            json_write_string(out, fields[i]) != 0) {
            abort();
        }
    }
    if (buf_append_str(out, "]\n") != 0) {
        abort();
    }
}

static void put_error(struct buf *out, const struct error *err)
{
    if (json_write_string(out, slice_of(err->text)) != 0 ||
        buf_append_char(out, '\n') != 0) {
        abort();
    }
}

static void read_all(
    const char *path, const struct csv_options *options, struct buf *out)
{
    enum csv_reader_result result;
    struct csv_row row;
    struct error err;
    struct csv_reader *r = csv_reader_open(path, options, &err);

    buf_clear(out);
    if (r == NULL) {
        put_error(out, &err);
        return;
    }
    put(out, csv_reader_header(r), csv_reader_column_count(r));
    while ((result = csv_reader_next(r, &row, &err)) != CSV_READER_END) {
        if (result == CSV_READER_ROW) {
            put(out, row.fields, csv_reader_column_count(r));
        } else {
            put_error(out, &err);
        }
        if (result == CSV_READER_FAILED) {
            break;
        }
    }
    csv_reader_free(r);
}

int main(int argc, char **argv)
{
    struct csv_options options = {TEXT_AUTO, 0};
    struct buf whole, chunked;
    struct stat st;
    struct error err;
    int code = 0;

    if (argc != 3 || stat(argv[1], &st) != 0 ||
        text_encoding_parse(argv[2], &options.encoding, &err) != 0) {
        (void)fprintf(stderr, "usage: csv_rows FILE auto|utf-8|cp949\n");
        return 2;
    }
    buf_init(&whole, OUTPUT_MAX_BYTES);
    buf_init(&chunked, OUTPUT_MAX_BYTES);
    read_all(argv[1], &options, &whole);
    (void)fputs(buf_str(&whole), stdout);
    while (++options.chunk_bytes <= (size_t)st.st_size &&
           options.chunk_bytes <= MOST_CHUNK) {
        read_all(argv[1], &options, &chunked);
        if (strcmp(buf_str(&whole), buf_str(&chunked)) != 0) {
            (void)printf("chunks of %zu differ:\n%s", options.chunk_bytes,
                buf_str(&chunked));
            code = 1;
            break;
        }
    }
    buf_fini(&whole);
    buf_fini(&chunked);
    return code;
}
