/* Any bytes as a CSV file: rows and errors must not depend on how many bytes
 * are read at once, lines must never fall, and nothing may break. */
#include "replay/csv_reader.h"

#include "common/fnv.h"
#include "replay/unpack.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* To a hash of all rows, lines and errors; "a","bc" is not "ab","c". */
static void add(uint64_t *hash, const void *p, size_t n)
{
    *hash = *hash * 31 + fnv_hash((struct slice){p, n}) + n;
}

static void add_row(uint64_t *hash, const struct csv_row *row, size_t columns)
{
    add(hash, &row->line, sizeof(row->line));
    for (size_t i = 0; i < columns; i++) {
        add(hash, row->fields[i].p, row->fields[i].len);
    }
}

static void read_rows(struct csv_reader *r, uint64_t *hash, struct error *err)
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
            add_row(hash, &row, csv_reader_column_count(r));
            continue;
        }
        add(hash, err->text, strlen(err->text));
        if (result == CSV_READER_FAILED) {
            return;
        }
    }
}

static uint64_t hash_of_file(
    const char *path, enum text_encoding encoding, size_t chunk_bytes)
{
    const struct csv_options options = {encoding, chunk_bytes};
    uint64_t hash = 0;
    struct error err;
    struct csv_reader *r = csv_reader_open(path, &options, &err);

    if (r == NULL) {
        add(&hash, err.text, strlen(err.text));
        return hash;
    }
    read_rows(r, &hash, &err);
    csv_reader_free(r);
    return hash;
}

/* The first byte says how to read what follows. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum text_encoding encodings[] = {
        TEXT_AUTO, TEXT_UTF8, TEXT_CP949};
    static int fd = -1;
    static char path[64];
    enum text_encoding encoding;
    uint64_t whole, pieces;

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
    whole = hash_of_file(path, encoding, 0);
    pieces = hash_of_file(path, encoding, 1 + data[0] / 3);
    /* How much libzstd gives before damage depends on how much is asked for. */
    if (unpack_kind_of(data + 1, size - 1) != UNPACK_ZSTD && whole != pieces) {
        abort();
    }
    return 0;
}
