/*
 * struct engine_link: kept connections to a real engine, for the cutting
 * proxy. For the thread that runs the event loop.
 */
#ifndef NARU_TESTS_FAKES_ENGINE_LINK_H
#define NARU_TESTS_FAKES_ENGINE_LINK_H

#include "common/attr.h"

#include <event2/event.h>
#include <event2/http.h>
#include <stdint.h>

struct engine_link;

/*
 * The engine's answer: its status, and its body, valid until this returns.
 * Status 0 and no body (NULL) when there was none.
 */
typedef void (*engine_link_fn)(void *arg, int status, struct evbuffer *body);

struct engine_link *engine_link_new(
    struct event_base *base, const char *host, uint16_t port) MUST_CHECK;

/* engine_link_free(l): Requests under way are given up without a call. */
void engine_link_free(struct engine_link *l);

/*
 * engine_link_send(l, from, fn, arg):
 * Send a copy of the request from. fn runs exactly once, from the event loop,
 * never before this returns. Nothing of from is used afterwards.
 */
void engine_link_send(struct engine_link *l, struct evhttp_request *from,
    engine_link_fn fn, void *arg);

#endif
