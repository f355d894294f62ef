/* A resume point in a file; see checkpoint.h. */
#include "replay/checkpoint.h"

#include "common/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX_BYTES ((size_t)8 * 1024)

struct checkpoint {
    char *folder, *path, *part, *lock;
    int lock_fd;
};

static char *make_folder_name(struct error *err)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    char *folder = NULL;
    int n = -1;

    if (state != NULL && state[0] == '/') {
        n = asprintf(&folder, "%s/naru", state);
    } else if (home != NULL && home[0] == '/') {
        n = asprintf(&folder, "%s/.local/state/naru", home);
    } else {
        (void)error_set(err,
            "--resume: neither XDG_STATE_HOME nor HOME tells where the "
            "checkpoint is to be");
        return NULL;
    }
    if (n < 0) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    return folder;
}

/* Make the folder and those it is in. */
static int make_folders(char *folder, struct error *err)
{
    for (char *at = folder + 1;; at++) {
        char c = *at;

        if (c != '/' && c != '\0') {
            continue;
        }
        *at = '\0';
        if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
            return error_set(err, "--resume: the folder %s cannot be made: %s",
                folder, strerror(errno));
        }
        *at = c;
        if (c == '\0') {
            return 0;
        }
    }
}

/* The file itself is replaced, so that the lock is another one's. */
static int take_lock(struct checkpoint *c, const char *name, struct error *err)
{
    c->lock_fd = open(c->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (c->lock_fd < 0) {
        return error_set(err, "--resume: %s: %s", c->lock, strerror(errno));
    }
    if (flock(c->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        return error_set(
            err, "--resume: another replay runs by the name %s", name);
    }
    return 0;
}

struct checkpoint *checkpoint_open(const char *name, struct error *err)
{
    struct checkpoint *c = calloc(1, sizeof(*c));

    if (c == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    c->lock_fd = -1;
    c->folder = make_folder_name(err);
    if (c->folder == NULL || make_folders(c->folder, err) != 0) {
        checkpoint_free(c);
        return NULL;
    }
    if (asprintf(&c->path, "%s/%s.checkpoint", c->folder, name) < 0 ||
        asprintf(&c->part, "%s.part", c->path) < 0 ||
        asprintf(&c->lock, "%s.lock", c->path) < 0) {
        (void)error_set(err, "out of memory");
        checkpoint_free(c);
        return NULL;
    }
    if (take_lock(c, name, err) != 0) {
        checkpoint_free(c);
        return NULL;
    }
    return c;
}

void checkpoint_free(struct checkpoint *c)
{
    if (c == NULL) {
        return;
    }
    if (c->lock_fd >= 0) {
        (void)close(c->lock_fd);
    }
    free(c->folder);
    free(c->path);
    free(c->part);
    free(c->lock);
    free(c);
}

const char *checkpoint_path(const struct checkpoint *c)
{
    return c->path;
}

int checkpoint_load(
    struct checkpoint *c, struct resume_point *point, struct error *err)
{
    char text[TEXT_MAX_BYTES];
    int fd = open(c->path, O_RDONLY | O_CLOEXEC);
    ssize_t got;

    if (fd < 0) {
        return errno == ENOENT
                   ? 0
                   : error_set(err, "%s: %s", c->path, strerror(errno));
    }
    got = read(fd, text, sizeof(text));
    if (got < 0) {
        (void)error_set(err, "%s: %s", c->path, strerror(errno));
        (void)close(fd);
        return -1;
    }
    (void)close(fd);
    if (resume_point_read((struct slice){text, (size_t)got}, point, err) != 0) {
        return error_prefix(err, "%s: ", c->path);
    }
    return 1;
}

static int write_part(const struct checkpoint *c, const struct buf *text)
{
    int fd = open(c->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool good;

    if (fd < 0) {
        return -1;
    }
    good = write(fd, text->data, text->len_bytes) == (ssize_t)text->len_bytes &&
           fsync(fd) == 0;
    return close(fd) == 0 && good ? 0 : -1;
}

/* The new name counts once the folder is on the disk. */
static int sync_folder(const struct checkpoint *c)
{
    int fd = open(c->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = fd < 0 ? -1 : fsync(fd);

    if (fd >= 0) {
        (void)close(fd);
    }
    return result;
}

int checkpoint_store(
    struct checkpoint *c, const struct resume_point *point, struct error *err)
{
    struct buf text;
    int result;

    buf_init(&text, TEXT_MAX_BYTES);
    result = resume_point_write(point, &text);
    if (result == 0 &&
        (write_part(c, &text) != 0 || rename(c->part, c->path) != 0 ||
            sync_folder(c) != 0)) {
        result = -1;
    }
    buf_fini(&text);
    return result == 0 ? 0
                       : error_set(err, "%s cannot be written: %s", c->path,
                             strerror(errno));
}
