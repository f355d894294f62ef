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
