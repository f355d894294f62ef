/* HTTP for the counting engine, a connection's part; see stub_connection.h. */
#include "tests/bench/stub_connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define IN_BYTES (256u << 10)
#define ANSWER_MOST_BYTES (256u << 20)

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
    c->calls->begin(c->arg, &c->x);
    return 0;
}

/* ---- the body ---- */

static void unpack(struct connection *c, struct slice piece)
{
    z_stream *z = &c->unpacker;
    int rc = Z_OK;

    z->next_in = (Bytef *)(uintptr_t)piece.p;
    z->avail_in = (uInt)piece.len;
    while (z->avail_in > 0 && rc == Z_OK) {
        z->next_out = (Bytef *)c->unpacked;
        z->avail_out = CONNECTION_UNPACKED_BYTES;
        rc = inflate(z, Z_NO_FLUSH);
        if (rc != Z_OK && rc != Z_STREAM_END) {
            c->x.status = 400;
        } else if (c->x.status == 0) {
            c->calls->body(c->arg, &c->x,
                (struct slice){
                    c->unpacked, CONNECTION_UNPACKED_BYTES - z->avail_out});
        }
    }
}

static void take_body(struct connection *c, struct slice piece)
{

    c->body_left_bytes -= piece.len;
    if (piece.len > 0 && c->x.status == 0) {
        if (c->is_packed) {
            unpack(c, piece);
        } else {
            c->calls->body(c->arg, &c->x, piece);
        }
    }
    if (c->body_left_bytes == 0) {
        c->calls->end(c->arg, &c->x);
        c->state = CONN_WAITING;
    }
}

/* ---- connections ---- */

void connection_close(struct connection *c)
{
    c->calls->closed(c->arg, &c->x);
    (void)close(c->fd);
    (void)inflateEnd(&c->unpacker);
    buf_fini(&c->x.lead);
    buf_fini(&c->x.answer);
    free(c->in);
    *c = (struct connection){.epoll_fd = c->epoll_fd,
        .calls = c->calls,
        .arg = c->arg,
        .unpacked = c->unpacked,
        .fd = -1};
}

int connection_open(struct connection *c, int fd)
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
    return epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, fd, &ev);
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

void connection_read(struct connection *c)
{
    ssize_t n =
        recv(c->fd, c->in + c->in_bytes, IN_BYTES - c->in_bytes, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (n <= 0) {
        connection_close(c);
        return;
    }
    c->in_bytes += (size_t)n;
    if (take_input(c) != 0) {
        connection_close(c);
    }
}

/* ---- answers ---- */

void connection_watch(struct connection *c, uint32_t events)
{
    struct epoll_event ev = {.events = events, .data.ptr = c};

    (void)epoll_ctl(c->epoll_fd, EPOLL_CTL_MOD, c->fd, &ev);
}

void connection_start_answer(struct connection *c)
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

void connection_write(struct connection *c)
{
    struct iovec parts[3];
    int n;

    while ((n = rest_of_answer(c, parts)) > 0) {
        ssize_t sent = writev(c->fd, parts, n);

        if (sent < 0 && errno == EAGAIN) {
            connection_watch(c, EPOLLOUT);
            return;
        }
        if (sent < 0) {
            connection_close(c);
            return;
        }
        c->written_bytes += (size_t)sent;
    }
    if (c->closes) {
        connection_close(c);
        return;
    }
    connection_watch(c, EPOLLIN);
    c->state = CONN_HEAD;
    if (c->in_bytes > 0 && take_input(c) != 0) {
        connection_close(c);
    }
}
