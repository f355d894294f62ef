/*
 * HTTP for the counting engine; see stub_server.h. A connection reads a head,
 * reads the body, waits until its answer is due, writes it, and begins again.
 */
#include "tests/bench/stub_server.h"

#include "common/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>
#include <zlib.h>

#define MOST_CONNECTIONS 128
#define IN_BYTES (256u << 10)
#define UNPACKED_BYTES (128u << 10)
#define ANSWER_MOST_BYTES (256u << 20)
#define LONGEST_WAIT_MS 1000

enum connection_state { CONN_HEAD, CONN_BODY, CONN_WAITING, CONN_WRITING };

struct connection {
    struct exchange x;
    struct server *server;
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

struct server {
    int epoll_fd;
    int listen_fd;
    int port;
    const struct server_calls *calls;
    void *arg;
    struct connection connections[MOST_CONNECTIONS];
    char unpacked[UNPACKED_BYTES];
};

static const char *reason_of(int status)
{
    return status == 200   ? "OK"
           : status == 400 ? "Bad Request"
           : status == 429 ? "Too Many Requests"
                           : "Other";
}

/* ---- the head ---- */

/* The value of a header line, or NULL. */
static const char *value_of(const char *line, const char *name)
{
    size_t n = strlen(name);

    if (strncasecmp(line, name, n) != 0 || line[n] != ':') {
        return NULL;
    }
    return line + n + 1 + strspn(line + n + 1, " \t");
}

static void read_header(struct connection *c, const char *line)
{
    const char *v;

    if ((v = value_of(line, "Content-Length")) != NULL) {
        c->x.body_bytes = strtoull(v, NULL, 10);
    } else if ((v = value_of(line, "Content-Encoding")) != NULL) {
        c->is_packed = strncasecmp(v, "gzip", 4) == 0;
    } else if ((v = value_of(line, "Connection")) != NULL) {
        c->closes = strncasecmp(v, "close", 5) == 0;
    } else if ((v = value_of(line, "Expect")) != NULL) {
        static const char go[] = "HTTP/1.1 100 Continue\r\n\r\n";

        (void)!send(c->fd, go, sizeof(go) - 1, MSG_NOSIGNAL);
    } else if (value_of(line, "Transfer-Encoding") != NULL) {
        c->x.status = 411; /* we want a length */
        c->closes = true;
    }
}

/* head: NUL-terminated, without its empty last line. 0 or -1. */
static int read_head(struct connection *c, char *head)
{
    char *rest = NULL;
    char *line = strtok_r(head, "\r\n", &rest);

    c->x.status = 0;
    c->x.body_bytes = 0;
    c->is_packed = false;
    c->closes = false;
    buf_clear(&c->x.lead);
    buf_clear(&c->x.answer);
    if (line == NULL ||
        sscanf(line, "%7s %1023s", c->x.method, c->x.path) != 2) {
        return -1;
    }
    while ((line = strtok_r(NULL, "\r\n", &rest)) != NULL) {
        read_header(c, line);
    }
    c->body_left_bytes = c->x.body_bytes;
    if (c->is_packed) {
        (void)inflateReset(&c->unpacker);
    }
    c->server->calls->begin(c->server->arg, &c->x);
    return 0;
}

/* ---- the body ---- */

static void unpack(struct connection *c, struct slice piece)
{
    struct server *s = c->server;
    z_stream *z = &c->unpacker;
    int rc = Z_OK;

    z->next_in = (Bytef *)(uintptr_t)piece.p;
    z->avail_in = (uInt)piece.len;
    while (z->avail_in > 0 && rc == Z_OK) {
        z->next_out = (Bytef *)s->unpacked;
        z->avail_out = UNPACKED_BYTES;
        rc = inflate(z, Z_NO_FLUSH);
        if (rc != Z_OK && rc != Z_STREAM_END) {
            c->x.status = 400;
        } else if (c->x.status == 0) {
            s->calls->body(s->arg, &c->x,
                (struct slice){s->unpacked, UNPACKED_BYTES - z->avail_out});
        }
    }
}

static void take_body(struct connection *c, struct slice piece)
{
    struct server *s = c->server;

    c->body_left_bytes -= piece.len;
    if (piece.len > 0 && c->x.status == 0) {
        if (c->is_packed) {
            unpack(c, piece);
        } else {
            s->calls->body(s->arg, &c->x, piece);
        }
    }
    if (c->body_left_bytes == 0) {
        s->calls->end(s->arg, &c->x);
        c->state = CONN_WAITING;
    }
}

/* ---- connections ---- */

static void close_connection(struct connection *c)
{
    c->server->calls->closed(c->server->arg, &c->x);
    (void)close(c->fd);
    (void)inflateEnd(&c->unpacker);
    buf_fini(&c->x.lead);
    buf_fini(&c->x.answer);
    free(c->in);
    *c = (struct connection){.server = c->server, .fd = -1};
}

static int open_connection(struct connection *c, int fd)
{
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
    int yes = 1;

    c->fd = fd;
    c->in = malloc(IN_BYTES + 1);
    c->state = CONN_HEAD;
    buf_init(&c->x.lead, ANSWER_MOST_BYTES);
    buf_init(&c->x.answer, ANSWER_MOST_BYTES);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    /* 16: a gzip header; 15: the largest window. */
    if (c->in == NULL || inflateInit2(&c->unpacker, 16 + 15) != Z_OK) {
        return -1;
    }
    return epoll_ctl(c->server->epoll_fd, EPOLL_CTL_ADD, fd, &ev);
}

static void accept_one(struct server *s)
{
    int fd = accept4(s->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    for (size_t i = 0; fd >= 0 && i < MOST_CONNECTIONS; i++) {
        struct connection *c = &s->connections[i];

        if (c->fd < 0) {
            if (open_connection(c, fd) != 0) {
                close_connection(c);
            }
            return;
        }
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

/* What has come, as far as it goes. 0; -1: this is no HTTP. */
static int take_input(struct connection *c)
{
    size_t at = 0;
    int rc = 0;

    while (rc == 0 && at < c->in_bytes && c->state <= CONN_BODY) {
        char *p = c->in + at;
        size_t n = c->in_bytes - at;

        if (c->state == CONN_HEAD) {
            char *end = memmem(p, n, "\r\n\r\n", 4);

            if (end == NULL) {
                rc = n < IN_BYTES ? 0 : -1;
                break;
            }
            *end = '\0';
            rc = read_head(c, p);
            c->state = CONN_BODY;
            at += (size_t)(end + 4 - p);
            n = c->in_bytes - at;
        }
        n = n < c->body_left_bytes ? n : c->body_left_bytes;
        take_body(c, (struct slice){c->in + at, n});
        at += n;
    }
    c->in_bytes -= at;
    memmove(c->in, c->in + at, c->in_bytes);
    return rc;
}

static void on_input(struct connection *c)
{
    ssize_t n =
        recv(c->fd, c->in + c->in_bytes, IN_BYTES - c->in_bytes, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (n <= 0) {
        close_connection(c);
        return;
    }
    c->in_bytes += (size_t)n;
    if (take_input(c) != 0) {
        close_connection(c);
    }
}

/* ---- answers ---- */

static void watch(struct connection *c, uint32_t events)
{
    struct epoll_event ev = {.events = events, .data.ptr = c};

    (void)epoll_ctl(c->server->epoll_fd, EPOLL_CTL_MOD, c->fd, &ev);
}

static void start_answer(struct connection *c)
{
    struct exchange *x = &c->x;
    int n = snprintf(c->head, sizeof(c->head),
        "HTTP/1.1 %d %s\r\nX-elastic-product: Elasticsearch\r\n"
        "content-type: application/json; charset=UTF-8\r\n"
        "content-length: %zu\r\n\r\n",
        x->status, reason_of(x->status),
        x->lead.len_bytes + x->answer.len_bytes);

    c->head_bytes = (size_t)n;
    if (strcmp(x->method, "HEAD") == 0) {
        buf_clear(&x->lead);
        buf_clear(&x->answer);
    }
    c->written_bytes = 0;
    c->state = CONN_WRITING;
}

/* The parts that are not written yet. */
static int rest_of_answer(struct connection *c, struct iovec *parts)
{
    struct slice all[3] = {{c->head, c->head_bytes}, buf_slice(&c->x.lead),
        buf_slice(&c->x.answer)};
    size_t skip = c->written_bytes;
    int n = 0;

    for (size_t i = 0; i < 3; i++) {
        size_t gone = skip < all[i].len ? skip : all[i].len;

        skip -= gone;
        if (gone < all[i].len) {
            parts[n++] = (struct iovec){
                (void *)(uintptr_t)(all[i].p + gone), all[i].len - gone};
        }
    }
    return n;
}

static void write_answer(struct connection *c)
{
    struct iovec parts[3];
    int n;

    while ((n = rest_of_answer(c, parts)) > 0) {
        ssize_t sent = writev(c->fd, parts, n);

        if (sent < 0 && errno == EAGAIN) {
            watch(c, EPOLLOUT);
            return;
        }
        if (sent < 0) {
            close_connection(c);
            return;
        }
        c->written_bytes += (size_t)sent;
    }
    if (c->closes) {
        close_connection(c);
        return;
    }
    watch(c, EPOLLIN);
    c->state = CONN_HEAD;
    if (c->in_bytes > 0 && take_input(c) != 0) {
        close_connection(c);
    }
}

/* Send what is due; how long until something else is, in ms. */
static int answer_all(struct server *s)
{
    int64_t next_us = LONGEST_WAIT_MS * 1000;

    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        struct connection *c = &s->connections[i];

        while (c->fd >= 0 && c->state == CONN_WAITING) {
            int64_t wait_us = s->calls->wait_us(s->arg, &c->x, clock_mono_us());

            if (wait_us > 0) {
                next_us = wait_us < next_us ? wait_us : next_us;
                break;
            }
            start_answer(c);
            write_answer(c);
        }
    }
    return (int)((next_us + 999) / 1000);
}

/* ---- the server ---- */

static int listen_on(struct server *s, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = NULL};
    socklen_t size = sizeof(at);
    int yes = 1;

    s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    s->listen_fd =
        socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(s->listen_fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
        getsockname(s->listen_fd, (struct sockaddr *)&at, &size) != 0 ||
        listen(s->listen_fd, MOST_CONNECTIONS) != 0) {
        return -1;
    }
    s->port = ntohs(at.sin_port);
    return epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, s->listen_fd, &ev);
}

struct server *server_new(
    int port, const struct server_calls *calls, void *arg, struct error *err)
{
    struct server *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    s->calls = calls;
    s->arg = arg;
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        s->connections[i] = (struct connection){.server = s, .fd = -1};
    }
    if (listen_on(s, port) != 0) {
        (void)error_set(
            err, "cannot listen on port %d: %s", port, strerror(errno));
        server_free(s);
        return NULL;
    }
    return s;
}

void server_free(struct server *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < MOST_CONNECTIONS; i++) {
        if (s->connections[i].fd >= 0) {
            close_connection(&s->connections[i]);
        }
    }
    (void)close(s->listen_fd);
    (void)close(s->epoll_fd);
    free(s);
}

int server_port(const struct server *s)
{
    return s->port;
}

static void on_event(struct server *s, const struct epoll_event *ev)
{
    struct connection *c = ev->data.ptr;

    if (c == NULL) {
        accept_one(s);
    } else if (c->fd >= 0 && c->state == CONN_WRITING) {
        write_answer(c);
    } else if (c->fd >= 0 && c->state == CONN_WAITING) {
        /* A peer that hangs up, or is in a hurry: the answer comes first. */
        watch(c, 0);
    } else if (c->fd >= 0) {
        on_input(c);
    }
}

int server_run(struct server *s, const volatile sig_atomic_t *stop)
{
    struct epoll_event events[MOST_CONNECTIONS];
    sigset_t none;

    (void)sigemptyset(&none);
    while (*stop == 0) {
        /* Only here do signals come, so that none is missed. */
        int n = epoll_pwait(
            s->epoll_fd, events, MOST_CONNECTIONS, answer_all(s), &none);

        if (n < 0 && errno != EINTR) {
            return -1;
        }
        for (int i = 0; i < n; i++) {
            on_event(s, &events[i]);
        }
    }
    return 0;
}
