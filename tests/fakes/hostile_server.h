/*
 * struct hostile_server: an HTTP server that means harm, on a loopback port,
 * served by a thread of its own, a connection at a time.
 */
#ifndef NARU_TESTS_FAKES_HOSTILE_SERVER_H
#define NARU_TESTS_FAKES_HOSTILE_SERVER_H

#include "common/attr.h"

#include <stddef.h>

enum hostile_act {
    HOSTILE_BODY,        /* promises 10 GB and sends them */
    HOSTILE_CHUNKS,      /* a body without an end */
    HOSTILE_HEADERS,     /* headers without an end */
    HOSTILE_LONG_HEADER, /* one header without an end */
    HOSTILE_INTERIM,     /* "100 Continue" without an end */
    HOSTILE_DRIP,        /* a byte of the answer now and then */
    HOSTILE_GZIP_BOMB,   /* a gigabyte in one megabyte, unasked for */
    HOSTILE_NOT_HTTP     /* bytes that are none of HTTP */
};

struct hostile_server;

/* hostile_server_new(port, act): Listening already. Failures end the case. */
struct hostile_server *hostile_server_new(
    int port, enum hostile_act act) MUST_CHECK;

/* hostile_server_free(s): Close everything; NULL is fine. */
void hostile_server_free(struct hostile_server *s);

/* Connections taken, and the most that one of them took from us. */
unsigned hostile_server_served(const struct hostile_server *s);
size_t hostile_server_most_bytes(const struct hostile_server *s);

#endif
