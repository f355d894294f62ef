/*
 * Server-sent events over evhttp's chunked answers; see admin.h. A client's
 * request stays with us until its connection closes: evhttp then takes the
 * request off the connection and calls closecb, and the request is ours to
 * free (evhttp_connection_incoming_fail); when the server itself closes the
 * connection the request goes with it.
 */
#include "common/admin_stream.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <stdlib.h>
#include <sys/socket.h>

#define HELLO_MOST_BYTES (1u << 20)
#define SOCKET_BYTES 65536 /* that the kernel keeps of a backlog */

struct client {
    struct admin_stream *stream;
    struct evhttp_request *request; /* NULL: free */
};

struct admin_stream {
    admin_page_fn hello;
    void *arg;
    struct client clients[ADMIN_STREAM_CLIENTS];
};

struct admin_stream *admin_stream_new(admin_page_fn hello, void *arg)
{
    struct admin_stream *s = calloc(1, sizeof(*s));

    if (s != NULL) {
        s->hello = hello;
        s->arg = arg;
        for (size_t i = 0; i < ADMIN_STREAM_CLIENTS; i++) {
            s->clients[i].stream = s;
        }
    }
    return s;
}

void admin_stream_free(struct admin_stream *s)
{
    free(s);
}

size_t admin_stream_clients(const struct admin_stream *s)
{
    size_t n = 0;

    for (size_t i = 0; i < ADMIN_STREAM_CLIENTS; i++) {
        n += s->clients[i].request != NULL;
    }
    return n;
}

static void on_close(struct evhttp_connection *connection, void *arg)
{
    struct client *c = arg;
    struct evhttp_request *request = c->request;

    (void)connection;
    c->request = NULL;
    if (request != NULL && evhttp_request_get_connection(request) == NULL) {
        evhttp_request_free(request);
    }
}

static void send_chunk(struct client *c, struct slice text)
{
    struct evbuffer *out = evbuffer_new();

    if (out != NULL && evbuffer_add(out, text.p, text.len) == 0) {
        evhttp_send_reply_chunk(c->request, out);
    }
    if (out != NULL) {
        evbuffer_free(out);
    }
}

static void drop(struct client *c)
{
    struct evhttp_connection *connection =
        evhttp_request_get_connection(c->request);

    evhttp_connection_set_closecb(connection, NULL, NULL);
    c->request = NULL;
    evhttp_connection_free(connection);
}

static size_t behind_bytes(const struct client *c)
{
    return evbuffer_get_length(
        bufferevent_get_output(evhttp_connection_get_bufferevent(
            evhttp_request_get_connection(c->request))));
}

void admin_stream_send(struct admin_stream *s, struct slice events)
{
    for (size_t i = 0; i < ADMIN_STREAM_CLIENTS; i++) {
        struct client *c = &s->clients[i];

        if (c->request != NULL && behind_bytes(c) > ADMIN_STREAM_BEHIND_BYTES) {
            drop(c);
        } else if (c->request != NULL) {
            send_chunk(c, events);
        }
    }
}

static struct client *free_client(struct admin_stream *s)
{
    for (size_t i = 0; i < ADMIN_STREAM_CLIENTS; i++) {
        if (s->clients[i].request == NULL) {
            return &s->clients[i];
        }
    }
    return NULL;
}

/* The kernel would keep megabytes for one who does not read. */
static void keep_backlog_small(struct evhttp_connection *connection)
{
    int bytes = SOCKET_BYTES;

    (void)setsockopt(
        bufferevent_getfd(evhttp_connection_get_bufferevent(connection)),
        SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
}

void admin_stream_open(struct evhttp_request *request, void *stream)
{
    struct admin_stream *s = stream;
    struct client *c = free_client(s);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    struct evhttp_connection *connection =
        evhttp_request_get_connection(request);
    const char *type = NULL;
    struct buf hello;

    (void)evhttp_add_header(headers, "Content-Type", "text/event-stream");
    (void)evhttp_add_header(headers, "Cache-Control", "no-store");
    if (evhttp_request_get_command(request) == EVHTTP_REQ_HEAD) {
        evhttp_send_reply(request, 200, "OK", NULL);
        return;
    }
    buf_init(&hello, HELLO_MOST_BYTES);
    if (c == NULL || s->hello(s->arg, &hello, &type) != 200) {
        (void)evhttp_add_header(headers, "Retry-After", "10");
        evhttp_send_error(request, 503, "too many listen already");
        buf_fini(&hello);
        return;
    }
    c->request = request;
    keep_backlog_small(connection);
    evhttp_connection_set_closecb(connection, on_close, c);
    evhttp_send_reply_start(request, 200, "OK");
    send_chunk(c, buf_slice(&hello));
    buf_fini(&hello);
}
