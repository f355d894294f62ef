/*
 * struct admin_connections: bounds those who connect to the admin port.
 * evhttp gives up one that is silent; this gives up one that drips its request
 * or reads its answer a byte at a time, and the longest waiting of too many,
 * so that nobody can keep the others out.
 */
#ifndef NARU_COMMON_ADMIN_CONNECTIONS_H
#define NARU_COMMON_ADMIN_CONNECTIONS_H

#include "common/attr.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

#define ADMIN_CONNECTIONS_MOST 64
#define ADMIN_CONNECTIONS_LIMIT_S 60 /* from its last request, or coming */

struct admin_connections;
struct evhttp;
struct evhttp_request;

/* admin_connections_new(base, http): Look after all that come to http. To be
 * freed after it. NULL out of memory. */
struct admin_connections *admin_connections_new(
    struct event_base *base, struct evhttp *http) MUST_CHECK;
void admin_connections_free(struct admin_connections *c);

/* admin_connections_heard(c, request, for_ever): Its connection has sent a
 * whole request; for_ever: and is to stay, for a stream of events. */
void admin_connections_heard(
    struct admin_connections *c, struct evhttp_request *request, bool for_ever);

#endif
