/*
 * Bulk requests over HTTP; see transport.h. libcurl says which sockets it
 * waits for and until when (on_socket, on_timeout); libevent watches them and
 * hands their events back (curl_multi_socket_action). Finished transfers are
 * collected after each such call, never inside a callback of libcurl.
 *
 * A request is idle (in the pool) or flying (added to the multi handle).
 */
#include "bridge/transport.h"

#include "bridge/host_ring.h"
#include "common/answer_guard.h"
#include "common/buf.h"
#include "common/clock.h"
#include "common/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Answers are small with our filter_path; past this, all together, they are
 * none, and reading them would only cost memory. */
#define MAX_ANSWERS_BYTES ((size_t)64 << 20)
#define KEPT_ANSWER_BYTES ((size_t)4 << 20) /* for the next one */
#define MAX_PROBLEM_BYTES 512
#define UPLOAD_CHUNK_BYTES (256L << 10)
#define DOWNLOAD_CHUNK_BYTES (128L << 10) /* an answer to a body of 2 MB */

struct request {
    struct transport *t;
    CURL *easy;
    struct buf answer;
    struct buf packed;          /* the body as it goes, while flying */
    struct curl_slist *headers; /* while flying: credentials change */
    struct answer_guard guard;
    transport_done_fn done;
    void *arg;
    size_t host;
    int64_t started_us;
    bool flying;
    char detail[CURL_ERROR_SIZE];
};

struct transport {
    struct event_base *base;
    const struct endpoint *endpoint;
    CURLM *multi;
    struct event *timer;
    struct request *requests;
    size_t answers_bytes; /* of all that fly */
    size_t n_requests;
    int64_t timeout_ms;
    enum packing packing;
    struct packed_body *packed; /* NULL: bodies go as they are */
    struct host_ring hosts;
};

static void collect(struct transport *t);

static void on_socket_event(evutil_socket_t fd, short what, void *arg)
{
    struct transport *t = arg;
    int flags = ((what & EV_READ) != 0 ? CURL_CSELECT_IN : 0) |
                ((what & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0);
    int running;

    (void)curl_multi_socket_action(t->multi, fd, flags, &running);
    collect(t);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct transport *t = arg;
    int running;

    (void)fd;
    (void)what;
    (void)curl_multi_socket_action(t->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    collect(t);
}

/* A body on its way goes before the next record that is read: the engine waits
 * for its end, a record only for the next body. */
#define FIRST_PRIORITY 0

/* libcurl wants a socket watched; its event is the socket's private data. */
static int on_socket(
    CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
    struct transport *t = arg;
    struct event *ev = socket_arg;
    short flags = EV_PERSIST;

    (void)easy;
    if (ev != NULL) {
        event_free(ev);
        (void)curl_multi_assign(t->multi, fd, NULL);
    }
    if (what == CURL_POLL_REMOVE) {
        return 0;
    }
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) {
        flags = (short)(flags | EV_READ);
    }
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) {
        flags = (short)(flags | EV_WRITE);
    }
    ev = event_new(t->base, fd, flags, on_socket_event, t);
    if (ev == NULL || event_priority_set(ev, FIRST_PRIORITY) != 0 ||
        event_add(ev, NULL) != 0) {
        return -1;
    }
    (void)curl_multi_assign(t->multi, fd, ev);
    return 0;
}

static int on_timeout(CURLM *multi, long timeout_ms, void *arg)
{
    struct transport *t = arg;
    struct timeval tv = {timeout_ms / 1000, (timeout_ms % 1000) * 1000};

    (void)multi;
    if (timeout_ms < 0) {
        (void)event_del(t->timer);
        return 0;
    }
    return event_add(t->timer, &tv);
}

static size_t on_body(char *p, size_t size, size_t n, void *arg)
{
    struct request *r = arg;

    if (r->t->answers_bytes + size * n > MAX_ANSWERS_BYTES ||
        buf_append(&r->answer, p, size * n) != 0) {
        return 0;
    }
    r->t->answers_bytes += size * n;
    return size * n;
}

static int init_request(struct transport *t, struct request *r)
{
    r->t = t;
    buf_init(&r->answer, MAX_ANSWERS_BYTES);
    buf_init(&r->packed, SIZE_MAX);
    r->easy = curl_easy_init();
    return r->easy != NULL ? 0 : -1;
}

