/*
 * Answers given later; see late_answers.h. Every answer goes through a timer,
 * so that a connection is never freed inside evhttp's own call. When the peer
 * closes first, evhttp leaves the request to us without a connection, and
 * evhttp_send_reply then only frees it.
 */
#include "tests/fakes/late_answers.h"

#include <event2/bufferevent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#define CUT_AFTER_MS 30 /* a raw answer leaves the socket before it closes */

struct late {
    struct late_answer answer; /* first: late_answer_go gets it back */
    struct late_answers *all;
    struct evhttp_request *request;
    struct event *timer;
    TAILQ_ENTRY(late) link;
};

TAILQ_HEAD(late_list, late);

struct late_answers {
    struct event_base *base;
    struct late_list open;
    unsigned n_open;
};

struct late_answers *late_answers_new(struct event_base *base)
{
    struct late_answers *l = calloc(1, sizeof(*l));

    if (l != NULL) {
        l->base = base;
        TAILQ_INIT(&l->open);
    }
    return l;
}

void late_answers_free(struct late_answers *l)
{
    free(l);
}

static void cut(struct evhttp_request *request)
{
    struct evhttp_connection *c = evhttp_request_get_connection(request);

    if (c != NULL) {
        evhttp_connection_free(c); /* and the request with it */
    } else {
        evhttp_send_reply(request, 200, NULL, NULL); /* frees it */
    }
}

static void send_whole(
    struct evhttp_request *request, const struct late_answer *l)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    char text[16];

    (void)evhttp_add_header(headers, "X-elastic-product", "Elasticsearch");
    (void)evhttp_add_header(
        headers, "Content-Type", "application/json; charset=UTF-8");
    if (l->rule.retry_after_s > 0) {
        (void)snprintf(text, sizeof(text), "%u", l->rule.retry_after_s);
        (void)evhttp_add_header(headers, "Retry-After", text);
    }
    evhttp_send_reply(request, l->status, NULL, l->body);
}

/* Half of the answer, past evhttp, which would send what it announces. */
static void send_half(struct evhttp_request *request, struct evbuffer *body)
{
    struct evhttp_connection *c = evhttp_request_get_connection(request);
    size_t size = evbuffer_get_length(body);
    char head[128];
    int fd;

    if (c == NULL) {
        return;
    }
    fd = (int)bufferevent_getfd(evhttp_connection_get_bufferevent(c));
    (void)snprintf(head, sizeof(head),
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n",
        size);
    (void)send(fd, head, strlen(head), MSG_NOSIGNAL);
    (void)send(fd, evbuffer_pullup(body, -1), size / 2, MSG_NOSIGNAL);
}

static void arm(struct late *l, unsigned ms)
{
    struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

    (void)event_add(l->timer, &tv);
}

static void free_late(struct late *l)
{
    TAILQ_REMOVE(&l->all->open, l, link);
    l->all->n_open--;
    event_free(l->timer);
    evbuffer_free(l->answer.body);
    free(l);
}

static void on_due(evutil_socket_t fd, short what, void *arg)
{
    struct late *l = arg;

    (void)fd;
    (void)what;
    switch (l->answer.rule.act) {
    case ENGINE_HANG:
    case ENGINE_APPLY_HANG:
        return;
    case ENGINE_TRUNCATED:
        send_half(l->request, l->answer.body);
        l->answer.rule.act = ENGINE_CUT;
        arm(l, CUT_AFTER_MS);
        return;
    case ENGINE_CUT:
    case ENGINE_APPLY_CUT:
        cut(l->request);
        break;
    case ENGINE_ANSWER:
    case ENGINE_STATUS:
    case ENGINE_ITEM_MORE:
    case ENGINE_ITEM_LESS:
    case ENGINE_HALF_JSON:
    case ENGINE_GARBAGE:
        send_whole(l->request, &l->answer);
        break;
    }
    free_late(l);
}

struct late_answer *late_answers_add(
    struct late_answers *all, struct evhttp_request *request)
{
    struct late *l = calloc(1, sizeof(*l));

    l->all = all;
    l->request = request;
    l->answer.body = evbuffer_new();
    l->answer.status = 200;
    l->timer = evtimer_new(all->base, on_due, l);
    TAILQ_INSERT_TAIL(&all->open, l, link);
    all->n_open++;
    return &l->answer;
}

void late_answer_go(struct late_answer *a)
{
    arm((struct late *)a, a->rule.delay_ms);
}

void late_answers_cut(struct late_answers *all, bool hanging_only)
{
    struct late *l, *next;

    for (l = TAILQ_FIRST(&all->open); l != NULL; l = next) {
        next = TAILQ_NEXT(l, link);
        if (!hanging_only || l->answer.rule.act == ENGINE_HANG ||
            l->answer.rule.act == ENGINE_APPLY_HANG) {
            cut(l->request);
            free_late(l);
        }
    }
}

unsigned late_answers_open(const struct late_answers *l)
{
    return l->n_open;
}
