/*
 * struct admin_token: who may look. A program shows the token as Authorization:
 * Bearer. A browser cannot, and its EventSource even less: /?token=TOKEN gives
 * it a cookie and sends it on to the address without the token, which then
 * stands in no history and no log of a proxy's.
 */
#ifndef NARU_COMMON_ADMIN_TOKEN_H
#define NARU_COMMON_ADMIN_TOKEN_H

#include "common/attr.h"

#include <stdbool.h>

#define ADMIN_TOKEN_LEAST_BYTES 16

struct admin_token;
struct evhttp_request;

/* admin_token_new(text, port): port: cookies know of none, and there may be
 * several of us on a host. NULL out of memory. */
struct admin_token *admin_token_new(const char *text, int port) MUST_CHECK;
void admin_token_free(struct admin_token *t);

/* admin_token_admits(t, request): Does it show the token, or the cookie? */
bool admin_token_admits(
    const struct admin_token *t, struct evhttp_request *request);

/* admin_token_refuse(t, request): Answer it: with the cookie when the token
 * stands in its address, else 401. */
void admin_token_refuse(
    const struct admin_token *t, struct evhttp_request *request);

#endif
