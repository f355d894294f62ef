/* What admin.c needs of admin_stream.c; everybody else: admin.h. */
#ifndef NARU_COMMON_ADMIN_STREAM_H
#define NARU_COMMON_ADMIN_STREAM_H

#include "common/admin.h"

struct evhttp_request;

/* admin_stream_new(hello, arg): Nobody listens yet. NULL out of memory. */
struct admin_stream *admin_stream_new(
    admin_page_fn hello, void *arg) MUST_CHECK;

/* admin_stream_free(s): To be called after the server has closed all
 * connections. NULL is fine. */
void admin_stream_free(struct admin_stream *s);

/* admin_stream_open(request, stream): evhttp's; a client has come. */
void admin_stream_open(struct evhttp_request *request, void *stream);

#endif
