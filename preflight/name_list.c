/* Names, each once; see name_list.h. */
#include "preflight/name_list.h"

#include <stdlib.h>
#include <string.h>

void name_list_init(struct name_list *l)
{
    *l = (struct name_list){0};
}

void name_list_fini(struct name_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        free(l->names[i]);
    }
    free(l->names);
    *l = (struct name_list){0};
}

int name_list_add(struct name_list *l, struct slice name)
{
    if (l->n == NAME_LIST_MOST) {
        return 0;
    }
    for (size_t i = 0; i < l->n; i++) {
        if (slice_is(name, l->names[i])) {
            return 0;
        }
    }
    if (l->n == l->cap) {
        size_t cap = l->cap > 0 ? 2 * l->cap : 16;
        char **grown = realloc(l->names, cap * sizeof(*grown));

        if (grown == NULL) {
            return -1;
        }
        l->names = grown;
        l->cap = cap;
    }
    l->names[l->n] = strndup(name.p, name.len);
    if (l->names[l->n] == NULL) {
        return -1;
    }
    l->n++;
    return 0;
}
