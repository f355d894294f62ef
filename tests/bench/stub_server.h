/*
 * struct server: HTTP/1.1 as the counting engine needs it, in one thread over
 * epoll: request bodies are handed over in pieces as they arrive and never
 * kept, several connections at once, answers that may be due later. A body
 * needs a Content-Length; it may be packed with gzip. Loopback only.
 */
#ifndef NARU_BENCH_STUB_SERVER_H
#define NARU_BENCH_STUB_SERVER_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXCHANGE_PATH_BYTES 1024

/* A request and its answer. */
struct exchange {
    char method[8];
    char path[EXCHANGE_PATH_BYTES]; /* with the query */
    size_t body_bytes;              /* as it travels */
    int status;
    struct buf lead;   /* the answer's body: this ... */
    struct buf answer; /* ... and then this */
    void *of_owner;    /* for the callbacks; kept while the connection lasts */
};

struct server_calls {
    /* The head came. */
    void (*begin)(void *arg, struct exchange *x);

    /* A piece of the body, unpacked; only while x->status is 0. */
    void (*body)(void *arg, struct exchange *x, struct slice piece);

    /* It is whole: x->status, lead and answer are to be set. */
    void (*end)(void *arg, struct exchange *x);

    /* How long until the answer may go out; 0: now. */
    int64_t (*wait_us)(void *arg, struct exchange *x, int64_t now_us);

    /* The connection is gone: free x->of_owner. */
    void (*closed)(void *arg, struct exchange *x);
};

struct server;

/*
 * server_new(port, calls, arg, err): Listen on 127.0.0.1; port 0: any. calls
 * must outlive it. NULL with err.
 */
struct server *server_new(int port, const struct server_calls *calls, void *arg,
    struct error *err) MUST_CHECK;
void server_free(struct server *s);
int server_port(const struct server *s);

/*
 * server_run(s, stop): Serve until *stop is not 0. The caller's handlers set
 * it, and their signals are blocked but while this waits. Returns 0, or -1 on
 * an error of the system's.
 */
int server_run(struct server *s, const volatile sig_atomic_t *stop) MUST_CHECK;

#endif
