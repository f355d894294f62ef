/* Secrets of the configuration; see secret.h. */
#include "common/secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SECRET_BYTES 16384
#define MAX_NAME_BYTES 160

void secret_wipe(char *text)
{
    if (text != NULL) {
        explicit_bzero(text, strlen(text));
    }
    free(text);
}

/* The first line of f, without its end; NULL, or why there is none. */
static const char *read_line(FILE *f, char *line)
{
    size_t n;

    if (fgets(line, MAX_SECRET_BYTES, f) == NULL) {
        return ferror(f) ? strerror(errno)
                         : "the first line of the file is empty";
    }
    n = strcspn(line, "\r\n");
    if (n == MAX_SECRET_BYTES - 1) {
        return "the first line of the file is longer than any secret";
    }
    line[n] = '\0';
    return n > 0 ? NULL : "the first line of the file is empty";
}

/* A stream's own buffer would keep the secret after it was closed. */
static char *read_file(const char *place, const char *path, struct error *err)
{
    char *line = calloc(1, MAX_SECRET_BYTES);
    FILE *f = fopen(path, "re");
    const char *why = f == NULL      ? strerror(errno)
                      : line == NULL ? "out of memory"
                                     : NULL;

    if (why == NULL) {
        char buffer[BUFSIZ];

        (void)setvbuf(f, buffer, _IOFBF, sizeof(buffer));
        why = read_line(f, line);
        (void)fclose(f);
        f = NULL;
        explicit_bzero(buffer, sizeof(buffer));
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    if (why != NULL) {
        (void)error_set(err, "%s: %s: %s", place, path, why);
        secret_wipe(line);
        return NULL;
    }
    return line;
}

static int out_of_memory(struct secret *s, struct error *err)
{
    secret_fini(s);
    return error_set(err, "out of memory");
}

int secret_init(struct secret *s, const struct config *c, const char *name,
    struct error *err)
{
    char file_name[MAX_NAME_BYTES];
    const char *value = config_text(c, name), *file;

    *s = (struct secret){0};
    (void)snprintf(file_name, sizeof(file_name), "%s" CONFIG_FILE_SUFFIX, name);
    file = config_text(c, file_name);
    if (value != NULL && file != NULL) {
        return error_set(err, "%s: %s and %s say the same; keep one",
            config_origin(c, file_name), name, file_name);
    }
    if (value != NULL && value[0] == '\0') {
        return error_set(err, "%s: %s is empty", config_origin(c, name), name);
    }
    if (value != NULL) {
        s->value = strdup(value);
        return s->value != NULL ? 0 : out_of_memory(s, err);
    }
    if (file == NULL) {
        return 0;
    }
    s->file = strdup(file);
    if (s->file == NULL || asprintf(&s->place, "%s: %s",
                               config_origin(c, file_name), file_name) < 0) {
        s->place = NULL;
        return out_of_memory(s, err);
    }
    s->value = read_file(s->place, s->file, err);
    if (s->value == NULL) {
        secret_fini(s);
        return -1;
    }
    return 0;
}

void secret_fini(struct secret *s)
{
    secret_wipe(s->value);
    free(s->file);
    free(s->place);
    *s = (struct secret){0};
}

int secret_read_again(struct secret *s, struct error *err)
{
    char *value;

    if (s->file == NULL) {
        return 0;
    }
    value = read_file(s->place, s->file, err);
    if (value == NULL) {
        return -1;
    }
    if (strcmp(value, s->value) == 0) {
        secret_wipe(value);
        return 0;
    }
    secret_wipe(s->value);
    s->value = value;
    return 1;
}
