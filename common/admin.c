/* The HTTP server for those who watch, over evhttp; see admin.h. */
#include "common/admin_connections.h"
#include "common/admin_stream.h"
#include "common/admin_token.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/http.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PAGE_BYTES (16u << 20)
#define IDLE_TIMEOUT_S 30
#define MAX_REQUEST_BYTES 8192

/*
 * What we show is made here: a page may run its own script and ask us, and
 * nothing else; nobody may frame it or guess at types.
 */
#define CONTENT_POLICY                                                         \
    "default-src 'none'; script-src 'unsafe-inline'; "                         \
    "style-src 'unsafe-inline'; connect-src 'self'; img-src data:; "           \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

struct route {
    struct admin *admin;
    bool is_open;                /* to who shows no token, too */
    admin_page_fn page;          /* of a page, else NULL */
    struct admin_stream *stream; /* of a stream, else NULL */
    void *arg;
    struct route *next;
};

struct admin {
    struct evhttp *http;
    struct admin_connections *connections;
    struct admin_token *token; /* NULL: everybody may look */
    int port;
    struct route *routes;
};

/* May it go on? If not, it has its answer. */
static bool let_in(const struct route *route, struct evhttp_request *request)
{
    struct admin *a = route->admin;

    admin_connections_heard(a->connections, request, false);
    if (route->is_open || a->token == NULL ||
        admin_token_admits(a->token, request)) {
        return true;
    }
    admin_token_refuse(a->token, request);
    return false;
}

static void on_request(struct evhttp_request *request, void *arg)
{
    struct route *route = arg;
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    struct evbuffer *out;
    const char *type = "text/plain; charset=utf-8";
    struct buf body;
    int status;

    if (!let_in(route, request)) {
        return;
    }
    out = evbuffer_new();
    if (out == NULL) {
        evhttp_send_error(request, 503, NULL);
        return;
    }
    buf_init(&body, MAX_PAGE_BYTES);
    status = route->page(route->arg, &body, &type);
    (void)evhttp_add_header(headers, "Content-Type", type);
    (void)evhttp_add_header(headers, "Cache-Control", "no-store");
    (void)evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    (void)evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
    (void)evhttp_add_header(headers, "Content-Security-Policy", CONTENT_POLICY);
    (void)evbuffer_add(out, body.data, body.len_bytes);
    evhttp_send_reply(request, status, status == 200 ? "OK" : NULL, out);
    buf_fini(&body);
    evbuffer_free(out);
}

static void on_stream(struct evhttp_request *request, void *arg)
{
    struct route *route = arg;

    if (let_in(route, request)) {
        admin_connections_heard(route->admin->connections, request, true);
        admin_stream_open(request, route->stream);
    }
}

static int split_address(const char *listen, char *host, size_t size, int *port)
{
    const char *colon = strrchr(listen, ':');
    char *end;
    size_t n;
    long number;

    if (colon == NULL || colon == listen) {
        return -1;
    }
    number = strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end != '\0' || number < 1 || number > 65535) {
        return -1;
    }
    n = (size_t)(colon - listen);
    if (listen[0] == '[' && listen[n - 1] == ']') {
        listen++;
        n -= 2;
    }
    if (n == 0 || n >= size) {
        return -1;
    }
    memcpy(host, listen, n);
    host[n] = '\0';
    *port = (int)number;
    return 0;
}

struct admin *admin_new(
    struct event_base *base, const char *listen, struct error *err)
{
    struct admin *a = calloc(1, sizeof(*a));
    char host[256];

    if (a == NULL || (a->http = evhttp_new(base)) == NULL ||
        (a->connections = admin_connections_new(base, a->http)) == NULL) {
        (void)error_set(err, "out of memory");
        admin_free(a);
        return NULL;
    }
    evhttp_set_allowed_methods(a->http, EVHTTP_REQ_GET | EVHTTP_REQ_HEAD);
    evhttp_set_timeout(a->http, IDLE_TIMEOUT_S);
    evhttp_set_max_headers_size(a->http, MAX_REQUEST_BYTES);
    evhttp_set_max_body_size(a->http, MAX_REQUEST_BYTES);
    if (split_address(listen, host, sizeof(host), &a->port) != 0) {
        (void)error_set(
            err, "admin.listen: '%s' is not of the form host:port", listen);
        admin_free(a);
        return NULL;
    }
    if (evhttp_bind_socket(a->http, host, (ev_uint16_t)a->port) != 0) {
        (void)error_set(err,
            "admin.listen: cannot listen on %s: %s; choose another with "
            "--set admin.listen=HOST:PORT, or off",
            listen, strerror(errno));
        admin_free(a);
        return NULL;
    }
    return a;
}

void admin_free(struct admin *a)
{
    if (a == NULL) {
        return;
    }
    if (a->http != NULL) {
        evhttp_free(a->http);
    }
    admin_connections_free(a->connections);
    admin_token_free(a->token);
    while (a->routes != NULL) {
        struct route *next = a->routes->next;

        admin_stream_free(a->routes->stream);
        free(a->routes);
        a->routes = next;
    }
    free(a);
}

static struct route *add_route(struct admin *a, const struct route *wanted)
{
    struct route *route = malloc(sizeof(*route));

    if (route != NULL) {
        *route = *wanted;
        route->admin = a;
        route->next = a->routes;
        a->routes = route;
    }
    return route;
}

static int add_page(struct admin *a, const char *path, const struct route *page)
{
    struct route *route = add_route(a, page);

    return route != NULL && evhttp_set_cb(a->http, path, on_request, route) == 0
               ? 0
               : -1;
}

int admin_page(struct admin *a, const char *path, admin_page_fn page, void *arg)
{
    return add_page(a, path, &(struct route){.page = page, .arg = arg});
}

int admin_open_page(
    struct admin *a, const char *path, admin_page_fn page, void *arg)
{
    return add_page(
        a, path, &(struct route){.page = page, .arg = arg, .is_open = true});
}

int admin_set_token(struct admin *a, const char *token, struct error *err)
{
    struct admin_token *made = NULL;

    if (token != NULL && strlen(token) < ADMIN_TOKEN_LEAST_BYTES) {
        return error_set(err,
            "admin.token: a token of less than %d characters can be guessed; "
            "openssl rand -hex 32 makes a good one",
            ADMIN_TOKEN_LEAST_BYTES);
    }
    if (token != NULL && (made = admin_token_new(token, a->port)) == NULL) {
        return error_set(err, "out of memory");
    }
    admin_token_free(a->token);
    a->token = made;
    return 0;
}

struct admin_stream *admin_stream(
    struct admin *a, const char *path, admin_page_fn hello, void *arg)
{
    struct admin_stream *s = admin_stream_new(hello, arg);
    struct route *route =
        s != NULL ? add_route(a, &(struct route){.stream = s}) : NULL;

    if (route == NULL) {
        admin_stream_free(s);
        return NULL;
    }
    return evhttp_set_cb(a->http, path, on_stream, route) == 0 ? s : NULL;
}
