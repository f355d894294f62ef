/* CSV rows, lines and errors, whatever the borders of the chunks. */
#include "replay/csv_reader.h"

#include "common/buf.h"

#include "tests/unit/failing_memory.h"
#include "tests/unit/scratch_file.h"

#include <zlib.h>
#include <zstd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/*
 * All of a file as one text: rows as "line:field|field\n", bad rows and the
 * end as "!message\n", with the path left out.
 */
static void read_as(const char *path, enum text_encoding encoding,
    size_t chunk_bytes, struct buf *out)
{
    const struct csv_options options = {encoding, chunk_bytes};
    struct error err;
    struct csv_reader *r = csv_reader_open(path, &options, &err);
    enum csv_reader_result result;
    struct csv_row row;

    buf_clear(out);
    if (r == NULL) {
        assert_int_equal(buf_printf(out, "!%s\n", err.text + strlen(path)), 0);
        return;
    }
    while ((result = csv_reader_next(r, &row, &err)) != CSV_READER_END) {
        if (result == CSV_READER_ROW) {
            assert_int_equal(buf_printf(out, "%d:", (int)row.line), 0);
            for (size_t i = 0; i < csv_reader_column_count(r); i++) {
                assert_int_equal(buf_printf(out, "%s%.*s", i > 0 ? "|" : "",
                                     (int)row.fields[i].len, row.fields[i].p),
                    0);
            }
            assert_int_equal(buf_append_char(out, '\n'), 0);
            continue;
        }
        assert_int_equal(buf_printf(out, "!%s\n", err.text + strlen(path)), 0);
        if (result == CSV_READER_FAILED) {
            break;
        }
    }
    csv_reader_free(r);
}

static void read_all(const char *path, size_t chunk_bytes, struct buf *out)
{
    read_as(path, TEXT_AUTO, chunk_bytes, out);
}

static const struct {
    const char *name, *bytes, *rows;
} cases[] = {
    {"plain", "a,b\n1,2\n3,4\n", "2:1|2\n3:3|4\n"},
    {"no last break", "a,b\n1,2", "2:1|2\n"},
    {"no last break behind an empty field", "a,b\n1,", "2:1|\n"},
    {"CRLF", "a,b\r\n1,2\r\n3,4\r\n", "2:1|2\n3:3|4\n"},
    {"CR", "a,b\r1,2\r3,4\r", "2:1|2\n3:3|4\n"},
    {"mixed breaks", "a,b\r1,2\n3,4\r\n5,6", "2:1|2\n3:3|4\n4:5|6\n"},
    {"blank lines", "\n\na,b\n\n1,2\n\r\n\n3,4\n\n", "5:1|2\n8:3|4\n"},
    {"quoted", "\"a\",\"b\"\n\"1\",\"2\"\n", "2:1|2\n"},
    {"doubled quotes", "a,b\n\"x\"\"y\",\"\"\"\"\n", "2:x\"y|\"\n"},
    {"comma in quotes", "a,b\n\"1,2\",\n", "2:1,2|\n"},
    {"breaks in quotes", "a,b\n\"1\n2\r\n3\",4\n5,6\n",
        "2:1\n2\r\n3|4\n5:5|6\n"},
    {"empty fields", "a,b\n,\n\"\",\"\"\n", "2:|\n3:|\n"},
    {"spaces belong", "a,b\n 1 ,\t2 \n\" 3 \",4\n", "2: 1 |\t2 \n3: 3 |4\n"},
    {"byte order mark",
        "\xEF\xBB\xBF"
        "a,b\n1,2\n",
        "2:1|2\n"},
    {"mark before quotes", "\xEF\xBB\xBF\"a\",b\n1,2\n", "2:1|2\n"},
    {"a mark further on is text",
        "a,b\n\xEF\xBB\xBF"
        "1,2\n",
        "2:\xEF\xBB\xBF"
        "1|2\n"},
    {"header alone", "a,b\n", ""},
    {"empty", "", "!: empty: a header line was expected\n"},
    {"only a mark", "\xEF\xBB\xBF", "!: empty: a header line was expected\n"},
    {"only blank lines", "\n\r\n", "!: empty: a header line was expected\n"},
    {"too few fields", "a,b\n1\n2,3\n",
        "!:2: row has 1 field, the header has 2\n3:2|3\n"},
    {"too many fields", "a,b\n\"1\n\",2,3\n4,5\n",
        "!:2: row has 3 fields, the header has 2\n4:4|5\n"},
    {"quote in a bare field", "a,b\n1,x\"y\n3,4\n",
        "!:2: b: broken quoting: a quote inside a field without quotes, or "
        "text after a closing quote\n3:3|4\n"},
    {"text behind a quote, rest of the line passed over",
        "a,b\r\n\"1\"x,2,3\"\r\n4,5\r\n",
        "!:2: a: broken quoting: a quote inside a field without quotes, or "
        "text after a closing quote\n3:4|5\n"},
    {"quote closed by a later line", "a,b\n1,\"2\n3,\"4\"\n5,6\n",
        "!:2: b: broken quoting on line 3; is the quote opened on line 2 not "
        "closed?\n4:5|6\n"},
    {"quote never closed", "a,b\n1,2\n3,\"4\n5,6\n",
        "2:1|2\n!:3: b: a quote is opened and never closed: the row runs to "
        "the end of the file\n"},
};

