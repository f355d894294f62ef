/* One request, with patience; see engine_send.h. */
#include "mappings/engine_send.h"

#include "common/clock.h"
#include "mappings/engine_answer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define PAUSE_MS 300

static bool is_passing(long status)
{
    return status == 0 || status == 429 || (status >= 502 && status <= 504);
}

int engine_send(const struct endpoint *e, const char *method, const char *path,
    const char *body, int64_t patience_ms, struct http_answer *answer,
    struct error *err)
{
    const struct timespec pause = {0, PAUSE_MS * 1000000L};
    int64_t until_us = clock_mono_us() + patience_ms * 1000;

    for (;;) {
        if (http_call(e, method, path, body, answer, err) != 0) {
            answer->status = 0;
        } else if (answer->status >= 200 && answer->status < 300) {
            return 0;
        } else {
            (void)engine_answer_explain(
                method, path, answer->status, buf_slice(&answer->body), err);
        }
        if (!is_passing(answer->status) || clock_mono_us() >= until_us) {
            return -1;
        }
        http_answer_fini(answer);
        (void)nanosleep(&pause, NULL);
    }
}

int engine_send_json(const struct endpoint *e, const char *method,
    const char *path, json_t *body, int64_t patience_ms, struct error *err)
{
    char *text = json_dumps(body, JSON_COMPACT);
    struct http_answer answer;
    int rc;

    json_decref(body);
    if (text == NULL) {
        return error_set(err, "out of memory");
    }
    rc = engine_send(e, method, path, text, patience_ms, &answer, err);
    http_answer_fini(&answer);
    free(text);
    return rc;
}
