/*
 * struct late_answers: HTTP answers that are given later than evhttp asks for
 * them, each as a rule says: whole, by half, by closing the connection, or
 * never. For the thread that runs the event loop.
 */
#ifndef NARU_TESTS_FAKES_LATE_ANSWERS_H
#define NARU_TESTS_FAKES_LATE_ANSWERS_H

#include "common/attr.h"
#include "tests/fakes/engine_script.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdbool.h>

struct late_answers;

/* One request's answer; the caller fills it in and calls late_answer_go. */
struct late_answer {
    struct evbuffer *body;
    struct request_rule rule;
    int status;
};

struct late_answers *late_answers_new(struct event_base *base) MUST_CHECK;

/* late_answers_free(l): There must be none left (late_answers_cut). */
void late_answers_free(struct late_answers *l);

/* late_answers_add(l, request): An answer of 200 without a body as yet. */
struct late_answer *late_answers_add(
    struct late_answers *l, struct evhttp_request *request);

/* late_answer_go(a): Give it after rule.delay_ms, never before this returns.
 * It is not the caller's any more. */
void late_answer_go(struct late_answer *a);

/* late_answers_cut(l, hanging_only): Close the connections of all requests
 * without an answer, or of those that were never to have one. */
void late_answers_cut(struct late_answers *l, bool hanging_only);

/* late_answers_open(l): Requests without an answer as yet. */
unsigned late_answers_open(const struct late_answers *l);

#endif
