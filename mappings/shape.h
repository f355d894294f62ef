/*
 * The shape a JSON object should have: a table of its keys. Finds unknown
 * keys, missing ones and values of a wrong type, and says so in words that
 * hold the JSON path.
 */
#ifndef NARU_MAPPINGS_SHAPE_H
#define NARU_MAPPINGS_SHAPE_H

#include "common/attr.h"
#include "common/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum shape_kind {
    SHAPE_TEXT,  /* a string that is not empty and holds no NUL */
    SHAPE_COUNT, /* a whole number from 1 to 2147483647 */
    SHAPE_PLACE, /* the same from 0 */
    SHAPE_FLAG,
    SHAPE_LIST,
    SHAPE_OBJECT
};

struct shape_key {
    const char *name;
    enum shape_kind kind;
    bool needed;
};

/*
 * shape_check(value, path, keys, n, err):
 * Is value an object with just these keys? path is where it stands, such as
 * "columns[3]", or "" at the top. Returns 0, or -1 with err.
 */
int shape_check(json_t *value, const char *path, const struct shape_key *keys,
    size_t n, struct error *err) MUST_CHECK;

/* shape_text(object, key): A checked string; NULL when absent. Borrowed. */
const char *shape_text(const json_t *object, const char *key);

/* shape_flag(object, key): A checked boolean; false when absent. */
bool shape_flag(const json_t *object, const char *key);

#endif
