/*
 * What a table of options says between the lines. Its usage names the actions
 * (`naru dlq list [FILTERS]`: the third word is small letters) and the operands
 * (`FILE...`); the name of an option's value tells what it is (FILE, DIR,
 * text|json); a help that begins with an action's name (`list: ...`) is of an
 * option for that action alone. These are the house's habits of writing a
 * usage, so no second list has to be kept. Pure.
 */
#ifndef NARU_REFERENCE_USAGE_H
#define NARU_REFERENCE_USAGE_H

#include "common/options.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>

#define USAGE_MOST_ACTIONS 16

enum value_kind {
    VALUE_NONE,    /* a flag */
    VALUE_ANY,     /* a name, a number: nothing to offer */
    VALUE_FILE,    /* FILE, PATH, CSV, FLOW */
    VALUE_FOLDER,  /* DIR */
    VALUE_DATASET, /* DATASET: a built-in one's name, or a file */
    VALUE_SETTING, /* SECTION.KEY=VALUE */
    VALUE_COMMAND, /* COMMAND: one of ours */
    VALUE_WORDS    /* this|that: one of these */
};

/* usage_value_kind(arg): By the name of an option's value; NULL: a flag. */
enum value_kind usage_value_kind(const char *arg);

/*
 * usage_word(choices, i, out):
 * The i-th word of this|that; false when there are no more.
 */
bool usage_word(const char *choices, size_t i, struct slice *out);

/*
 * usage_actions(t, out):
 * The actions in the order of the usage, each once, borrowed from it.
 * Returns their number, at most USAGE_MOST_ACTIONS.
 */
size_t usage_actions(
    const struct option_table *t, struct slice out[USAGE_MOST_ACTIONS]);

/* usage_takes(t, kind): Does a usage line have an operand of this kind? */
bool usage_takes(const struct option_table *t, enum value_kind kind);

/*
 * usage_is_for(t, row, action):
 * Does the option belong to the action? It does unless its help begins with
 * other actions' names and a colon: `list: ...`, `plan, check: ...`.
 */
bool usage_is_for(const struct option_table *t, const struct option_row *row,
    struct slice action);

#endif
