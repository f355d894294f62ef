/*
 * Writing whole files or none; see output_file.h. Callers write large pieces,
 * so there is no buffer here but zlib's. All use of deflate is in this file.
 */
#define ZLIB_CONST /* next_in is const */

#include "replay/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define PACKED_CHUNK_BYTES 65536
#define GZIP_WINDOW_BITS (15 + 16) /* 16 asks zlib for gzip's wrapping */
#define GZIP_MEMORY_LEVEL 8

struct output_file {
    char *path;
    char *part_path; /* NULL: no file, but a device, a pipe, or our output */
    int fd;          /* -1 once closed */
    bool is_stdout;  /* and stays open */
    bool finished;
    bool reader_gone;
    bool packing; /* deflate is initialised */
    uint64_t bytes;
    z_stream deflate;
    unsigned char packed[PACKED_CHUNK_BYTES];
};

/* What stands there and is no file is written to as it is: put in its place, a
 * file would take /dev/null away from everybody. */
static bool is_no_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static int open_as_it_is(struct output_file *f, struct error *err)
{
    f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
    return f->fd >= 0 ? 0
                      : error_set(err, "cannot write %s: %s", f->path,
                            strerror(errno));
}

static int open_part(struct output_file *f, struct error *err)
{
    if (asprintf(&f->part_path, "%s.part", f->path) < 0) {
        f->part_path = NULL;
        return error_set(err, "out of memory");
    }
    f->fd = open(f->part_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (f->fd < 0) {
        (void)error_set(
            err, "cannot write %s: %s", f->part_path, strerror(errno));
        free(f->part_path); /* not ours to remove */
        f->part_path = NULL;
        return -1;
    }
    return 0;
}

/* A link stays, and the file that it leads to is replaced. */
static char *behind_links(const char *path)
{
    char *real = realpath(path, NULL);

    return real != NULL ? real : strdup(path);
}

static int open_it(struct output_file *f, const char *path, struct error *err)
{
    bool stays;

    f->is_stdout = strcmp(path, "-") == 0;
    stays = !f->is_stdout && is_no_file(path);
    f->fd = f->is_stdout ? STDOUT_FILENO : -1;
    f->path = f->is_stdout ? strdup("standard output")
              : stays      ? strdup(path)
                           : behind_links(path);
    if (f->path == NULL) {
        return error_set(err, "out of memory");
    }
    if (f->is_stdout) {
        return 0;
    }
    return stays ? open_as_it_is(f, err) : open_part(f, err);
}

struct output_file *output_file_open(
    const char *path, bool gzip, struct error *err)
{
    struct output_file *f = calloc(1, sizeof(*f));

    if (f == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    if (open_it(f, path, err) != 0) {
        goto fail;
    }
    if (gzip) {
        if (deflateInit2(&f->deflate, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
                GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL,
                Z_DEFAULT_STRATEGY) != Z_OK) {
            (void)error_set(err, "%s: zlib does not start", f->path);
            goto fail;
        }
        f->packing = true;
    }
    return f;
fail:
    output_file_free(f);
    return NULL;
}

static int write_out(struct output_file *f, const unsigned char *data, size_t n,
    struct error *err)
{
    while (n > 0) {
        ssize_t wrote = write(f->fd, data, n);

        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            f->reader_gone = errno == EPIPE;
            return error_set(
                err, "cannot write %s: %s", f->path, strerror(errno));
        }
        data += wrote;
        n -= (size_t)wrote;
        f->bytes += (uint64_t)wrote;
    }
    return 0;
}

/* Pack what is in the stream's input; with Z_FINISH, also the end. */
static int pack(struct output_file *f, int flush, struct error *err)
{
    int rc;

    do {
        f->deflate.next_out = f->packed;
        f->deflate.avail_out = sizeof(f->packed);
        rc = deflate(&f->deflate, flush);
        if (rc == Z_STREAM_ERROR) {
            return error_set(err, "%s: zlib failed", f->path);
        }
        if (write_out(f, f->packed, sizeof(f->packed) - f->deflate.avail_out,
                err) != 0) {
            return -1;
        }
    } while (f->deflate.avail_out == 0);
    return 0;
}

int output_file_write(
    struct output_file *f, const void *data, size_t n, struct error *err)
{
    const unsigned char *p = data;

    if (!f->packing) {
        return write_out(f, p, n, err);
    }
    while (n > 0) {
        size_t piece = n < UINT_MAX ? n : UINT_MAX;

        f->deflate.next_in = p;
        f->deflate.avail_in = (uInt)piece;
        if (pack(f, Z_NO_FLUSH, err) != 0) {
            return -1;
        }
        p += piece;
        n -= piece;
    }
    return 0;
}

int output_file_finish(struct output_file *f, struct error *err)
{
    if (f->packing && pack(f, Z_FINISH, err) != 0) {
        return -1;
    }
    if (!f->is_stdout) {
        int rc = close(f->fd);

        f->fd = -1; /* closed even when close tells of a failed write */
        if (rc != 0) {
            return error_set(
                err, "cannot write %s: %s", f->path, strerror(errno));
        }
    }
    if (f->part_path != NULL && rename(f->part_path, f->path) != 0) {
        return error_set(err, "cannot rename %s to %s: %s", f->part_path,
            f->path, strerror(errno));
    }
    f->finished = true;
    return 0;
}

void output_file_free(struct output_file *f)
{
    if (f == NULL) {
        return;
    }
    if (f->packing) {
        (void)deflateEnd(&f->deflate);
    }
    if (!f->is_stdout && f->fd >= 0) {
        (void)close(f->fd);
    }
    if (f->part_path != NULL && !f->finished) {
        (void)unlink(f->part_path);
    }
    free(f->part_path);
    free(f->path);
    free(f);
}

uint64_t output_file_bytes(const struct output_file *f)
{
    return f->bytes;
}

bool output_file_reader_gone(const struct output_file *f)
{
    return f->reader_gone;
}