static void rows_do_not_depend_on_the_chunks(void **state)
{
    struct buf got;

    (void)state;
    buf_init(&got, 1 << 16);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct scratch_file f;
        size_t n = strlen(cases[i].bytes);

        scratch_file_write(&f, cases[i].bytes, n);
        for (size_t chunk = 1; chunk <= n + 4; chunk++) {
            read_all(f.path, chunk, &got);
            if (strcmp(buf_str(&got), cases[i].rows) != 0) {
                scratch_file_remove(&f);
                fail_msg("%s, chunks of %zu:\n%s\nwanted:\n%s", cases[i].name,
                    chunk, buf_str(&got), cases[i].rows);
            }
        }
        scratch_file_remove(&f);
    }
    buf_fini(&got);
}

/* text as gzip, into packed; the length of it. */
static size_t pack(const char *text, unsigned char *packed, size_t size)
{
    z_stream z;

    memset(&z, 0, sizeof(z));
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, 0), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)text;
    z.avail_in = (unsigned)strlen(text);
    z.next_out = packed;
    z.avail_out = (unsigned)size;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    (void)deflateEnd(&z);
    return (size_t)z.total_out;
}

static void gzip_is_known_by_content_and_must_be_whole(void **state)
{
    static const char text[] = "a,b\n1,2\n3,\"4,\n5\"\n";
    unsigned char packed[256];
    size_t n = pack(text, packed, sizeof(packed));
    struct scratch_file f;
    struct buf got;

    (void)state;
    buf_init(&got, 1 << 16);
    scratch_file_write(&f, (const char *)packed, n);
    read_all(f.path, 0, &got);
    assert_string_equal(buf_str(&got), "2:1|2\n3:3|4,\n5\n");
    scratch_file_remove(&f);
    for (size_t cut = 2; cut < n; cut++) {
        scratch_file_write(&f, (const char *)packed, cut);
        read_all(f.path, 0, &got);
        if (strstr(buf_str(&got), "!: gzip data ends early") == NULL) {
            fail_msg("cut at %zu of %zu: %s", cut, n, buf_str(&got));
        }
        scratch_file_remove(&f);
    }
    packed[n - 5] ^= 1; /* the checksum */
    scratch_file_write(&f, (const char *)packed, n);
    read_all(f.path, 0, &got);
    assert_non_null(strstr(buf_str(&got), "!: damaged gzip data"));
    scratch_file_remove(&f);
    buf_fini(&got);
}

/* How reading ended, and after how many rows; FAILED, too, without a reader. */
static enum csv_reader_result rows_of(const char *path, size_t *rows)
{
    const struct csv_options options = {TEXT_AUTO, 0};
    struct error err;
    struct csv_reader *r = csv_reader_open(path, &options, &err);
    enum csv_reader_result result = CSV_READER_FAILED;
    struct csv_row row;

