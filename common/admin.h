/*
 * struct admin: a small HTTP server on the event loop for those who watch:
 * metrics, health, a page, a stream of events. Answers GET and HEAD only.
 */
#ifndef NARU_COMMON_ADMIN_H
#define NARU_COMMON_ADMIN_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"

#include <event2/event.h>

struct admin;

/*
 * Write the answer's body into body and return its HTTP status; set *type to
 * a content type other than text/plain if it is one (a constant).
 */
typedef int (*admin_page_fn)(void *arg, struct buf *body, const char **type);

/*
 * admin_new(base, listen, err):
 * Listen on "host:port" or "[v6]:port". NULL with err, e.g. when the port is
 * taken.
 */
struct admin *admin_new(
    struct event_base *base, const char *listen, struct error *err) MUST_CHECK;

/* admin_free(a): Close all connections and free it, its streams too; NULL is
 * fine. */
void admin_free(struct admin *a);

/* admin_page(a, path, page, arg): Serve path. Returns 0 or -1. */
int admin_page(struct admin *a, const char *path, admin_page_fn page,
    void *arg) MUST_CHECK;

/* admin_open_page(a, path, page, arg): The same for a path that needs no token:
 * for health checks and Prometheus. */
int admin_open_page(struct admin *a, const char *path, admin_page_fn page,
    void *arg) MUST_CHECK;

/* admin_set_token(a, token, err): Who asks for any other path must show token
 * from now on (admin_token.h); NULL: need not. 0, or -1 with err when it is too
 * short. */
int admin_set_token(
    struct admin *a, const char *token, struct error *err) MUST_CHECK;

struct admin_stream;

/*
 * admin_stream(a, path, hello, arg):
 * Serve path as server-sent events (text/event-stream, WHATWG HTML 9.2). hello
 * writes what a client gets first, as an admin_page_fn whose type does not
 * matter. Returns the stream, which lives as long as a; NULL out of memory.
 */
struct admin_stream *admin_stream(struct admin *a, const char *path,
    admin_page_fn hello, void *arg) MUST_CHECK;

/* admin_stream_clients(s): Who listens now. */
size_t admin_stream_clients(const struct admin_stream *s);

/*
 * admin_stream_send(s, events):
 * Send whole events to all who listen. One that has not taken what it was sent
 * before (ADMIN_STREAM_BEHIND_BYTES and what its socket holds) is dropped: it
 * may come back, and must not make us keep its backlog.
 */
void admin_stream_send(struct admin_stream *s, struct slice events);

#define ADMIN_STREAM_CLIENTS 8 /* at once; more get 503 */
#define ADMIN_STREAM_BEHIND_BYTES (256u << 10)

#endif
