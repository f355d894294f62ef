/*
 * struct attributes: names with texts, as NiFi gives them to a record on its
 * way. Borrowed from whoever made them; a later one of a name hides an earlier.
 */
#ifndef NARU_BRIDGE_ATTRIBUTES_H
#define NARU_BRIDGE_ATTRIBUTES_H

#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>

struct attribute {
    struct slice name;
    struct slice value; /* UTF-8 */
};

struct attributes {
    const struct attribute *all;
    size_t n;
};

/* attributes_find(a, name, value): False when there is none of that name. */
static inline bool attributes_find(
    const struct attributes *a, struct slice name, struct slice *value)
{
    for (size_t i = a->n; i-- > 0;) {
        if (slice_eq(a->all[i].name, name)) {
            *value = a->all[i].value;
            return true;
        }
    }
    return false;
}

#endif
