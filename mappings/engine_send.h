/*
 * engine_send: one request that changes something, or is large, sent again
 * while the engine is not there or too busy. For commands; blocks.
 */
#ifndef NARU_MAPPINGS_ENGINE_SEND_H
#define NARU_MAPPINGS_ENGINE_SEND_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "common/http_call.h"

#include <jansson.h>
#include <stdint.h>

/*
 * engine_send(e, method, path, body, patience_ms, answer, err):
 * Send body (NULL for none). No answer, 429, 502, 503 and 504 are tried again
 * for patience_ms in all, so what is sent must do no harm when it is done
 * twice; 0: once. Returns 0 for a status from 200 to 299, else -1 with err, and
 * with answer->status, which is 0 when nobody answered. The caller frees the
 * answer with http_answer_fini in both cases.
 */
int engine_send(const struct endpoint *e, const char *method, const char *path,
    const char *body, int64_t patience_ms, struct http_answer *answer,
    struct error *err) MUST_CHECK;

/*
 * engine_send_json(e, method, path, body, patience_ms, err):
 * The same for a body that is taken over (NULL is out of memory), where the
 * answer is of no interest.
 */
int engine_send_json(const struct endpoint *e, const char *method,
    const char *path, json_t *body, int64_t patience_ms,
    struct error *err) MUST_CHECK;

#endif
