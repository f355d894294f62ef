/*
 * The words of the scripted Elasticsearch: its description of itself, bulk
 * answers and errors, as 7.17 writes them (bulk answers as our filter_path
 * leaves them).
 */
#ifndef NARU_TESTS_FAKES_ENGINE_ANSWER_TEXT_H
#define NARU_TESTS_FAKES_ENGINE_ANSWER_TEXT_H

#include "tests/fakes/engine_store.h"

#include <event2/buffer.h>

extern const char engine_answer_root[];

/* engine_answer_items(out, actions, n): n items; past the last action's, the
 * last is repeated. */
void engine_answer_items(
    struct evbuffer *out, const struct bulk_actions *actions, size_t n);

/* engine_answer_error(out, status, type, reason): Of a whole request. */
void engine_answer_error(
    struct evbuffer *out, int status, const char *type, const char *reason);

#endif
