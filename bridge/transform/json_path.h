/*
 * struct json_path: a place in a JSON text, the part of JSONPath that names one
 * place: $ and then any of .name, ['name'] and [0]; and, at its end, [*] or .*
 * for all that stands in it. Works on the text in place. Pure.
 */
#ifndef NARU_BRIDGE_TRANSFORM_JSON_PATH_H
#define NARU_BRIDGE_TRANSFORM_JSON_PATH_H

#include "common/attr.h"
#include "common/error.h"
#include "common/json_scan.h"

#include <stdbool.h>

struct json_path;

/* json_path_new(text, err): Compile. NULL with err, which names the place. */
struct json_path *json_path_new(const char *text, struct error *err) MUST_CHECK;
void json_path_free(struct json_path *p);

/* What stands at the path's end: nothing, [*] (the elements of an array) or .*
 * (those, or an object's values). */
enum json_path_end { JSON_PATH_ONE, JSON_PATH_ELEMENTS, JSON_PATH_ALL };

enum json_path_end json_path_end(const struct json_path *p);

/*
 * json_path_find(p, text, value):
 * The value at the path, its end left out. text must be JSON (json_compact
 * says whether it is). Returns false when nothing stands there.
 */
bool json_path_find(const struct json_path *p, struct slice text,
    struct json_value *value) MUST_CHECK;

#endif
