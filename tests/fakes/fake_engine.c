/*
 * The scripted Elasticsearch; see fake_engine.h. The thread alone touches
 * libevent; the test's thread hands it one command at a time through an
 * eventfd and waits. What both look at (store, script, counts) is behind one
 * mutex.
 */
#include "tests/fakes/fake_engine.h"

#include "tests/fakes/engine_answer_text.h"
#include "tests/fakes/late_answers.h"

#include <assert.h>
#include <event2/event.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#define MAX_BODY_BYTES (256 << 20)

enum command { NOTHING, GO_DOWN, GO_UP, CUT_HANGING, STOP };

struct fake_engine {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t done;
    enum command command;
    int wake_fd;
    int reserve_fd; /* bound, never listening: the port stays ours */
    int port;

    struct event_base *base;
    struct event *wake;
    struct evhttp *http; /* NULL while down */
    struct late_answers *answers;

    struct engine_store *store;
    struct engine_script script;
    struct fake_engine_counts counts;
    bool hang_probes;
};

/* ---- sockets ---- */

static int bind_port(int *port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct sockaddr_in at = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)*port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(at);
    int on = 1;

    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &size) != 0) {
        (void)close(fd);
        return -1;
    }
    *port = ntohs(at.sin_port);
    return fd;
}

static void on_request(struct evhttp_request *request, void *arg);

static int go_up(struct fake_engine *e)
{
    int fd = bind_port(&e->port);

    e->http = evhttp_new(e->base);
    evhttp_set_max_body_size(e->http, MAX_BODY_BYTES);
    evhttp_set_gencb(e->http, on_request, e);
    return fd >= 0 && listen(fd, 128) == 0 &&
                   evhttp_accept_socket(e->http, fd) == 0
               ? 0
               : -1;
}

/* ---- bulk ---- */

static void apply(struct fake_engine *e, struct bulk_actions *actions)
{
    for (size_t i = 0; i < actions->n; i++) {
        struct bulk_action *a = &actions->all[i];
        unsigned before = engine_store_offered(e->store, a->id);

        if (!engine_script_judge(&e->script, a, before)) {
            engine_store_apply(e->store, a);
        }
    }
}

static void halve(struct evbuffer *body)
{
    struct evbuffer *half = evbuffer_new();

    (void)evbuffer_remove_buffer(body, half, evbuffer_get_length(body) / 2);
    (void)evbuffer_drain(body, evbuffer_get_length(body));
    (void)evbuffer_add_buffer(body, half);
    evbuffer_free(half);
}

static void take_actions(
    struct fake_engine *e, struct late_answer *l, struct bulk_actions *actions)
{
    size_t n = actions->n;

    if (l->rule.act == ENGINE_ITEM_MORE) {
        n++;
    } else if (l->rule.act == ENGINE_ITEM_LESS) {
        n--;
    }
    apply(e, actions);
    if (l->rule.act == ENGINE_GARBAGE) {
        (void)evbuffer_add_printf(l->body, "<html>welcome</html>");
    } else {
        engine_answer_items(l->body, actions, n);
    }
    if (l->rule.act == ENGINE_HALF_JSON) {
        halve(l->body);
    }
}

static void take_body(struct fake_engine *e, struct late_answer *l,
    struct slice body, const char *index)
{
    struct bulk_actions actions;
    const char *why;

    if (bulk_actions_read(body, index, &actions, &why) != 0) {
        l->status = 400;
        engine_answer_error(l->body, 400, "illegal_argument_exception", why);
        return;
    }
    take_actions(e, l, &actions);
    bulk_actions_free(&actions);
    if (body.len > e->counts.largest_taken_bytes) {
        e->counts.largest_taken_bytes = body.len;
    }
}

/* A gzip body is replaced by what it says; by nothing when it is none. */
static void inflate_body(struct evbuffer *body)
{
    static unsigned char out[1 << 16];
    z_stream z = {.next_in = evbuffer_pullup(body, -1),
        .avail_in = (uInt)evbuffer_get_length(body)};
    struct evbuffer *plain = evbuffer_new();
    int rc = inflateInit2(&z, 15 + 16);

    while (rc == Z_OK) {
        z.next_out = out;
        z.avail_out = sizeof(out);
        rc = inflate(&z, Z_NO_FLUSH);
        (void)evbuffer_add(plain, out, sizeof(out) - z.avail_out);
    }
    (void)inflateEnd(&z);
    (void)evbuffer_drain(body, evbuffer_get_length(body));
    if (rc == Z_STREAM_END) {
        (void)evbuffer_add_buffer(body, plain);
    }
    evbuffer_free(plain);
}

