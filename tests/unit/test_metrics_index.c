/*
 * The bridge's metrics and the thread that sets their index up, beside a small
 * engine on the same loop: what the thread asks is answered only while the
 * loop turns, as it does in the bridge.
 */
#include "bridge/metrics_index.h"

#include "bridge/bridge_settings.h"
#include "common/endpoint.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants setjmp, stdarg and stddef first. */
#include <cmocka.h>

struct scene {
    struct event_base *base;
    struct evhttp *http;
    struct config *config;
    struct metrics_index *metrics;
    char host[64];
    bool refuses; /* all but documents */
    int bulk_status;
    unsigned documents, asked, sampled;
};

static const struct engine engine = {.product = ENGINE_ELASTICSEARCH,
    .major = 8,
    .minor = 19,
    .name = "Elasticsearch 8.19.0",
    .typeless = true,
    .composable_templates = true,
    .require_alias = true};

static void reply(struct evhttp_request *request, int status, const char *text)
{
    struct evbuffer *out = evbuffer_new();

    assert_non_null(out);
    assert_true(evbuffer_add_printf(out, "%s", text) > 0);
    (void)evhttp_add_header(evhttp_request_get_output_headers(request),
        "Content-Type", "application/json");
    evhttp_send_reply(request, status, NULL, out);
    evbuffer_free(out);
}

/* Nothing is there yet, and whatever is put is taken. */
static void on_request(struct evhttp_request *request, void *arg)
{
    struct scene *s = arg;

    if (strncmp(evhttp_request_get_uri(request), "/_bulk", 6) == 0) {
        s->documents++;
        reply(request, s->bulk_status,
            s->bulk_status == 200
                ? "{\"errors\":false,\"items\":[{\"index\":{\"status\":201}}]}"
                : "{\"error\":\"busy\"}");
        return;
    }
    s->asked++;
    if (s->refuses) {
        reply(request, 403, "{\"error\":{\"reason\":\"not for you\"}}");
    } else if (evhttp_request_get_command(request) == EVHTTP_REQ_GET) {
        reply(request, 404, "{\"error\":{\"type\":\"x\"},\"status\":404}");
    } else {
        reply(request, 200, "{\"acknowledged\":true}");
    }
}

static void sample(struct metrics_sample *to, void *arg)
{
    struct scene *s = arg;

    to->phase = "running";
    s->sampled++;
}

static void listen_somewhere(struct scene *s)
{
    struct evhttp_bound_socket *bound;
    struct sockaddr_in at;
    socklen_t n = sizeof(at);

    s->http = evhttp_new(s->base);
    assert_non_null(s->http);
    evhttp_set_allowed_methods(s->http,
        EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_PUT | EVHTTP_REQ_POST);
    evhttp_set_gencb(s->http, on_request, s);
    bound = evhttp_bind_socket_with_handle(s->http, "127.0.0.1", 0);
    assert_non_null(bound);
    assert_int_equal(getsockname(evhttp_bound_socket_get_fd(bound),
                         (struct sockaddr *)&at, &n),
        0);
    (void)snprintf(s->host, sizeof(s->host),
        "elasticsearch.hosts=http://127.0.0.1:%d", ntohs(at.sin_port));
}

static void begin(struct scene *s)
{
    const struct config_table tables[] = {
        endpoint_settings, bridge_settings, bridge_admin_settings};
    struct error err;

    memset(s, 0, sizeof(*s));
    s->bulk_status = 200;
    s->base = event_base_new();
    assert_non_null(s->base);
    listen_somewhere(s);
    s->config = config_new(tables, 3);
    assert_non_null(s->config);
    assert_int_equal(config_set(s->config, s->host, &err), 0);
    assert_int_equal(
        config_set(s->config, "admin.metrics_index=metrics", &err), 0);
    assert_int_equal(
        config_set(s->config, "admin.metrics_interval_ms=100", &err), 0);
    s->metrics = metrics_index_new(s->base, s->config, sample, s, &err);
    if (s->metrics == NULL) {
        fail_msg("%s", err.text);
    }
}

static void end(struct scene *s)
{
    metrics_index_free(s->metrics);
    evhttp_free(s->http);
    config_free(s->config);
    event_base_free(s->base);
}

static void turn_until(struct scene *s, const unsigned *count, unsigned wanted)
{
    while (*count < wanted) {
        assert_int_equal(event_base_loop(s->base, EVLOOP_ONCE), 0);
    }
}

static void documents_follow_the_setting_up(void **state)
{
    struct scene s;
    unsigned asked;

    (void)state;
    begin(&s);
    metrics_index_start(s.metrics, &engine);
    turn_until(&s, &s.documents, 1);
    asked = s.asked;
    assert_true(asked > 2); /* template, index, alias */
    turn_until(&s, &s.documents, 4);
    assert_int_equal(s.asked, asked);
    assert_int_equal(s.sampled, s.documents);
    end(&s);
}

static void a_busy_engine_gets_the_next_document_all_the_same(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    s.bulk_status = 429;
    metrics_index_start(s.metrics, &engine);
    turn_until(&s, &s.documents, 3);
    s.bulk_status = 200;
    turn_until(&s, &s.documents, 5);
    end(&s);
}

/* The thread is done with it before the loop hears of it, and it ends. */
static void what_may_not_be_set_up_sends_nothing(void **state)
{
    struct scene s;
    struct timeval while_it_waits = {1, 0};

    (void)state;
    begin(&s);
    s.refuses = true;
    metrics_index_start(s.metrics, &engine);
    turn_until(&s, &s.asked, 1);
    assert_int_equal(event_base_loopexit(s.base, &while_it_waits), 0);
    assert_int_equal(event_base_dispatch(s.base), 0);
    assert_int_equal(s.documents + s.sampled, 0);
    metrics_index_finish(s.metrics); /* has nothing to say */
    assert_int_equal(s.sampled, 0);
    end(&s);
}

/* Whatever the thread is doing: it is waited for. */
static void it_ends_in_the_middle_of_it(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    evhttp_free(s.http); /* nobody listens: its calls fail at once */
    s.http = evhttp_new(s.base);
    metrics_index_start(s.metrics, &engine);
    end(&s);
}

static void one_that_was_never_started_ends(void **state)
{
    struct scene s;

    (void)state;
    begin(&s);
    metrics_index_finish(s.metrics);
    end(&s);
    metrics_index_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_follow_the_setting_up),
        cmocka_unit_test(a_busy_engine_gets_the_next_document_all_the_same),
        cmocka_unit_test(what_may_not_be_set_up_sends_nothing),
        cmocka_unit_test(it_ends_in_the_middle_of_it),
        cmocka_unit_test(one_that_was_never_started_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