static int set_up(struct transport *t, const struct transport_options *o)
{
    CURLMcode rc = CURLM_OK;
    size_t n = o->max_requests + 1; /* one is still read while its done posts */

    t->multi = curl_multi_init();
    t->timer = evtimer_new(t->base, on_timer, t);
    t->requests = calloc(n, sizeof(*t->requests));
    t->packing = o->packing;
    if (o->packing != PACKING_NONE) {
        t->packed = packed_body_new(o->packing);
    }
    if (t->multi == NULL || t->timer == NULL ||
        event_priority_set(t->timer, FIRST_PRIORITY) != 0 ||
        t->requests == NULL ||
        (o->packing != PACKING_NONE && t->packed == NULL) ||
        host_ring_init(&t->hosts, endpoint_host_count(t->endpoint)) != 0) {
        return -1;
    }
    rc |= curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    rc |= curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t);
    rc |= curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
    rc |= curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
    if (rc != CURLM_OK) {
        return -1;
    }
    for (; t->n_requests < n; t->n_requests++) {
        if (init_request(t, &t->requests[t->n_requests]) != 0) {
            return -1;
        }
    }
    return 0;
}

void transport_set_timeout(struct transport *t, int64_t timeout_ms)
{
    t->timeout_ms = timeout_ms;
}

struct transport *transport_new(struct event_base *base,
    const struct endpoint *endpoint, const struct transport_options *options,
    struct error *err)
{
    struct transport *t = calloc(1, sizeof(*t));

    if (t == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    t->base = base;
    t->endpoint = endpoint;
    t->timeout_ms = options->timeout_ms;
    if (set_up(t, options) != 0) {
        (void)error_set(err, "out of memory");
        transport_free(t);
        return NULL;
    }
    return t;
}

void transport_free(struct transport *t)
{
    if (t == NULL) {
        return;
    }
    for (size_t i = 0; i < t->n_requests; i++) {
        struct request *r = &t->requests[i];

        if (r->flying) {
            (void)curl_multi_remove_handle(t->multi, r->easy);
        }
        curl_easy_cleanup(r->easy);
        buf_fini(&r->answer);
        buf_fini(&r->packed);
        curl_slist_free_all(r->headers);
    }
    free(t->requests);
    if (t->multi != NULL) {
        /* Closes kept connections, whose events on_socket then frees. */
        (void)curl_multi_cleanup(t->multi);
    }
    if (t->timer != NULL) {
        event_free(t->timer);
    }
    packed_body_free(t->packed);
    host_ring_fini(&t->hosts);
    free(t);
}

static struct request *idle_request(struct transport *t)
{
    for (size_t i = 0; i < t->n_requests; i++) {
        if (!t->requests[i].flying) {
            return &t->requests[i];
        }
    }
    return NULL;
}

/* NULL out of memory. */
static struct curl_slist *make_headers(const struct transport *t)
{
    struct curl_slist *list =
        endpoint_headers(t->endpoint, "application/x-ndjson");
    struct curl_slist *longer = list;
    char line[64];

    if (list != NULL && t->packed != NULL) {
        (void)snprintf(line, sizeof(line), "Content-Encoding: %s",
            packing_name(t->packing));
        longer = curl_slist_append(list, line);
        if (longer == NULL) {
            curl_slist_free_all(list);
        }
    }
    return longer;
}

/* What a request has only while it flies. */
static void land(struct request *r)
{
    buf_fini(&r->packed);
    curl_slist_free_all(r->headers);
    r->headers = NULL;
    r->t->answers_bytes -= r->answer.len_bytes;
}

static int set_request(struct request *r, const char *path, struct slice body)
{
    CURL *easy = r->easy;
    CURLcode rc = CURLE_OK;

    curl_easy_reset(easy); /* keeps the connection; the multi owns it */
    r->headers = make_headers(r->t);
    if (r->headers == NULL ||
        endpoint_prepare(r->t->endpoint, easy, r->host, path) != 0 ||
        answer_guard_set(&r->guard, easy) != 0) {
        return -1;
    }
    rc |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, r->headers);
    rc |= curl_easy_setopt(easy, CURLOPT_POST, 1L);
    rc |= curl_easy_setopt(
        easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    rc |= curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.p);
    rc |= curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, UPLOAD_CHUNK_BYTES);
    rc |= curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, DOWNLOAD_CHUNK_BYTES);
    rc |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)r->t->timeout_ms);
    rc |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    rc |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, r);
    rc |= curl_easy_setopt(easy, CURLOPT_PRIVATE, r);
    rc |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, r->detail);
    return rc == CURLE_OK ? 0 : -1;
}

