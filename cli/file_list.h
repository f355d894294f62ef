/*
 * struct file_list: the files that a command line names, patterns expanded:
 * a shell leaves those alone that are quoted, and a service has no shell.
 */
#ifndef NARU_CLI_FILE_LIST_H
#define NARU_CLI_FILE_LIST_H

#include "common/attr.h"
#include "common/error.h"

#include <glob.h>
#include <stdbool.h>
#include <stddef.h>

struct file_list {
    char **paths; /* the entries lie in argv or in matches */
    size_t n;
    glob_t *matches; /* one a pattern */
    size_t n_matches;
};

/*
 * file_list_fill(l, names, n, err):
 * Take each name (borrowed) that is a file or "-" as it is, and of others that
 * hold *, ? or [ what they match, in alphabetical order. A pattern without a
 * match and a file named twice are errors. Returns 0, or -1 with err;
 * file_list_fini is due after both.
 */
int file_list_fill(struct file_list *l, char *const *names, size_t n,
    struct error *err) MUST_CHECK;
void file_list_fini(struct file_list *l);

#endif
