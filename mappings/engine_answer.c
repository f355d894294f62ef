/* An engine's refusal, in words; see engine_answer.h. */
#include "mappings/engine_answer.h"

#include <jansson.h>

#define MAX_QUOTED_BYTES 200

int engine_answer_explain(const char *method, const char *path, long status,
    struct slice body, struct error *err)
{
    json_t *root = body.len > 0 ? json_loadb(body.p, body.len, 0, NULL) : NULL;
    const json_t *error = json_object_get(root, "error");
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
