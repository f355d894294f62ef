/* Names and patterns; see file_list.h. */
#include "cli/file_list.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_pattern(const char *name)
{
    return strpbrk(name, "*?[") != NULL && access(name, F_OK) != 0;
}

static int add_path(struct file_list *l, char *path, struct error *err)
{
    char **grown;

    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->paths[i], path) == 0) {
            return strcmp(path, "-") == 0
                       ? error_set(err, "- (standard input) is named twice")
                       : error_set(err, "%s is named twice", path);
        }
    }
    grown = realloc(l->paths, (l->n + 1) * sizeof(*grown));
    if (grown == NULL) {
        return error_set(err, "out of memory");
    }
    l->paths = grown;
    l->paths[l->n++] = path;
    return 0;
}

static int add_matches(
    struct file_list *l, const char *pattern, struct error *err)
{
    glob_t *grown = realloc(l->matches, (l->n_matches + 1) * sizeof(*grown));
    glob_t *found;
    int code;

    if (grown == NULL) {
        return error_set(err, "out of memory");
    }
    l->matches = grown;
    found = &l->matches[l->n_matches];
    code = glob(pattern, 0, NULL, found);
    if (code != 0) {
        return error_set(err, "%s: %s", pattern,
            code == GLOB_NOMATCH ? "no file matches the pattern"
                                 : "the folder cannot be read");
    }
    l->n_matches++;
    for (size_t i = 0; i < found->gl_pathc; i++) {
        if (add_path(l, found->gl_pathv[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

int file_list_fill(
    struct file_list *l, char *const *names, size_t n, struct error *err)
{
    *l = (struct file_list){0};
    for (size_t i = 0; i < n; i++) {
        if ((is_pattern(names[i]) ? add_matches(l, names[i], err)
                                  : add_path(l, names[i], err)) != 0) {
            return -1;
        }
    }
    return 0;
}

void file_list_fini(struct file_list *l)
{
    for (size_t i = 0; i < l->n_matches; i++) {
        globfree(&l->matches[i]);
    }
    free(l->matches);
    free(l->paths);
    *l = (struct file_list){0};
}
