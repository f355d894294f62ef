/*
 * The cutting proxy; see cutting_proxy.h. A request's way: a fault is drawn,
 * it is sent to the engine (once, late, twice, or not at all), and answered
 * (as the engine did, late, half, by a status of our own, or by closing the
 * connection). A client that is gone meanwhile changes nothing of that: what
 * was under way to the engine still arrives there.
 */
#include "tests/fakes/cutting_proxy.h"

#include "common/clock.h"
#include "tests/fakes/engine_link.h"
#include "tests/fakes/late_answers.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct cutting_proxy {
    struct event_base *base;
    struct evhttp *http;
    struct engine_link *link;
    struct late_answers *answers;
    struct proxy_faults *faults;
};

struct passage {
    struct cutting_proxy *proxy;
    struct evhttp_request *request;
    struct late_answer *answer;
    struct event *timer; /* of PROXY_LATE_REQUEST */
    enum proxy_fault fault;
    bool is_bulk;
    unsigned sends_left;
};

static void on_request(struct evhttp_request *request, void *arg);

struct cutting_proxy *cutting_proxy_new(struct event_base *base,
    const char *host, uint16_t port, struct proxy_faults *faults)
{
    struct cutting_proxy *p = calloc(1, sizeof(*p));

    if (p == NULL) {
        return NULL;
    }
    p->base = base;
    p->faults = faults;
    p->http = evhttp_new(base);
    p->link = engine_link_new(base, host, port);
    p->answers = late_answers_new(base);
    if (p->http == NULL || p->link == NULL || p->answers == NULL) {
        cutting_proxy_free(p);
        return NULL;
    }
    evhttp_set_allowed_methods(p->http,
        EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE);
    evhttp_set_gencb(p->http, on_request, p);
    return p;
}

void cutting_proxy_free(struct cutting_proxy *p)
{
    if (p == NULL) {
        return;
    }
    engine_link_free(p->link);
    if (p->answers != NULL) {
        late_answers_cut(p->answers, false);
        late_answers_free(p->answers);
    }
    if (p->http != NULL) {
        evhttp_free(p->http);
    }
    free(p);
}

int cutting_proxy_listen(struct cutting_proxy *p, uint16_t port)
{
    struct evhttp_bound_socket *bound =
        evhttp_bind_socket_with_handle(p->http, "127.0.0.1", port);
    struct sockaddr_in at;
    socklen_t size = sizeof(at);

    if (bound == NULL || getsockname(evhttp_bound_socket_get_fd(bound),
                             (struct sockaddr *)&at, &size) != 0) {
        return -1;
    }
    return ntohs(at.sin_port);
}

/* ---- the answer ---- */

static void finish(struct passage *g)
{
    if (g->is_bulk) {
        g->proxy->faults->counts[g->fault]++;
    }
    late_answer_go(g->answer);
    if (g->timer != NULL) {
        event_free(g->timer);
    }
    free(g);
}

static void answer_without_engine(struct passage *g, int status)
{
    g->answer->status = status;
    (void)evbuffer_add_printf(g->answer->body,
        "{\"error\":{\"type\":\"cutting_proxy\",\"reason\":\"by the proxy\"},"
        "\"status\":%d}",
        status);
    finish(g);
}

static void spoil(struct passage *g)
{
    struct request_rule *rule = &g->answer->rule;

    switch (g->fault) {
    case PROXY_CUT_AFTER:
        rule->act = ENGINE_APPLY_CUT;
        break;
    case PROXY_TRUNCATED:
        rule->act = ENGINE_TRUNCATED;
        break;
    case PROXY_LATE_ANSWER:
        rule->delay_ms = g->proxy->faults->late_ms;
        break;
    case PROXY_PASS:
    case PROXY_LATE_REQUEST:
    case PROXY_REPEATED:
    case PROXY_CUT_BEFORE:
    case PROXY_BUSY:
    case PROXY_UNAVAILABLE:
    case PROXY_FAULTS:
        break;
    }
}

static void on_engine(void *arg, int status, struct evbuffer *body)
{
    struct passage *g = arg;

    if (status == 0) {
        g->proxy->faults->no_answer++;
        g->fault = PROXY_PASS;
        answer_without_engine(g, 502);
        return;
    }
    if (--g->sends_left > 0) {
        engine_link_send(g->proxy->link, g->request, on_engine, g);
        return;
    }
    g->answer->status = status;
    (void)evbuffer_add_buffer(g->answer->body, body);
    /* A fault counts only where the engine took the request. */
    if (status == 200) {
        spoil(g);
    } else {
        g->fault = PROXY_PASS;
    }
    finish(g);
}

/* ---- the request ---- */

static void on_late(evutil_socket_t fd, short what, void *arg)
{
    struct passage *g = arg;

    (void)fd;
    (void)what;
    engine_link_send(g->proxy->link, g->request, on_engine, g);
}

static void send_late(struct passage *g)
{
    unsigned ms = g->proxy->faults->late_ms;
    struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

    g->timer = evtimer_new(g->proxy->base, on_late, g);
    (void)event_add(g->timer, &tv);
}

static void refuse_busy(struct passage *g)
{
    struct proxy_faults *f = g->proxy->faults;

    if (f->storm_says_when) {
        g->answer->rule.retry_after_s = 1;
        f->retry_afters++;
    }
    answer_without_engine(g, 429);
}

static void pass_on(struct passage *g)
{
    switch (g->fault) {
    case PROXY_CUT_BEFORE:
        g->answer->rule.act = ENGINE_CUT;
        finish(g);
        break;
    case PROXY_BUSY:
        refuse_busy(g);
        break;
    case PROXY_UNAVAILABLE:
        answer_without_engine(g, 503);
        break;
    case PROXY_LATE_REQUEST:
        send_late(g);
        break;
    case PROXY_PASS:
    case PROXY_CUT_AFTER:
    case PROXY_TRUNCATED:
    case PROXY_LATE_ANSWER:
    case PROXY_REPEATED:
    case PROXY_FAULTS:
        engine_link_send(g->proxy->link, g->request, on_engine, g);
        break;
    }
}

static bool is_bulk(struct evhttp_request *request)
{
    const char *path =
        evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request));
    size_t n = path != NULL ? strlen(path) : 0;

    return n >= 6 && strcmp(path + n - 6, "/_bulk") == 0;
}

static void on_request(struct evhttp_request *request, void *arg)
{
    struct cutting_proxy *p = arg;
    struct passage *g = calloc(1, sizeof(*g));

    g->proxy = p;
    g->request = request;
    g->answer = late_answers_add(p->answers, request);
    g->is_bulk = is_bulk(request);
    g->fault = g->is_bulk ? proxy_faults_draw(p->faults, clock_mono_us() / 1000)
                          : PROXY_PASS;
    g->sends_left = g->fault == PROXY_REPEATED ? 2 : 1;
    pass_on(g);
}
