/* The bridge as a whole: made, started, stopped; see pipeline.h. */
#include "bridge/pipeline_state.h"

#include "common/clock.h"
#include "common/fault_point.h"
#include "common/log.h"
#include "common/secret.h"

#include <stdlib.h>
#include <string.h>

#define BROKERS_WAIT_MS 10000
#define COMMIT_WAIT_MS 5000
#define REPORT_EVERY_MS 10000
#define START_ANSWER_BYTES ((size_t)32 << 20) /* mappings are the largest */

static const char *const phase_names[] = {
    "starting", "running", "draining", "done"};

void pipeline_arm(struct event *timer, int64_t ms)
{
    struct timeval tv = {ms / 1000, (ms % 1000) * 1000};

    (void)event_add(timer, &tv);
}

void pipeline_set_phase(struct pipeline *p, enum pipeline_phase phase)
{
    if (phase == p->phase) {
        return;
    }
    log_debug(LOG_MSG("phase"), LOG_STR("from", phase_names[p->phase]),
        LOG_STR("to", phase_names[phase]));
    p->phase = phase;
    if (phase == PIPELINE_DONE) {
        (void)event_base_loopbreak(p->base);
    }
}

const char *pipeline_phase_name(const struct pipeline *p)
{
    return phase_names[p->phase];
}

void pipeline_fail(struct pipeline *p, const char *why)
{
    if (p->failure[0] == '\0') {
        (void)snprintf(p->failure, sizeof(p->failure), "%s", why);
    }
    pipeline_set_phase(p, PIPELINE_DONE);
}

void pipeline_settle(struct pipeline *p)
{
    if (p->revoking && pipeline_revoke_is_over(p)) {
        pipeline_finish_revoke(p);
    }
    if (p->phase == PIPELINE_DRAINING &&
        partitions_pending(&p->partitions) <= p->stuck) {
        pipeline_set_phase(p, PIPELINE_DONE);
    }
    if (p->phase == PIPELINE_RUNNING && p->options.until_end &&
        pipeline_reached_end(p)) {
        pipeline_set_phase(p, PIPELINE_DONE);
    }
}

/* ---- timers ---- */

static void on_commit_timer(evutil_socket_t fd, short what, void *arg)
{
    struct pipeline *p = arg;

    (void)fd;
    (void)what;
    if (p->phase == PIPELINE_RUNNING || p->phase == PIPELINE_DRAINING) {
        pipeline_commit(p, 0);
        pipeline_settle(p);
    }
}

static void on_report_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    pipeline_report(arg);
}

static void on_drain_timer(evutil_socket_t fd, short what, void *arg)
{
    struct pipeline *p = arg;

    (void)fd;
    (void)what;
    log_warn(LOG_MSG("stopping with records under way; they are not "
                     "committed and will be read again"),
        LOG_INT("pending", partitions_pending(&p->partitions)));
    pipeline_set_phase(p, PIPELINE_DONE);
}

static void on_revoke_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    pipeline_finish_revoke(arg);
}

/* ---- making ---- */

static int make_dead_letter(struct pipeline *p, struct error *err)
{
    struct dead_letter_target target;

    if (dead_letter_read_target(p->config, &target, err) != 0) {
        return -1;
    }
    if (target.kind == DEAD_LETTER_STOP) {
        p->stop_on_refusal = true;
        return 0;
    }
    p->dead_letter = dead_letter_new(
        p->base, p->config, &target, pipeline_on_buried, p, err);
    return p->dead_letter != NULL ? 0 : -1;
}

void pipeline_read_limits(struct pipeline *p)
{
    const struct config *c = p->config;

    p->limits = (struct pipeline_limits){
        .batch_bytes = (size_t)config_number(c, "bridge.batch_bytes"),
        .batch_docs = (size_t)config_number(c, "bridge.batch_docs"),
        .memory_bytes = (size_t)config_number(c, "bridge.memory_bytes"),
        .linger_us = config_number(c, "bridge.linger_ms") * 1000,
        .commit_interval_ms = config_number(c, "bridge.commit_interval_ms"),
        .drain_timeout_ms = config_number(c, "bridge.drain_timeout_ms"),
        .revoke_timeout_ms = config_number(c, "bridge.revoke_timeout_ms"),
    };
}