int transport_post(struct transport *t, const char *path, struct slice body,
    transport_done_fn done, void *arg)
{
    struct request *r = idle_request(t);

    if (r == NULL) {
        return -1;
    }
    if (t->packed != NULL) {
        if (packed_body_pack(t->packed, body, &r->packed) != 0) {
            return -1;
        }
        body = buf_slice(&r->packed);
    }
    r->started_us = clock_mono_us();
    r->host = host_ring_pick(&t->hosts, r->started_us);
    r->done = done;
    r->arg = arg;
    r->detail[0] = '\0';
    buf_clear(&r->answer);
    if (set_request(r, path, body) != 0 ||
        curl_multi_add_handle(t->multi, r->easy) != CURLM_OK) {
        host_ring_left(&t->hosts, r->host);
        land(r);
        return -1;
    }
    r->flying = true;
    return 0;
}

#define RETRY_AFTER_MOST_S 86400

/* Retry-After in seconds; its other form, a date, is rare and left alone. */
static int64_t retry_after_ms(CURL *easy)
{
    curl_off_t seconds = 0;

    if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK) {
        return 0;
    }
    return seconds < RETRY_AFTER_MOST_S ? (int64_t)seconds * 1000
                                        : RETRY_AFTER_MOST_S * 1000;
}

/* The host cannot serve anybody, whatever is sent. */
static bool is_host_trouble(const struct transport_answer *a)
{
    return a->status == 0 || (a->status >= 502 && a->status <= 504);
}

/* What the answer says of its host; a lone one's troubles are the sender's. */
static void judge_host(
    struct request *r, struct transport_answer *a, int64_t now_us)
{
    struct host_ring *hosts = &r->t->hosts;

    if (!is_host_trouble(a)) {
        if (host_ring_worked(hosts, r->host) && hosts->n > 1) {
            log_info(LOG_MSG("host answers again"), LOG_STR("host", a->host));
        }
    } else if (host_ring_failed(hosts, r->host, now_us) && hosts->n > 1) {
        log_warn(LOG_MSG("host put aside; the others take its requests"),
            LOG_STR("host", a->host), LOG_INT("status", a->status),
            LOG_STR("why", a->problem != NULL ? a->problem : ""));
    }
    a->elsewhere = is_host_trouble(a) && host_ring_has_good(hosts);
}

/* libcurl's words, or ours for what it knows nothing of. */
static void tell_problem(
    const struct request *r, CURLcode rc, char *out, size_t size)
{
    const char *guarded = answer_guard_problem(&r->guard);

    if (guarded != NULL) {
        (void)snprintf(out, size, "%s", guarded);
    } else if (rc == CURLE_WRITE_ERROR) {
        (void)snprintf(out, size,
            "its answer is too long for one to a bulk request, after %zu bytes",
            r->answer.len_bytes);
    } else {
        endpoint_problem(r->t->endpoint, r->host, rc, r->detail, out, size);
    }
}

static void finish(struct request *r, CURLcode rc)
{
    char problem[MAX_PROBLEM_BYTES];
    struct transport *t = r->t;
    struct transport_answer answer = {
        .host = endpoint_host(t->endpoint, r->host)};
    int64_t now_us = clock_mono_us();

    answer.took_us = now_us - r->started_us;
    if (rc == CURLE_OK) {
        (void)curl_easy_getinfo(
            r->easy, CURLINFO_RESPONSE_CODE, &answer.status);
        answer.body = buf_slice(&r->answer);
        answer.retry_after_ms = retry_after_ms(r->easy);
        (void)endpoint_refused(t->endpoint, answer.status);
    } else {
        answer.is_late = rc == CURLE_OPERATION_TIMEDOUT;
        tell_problem(r, rc, problem, sizeof(problem));
        answer.problem = problem;
    }
    judge_host(r, &answer, now_us);
    (void)curl_multi_remove_handle(t->multi, r->easy);
    land(r);
    r->done(r->arg, &answer);
    if (r->answer.cap_bytes > KEPT_ANSWER_BYTES) {
        buf_fini(&r->answer);
    }
    r->flying = false; /* only now: the answer was read out of it */
}

static void collect(struct transport *t)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(t->multi, &left)) != NULL) {
        struct request *r = NULL;
        CURLcode rc = msg->data.result;

        if (msg->msg == CURLMSG_DONE) {
            (void)curl_easy_getinfo(
                msg->easy_handle, CURLINFO_PRIVATE, (char **)&r);
            finish(r, rc);
        }
    }
}
