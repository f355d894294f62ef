/*
 * Files, plain and gzip; see byte_source.h. zlib tells the two apart by
 * content, but passes over a gzip file that ends early unless it is asked.
 */
#include "replay/byte_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define ZLIB_BUFFER_BYTES (128u * 1024u)

struct byte_source {
    gzFile in;
};

static int open_descriptor(const char *path, struct error *err)
{
    struct stat st;
    /* A copy of standard input, so that closing ours leaves it open. */
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO)
                                    : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return error_set(err, "%s",
            errno == ENOENT ? "there is no such file" : strerror(errno));
    }
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        (void)close(fd);
        return error_set(err,
            "is a directory; name the CSV files inside it, e.g. %s/*.csv",
            path);
    }
    return fd;
}

struct byte_source *byte_source_open(const char *path, struct error *err)
{
    struct byte_source *s;
    int fd = open_descriptor(path, err);

    if (fd < 0) {
        return NULL;
    }
    s = calloc(1, sizeof(*s));
    if (s == NULL || (s->in = gzdopen(fd, "rb")) == NULL) {
        (void)error_set(err, "out of memory");
        (void)close(fd);
        free(s);
        return NULL;
    }
    (void)gzbuffer(s->in, ZLIB_BUFFER_BYTES);
    return s;
}

void byte_source_free(struct byte_source *s)
{
    if (s != NULL) {
        (void)gzclose(s->in);
        free(s);
    }
}

static int describe_failure(int code, const char *text, struct error *err)
{
    if (code == Z_ERRNO) {
        return error_set(err, "cannot be read: %s", strerror(errno));
    }
    if (code == Z_BUF_ERROR) {
        return error_set(
            err, "gzip data ends early: the file was cut off; fetch it again");
    }
    return error_set(err, "damaged gzip data: %s", text);
}

ssize_t byte_source_read(
    struct byte_source *s, void *to, size_t n, struct error *err)
{
    int got = gzread(s->in, to, (unsigned)n);
    int code = Z_OK;
    const char *text;

    if (got == (int)n) {
        return got;
    }
    text = gzerror(s->in, &code);
    if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
        return describe_failure(code, text, err);
    }
    return got;
}