static void read_budget(struct pipeline *p)
{
    const struct config *c = p->config;

    budget_init(&p->budget,
        (uint64_t)config_number(c, "bridge.max_dead_letters"),
        (unsigned)config_number(c, "bridge.max_dead_letter_share"),
        config_number(c, "bridge.dead_letter_window_ms") * 1000);
}

static int make_timers(struct pipeline *p, struct error *err)
{
    p->start_timer = evtimer_new(p->base, pipeline_on_start, p);
    p->linger_timer = evtimer_new(p->base, pipeline_on_linger, p);
    p->drain_timer = evtimer_new(p->base, on_drain_timer, p);
    p->revoke_timer = evtimer_new(p->base, on_revoke_timer, p);
    p->commit_timer = event_new(p->base, -1, EV_PERSIST, on_commit_timer, p);
    p->report_timer = event_new(p->base, -1, EV_PERSIST, on_report_timer, p);
    return p->start_timer != NULL && p->linger_timer != NULL &&
                   p->drain_timer != NULL && p->revoke_timer != NULL &&
                   p->commit_timer != NULL && p->report_timer != NULL
               ? 0
               : error_set(err, "out of memory");
}

int pipeline_read_token(struct pipeline *p, struct error *err)
{
    struct secret token;
    int rc;

    if (secret_init(&token, p->config, "admin.token", err) != 0) {
        return -1;
    }
    rc = admin_set_token(p->admin, token.value, err);
    p->has_token = token.value != NULL;
    secret_fini(&token);
    return rc;
}

static void warn_if_open(const struct pipeline *p, const char *listen)
{
    if (!p->has_token && strncmp(listen, "127.", 4) != 0 &&
        strncmp(listen, "[::1]", 5) != 0 &&
        strncmp(listen, "localhost:", 10) != 0) {
        log_warn(LOG_MSG("whoever reaches the admin port can look at all of "
                         "it; admin.token_file would ask for a token"),
            LOG_STR("listen", listen));
    }
}

static int make_admin(struct pipeline *p, struct error *err)
{
    const char *listen = config_text(p->config, "admin.listen");

    if (strcmp(listen, "off") == 0) {
        return 0;
    }
    p->admin = admin_new(p->base, listen, err);
    if (p->admin == NULL) {
        return -1;
    }
    if (pipeline_read_token(p, err) != 0) {
        return -1;
    }
    warn_if_open(p, listen);
    if (pipeline_add_pages(p) != 0) {
        return error_set(err, "out of memory");
    }
    return pipeline_watch_new(p, err) == 0 ? pipeline_nifi_new(p, err) : -1;
}

static int make_metrics(struct pipeline *p, struct error *err)
{
    const char *index = config_text(p->config, "admin.metrics_index");

    if (index == NULL || index[0] == '\0') {
        return 0;
    }
    p->sampled_us = p->started_us;
    p->metrics = metrics_index_new(p->base, p->config, pipeline_sample, p, err);
    return p->metrics != NULL ? 0 : -1;
}

static int set_up(struct pipeline *p, struct error *err)
{
    const char *dataset = config_text(p->config, "bridge.dataset");
    const char *topics = config_text(p->config, "bridge.topics");

    pipeline_read_limits(p);
    read_budget(p);
    if (config_number(p->config, "bridge.ordering") != 0 &&
        (p->order = id_order_new()) == NULL) {
        return error_set(err, "out of memory");
    }
    if (dataset != NULL && (p->dataset = dataset_load(dataset, err)) == NULL) {
        return error_prefix(err,
            "%s: bridge.dataset: ", config_origin(p->config, "bridge.dataset"));
    }
    if (pipeline_steps_new(p, err) != 0) {
        return -1;
    }
    p->endpoint = endpoint_new(p->config, err);
    if (p->endpoint != NULL) {
        endpoint_limit_answers(p->endpoint, START_ANSWER_BYTES);
    }
    if (p->endpoint == NULL || pipeline_make_encoder(p, NULL, err) != 0 ||
        make_timers(p, err) != 0) {
        return -1;
    }
    p->care = (struct index_care){.endpoint = p->endpoint,
        .config = p->config,
        .dataset = p->dataset,
        .force = p->options.force,
        .bulk_load = p->options.bulk_load};
    p->consumer = consumer_new(p->base, p->config, topics != NULL ? topics : "",
        &pipeline_consumer_calls, p, err);
    if (p->consumer == NULL || make_dead_letter(p, err) != 0 ||
        make_metrics(p, err) != 0) {
        return -1;
    }
    return make_admin(p, err);
}