    *rows = 0;
    while (r != NULL &&
           (result = csv_reader_next(r, &row, &err)) == CSV_READER_ROW) {
        (*rows)++;
    }
    csv_reader_free(r);
    return result;
}

/* A file that finds no memory must not pass for a short one. */
static void a_file_without_memory_has_no_end(void **state)
{
    static const char text[] = "a,b\n1,2\n3,\"4,\n5\"\n\xbb\xef,\xbc\xba\n";
    unsigned char packed[256];
    size_t n_packed = pack(text, packed, sizeof(packed));

    (void)state;
    for (int is_packed = 0; is_packed < 2; is_packed++) {
        enum csv_reader_result result;
        struct scratch_file f;
        unsigned long n = 0;
        bool has_failed;
        size_t rows;

        if (is_packed != 0) {
            scratch_file_write(&f, (const char *)packed, n_packed);
        } else {
            scratch_file_write(&f, text, strlen(text));
        }
        /* Where libcsv asked it gets by with less and reads on. */
        do {
            failing_memory_begin(n++);
            result = rows_of(f.path, &rows);
            has_failed = failing_memory_end();
            assert_true(result == CSV_READER_END
                            ? rows == 3
                            : has_failed && result == CSV_READER_FAILED);
        } while (has_failed);
        assert_int_equal(rows, 3);
        assert_true(n > 5);
        scratch_file_remove(&f);
    }
}

static void zstandard_is_known_by_content_and_must_be_whole(void **state)
{
    static const char text[] = "a,b\n1,2\n3,\"4,\n5\"\n";
    char packed[512];
    size_t n = ZSTD_compress(packed, sizeof(packed), text, 8, 3);
    size_t more = ZSTD_compress(
        packed + n, sizeof(packed) - n, text + 8, strlen(text + 8), 3);
    struct scratch_file f;
    struct buf got;

    (void)state;
    assert_false(ZSTD_isError(n) || ZSTD_isError(more));
    buf_init(&got, 1 << 16);
    scratch_file_write(&f, packed, n + more); /* two frames are one text */
    for (size_t chunk = 1; chunk < 32; chunk++) {
        read_all(f.path, chunk, &got);
        assert_string_equal(buf_str(&got), "2:1|2\n3:3|4,\n5\n");
    }
    scratch_file_remove(&f);
    for (size_t cut = n + 4; cut < n + more; cut++) {
        scratch_file_write(&f, packed, cut);
        read_all(f.path, 0, &got);
        if (strstr(buf_str(&got), "!: Zstandard data ends early") == NULL) {
            fail_msg("cut at %zu of %zu: %s", cut, n, buf_str(&got));
        }
        scratch_file_remove(&f);
    }
    memset(packed + n, 'x', more);
    scratch_file_write(&f, packed, n + more);
    read_all(f.path, 0, &got);
    assert_non_null(strstr(buf_str(&got), "!: damaged Zstandard data"));
    scratch_file_remove(&f);
    buf_fini(&got);
}

static void what_follows_gzip_must_be_gzip(void **state)
{
    unsigned char packed[512];
    size_t n = pack("a,b\n1,2\n", packed, sizeof(packed));
    size_t more = pack("3,4\n", packed + n, sizeof(packed) - n);
    struct scratch_file f;
    struct buf got;

    (void)state;
    buf_init(&got, 1 << 16);
    scratch_file_write(&f, (const char *)packed, n + more);
    read_all(f.path, 0, &got);
    assert_string_equal(buf_str(&got), "2:1|2\n3:3|4\n");
    scratch_file_remove(&f);
    memcpy(packed + n, "3,4\n", 4);
    scratch_file_write(&f, (const char *)packed, n + 4);
    read_all(f.path, 0, &got);
    assert_non_null(strstr(buf_str(&got), "what follows its end is no gzip"));
    scratch_file_remove(&f);
    memset(packed + n, 0, 100); /* a block filled up */
    scratch_file_write(&f, (const char *)packed, n + 100);
    read_all(f.path, 0, &got);
    assert_string_equal(buf_str(&got), "2:1|2\n");
    scratch_file_remove(&f);
    packed[n + 99] = 'x';
    scratch_file_write(&f, (const char *)packed, n + 100);
    read_all(f.path, 0, &got);
    assert_non_null(strstr(buf_str(&got), "what follows its end is no gzip"));
    scratch_file_remove(&f);
    buf_fini(&got);
}

