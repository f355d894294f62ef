/*
 * engine_get: one GET of the engine, its JSON as a jansson value. For commands
 * and start-up; blocks.
 */
#ifndef NARU_MAPPINGS_ENGINE_GET_H
#define NARU_MAPPINGS_ENGINE_GET_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"

#include <jansson.h>

/*
 * engine_get(e, path, out, err):
 * GET path into *out, which the caller releases (json_decref); NULL for a 404:
 * nothing stands there. Returns 0; -1 with err when no host answers, the answer
 * is another status, or no JSON.
 */
int engine_get(const struct endpoint *e, const char *path, json_t **out,
    struct error *err) MUST_CHECK;

#endif