struct pipeline *pipeline_new(struct event_base *base,
    const struct config *config, const struct pipeline_options *options,
    struct error *err)
{
    struct pipeline *p = calloc(1, sizeof(*p));

    if (p == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    buf_init(&p->headers, SIZE_MAX);
    p->base = base;
    p->config = config;
    p->options = *options;
    p->started_us = clock_mono_us();
    p->reported_us = p->started_us;
    if (set_up(p, err) != 0) {
        pipeline_free(p);
        return NULL;
    }
    return p;
}

int pipeline_start(struct pipeline *p, struct error *err)
{
    struct timeval report = {REPORT_EVERY_MS / 1000, 0};

    if (consumer_check_topics(p->consumer, BROKERS_WAIT_MS, err) != 0) {
        return -1;
    }
    if (p->options.until_end) {
        p->ends = group_ends_new(p->config,
            config_text(p->config, "bridge.topics"), BROKERS_WAIT_MS, err);
        if (p->ends == NULL) {
            return -1;
        }
    }
    pipeline_arm(p->commit_timer, p->limits.commit_interval_ms);
    (void)event_add(p->report_timer, &report);
    pipeline_arm(p->start_timer, 0);
    return 0;
}

/* ---- stop ---- */

void pipeline_stop(struct pipeline *p)
{
    if (p->phase != PIPELINE_RUNNING) {
        pipeline_set_phase(p, PIPELINE_DONE);
        return;
    }
    pipeline_set_phase(p, PIPELINE_DRAINING);
    log_info(LOG_MSG("stopping: finishing what is under way"),
        LOG_INT("pending", partitions_pending(&p->partitions)));
    FAULT_POINT("stopping");
    consumer_hold(p->consumer, true);
    pipeline_submit_open(p);
    pipeline_arm(p->drain_timer, p->limits.drain_timeout_ms);
    pipeline_settle(p);
}

bool pipeline_is_up(const struct pipeline *p)
{
    return p->phase == PIPELINE_RUNNING && p->has_joined;
}

bool pipeline_is_stopping(const struct pipeline *p)
{
    return p->phase == PIPELINE_DRAINING || p->phase == PIPELINE_DONE;
}

const char *pipeline_failed(const struct pipeline *p)
{
    return p->failure[0] != '\0' ? p->failure : NULL;
}

bool pipeline_was_refused(const struct pipeline *p)
{
    return p->failed_by_refusal;
}

static void free_timer(struct event *timer)
{
    if (timer != NULL) {
        event_free(timer);
    }
}

void pipeline_free(struct pipeline *p)
{
    if (p == NULL) {
        return;
    }
    p->phase = PIPELINE_DONE;
    pipeline_watch_free(p);
    admin_free(p->admin);
    pipeline_nifi_free(p);
    if (p->sender != NULL) {
        pipeline_commit(p, COMMIT_WAIT_MS);
        pipeline_report(p);
    }
    if (p->sender != NULL && p->metrics != NULL) {
        metrics_index_finish(p->metrics);
    }
    metrics_index_free(p->metrics);
    index_care_end(&p->care, &p->engine);
    transport_free(p->transport);
    sender_free(p->sender);
    batch_free(p->open);
    id_order_free(p->order);
    buf_fini(&p->headers);
    dead_letter_free(p->dead_letter);
    group_ends_free(p->ends);
    consumer_free(p->consumer); /* after all messages were given back */
    partitions_fini(&p->partitions);
    free_timer(p->start_timer);
    free_timer(p->linger_timer);
    free_timer(p->commit_timer);
    free_timer(p->report_timer);
    free_timer(p->drain_timer);
    free_timer(p->revoke_timer);
    pipeline_steps_free(p);
    bulk_encoder_free(p->encoder);
    endpoint_free(p->endpoint);
    dataset_free(p->dataset);
    free(p);
}