/* "a,b\n나루,x\n" and worse, in other encodings. */
static const struct {
    const char *name;
    enum text_encoding encoding;
    const char *bytes;
    size_t n;
    const char *rows;
} encoded[] = {
#define BYTES(text) (text), sizeof(text) - 1
    {"CP949", TEXT_CP949, BYTES("a,b\n\xB3\xAA\xB7\xE7,x\r\n1,\xC0\xC7\n"),
        "2:나루|x\n3:1|의\n"},
    {"beyond EUC-KR", TEXT_CP949, BYTES("a,b\n\x8C\x63,\x81\x41\n"),
        "2:똠|갂\n"},
    {"CP949 cut in a character", TEXT_CP949, BYTES("a,b\n1,\xB3"),
        "!:2: b: byte 0xB3 is not CP949 text\n"},
    {"no CP949", TEXT_CP949, BYTES("a,b\n1,2\n\xFF\xFF,3\n"),
        "2:1|2\n!:3: a: bytes 0xFF 0xFF are not CP949 text\n"},
    {"UTF-8 with its mark is no CP949", TEXT_CP949,
        BYTES("\xEF\xBB\xBF"
              "a,b\n"),
        "!: begins with the byte order mark of UTF-8, so it is not CP949; "
        "leave --encoding cp949 out\n"},
    {"CP949 as UTF-8", TEXT_AUTO, BYTES("a,\xB3\xAA\n1,2\n"),
        "!:1: column 2 of the header: byte 1, 0xB3, is not UTF-8; is the file "
        "CP949? Then use --encoding cp949\n"},
    {"UTF-16, the little end first", TEXT_AUTO,
        BYTES("\xFF\xFE"
              "a\0,\0b\0\r\0\n\0\x98\xB0,\0x\0"),
        "2:나|x\n"},
    {"UTF-16, the big end first", TEXT_AUTO,
        BYTES("\xFE\xFF\0a\0,\0b\0\n\xB0\x98\0,\0x\0\n"), "2:나|x\n"},
#undef BYTES
};

static void other_encodings_become_utf8_whatever_the_chunks(void **state)
{
    struct buf got;

    (void)state;
    buf_init(&got, 1 << 16);
    for (size_t i = 0; i < COUNT_OF(encoded); i++) {
        struct scratch_file f;

        scratch_file_write(&f, encoded[i].bytes, encoded[i].n);
        for (size_t chunk = 1; chunk <= encoded[i].n + 4; chunk++) {
            read_as(f.path, encoded[i].encoding, chunk, &got);
            if (strcmp(buf_str(&got), encoded[i].rows) != 0) {
                scratch_file_remove(&f);
                fail_msg("%s, chunks of %zu:\n%s\nwanted:\n%s", encoded[i].name,
                    chunk, buf_str(&got), encoded[i].rows);
            }
        }
        scratch_file_remove(&f);
    }
    buf_fini(&got);
}

/* Longer than any buffer inside, so that characters fall on all borders. */
static void long_korean_text_is_converted_whole(void **state)
{
    enum { PAIRS = 40000 };
    char *bytes = malloc(2 * PAIRS + 3);
    struct scratch_file f;
    struct buf got;

    (void)state;
    assert_non_null(bytes);
    memcpy(bytes, "a\nx", 3);
    for (size_t i = 0; i < PAIRS; i++) {
        memcpy(bytes + 3 + 2 * i, "\xB3\xAA", 2);
    }
    buf_init(&got, 1 << 20);
    scratch_file_write(&f, bytes, 2 * PAIRS + 3);
    read_as(f.path, TEXT_CP949, 0, &got);
    assert_int_equal(got.len_bytes, strlen("2:x\n") + 3 * PAIRS);
    for (size_t i = 0; i < PAIRS; i++) {
        assert_memory_equal(got.data + 3 + 3 * i, "나", 3);
    }
    scratch_file_remove(&f);
    buf_fini(&got);
    free(bytes);
}

