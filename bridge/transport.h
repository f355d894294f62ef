/*
 * struct transport: bulk requests over HTTP, many at once, on the event loop:
 * libcurl's multi_socket interface driven by libevent. Several hosts are used
 * in turn; one that fails is put aside for a while (host_ring.h), and the log
 * says so.
 */
#ifndef NARU_BRIDGE_TRANSPORT_H
#define NARU_BRIDGE_TRANSPORT_H

#include "bridge/packed_body.h"
#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "common/slice.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct transport;

struct transport_answer {
    long status;         /* HTTP status; 0 when none came whole */
    struct slice body;   /* of the answer; borrowed until the call returns */
    const char *problem; /* why status is 0 */
    bool is_late;        /* ... because the time was up */
    bool elsewhere;      /* another host may well take it at once */
    const char *host;
    int64_t retry_after_ms; /* the header's, 0 without */
    int64_t took_us;
};

/*
 * Runs once for each request that transport_post took, from the event loop,
 * never before transport_post returned, never after transport_free. It may
 * call transport_post.
 */
typedef void (*transport_done_fn)(
    void *arg, const struct transport_answer *answer);

struct transport_options {
    size_t max_requests;  /* at once */
    int64_t timeout_ms;   /* then a request is given up, its outcome unknown */
    enum packing packing; /* of bodies */
};

/* transport_new(base, endpoint, options, err): base and endpoint must outlive
 * it. Its events take priority 0, so that in a base of two priorities (see
 * event_base_priority_init) a body on its way goes before all else. NULL with
 * err. */
struct transport *transport_new(struct event_base *base,
    const struct endpoint *endpoint, const struct transport_options *options,
    struct error *err) MUST_CHECK;

/* transport_free(t): Give up what is under way and free it; NULL is fine. */
void transport_free(struct transport *t);

/* transport_set_timeout(t, timeout_ms): Of the requests from now on. */
void transport_set_timeout(struct transport *t, int64_t timeout_ms);

/*
 * transport_post(t, path, body, done, arg):
 * Send body as application/x-ndjson to path. body is borrowed until done has
 * run. Returns 0; -1 when out of memory or max_requests are under way, and
 * done will not run.
 */
int transport_post(struct transport *t, const char *path, struct slice body,
    transport_done_fn done, void *arg) MUST_CHECK;

#endif
