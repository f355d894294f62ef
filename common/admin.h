/*
 * struct admin: a small HTTP server on the event loop for those who watch:
 * metrics and health. Answers GET only.
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
void admin_free(struct admin *a);

/* admin_page(a, path, page, arg): Serve path. Returns 0 or -1. */
int admin_page(struct admin *a, const char *path, admin_page_fn page,
    void *arg) MUST_CHECK;

#endif
