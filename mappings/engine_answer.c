/* An engine's refusal, in words; see engine_answer.h. */
#include "mappings/engine_answer.h"

#include <jansson.h>
#include <string.h>

#define MAX_QUOTED_BYTES 200

/* A search says only that its shards failed; the first of the causes says why.
 */
static const json_t *cause_of(const json_t *error)
{
    const json_t *cause =
        json_array_get(json_object_get(error, "root_cause"), 0);
    const char *type = json_string_value(json_object_get(error, "type"));

    return cause != NULL && type != NULL &&
                   strcmp(type, "search_phase_execution_exception") == 0
               ? cause
               : error;
}

int engine_answer_explain(const char *method, const char *path, long status,
    struct slice body, struct error *err)
{
    json_t *root = body.len > 0 ? json_loadb(body.p, body.len, 0, NULL) : NULL;
    const json_t *error = cause_of(json_object_get(root, "error"));
    const char *type = json_string_value(json_object_get(error, "type"));
    const char *reason = json_string_value(json_object_get(error, "reason"));

    if (type != NULL && reason != NULL) {
        (void)error_set(
            err, "%s %s: %ld %s: %s", method, path, status, type, reason);
    } else {
        size_t n = body.len < MAX_QUOTED_BYTES ? body.len : MAX_QUOTED_BYTES;

        (void)error_set(err, "%s %s: %ld %.*s", method, path, status, (int)n,
            n > 0 ? body.p : "");
    }
    json_decref(root);
    return -1;
}
