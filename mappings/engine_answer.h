/* An engine's refusal, in words. */
#ifndef NARU_MAPPINGS_ENGINE_ANSWER_H
#define NARU_MAPPINGS_ENGINE_ANSWER_H

#include "common/error.h"
#include "common/slice.h"

/*
 * engine_answer_explain(method, path, status, body, err):
 * "PUT /marcap-v1: 400 illegal_argument_exception: ..." with type and reason
 * of the body's {"error":{...}}, or the beginning of a body of another kind.
 * Returns -1.
 */
int engine_answer_explain(const char *method, const char *path, long status,
    struct slice body, struct error *err);

#endif
