/* Names, each once, in the order they were met, up to a number. */
#ifndef NARU_PREFLIGHT_NAME_LIST_H
#define NARU_PREFLIGHT_NAME_LIST_H

#include "common/attr.h"
#include "common/slice.h"

#include <stddef.h>

#define NAME_LIST_MOST 2000

struct name_list {
    char **names; /* owned */
    size_t n, cap;
};

void name_list_init(struct name_list *l);
void name_list_fini(struct name_list *l);

/* name_list_add(l, name): Copy it, unless it is there or the list is full.
 * Returns 0, or -1 without memory. */
int name_list_add(struct name_list *l, struct slice name) MUST_CHECK;

#endif
