/*
 * Appending to a file of dead letters; see letter_file.h. The file is opened
 * for each append: they are rare, and so a file that was moved away (rotated)
 * is begun anew, and nothing is held that another process waits for.
 */
#include "bridge/letter_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP_BYTES 4096

static int failed(const char *path, const char *what, struct error *err)
{
    return error_set(err, "%s: %s: %s", path, what, strerror(errno));
}

/* Where the last whole line of a file of so many bytes ends; -1: errno. */
static off_t end_of_lines(int fd, off_t size)
{
    char step[STEP_BYTES];

    while (size > 0) {
        off_t from = size > STEP_BYTES ? size - STEP_BYTES : 0;
        ssize_t n = pread(fd, step, (size_t)(size - from), from);
        const char *at;

        if (n != size - from) {
            errno = n < 0 ? errno : EIO;
            return -1;
        }
        at = memrchr(step, '\n', (size_t)n);
        if (at != NULL) {
            return from + (at - step) + 1;
        }
        size = from;
    }
    return 0;
}

/*
 * Is this the beginning of a line that we would write? After a loss of power
 * a file can also end in zeros. Anything else is not ours to cut.
 */
static bool is_our_line(int fd, off_t at, off_t end)
{
    static const char *const starts[] = {LETTER_FILE_LETTER, LETTER_FILE_MARK};
    char head[16];
    ssize_t n = pread(fd, head, sizeof(head), at);

    n = n > end - at ? end - at : n;
    for (size_t i = 0; n > 0 && i < sizeof(starts) / sizeof(starts[0]); i++) {
        size_t most = strlen(starts[i]);

        if (memcmp(head, starts[i], (size_t)n < most ? (size_t)n : most) == 0) {
            return true;
        }
    }
    return n > 0 && head[0] == '\0';
}

/* Lock it and find its end, where the lines go; -1 with err. */
static off_t prepare(
    int fd, const char *path, size_t *torn_bytes, struct error *err)
{
    struct stat st;
    off_t end;

    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK
                   ? error_set(err, "%s: another process is writing it", path)
                   : failed(path, "cannot be locked", err);
    }
    if (fstat(fd, &st) != 0) {
        return failed(path, "cannot be read", err);
    }
    if (!S_ISREG(st.st_mode)) {
        return error_set(err, "%s: is no regular file", path);
    }
    end = end_of_lines(fd, st.st_size);
    if (end < 0) {
        return failed(path, "cannot be read", err);
    }
    if (end < st.st_size && !is_our_line(fd, end, st.st_size)) {
        return error_set(err,
            "%s: its last line is no dead letter and has no end; is this "
            "another program's file?",
            path);
    }
    if (end < st.st_size && ftruncate(fd, end) != 0) {
        return failed(path, "its torn last line cannot be cut off", err);
    }
    *torn_bytes = (size_t)(st.st_size - end);
    return end;
}

static int write_all(int fd, struct slice lines)
{
    while (lines.len > 0) {
        ssize_t n = write(fd, lines.p, lines.len);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n < 0 ? errno : EIO;
            return -1;
        }
        lines.p += n;
        lines.len -= (size_t)n;
    }
    return 0;
}

/* A new file's name is on the disk when its folder is. */
static int sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    int fd = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY) : -1;
    int rc = fd >= 0 ? fsync(fd) : -1;

    if (fd >= 0) {
        (void)close(fd);
    }
    free(folder);
    return rc;
}

static int append(int fd, const char *path, struct slice lines,
    size_t *torn_bytes, struct error *err)
{
    off_t end = prepare(fd, path, torn_bytes, err);
    int rc;

    if (end < 0) {
        return -1;
    }
    if (write_all(fd, lines) == 0 && fdatasync(fd) == 0 &&
        (end > 0 || sync_folder(path) == 0)) {
        return 0;
    }
    /* After a failed sync nobody knows what is on the disk, so all of it is
     * to be written again. If this fails too, the lines are there twice. */
    rc = failed(path, "cannot be written", err);
    (void)!ftruncate(fd, end);
    return rc;
}

int letter_file_append(
    const char *path, struct slice lines, size_t *torn_bytes, struct error *err)
{
    int fd = open(path,
        O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);
    int rc;

    *torn_bytes = 0;
    if (fd < 0) {
        return failed(path, "cannot be opened", err);
    }
    rc = append(fd, path, lines, torn_bytes, err);
    (void)close(fd);
    return rc;
}
