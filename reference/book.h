/*
 * All that the program says of itself: its commands with their options, its
 * settings and metrics. Man pages, completion and the reference are written
 * from it, so that none can tell of an option that is not there.
 */
#ifndef NARU_REFERENCE_BOOK_H
#define NARU_REFERENCE_BOOK_H

#include "common/config.h"
#include "common/metric.h"
#include "common/options.h"
#include "common/slice.h"
#include "reference/usage.h"

#include <stdbool.h>
#include <stddef.h>

struct book_command {
    const char *name; /* "replay" */
    const char *help; /* half a sentence; NULL: a command nobody is told of */
    const struct option_table *options;
    /* Of actions that have their own, with NULL behind; their command is
     * "naru COMMAND ACTION". NULL: all is in options. */
    const struct option_table *const *actions;
};

/* Everything is borrowed; whoever makes it keeps it. */
struct book {
    const struct book_command *commands; /* in the order of use */
    size_t n_commands;
    const struct config_table *tables; /* of the settings */
    size_t n_tables;
    const struct metric_row *metrics; /* of the bridge */
    size_t n_metrics;
    const char *const *datasets; /* the built-in ones, NULL-terminated */
    const char *version;         /* "0.1.0" */
    const char *date;            /* of that version, 2026-01-31 */
};

/* book_find(b, name): The command of that name that people are told of, or
 * NULL. */
const struct book_command *book_find(const struct book *b, const char *name);

/* book_action(c, action): The action's own table, or NULL when it has none. */
const struct option_table *book_action(
    const struct book_command *c, struct slice action);

/*
 * book_option(c, i):
 * The i-th option of the command and all its actions, each name once; NULL
 * behind the last.
 */
const struct option_row *book_option(const struct book_command *c, size_t i);

/* book_takes(c, kind): Is there an operand of that kind, in whatever usage? */
bool book_takes(const struct book_command *c, enum value_kind kind);

#endif
