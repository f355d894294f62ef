/* See flow_file.h. */
#include "bridge/nifi/flow_file.h"

#include "common/buf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#define PIECE_BYTES 65536

static int too_large(struct error *err)
{
    return error_set(err,
        "it is larger than %zu MB; export the one process group that is meant",
        FLOW_FILE_MAX_BYTES >> 20);
}

static int append(struct buf *to, const void *p, size_t n, struct error *err)
{
    if (n > FLOW_FILE_MAX_BYTES - to->len_bytes) {
        return too_large(err);
    }
    return buf_append(to, p, n) == 0 ? 0 : error_set(err, "out of memory");
}

/* All members, one after another, as gzip(1) has it. */
static int inflate_all(z_stream *z, struct buf *to, struct error *err)
{
    unsigned char piece[PIECE_BYTES];
    int rc = Z_OK;

    for (;;) {
        z->next_out = piece;
        z->avail_out = sizeof(piece);
        rc = inflate(z, Z_NO_FLUSH);
        if (append(to, piece, sizeof(piece) - z->avail_out, err) != 0) {
            return -1;
        }
        if (rc == Z_STREAM_END) {
            if (z->avail_in == 0) {
                return 0;
            }
            if (inflateReset(z) != Z_OK) {
                return error_set(err, "out of memory");
            }
        } else if (rc != Z_OK) {
            return error_set(err, "its gzip data is %s",
                rc == Z_BUF_ERROR ? "cut short" : "damaged");
        } else if (z->avail_in == 0 && z->avail_out > 0) {
            return error_set(err, "its gzip data is cut short");
        }
    }
}

static int gunzip(struct slice packed, struct buf *to, struct error *err)
{
    z_stream z = {0};
    int rc;

    memcpy(&z.next_in, &packed.p, sizeof(z.next_in));
    z.avail_in = (uInt)packed.len;
    if (inflateInit2(&z, 15 + 16) != Z_OK) {
        return error_set(err, "out of memory");
    }
    rc = inflate_all(&z, to, err);
    (void)inflateEnd(&z);
    return rc;
}

static struct slice without_space(struct slice s)
{
    if (s.len >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0) {
        (void)slice_take(&s, 3);
    }
    while (s.len > 0 && strchr(" \t\r\n", s.p[0]) != NULL && s.p[0] != '\0') {
        (void)slice_take(&s, 1);
    }
    return s;
}

static int read_text(struct flow *f, struct slice text, struct error *err)
{
    struct slice begin = without_space(text);
    int rc;

    if (begin.len == 0) {
        return error_set(err, "it is empty");
    }
    if (begin.p[0] == '<') {
        rc = flow_xml_read(f, begin, err);
    } else if (begin.p[0] == '{') {
        rc = flow_json_read(f, begin, err);
    } else {
        return error_set(err,
            "it is neither XML nor JSON; naru reads NiFi's templates, "
            "flow.xml(.gz), flow.json(.gz), flow definitions and registry "
            "snapshots");
    }
    return rc == 0 ? flow_link(f, err) : -1;
}

struct flow *flow_from_bytes(struct slice bytes, struct error *err)
{
    struct flow *f = flow_new();
    struct buf plain;
    int rc = 0;

    if (f == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    buf_init(&plain, FLOW_FILE_MAX_BYTES);
    if (bytes.len > FLOW_FILE_MAX_BYTES) {
        rc = too_large(err);
    } else if (bytes.len >= 2 && memcmp(bytes.p, "\x1f\x8b", 2) == 0) {
        rc = gunzip(bytes, &plain, err);
        bytes = buf_slice(&plain);
    }
    if (rc == 0) {
        rc = read_text(f, bytes, err);
    }
    buf_fini(&plain);
    if (rc == 0) {
        return f;
    }
    flow_free(f);
    return NULL;
}

static int read_bytes(FILE *file, struct buf *to, struct error *err)
{
    char piece[PIECE_BYTES];
    size_t n;

    while ((n = fread(piece, 1, sizeof(piece), file)) > 0) {
        if (append(to, piece, n, err) != 0) {
            return -1;
        }
    }
    return ferror(file) == 0 ? 0 : error_set(err, "%s", strerror(errno));
}

static int read_file(const char *path, struct buf *to, struct error *err)
{
    struct stat st;
    FILE *file;
    int rc;

    if (strcmp(path, "-") == 0) {
        return read_bytes(stdin, to, err);
    }
    file = fopen(path, "rb");
    if (file == NULL) {
        return error_set(err, "%s", strerror(errno));
    }
    if (fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode)) {
        rc = error_set(err, "it is a directory; name the flow's file");
    } else {
        rc = read_bytes(file, to, err);
    }
    (void)fclose(file);
    return rc;
}

struct flow *flow_read(const char *path, struct error *err)
{
    struct flow *f = NULL;
    struct buf bytes;

    buf_init(&bytes, FLOW_FILE_MAX_BYTES);
    if (read_file(path, &bytes, err) == 0) {
        f = flow_from_bytes(buf_slice(&bytes), err);
    }
    buf_fini(&bytes);
    if (f == NULL) {
        (void)error_prefix(
            err, "%s: ", strcmp(path, "-") == 0 ? "standard input" : path);
    }
    return f;
}
