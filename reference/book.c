/* Looking into the book; see book.h. */
#include "reference/book.h"

#include <string.h>

const struct book_command *book_find(const struct book *b, const char *name)
{
    for (size_t i = 0; i < b->n_commands; i++) {
        if (b->commands[i].help != NULL &&
            strcmp(b->commands[i].name, name) == 0) {
            return &b->commands[i];
        }
    }
    return NULL;
}

const struct option_table *book_action(
    const struct book_command *c, struct slice action)
{
    for (size_t i = 0; c->actions != NULL && c->actions[i] != NULL; i++) {
        const char *last = strrchr(c->actions[i]->command, ' ');

        if (last != NULL && slice_is(action, last + 1)) {
            return c->actions[i];
        }
    }
    return NULL;
}

/* The i-th table: the command's, then its actions'. NULL behind the last. */
static const struct option_table *table_at(
    const struct book_command *c, size_t i)
{
    return i == 0 ? c->options : c->actions == NULL ? NULL : c->actions[i - 1];
}

/* Does an option of that name stand in a table before the n-th? */
static bool is_known(const struct book_command *c, size_t n, const char *name)
{
    for (size_t t = 0; t < n; t++) {
        const struct option_table *table = table_at(c, t);

        for (size_t k = 0; k < table->n_rows; k++) {
            if (strcmp(table->rows[k].name, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

const struct option_row *book_option(const struct book_command *c, size_t i)
{
    const struct option_table *table;

    for (size_t t = 0; (table = table_at(c, t)) != NULL; t++) {
        for (size_t k = 0; k < table->n_rows; k++) {
            if (!is_known(c, t, table->rows[k].name) && i-- == 0) {
                return &table->rows[k];
            }
        }
    }
    return NULL;
}

bool book_takes(const struct book_command *c, enum value_kind kind)
{
    const struct option_table *table;

    for (size_t t = 0; (table = table_at(c, t)) != NULL; t++) {
        if (usage_takes(table, kind)) {
            return true;
        }
    }
    return false;
}
