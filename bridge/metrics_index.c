/*
 * The bridge's metrics, indexed; see metrics_index.h.
 *
 * SETTING_UP: a thread puts template, index and alias in place by
 * mappings_apply, which blocks; the loop must not. The thread owns endpoint,
 * dataset and error until it stores another phase, and touches nothing else.
 * UNSET: that failed; after a while it is tried again. READY: a document each
 * interval, unless the one before is still under way.
 */
#include "bridge/metrics_index.h"

#include "bridge/transport.h"
#include "common/clock.h"
#include "common/endpoint.h"
#include "common/http_call.h"
#include "common/log.h"
#include "mappings/apply.h"
#include "mappings/dataset.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CALL_LIMIT_MS 5000
#define LAST_LIMIT_MS 2000
#define FIRST_LOOK_MS 100
#define SET_UP_AGAIN_US 60000000
#define TELL_AGAIN_US 300000000
#define BODY_BYTES (64u << 10)
#define SHOWN_BYTES 300

enum phase { UNSET, SETTING_UP, READY, FAILED };

struct metrics_index {
    const char *index; /* of the configuration */
    int64_t interval_ms;
    metrics_sample_fn sample;
    void *arg;
    char host[256], instance[300];
    const char *group;
    struct endpoint *endpoint;
    const struct engine *engine; /* borrowed; once started */
    struct dataset *dataset;
    struct transport *transport;
    struct event *timer;
    char path[256];
    const char *type;

    _Atomic enum phase phase;
    pthread_t thread;
    bool has_thread; /* to be joined */
    struct error error;
    int64_t failed_us; /* when setting up failed */

    struct buf body;
    const struct config *renew_from; /* NULL: nothing to be renewed */
    bool flying;
    bool told; /* the last answer was a failure, and the log says so */
    int64_t told_us;
};

/* ---- setting up ---- */

static void *set_up(void *arg)
{
    struct metrics_index *m = arg;
    const struct mappings_apply_options o = {.type = NULL};
    int rc = mappings_apply(m->endpoint, m->engine, m->dataset, &o, &m->error);

    atomic_store(&m->phase, rc == 0 ? READY : FAILED);
    return NULL;
}

static void begin_set_up(struct metrics_index *m)
{
    atomic_store(&m->phase, SETTING_UP);
    m->has_thread = pthread_create(&m->thread, NULL, set_up, m) == 0;
    if (!m->has_thread) {
        (void)error_set(&m->error, "no thread is to be had");
        atomic_store(&m->phase, FAILED);
    }
}

static void join_thread(struct metrics_index *m)
{
    if (m->has_thread) {
        (void)pthread_join(m->thread, NULL);
        m->has_thread = false;
    }
}

/* ---- trouble ---- */

/* A line when it begins and now and then, not one a document. */
static void tell_trouble(struct metrics_index *m, const char *why)
{
    int64_t now_us = clock_mono_us();
    bool is_news = !m->told || now_us - m->told_us >= TELL_AGAIN_US;

    log_write(is_news ? LOG_WARN : LOG_DEBUG,
        LOG_FIELDS(LOG_MSG("metrics are not indexed; records are not held up"),
            LOG_STR("index", m->index), LOG_STR("why", why)));
    m->told_us = is_news ? now_us : m->told_us;
    m->told = true;
}

static void tell_success(struct metrics_index *m)
{
    if (m->told) {
        log_info(
            LOG_MSG("metrics are indexed again"), LOG_STR("index", m->index));
    }
    m->told = false;
}

/* ---- a document ---- */

static int write_document(struct metrics_index *m)
{
    struct metrics_sample sample = {.host = m->host,
        .instance = m->instance,
        .group = m->group,
        .at_ms = clock_wall_ms()};

    m->sample(&sample, m->arg);
    buf_clear(&m->body);
    return metrics_document_write(
        &sample, m->dataset->writes_to, m->type, &m->body);
}

static void on_answer(void *arg, const struct transport_answer *answer)
{
    struct metrics_index *m = arg;
    char why[SHOWN_BYTES + 32];
    int n =
        answer->body.len < SHOWN_BYTES ? (int)answer->body.len : SHOWN_BYTES;

    m->flying = false;
    if (answer->status == 0) {
        tell_trouble(m, answer->problem);
    } else if (answer->status != 200 || memmem(answer->body.p, answer->body.len,
                                            "\"errors\":true", 13) != NULL) {
        (void)snprintf(why, sizeof(why), "%ld %.*s", answer->status, n,
            n > 0 ? answer->body.p : "");
        tell_trouble(m, why);
    } else {
        tell_success(m);
    }
}

static void send_document(struct metrics_index *m)
{
    if (m->flying || write_document(m) != 0) {
        return;
    }
    m->flying = transport_post(m->transport, m->path, buf_slice(&m->body),
                    on_answer, m) == 0;
}

