/* A file that a test writes, names to the code under test, and removes. */
#ifndef NARU_TESTS_UNIT_SCRATCH_FILE_H
#define NARU_TESTS_UNIT_SCRATCH_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scratch_file {
    char path[256];
};

static inline void scratch_file_write(
    struct scratch_file *f, const char *text, size_t n)
{
    const char *folder = getenv("TMPDIR");
    int fd;

    (void)snprintf(f->path, sizeof(f->path), "%s/naru_test.XXXXXX",
        folder != NULL ? folder : "/tmp");
    fd = mkstemp(f->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, n), n);
    assert_int_equal(close(fd), 0);
}

static inline void scratch_file_remove(const struct scratch_file *f)
{
    (void)unlink(f->path);
}

#endif
