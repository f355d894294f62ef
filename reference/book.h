/*
 * All that the program says of itself: its commands with their options, and
 * its settings. Man pages and completion are written from it, so that neither
 * can tell of an option that is not there.
 */
#ifndef NARU_REFERENCE_BOOK_H
#define NARU_REFERENCE_BOOK_H

#include "common/config.h"
#include "common/options.h"

#include <stddef.h>

struct book_command {
    const char *name; /* "replay" */
    const char *help; /* half a sentence; NULL: a command nobody is told of */
    const struct option_table *options;
};

/* Everything is borrowed; whoever makes it keeps it. */
struct book {
    const struct book_command *commands; /* in the order of use */
    size_t n_commands;
    const struct config_table *tables; /* of the settings */
    size_t n_tables;
    const char *const *datasets; /* the built-in ones, NULL-terminated */
    const char *version;         /* "0.1.0" */
    const char *date;            /* of that version, 2026-01-31 */
};

/* book_find(b, name): The command of that name that people are told of, or
 * NULL. */
const struct book_command *book_find(const struct book *b, const char *name);

#endif
