/* An HTTP server that means harm; see hostile_server.h. */
#include "tests/fakes/hostile_server.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#define CHUNK_BYTES 65536u
#define BOMB_BYTES (1u << 30)
#define DRIP_MS 50
#define POLL_MS 50

struct hostile_server {
    enum hostile_act act;
    int fd;
    pthread_t thread;
    atomic_bool over;
    atomic_uint served;
    atomic_size_t most_bytes;
    char *bomb;
    size_t bomb_bytes;
};

struct victim {
    struct hostile_server *s;
    int fd;
    size_t taken_bytes;
};

/* All of it, or false: the other side has had enough. */
static bool give(struct victim *v, const char *bytes, size_t n)
{
    while (n > 0 && !v->s->over) {
        ssize_t sent = send(v->fd, bytes, n, MSG_NOSIGNAL);

        if (sent > 0) {
            bytes += sent;
            n -= (size_t)sent;
            v->taken_bytes += (size_t)sent;
        } else {
            return false;
        }
    }
    return n == 0;
}

static bool give_text(struct victim *v, const char *text)
{
    return give(v, text, strlen(text));
}

static void give_for_ever(struct victim *v, const char *text)
{
    size_t len = strlen(text);
    char many[CHUNK_BYTES];
    size_t n = 0;

    for (; n + len <= sizeof(many); n += len) {
        memcpy(many + n, text, len);
    }
    while (give(v, many, n)) {
    }
}

static void drip(struct victim *v)
{
    struct pollfd p = {.fd = v->fd, .events = POLLRDHUP};

    while (give_text(v, " ") && poll(&p, 1, DRIP_MS) == 0) {
    }
}

static void misbehave(struct victim *v)
{
    struct hostile_server *s = v->s;
    char head[256];

    switch (s->act) {
    case HOSTILE_BODY:
        (void)give_text(v, "HTTP/1.1 200 OK\r\nContent-Type: application/json"
                           "\r\nContent-Length: 10737418240\r\n\r\n");
        give_for_ever(v, "{\"items\":[0,0,0]}");
        break;
    case HOSTILE_CHUNKS:
        (void)give_text(
            v, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        give_for_ever(v, "10\r\n0123456789abcdef\r\n");
        break;
    case HOSTILE_HEADERS:
        (void)give_text(v, "HTTP/1.1 200 OK\r\n");
        give_for_ever(v, "X-More: and more and more and more\r\n");
        break;
    case HOSTILE_LONG_HEADER:
        (void)give_text(v, "HTTP/1.1 200 OK\r\nX-More: ");
        give_for_ever(v, "more");
        break;
    case HOSTILE_INTERIM:
        give_for_ever(v, "HTTP/1.1 100 Continue\r\n\r\n");
        break;
    case HOSTILE_DRIP:
        (void)give_text(v, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n");
        (void)give_text(v, "\r\n{");
        drip(v);
        break;
    case HOSTILE_GZIP_BOMB:
        (void)snprintf(head, sizeof(head),
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
            "Content-Length: %zu\r\n\r\n",
            s->bomb_bytes);
        (void)give_text(v, head);
        (void)give(v, s->bomb, s->bomb_bytes);
        break;
    case HOSTILE_NOT_HTTP:
        (void)give_text(v, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n");
        break;
    }
}

/* The request is of no interest, but has to be out of the way. */
static void take_request(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    char scrap[CHUNK_BYTES];

    while (poll(&p, 1, POLL_MS) > 0 && recv(fd, scrap, sizeof(scrap), 0) > 0) {
    }
}

static void *serve(void *arg)
{
    struct hostile_server *s = arg;
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    const struct timeval limit = {20, 0};

    while (!s->over) {
        struct victim v = {.s = s};

        if (poll(&p, 1, POLL_MS) <= 0) {
            continue;
        }
        v.fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
        if (v.fd < 0) {
            continue;
        }
        (void)setsockopt(v.fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
        take_request(v.fd);
        misbehave(&v);
        (void)close(v.fd);
        if (v.taken_bytes > s->most_bytes) {
            s->most_bytes = v.taken_bytes;
        }
        s->served++;
    }
    return NULL;
}

static void make_bomb(struct hostile_server *s)
{
    static unsigned char zeros[1 << 20];
    z_stream z = {.zalloc = Z_NULL};

    s->bomb = malloc(BOMB_BYTES / 256);
    assert_non_null(s->bomb);
    assert_int_equal(
        deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_out = (unsigned char *)s->bomb;
    z.avail_out = BOMB_BYTES / 256;
    for (size_t i = 0; i < BOMB_BYTES / sizeof(zeros); i++) {
        z.next_in = zeros;
        z.avail_in = sizeof(zeros);
        assert_int_equal(deflate(&z, Z_NO_FLUSH), Z_OK);
    }
    z.avail_in = 0;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    s->bomb_bytes = z.total_out;
    (void)deflateEnd(&z);
}

struct hostile_server *hostile_server_new(int port, enum hostile_act act)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct hostile_server *s = calloc(1, sizeof(*s));
    int yes = 1;

    assert_non_null(s);
    s->act = act;
    if (act == HOSTILE_GZIP_BOMB) {
        make_bomb(s);
    }
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(s->fd, 64), 0);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
    return s;
}

void hostile_server_free(struct hostile_server *s)
{
    if (s != NULL) {
        s->over = true;
        (void)pthread_join(s->thread, NULL);
        (void)close(s->fd);
        free(s->bomb);
        free(s);
    }
}

unsigned hostile_server_served(const struct hostile_server *s)
{
    return s->served;
}

size_t hostile_server_most_bytes(const struct hostile_server *s)
{
    return s->most_bytes;
}
