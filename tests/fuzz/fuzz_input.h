/* The input of a target as what it tries: a file, a text, pieces. */
#ifndef NARU_TESTS_FUZZ_INPUT_H
#define NARU_TESTS_FUZZ_INPUT_H

#include "common/slice.h"
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* fuzz_require(holds): Abort unless it does: a finding. */
#define fuzz_require(holds)                                                    \
    do {                                                                       \
        if (!(holds)) {                                                        \
            (void)fprintf(                                                     \
                stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #holds);    \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* fuzz_slice(data, size): The input as a slice. */
static inline struct slice fuzz_slice(const uint8_t *data, size_t size)
{
    return (struct slice){(const char *)(const void *)data, size};
}

/* fuzz_file(bytes): The path of a file that holds them, until the next call. */
static inline const char *fuzz_file(struct slice bytes)
{
    static int fd = -1;
    static char path[64];

    if (fd < 0) {
        fd = memfd_create("fuzz", MFD_CLOEXEC);
        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    }
    fuzz_require(fd >= 0 && ftruncate(fd, 0) == 0 &&
                 pwrite(fd, bytes.p, bytes.len, 0) == (ssize_t)bytes.len);
    return path;
}

/* fuzz_text(bytes): A copy with a NUL behind it; to be freed. */
static inline char *fuzz_text(struct slice bytes)
{
    char *text = malloc(bytes.len + 1);

    fuzz_require(text != NULL);
    if (bytes.len > 0) {
        memcpy(text, bytes.p, bytes.len);
    }
    text[bytes.len] = '\0';
    return text;
}

/* fuzz_take_line(rest): The bytes up to the next line's end, which is passed
 * over; the last piece has none. */
static inline struct slice fuzz_take_line(struct slice *rest)
{
    const char *end = rest->len > 0 ? memchr(rest->p, '\n', rest->len) : NULL;
    struct slice line =
        slice_take(rest, end != NULL ? (size_t)(end - rest->p) : rest->len);

    if (end != NULL) {
        (void)slice_take(rest, 1);
    }
    return line;
}

#endif
