/*
 * Requests to a real engine; see engine_link.h. A call takes a connection that
 * is free, or a new one; connections are kept, and evhttp opens them again
 * when the engine has closed them.
 */
#include "tests/fakes/engine_link.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ANSWER_WAIT_S 120 /* longer than any client waits */

struct call {
    struct engine_link *link;
    struct call *next;
    struct evhttp_connection *connection;
    struct event *given_up; /* for what evhttp refuses at once */
    engine_link_fn fn;
    void *arg;
    bool is_busy;
};

struct engine_link {
    struct event_base *base;
    char *host;
    uint16_t port;
    struct call *calls;
};

struct engine_link *engine_link_new(
    struct event_base *base, const char *host, uint16_t port)
{
    struct engine_link *l = calloc(1, sizeof(*l));

    if (l == NULL || (l->host = strdup(host)) == NULL) {
        free(l);
        return NULL;
    }
    l->base = base;
    l->port = port;
    return l;
}

void engine_link_free(struct engine_link *l)
{
    struct call *next;

    if (l == NULL) {
        return;
    }
    for (struct call *c = l->calls; c != NULL; c = next) {
        next = c->next;
        c->fn = NULL;
        evhttp_connection_free(c->connection);
        event_free(c->given_up);
        free(c);
    }
    free(l->host);
    free(l);
}

static void finish(struct call *c, int status, struct evbuffer *body)
{
    engine_link_fn fn = c->fn;

    c->fn = NULL;
    if (fn != NULL) {
        fn(c->arg, status, body);
    }
    c->is_busy = false; /* only now: fn may send, on another connection */
}

static void on_answer(struct evhttp_request *request, void *arg)
{
    int status =
        request != NULL ? evhttp_request_get_response_code(request) : 0;

    finish(arg, status,
        status != 0 ? evhttp_request_get_input_buffer(request) : NULL);
}

static void on_given_up(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    finish(arg, 0, NULL);
}

static struct call *new_call(struct engine_link *l)
{
    struct call *c = calloc(1, sizeof(*c));

    c->link = l;
    c->connection = evhttp_connection_base_new(l->base, NULL, l->host, l->port);
    evhttp_connection_set_timeout(c->connection, ANSWER_WAIT_S);
    c->given_up = evtimer_new(l->base, on_given_up, c);
    c->next = l->calls;
    l->calls = c;
    return c;
}

static struct call *free_call(struct engine_link *l)
{
    for (struct call *c = l->calls; c != NULL; c = c->next) {
        if (!c->is_busy) {
            return c;
        }
    }
    return new_call(l);
}

/* Not what is about this connection, nor a wish for packed answers, which
 * would have to say so in headers that the proxy does not hand on. */
static bool is_handed_on(const char *name)
{
    static const char *const kept[] = {"Accept-Encoding", "Connection",
        "Content-Length", "Expect", "Host", "Transfer-Encoding"};

    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (strcasecmp(name, kept[i]) == 0) {
            return false;
        }
    }
    return true;
}

static void copy_request(
    struct evhttp_request *from, struct evhttp_request *to, const char *host)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(to);
    struct evbuffer *body = evhttp_request_get_input_buffer(from);
    struct evkeyval *header;

    (void)evhttp_add_header(headers, "Host", host);
    for (header = evhttp_request_get_input_headers(from)->tqh_first;
         header != NULL; header = header->next.tqe_next) {
        if (is_handed_on(header->key)) {
            (void)evhttp_add_header(headers, header->key, header->value);
        }
    }
    (void)evbuffer_add(evhttp_request_get_output_buffer(to),
        evbuffer_pullup(body, -1), evbuffer_get_length(body));
}

void engine_link_send(struct engine_link *l, struct evhttp_request *from,
    engine_link_fn fn, void *arg)
{
    struct call *c = free_call(l);
    struct evhttp_request *request = evhttp_request_new(on_answer, c);
    const struct timeval now = {0, 0};

    c->is_busy = true;
    c->fn = fn;
    c->arg = arg;
    copy_request(from, request, l->host);
    if (evhttp_make_request(c->connection, request,
            evhttp_request_get_command(from),
            evhttp_request_get_uri(from)) != 0) {
        (void)event_add(c->given_up, &now);
    }
}