static void arm(struct metrics_index *m, int64_t ms)
{
    struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

    (void)event_add(m->timer, &tv);
}

static void renew_now(struct metrics_index *m)
{
    struct error err;

    if (m->renew_from != NULL && !m->has_thread) {
        if (endpoint_renew(m->endpoint, m->renew_from, &err) != 0) {
            tell_trouble(m, err.text);
        }
        m->renew_from = NULL;
    }
}

void metrics_index_renew(struct metrics_index *m, const struct config *config)
{
    m->renew_from = config;
    renew_now(m);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct metrics_index *m = arg;
    int64_t next_ms = m->interval_ms;

    (void)fd;
    (void)what;
    switch (atomic_load(&m->phase)) {
    case SETTING_UP:
        next_ms = FIRST_LOOK_MS;
        break;
    case READY:
        join_thread(m);
        renew_now(m);
        send_document(m);
        break;
    case FAILED:
        join_thread(m);
        renew_now(m);
        tell_trouble(m, m->error.text);
        m->failed_us = clock_mono_us();
        atomic_store(&m->phase, UNSET);
        break;
    case UNSET:
        if (clock_mono_us() - m->failed_us >= SET_UP_AGAIN_US) {
            begin_set_up(m);
        }
        break;
    }
    arm(m, next_ms);
}

/* ---- life ---- */

/* Of each of several bridges on a host its own. */
static void name_self(struct metrics_index *m)
{
    if (gethostname(m->host, sizeof(m->host) - 1) != 0) {
        (void)snprintf(m->host, sizeof(m->host), "unknown");
    }
    (void)snprintf(
        m->instance, sizeof(m->instance), "%s-%ld", m->host, (long)getpid());
}

static int make_parts(struct metrics_index *m, struct event_base *base,
    const struct config *config, struct error *err)
{
    m->endpoint = endpoint_new(config, err);
    m->dataset = dataset_load("metrics", err);
    if (m->endpoint == NULL || m->dataset == NULL ||
        dataset_set_index(m->dataset, m->index, err) != 0) {
        return error_prefix(err, "admin.metrics_index: ");
    }
    endpoint_limit_calls(m->endpoint, CALL_LIMIT_MS);
    m->timer = evtimer_new(base, on_timer, m);
    m->transport = transport_new(base, m->endpoint,
        &(struct transport_options){
            .max_requests = 1, .timeout_ms = CALL_LIMIT_MS},
        err);
    if (m->timer == NULL) {
        return error_set(err, "out of memory");
    }
    return m->transport != NULL ? 0 : -1;
}

struct metrics_index *metrics_index_new(struct event_base *base,
    const struct config *config, metrics_sample_fn sample, void *arg,
    struct error *err)
{
    struct metrics_index *m = calloc(1, sizeof(*m));

    if (m == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    buf_init(&m->body, BODY_BYTES);
    m->index = config_text(config, "admin.metrics_index");
    m->interval_ms = config_number(config, "admin.metrics_interval_ms");
    m->group = config_text(config, "kafka.group.id");
    m->group = m->group != NULL ? m->group : "";
    m->sample = sample;
    m->arg = arg;
    name_self(m);
    if (make_parts(m, base, config, err) != 0) {
        metrics_index_free(m);
        return NULL;
    }
    return m;
}

void metrics_index_start(struct metrics_index *m, const struct engine *engine)
{
    (void)snprintf(m->path, sizeof(m->path),
        "/_bulk?%sfilter_path=errors,items.*.status,items.*.error",
        engine->require_alias ? "require_alias=true&" : "");
    m->type = engine->typeless ? NULL : "_doc";
    m->engine = engine;
    begin_set_up(m);
    arm(m, FIRST_LOOK_MS);
}

void metrics_index_finish(struct metrics_index *m)
{
    struct http_answer answer;

    transport_free(m->transport); /* what it sends is in body */
    m->transport = NULL;
    if (atomic_load(&m->phase) != READY || m->told || write_document(m) != 0) {
        return;
    }
    if (http_call_within(m->endpoint, "POST", m->path, buf_str(&m->body),
            LAST_LIMIT_MS, &answer, NULL) != 0 ||
        answer.status != 200) {
        log_debug(LOG_MSG("the last metrics were not indexed"));
    }
    http_answer_fini(&answer);
}

void metrics_index_free(struct metrics_index *m)
{
    if (m == NULL) {
        return;
    }
    join_thread(m);
    transport_free(m->transport);
    if (m->timer != NULL) {
        event_free(m->timer);
    }
    buf_fini(&m->body);
    endpoint_free(m->endpoint);
    dataset_free(m->dataset);
    free(m);
}
