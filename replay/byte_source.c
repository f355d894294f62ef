/*
 * Files, plain and packed; see byte_source.h. A plain file is read straight to
 * where it is wanted; a packed one through a buffer.
 */
#include "replay/byte_source.h"

#include "replay/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKED_BYTES ((size_t)64 * 1024)

struct byte_source {
    int fd;
    int64_t size;  /* of the file; -1 unknown */
    int64_t place; /* read of it */
    bool at_end;   /* of the file */
    bool known;    /* its kind was looked for */

    /* The first bytes of a plain file, later all bytes of a packed one. */
    unsigned char *raw;
    size_t raw_pos, raw_len;
    struct unpack *unpack; /* NULL: plain */
    bool is_broken;        /* ... after what was given already: */
    struct error broken;
};

static int open_descriptor(const char *path, struct stat *st, struct error *err)
{
    /* A copy of standard input, so that closing ours leaves it open. */
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
                                    : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return error_set(err, "%s",
            errno == ENOENT ? "there is no such file" : strerror(errno));
    }
    if (fstat(fd, st) == 0 && S_ISDIR(st->st_mode)) {
        (void)close(fd);
        return error_set(err,
            "is a directory; name the CSV files inside it, e.g. %s/*.csv",
            path);
    }
    return fd;
}

struct byte_source *byte_source_open(const char *path, struct error *err)
{
    struct stat st = {0};
    int fd = open_descriptor(path, &st, err);
    struct byte_source *s;

    if (fd < 0) {
        return NULL;
    }
    s = calloc(1, sizeof(*s));
    if (s == NULL || (s->raw = malloc(UNPACK_MAGIC_BYTES)) == NULL) {
        (void)error_set(err, "out of memory");
        (void)close(fd);
        free(s);
        return NULL;
    }
    s->fd = fd;
    s->size = S_ISREG(st.st_mode) ? (int64_t)st.st_size : -1;
    return s;
}

void byte_source_free(struct byte_source *s)
{
    if (s != NULL) {
        (void)close(s->fd);
        unpack_free(s->unpack);
        free(s->raw);
        free(s);
    }
}

/* Read n bytes of the file, fewer at its end. 0, or -1 with err. */
static int read_file(
    struct byte_source *s, void *to, size_t n, size_t *got, struct error *err)
{
    *got = 0;
    while (*got < n && !s->at_end) {
        ssize_t part = read(s->fd, (char *)to + *got, n - *got);

        if (part < 0) {
            return error_set(err, "cannot be read: %s", strerror(errno));
        }
        s->at_end = part == 0;
        s->place += part;
        *got += (size_t)part;
    }
    return 0;
}

/* Look at the first bytes, once. */
static int find_kind(struct byte_source *s, struct error *err)
{
    enum unpack_kind kind;
    unsigned char *grown;

    if (read_file(s, s->raw, UNPACK_MAGIC_BYTES, &s->raw_len, err) != 0) {
        return -1;
    }
    s->known = true;
    kind = unpack_kind_of(s->raw, s->raw_len);
    if (kind == UNPACK_PLAIN) {
        return 0;
    }
    s->unpack = unpack_new(kind);
    grown = realloc(s->raw, PACKED_BYTES);
    s->raw = grown != NULL ? grown : s->raw;
    if (grown == NULL || s->unpack == NULL) {
        return error_set(err, "out of memory");
    }
    return 0;
}

static ssize_t read_plain(
    struct byte_source *s, unsigned char *to, size_t n, struct error *err)
{
    size_t kept = s->raw_len - s->raw_pos;
    size_t got;

    if (kept > n) {
        kept = n;
    }
    memcpy(to, s->raw + s->raw_pos, kept);
    s->raw_pos += kept;
    if (read_file(s, to + kept, n - kept, &got, err) != 0) {
        return -1;
    }
    return (ssize_t)(kept + got);
}

/* One step: fill the buffer if it is empty, and unpack from it. Returns 1 when
 * there may be more, 0 at the end, or -1 with err. */
static int unpack_step(
    struct byte_source *s, struct unpack_io *io, struct error *err)
{
    size_t had = io->out_bytes;

    if (s->raw_pos == s->raw_len && !s->at_end) {
        s->raw_pos = 0;
        if (read_file(s, s->raw, PACKED_BYTES, &s->raw_len, err) != 0) {
            return -1;
        }
    }
    io->in = s->raw + s->raw_pos;
    io->in_bytes = s->raw_len - s->raw_pos;
    if (unpack_run(s->unpack, io, err) != 0) {
        return -1;
    }
    s->raw_pos = s->raw_len - io->in_bytes;
    if (io->in_bytes == 0 && s->at_end && io->out_bytes == had) {
        return unpack_check_end(s->unpack, err);
    }
    return 1;
}

/* What was unpacked before the damage is given first. */
static ssize_t read_packed(
    struct byte_source *s, unsigned char *to, size_t n, struct error *err)
{
    struct unpack_io io = {.out = to, .out_bytes = n};
    int rc = 1;

    while (!s->is_broken && io.out_bytes > 0 && rc > 0) {
        rc = unpack_step(s, &io, &s->broken);
        s->is_broken = rc < 0;
    }
    if (s->is_broken && io.out_bytes == n) {
        *err = s->broken;
        return -1;
    }
    return (ssize_t)(n - io.out_bytes);
}

ssize_t byte_source_read(
    struct byte_source *s, void *to, size_t n, struct error *err)
{
    if (!s->known && find_kind(s, err) != 0) {
        return -1;
    }
    return s->unpack != NULL ? read_packed(s, to, n, err)
                             : read_plain(s, to, n, err);
}

int64_t byte_source_place(const struct byte_source *s, int64_t *size)
{
    *size = s->size;
    return s->place;
}