static void on_bulk(
    struct fake_engine *e, struct evhttp_request *request, const char *index)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(request);
    bool is_gzip = evhttp_find_header(evhttp_request_get_input_headers(request),
                       "Content-Encoding") != NULL;
    struct late_answer *l;
    struct slice body;

    if (is_gzip) {
        inflate_body(in);
    }
    body = (struct slice){
        (const char *)evbuffer_pullup(in, -1), evbuffer_get_length(in)};

    (void)pthread_mutex_lock(&e->lock);
    l = late_answers_add(e->answers, request);
    e->counts.requests++;
    e->counts.packed += is_gzip;
    if (late_answers_open(e->answers) > e->counts.requests_at_once) {
        e->counts.requests_at_once = late_answers_open(e->answers);
    }
    if (body.len > e->counts.largest_bytes) {
        e->counts.largest_bytes = body.len;
    }
    l->rule = engine_script_pick(&e->script, body);
    if (l->rule.act == ENGINE_STATUS) {
        l->status = l->rule.status;
        engine_answer_error(l->body, l->status,
            l->rule.error_type != NULL ? l->rule.error_type : "scripted",
            "by the test's script");
    } else if (l->rule.act != ENGINE_CUT && l->rule.act != ENGINE_HANG) {
        take_body(e, l, body, index);
    }
    (void)pthread_mutex_unlock(&e->lock);
    late_answer_go(l);
}

/* "/INDEX/_bulk"? */
static bool names_index(const char *path, char index[256])
{
    int end = 0;

    return sscanf(path, "/%255[^/]/_bulk%n", index, &end) == 1 && end > 0 &&
           path[end] == '\0';
}

static void on_request(struct evhttp_request *request, void *arg)
{
    struct fake_engine *e = arg;
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
    const char *path = evhttp_uri_get_path(uri);
    char index[256] = "";

    if (strcmp(path, "/") == 0) {
        struct late_answer *l;

        (void)pthread_mutex_lock(&e->lock);
        l = late_answers_add(e->answers, request);
        e->counts.probes++;
        l->rule.act = e->hang_probes ? ENGINE_HANG : ENGINE_ANSWER;
        (void)pthread_mutex_unlock(&e->lock);
        (void)evbuffer_add_printf(l->body, "%s", engine_answer_root);
        late_answer_go(l);
    } else if (strcmp(path, "/_bulk") == 0) {
        on_bulk(e, request, NULL);
    } else if (names_index(path, index)) {
        on_bulk(e, request, index);
    } else {
        evhttp_send_error(request, 404, NULL);
    }
}

/* ---- the thread ---- */

static void go_down(struct fake_engine *e)
{
    late_answers_cut(e->answers, false);
    if (e->http != NULL) {
        evhttp_free(e->http);
        e->http = NULL;
    }
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
    struct fake_engine *e = arg;
    uint64_t ignored;
    enum command command;

    (void)what;
    (void)!read((int)fd, &ignored, sizeof(ignored));
    (void)pthread_mutex_lock(&e->lock);
    command = e->command;
    (void)pthread_mutex_unlock(&e->lock);
    if (command == GO_DOWN || command == STOP) {
        go_down(e);
    } else if (command == GO_UP && e->http == NULL) {
        int rc = go_up(e);

        assert(rc == 0);
        (void)rc;
    } else if (command == CUT_HANGING) {
        late_answers_cut(e->answers, true);
    }
    if (command == STOP) {
        (void)event_base_loopbreak(e->base);
    }
    (void)pthread_mutex_lock(&e->lock);
    e->command = NOTHING;
    (void)pthread_cond_signal(&e->done);
    (void)pthread_mutex_unlock(&e->lock);
}

static void *run(void *arg)
{
    struct fake_engine *e = arg;

    (void)event_base_dispatch(e->base);
    return NULL;
}

