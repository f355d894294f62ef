/*
 * Dead letters out of a file; see letter_source.h. Lines that are no letters
 * are counted, the first is told of; a last line without its end is a write
 * that a crash broke off (the bridge will cut it) or that is going on.
 */
#include "bridge/dlq/letter_json.h"
#include "bridge/dlq/letter_source.h"
#include "common/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct file_source {
    struct letter_source base; /* first, so that one is the other */
    FILE *file;
    int64_t end; /* when it was opened */
    struct letter_json json;
    char *line; /* of getline */
    size_t cap_line;
};

static void file_source_free(struct letter_source *base)
{
    struct file_source *s = (struct file_source *)base;

    if (s->file != NULL) {
        (void)fclose(s->file);
    }
    letter_json_fini(&s->json);
    free(s->line);
    free(s);
}

static int take_line(struct file_source *s, struct slice line, int64_t place,
    uint64_t number, letter_fn fn, void *arg, struct error *err)
{
    struct stored_letter stored;
    struct error why;

    if (letter_json_read(&s->json, line, &stored, &why) == 0) {
        stored.place = place;
        return fn(arg, &stored, err);
    }
    if (s->base.strange++ == 0) {
        log_warn(LOG_MSG("a line is no dead letter and is passed over"),
            LOG_STR("file", s->base.name), LOG_INT("line", number),
            LOG_STR("why", why.text));
    }
    return 0;
}

static int file_source_read(
    struct letter_source *base, letter_fn fn, void *arg, struct error *err)
{
    struct file_source *s = (struct file_source *)base;
    int64_t place = 0;
    uint64_t number = 0;
    ssize_t n;
    int rc = 0;

    rewind(s->file);
    while (rc == 0 && place < s->end &&
           (n = getline(&s->line, &s->cap_line, s->file)) > 0) {
        number++;
        if (s->line[n - 1] == '\n') {
            rc = take_line(s, (struct slice){s->line, (size_t)n - 1}, place,
                number, fn, arg, err);
        }
        place += n;
    }
    if (ferror(s->file)) {
        return error_set(err, "%s: %s", base->name, strerror(errno));
    }
    return rc < 0 ? -1 : 0;
}

struct letter_source *file_source_open(
    const char *path, bool *exists, struct error *err)
{
    struct file_source *s = calloc(1, sizeof(*s));
    struct stat st;

    *exists = true;
    if (s == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    s->base = (struct letter_source){
        .name = path, .read = file_source_read, .free = file_source_free};
    letter_json_init(&s->json);
    s->file = fopen(path, "re");
    if (s->file == NULL || fstat(fileno(s->file), &st) != 0) {
        *exists = errno != ENOENT;
        (void)error_set(err, "%s: %s", path, strerror(errno));
        goto fail;
    }
    if (!S_ISREG(st.st_mode)) {
        (void)error_set(err, "%s: is no regular file", path);
        goto fail;
    }
    s->end = st.st_size;
    return &s->base;
fail:
    file_source_free(&s->base);
    return NULL;
}