static void a_nul_byte_is_refused_with_its_line(void **state)
{
    static const char bytes[] = "a,b\n1,2\n3,\0\n";
    struct scratch_file f;
    struct buf got;

    (void)state;
    buf_init(&got, 1 << 16);
    scratch_file_write(&f, bytes, sizeof(bytes) - 1);
    read_all(f.path, 0, &got);
    assert_memory_equal(buf_str(&got), "2:1|2\n!:3: a NUL byte", 21);
    scratch_file_remove(&f);
    buf_fini(&got);
}

/* A file of one row whose field has n bytes. */
static void write_long_field(struct scratch_file *f, size_t n)
{
    char *bytes = malloc(n + 8);

    assert_non_null(bytes);
    memcpy(bytes, "a\n\"", 3);
    memset(bytes + 3, 'x', n);
    memcpy(bytes + 3 + n, "\"\n", 2);
    scratch_file_write(f, bytes, n + 5);
    free(bytes);
}

static void a_field_may_have_a_mebibyte_and_not_more(void **state)
{
    struct scratch_file f;
    struct buf got;

    (void)state;
    buf_init(&got, CSV_READER_FIELD_MAX_BYTES * 2);
    write_long_field(&f, CSV_READER_FIELD_MAX_BYTES);
    read_all(f.path, 0, &got);
    assert_int_equal(got.len_bytes, CSV_READER_FIELD_MAX_BYTES + 3);
    scratch_file_remove(&f);
    write_long_field(&f, CSV_READER_FIELD_MAX_BYTES + 1);
    read_all(f.path, 0, &got);
    assert_string_equal(buf_str(&got),
        "!:2: a: a field larger than 1 MiB; is a quote not closed?\n");
    scratch_file_remove(&f);
    buf_fini(&got);
}

static void what_is_no_file_says_so(void **state)
{
    const struct csv_options options = {TEXT_AUTO, 0};
    struct error err;

    (void)state;
    assert_null(csv_reader_open("/tmp/naru-none/x.csv", &options, &err));
    assert_string_equal(
        err.text, "/tmp/naru-none/x.csv: there is no such file");
    assert_null(csv_reader_open("/tmp", &options, &err));
    assert_non_null(strstr(err.text, "/tmp: is a directory"));
}

static void a_reader_that_failed_stays_failed(void **state)
{
    const struct csv_options options = {TEXT_AUTO, 0};
    struct scratch_file f;
    struct csv_reader *r;
    struct csv_row row;
    struct error err;

    (void)state;
    scratch_file_write(&f, "a\n\"x", 4);
    r = csv_reader_open(f.path, &options, &err);
    assert_non_null(r);
    assert_int_equal(csv_reader_next(r, &row, &err), CSV_READER_FAILED);
    assert_int_equal(csv_reader_next(r, &row, &err), CSV_READER_FAILED);
    csv_reader_free(r);
    scratch_file_remove(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_do_not_depend_on_the_chunks),
        cmocka_unit_test(gzip_is_known_by_content_and_must_be_whole),
        cmocka_unit_test(a_file_without_memory_has_no_end),
        cmocka_unit_test(zstandard_is_known_by_content_and_must_be_whole),
        cmocka_unit_test(what_follows_gzip_must_be_gzip),
        cmocka_unit_test(other_encodings_become_utf8_whatever_the_chunks),
        cmocka_unit_test(long_korean_text_is_converted_whole),
        cmocka_unit_test(a_nul_byte_is_refused_with_its_line),
        cmocka_unit_test(a_field_may_have_a_mebibyte_and_not_more),
        cmocka_unit_test(what_is_no_file_says_so),
        cmocka_unit_test(a_reader_that_failed_stays_failed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
