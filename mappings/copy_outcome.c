/* Bulk answers; see copy_outcome.h. */
#include "mappings/copy_outcome.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "?";
}

static int read_item(const json_t *item, bool is_delete, struct copy_outcome *o,
    json_t *conflicts)
{
    json_int_t status = json_integer_value(json_object_get(item, "status"));
    const json_t *error = json_object_get(item, "error");

    if ((status >= 200 && status < 300) ||
        (is_delete && status == 404 && error == NULL)) {
        o->stored++;
    } else if (status == 409) {
        return json_array_append(conflicts, json_object_get(item, "_id"));
    } else if (status == 429 || status >= 500) {
        o->busy++;
    } else if (o->refused++ == 0) {
        const json_t *cause = json_object_get(error, "caused_by");

        (void)snprintf(o->why, sizeof(o->why), "%.100s: %.80s: %.200s%s%.100s",
            text_of(item, "_id"), text_of(error, "type"),
            text_of(error, "reason"), cause != NULL ? ": " : "",
            cause != NULL ? text_of(cause, "reason") : "");
    }
    return 0;
}

int copy_outcome_read(struct slice answer, size_t sent, struct copy_outcome *o,
    json_t *conflicts, struct error *err)
{
    json_t *root = json_loadb(answer.p, answer.len, 0, NULL);
    const json_t *items = json_object_get(root, "items");
    json_t *item;
    size_t i;
    int rc = 0;

    *o = (struct copy_outcome){.stored = 0};
    if (!json_is_array(items) || json_array_size(items) != sent) {
        rc = error_set(err,
            "the engine answered to %zu of %zu documents of a bulk request",
            json_array_size(items), sent);
    }
    json_array_foreach(items, i, item)
    {
        const char *op = json_object_iter_key(json_object_iter(item));

        if (rc == 0 &&
            (op == NULL || read_item(json_object_get(item, op),
                               strcmp(op, "delete") == 0, o, conflicts) != 0)) {
            rc = error_set(err, "out of memory");
        }
    }
    json_decref(root);
    return rc;
}
