/* Any bytes as a CSV file: rows and errors must not depend on how many bytes
 * are read at once, lines must never fall, and nothing may break. */
#include "replay/csv_reader.h"

#include "common/fnv.h"
#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct summary {
    uint64_t hash; /* of all rows, lines and errors */
    int64_t rows;
};

/* "a","bc" is not "ab","c". */
static void add(struct summary *s, const void *p, size_t n)
{
    s->hash = s->hash * 31 + fnv_hash((struct slice){p, n}) + n;
}

static void add_row(
    struct summary *s, const struct csv_row *row, size_t columns)
{
    s->rows++;
    add(s, &row->line, sizeof(row->line));
    for (size_t i = 0; i < columns; i++) {
        add(s, row->fields[i].p, row->fields[i].len);
    }
}

static void read_rows(
    struct csv_reader *r, struct summary *s, struct error *err)
{
    int64_t line = 0;
    struct csv_row row;

    for (;;) {
        enum csv_reader_result result = csv_reader_next(r, &row, err);

        if (result == CSV_READER_END) {
            return;
        }
        if (result == CSV_READER_ROW) {
            if (row.line <= line) {
                abort();
            }
            line = row.line;
            add_row(s, &row, csv_reader_column_count(r));
            continue;
        }
        add(s, err->text, strlen(err->text));
        if (result == CSV_READER_FAILED) {
            return;
        }
    }
}

static struct summary read_file(
    const char *path, enum text_encoding encoding, size_t chunk_bytes)
{
    const struct csv_options options = {encoding, chunk_bytes};
    struct summary s = {.hash = 0};
    struct error err;
    struct csv_reader *r = csv_reader_open(path, &options, &err);

    if (r == NULL) {
        add(&s, err.text, strlen(err.text));
        return s;
    }
    read_rows(r, &s, &err);
    csv_reader_free(r);
    return s;
}

/* How much libzstd gives before damage depends on how much it is asked for. */
static bool is_zstd(const uint8_t *p, size_t n)
{
    return n >= 4 && ((p[0] & 0xF0) == 0x50 || p[0] == 0x28);
}

/* The first byte says how to read what follows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum text_encoding encodings[] = {
        TEXT_AUTO, TEXT_UTF8, TEXT_CP949};
    static int fd = -1;
    static char path[64];
    enum text_encoding encoding;
    struct summary whole, pieces;

    if (size == 0) {
        return 0;
    }
    if (fd < 0) {
        fd = memfd_create("fuzz_csv", MFD_CLOEXEC);
        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    }
    if (fd < 0 || ftruncate(fd, 0) != 0 ||
        pwrite(fd, data + 1, size - 1, 0) != (ssize_t)(size - 1)) {
        abort();
    }
    encoding = encodings[data[0] % 3];
    whole = read_file(path, encoding, 0);
    pieces = read_file(path, encoding, 1 + data[0] / 3);
    if (!is_zstd(data + 1, size - 1) && whole.hash != pieces.hash) {
        abort();
    }
    return 0;
}
