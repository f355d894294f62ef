/*
 * struct connection: one connection of the counting engine's server. It reads
 * a head, reads the body, waits until its answer is due, writes it, and begins
 * again. The functions are the server's; it looks into the struct, too.
 */
#ifndef NARU_BENCH_STUB_CONNECTION_H
#define NARU_BENCH_STUB_CONNECTION_H

#include "tests/bench/stub_server.h"

#include <zlib.h>

#define CONNECTION_UNPACKED_BYTES (128u << 10)

enum connection_state { CONN_HEAD, CONN_BODY, CONN_WAITING, CONN_WRITING };

struct connection {
    struct exchange x;
    const struct server_calls *calls;
    void *arg;
    char *unpacked; /* CONNECTION_UNPACKED_BYTES that all connections share */
    int epoll_fd;
    int fd; /* -1: free */
    enum connection_state state;
    char *in;
    size_t in_bytes;
    size_t body_left_bytes;
    bool is_packed;
    bool closes; /* after the answer */
    z_stream unpacker;
    char head[160];
    size_t head_bytes;
    size_t written_bytes;
};

/* connection_open(c, fd): Take the accepted socket. 0, or -1: close it. */
int connection_open(struct connection *c, int fd) MUST_CHECK;

/* connection_close(c): Close it; c is free for another. */
void connection_close(struct connection *c);

/* connection_watch(c, events): Let epoll tell of these. */
void connection_watch(struct connection *c, uint32_t events);

/* connection_read(c): Take what has come. It may close the connection. */
void connection_read(struct connection *c);

/* connection_start_answer(c): From waiting to writing. */
void connection_start_answer(struct connection *c);

/* connection_write(c): Write as much as goes. It may close the connection,
 * and when all is written read on. */
void connection_write(struct connection *c);

#endif