static void tell(struct fake_engine *e, enum command command)
{
    uint64_t one = 1;

    (void)pthread_mutex_lock(&e->lock);
    e->command = command;
    (void)!write(e->wake_fd, &one, sizeof(one));
    while (e->command != NOTHING) {
        (void)pthread_cond_wait(&e->done, &e->lock);
    }
    (void)pthread_mutex_unlock(&e->lock);
}

struct fake_engine *fake_engine_new(bool keep_documents)
{
    struct fake_engine *e = calloc(1, sizeof(*e));

    (void)pthread_mutex_init(&e->lock, NULL);
    (void)pthread_cond_init(&e->done, NULL);
    e->store = engine_store_new(keep_documents);
    e->base = event_base_new();
    e->answers = late_answers_new(e->base);
    e->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    e->wake = event_new(e->base, e->wake_fd, EV_READ | EV_PERSIST, on_wake, e);
    e->reserve_fd = bind_port(&e->port);
    if (e->store == NULL || e->answers == NULL || e->reserve_fd < 0 ||
        go_up(e) != 0 || event_add(e->wake, NULL) != 0 ||
        pthread_create(&e->thread, NULL, run, e) != 0) {
        return NULL; /* the test ends here */
    }
    return e;
}

void fake_engine_free(struct fake_engine *e)
{
    if (e == NULL) {
        return;
    }
    tell(e, STOP);
    (void)pthread_join(e->thread, NULL);
    late_answers_free(e->answers);
    event_free(e->wake);
    event_base_free(e->base);
    engine_store_free(e->store);
    (void)close(e->wake_fd);
    (void)close(e->reserve_fd);
    (void)pthread_mutex_destroy(&e->lock);
    (void)pthread_cond_destroy(&e->done);
    free(e);
}

int fake_engine_port(const struct fake_engine *e)
{
    return e->port;
}

/* ---- what the test asks ---- */

void fake_engine_rule(struct fake_engine *e, struct request_rule rule)
{
    (void)pthread_mutex_lock(&e->lock);
    engine_script_add(&e->script, rule);
    (void)pthread_mutex_unlock(&e->lock);
}

void fake_engine_item_rule(struct fake_engine *e, struct item_rule rule)
{
    (void)pthread_mutex_lock(&e->lock);
    engine_script_add_item(&e->script, rule);
    (void)pthread_mutex_unlock(&e->lock);
}

void fake_engine_hang_probes(struct fake_engine *e, bool hang)
{
    (void)pthread_mutex_lock(&e->lock);
    e->hang_probes = hang;
    (void)pthread_mutex_unlock(&e->lock);
}

void fake_engine_mend(struct fake_engine *e)
{
    (void)pthread_mutex_lock(&e->lock);
    e->script.n_requests = 0;
    e->script.n_items = 0;
    e->hang_probes = false;
    (void)pthread_mutex_unlock(&e->lock);
    tell(e, CUT_HANGING);
}

void fake_engine_down(struct fake_engine *e)
{
    tell(e, GO_DOWN);
}

void fake_engine_up(struct fake_engine *e)
{
    tell(e, GO_UP);
}

struct fake_engine_counts fake_engine_counts(struct fake_engine *e)
{
    struct fake_engine_counts counts;

    (void)pthread_mutex_lock(&e->lock);
    counts = e->counts;
    (void)pthread_mutex_unlock(&e->lock);
    return counts;
}

bool fake_engine_get(struct fake_engine *e, const char *id, struct stored *out)
{
    const struct stored *found;

    (void)pthread_mutex_lock(&e->lock);
    found = engine_store_get(e->store, id);
    if (found != NULL && !found->deleted) {
        *out = *found;
        out->index = strdup(found->index);
        out->document =
            found->document != NULL ? strdup(found->document) : NULL;
    } else {
        found = NULL;
    }
    (void)pthread_mutex_unlock(&e->lock);
    return found != NULL;
}

unsigned fake_engine_applied(struct fake_engine *e, const char *id)
{
    const struct stored *found;
    unsigned applied;

    (void)pthread_mutex_lock(&e->lock);
    found = engine_store_get(e->store, id);
    applied = found != NULL ? found->applied : 0;
    (void)pthread_mutex_unlock(&e->lock);
    return applied;
}

size_t fake_engine_live(struct fake_engine *e)
{
    size_t live;

    (void)pthread_mutex_lock(&e->lock);
    live = engine_store_live(e->store);
    (void)pthread_mutex_unlock(&e->lock);
    return live;
}
