/* One GET of the engine; see engine_get.h. */
#include "mappings/engine_get.h"

#include "common/http_call.h"
#include "mappings/engine_answer.h"

int engine_get(
    const struct endpoint *e, const char *path, json_t **out, struct error *err)
{
    struct http_answer answer;
    int rc = -1;

    *out = NULL;
    if (http_call(e, "GET", path, NULL, &answer, err) != 0) {
        rc = -1;
    } else if (answer.status == 404) {
        rc = 0;
    } else if (answer.status != 200) {
        (void)engine_answer_explain(
            "GET", path, answer.status, buf_slice(&answer.body), err);
    } else {
        *out = json_loadb(answer.body.data, answer.body.len_bytes, 0, NULL);
        rc = *out != NULL
                 ? 0
                 : error_set(err, "GET %s: the answer is no JSON", path);
    }
    http_answer_fini(&answer);
    return rc;
}
