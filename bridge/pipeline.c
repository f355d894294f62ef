/* The flow of records through the bridge; see pipeline.h. */
#include "bridge/pipeline_state.h"

#include "bridge/bulk_target.h"
#include "bridge/fault_point.h"
#include "common/clock.h"
#include "common/log.h"

#include <stdlib.h>
#include <string.h>

#define BROKERS_WAIT_MS 10000
#define COMMIT_WAIT_MS 5000
#define LARGEST_RECORD_BYTES (128u << 20)
#define REPORT_EVERY_MS 10000
#define START_RETRY_MS 1000
#define START_RETRY_MOST_MS 15000
#define START_TELL_AGAIN_US 30000000
#define DEAD_LETTERS_PENDING_MOST 5000

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

/* ---- intake ---- */

/* Hold when memory is full, or when dead letters cannot get away. */
static void hold_or_go_on(struct pipeline *p)
{
    size_t held = sender_held_bytes(p->sender) +
                  (p->open != NULL ? p->open->body.len_bytes : 0);
    size_t dead =
        p->dead_letter != NULL ? dead_letter_pending(p->dead_letter) : 0;

    if (p->phase != PIPELINE_RUNNING || held >= p->limits.memory_bytes ||
        dead >= DEAD_LETTERS_PENDING_MOST) {
        consumer_hold(p->consumer, true);
    } else if (held < p->limits.memory_bytes / 4 * 3 &&
               dead < DEAD_LETTERS_PENDING_MOST / 4 * 3) {
        consumer_hold(p->consumer, false);
    }
}

void pipeline_submit_open(struct pipeline *p)
{
    struct batch *b = p->open;

    (void)event_del(p->linger_timer);
    p->open = NULL;
    p->open_is_due = false;
    if (b != NULL && b->n_docs > 0) {
        sender_submit(p->sender, b);
    } else {
        batch_free(b);
    }
}

/* An idle engine gets the batch when it has waited enough; a busy one lets it
 * grow on, since it would only wait elsewhere. */
static void submit_if_due(struct pipeline *p)
{
    if (p->open == NULL || p->open->n_docs == 0 ||
        !sender_takes_now(p->sender)) {
        return;
    }
    if (p->open_is_due || p->phase != PIPELINE_RUNNING) {
        pipeline_submit_open(p);
    }
}

/* The timer alone says when: a clock read here could find it a little early,
 * and nothing would ask again. */
static void on_linger(evutil_socket_t fd, short what, void *arg)
{
    struct pipeline *p = arg;

    (void)fd;
    (void)what;
    p->open_is_due = true;
    submit_if_due(p);
}

/* The record is neither stored nor dead-lettered: its offset stays where it is
 * and the bridge ends. */
static void stop_at(struct pipeline *p, struct doc *doc,
    const struct refusal *why, const char *rule)
{
    if (p->failure[0] == '\0') {
        (void)snprintf(p->failure, sizeof(p->failure),
            "a record of %s partition %d was refused and %s: %s: %s",
            doc->partition->topic, doc->partition->number, rule, why->type,
            why->reason);
    }
    message_free(doc->message);
    p->stuck++;
    if (p->phase == PIPELINE_RUNNING) {
        pipeline_stop(p);
    }
}

static bool budget_is_over(struct pipeline *p, char *rule, size_t size)
{
    int64_t now_us = clock_mono_us();
    uint64_t records, dead;

    budget_count(&p->budget, now_us, true);
    if (!budget_is_spent(&p->budget, now_us, &records, &dead)) {
        return false;
    }
    if (records == 0) {
        (void)snprintf(rule, size, "bridge.max_dead_letters = %llu is used up",
            (unsigned long long)p->budget.max_dead);
    } else {
        (void)snprintf(rule, size,
            "%llu of the last %llu records were, more than "
            "bridge.max_dead_letter_share = %u %%",
            (unsigned long long)dead, (unsigned long long)records,
            p->budget.max_dead_percent);
    }
    return true;
}

static void refuse(
    struct pipeline *p, struct doc *doc, const struct refusal *why)
{
    char rule[160];

    log_write(LOG_DEBUG,
        LOG_FIELDS(LOG_MSG("record refused"),
            LOG_STR("topic", doc->partition->topic),
            LOG_INT("partition", doc->partition->number),
            LOG_INT("status", why->status), LOG_STR("type", why->type),
            LOG_STR("reason", why->reason)));
    if (p->stop_on_refusal) {
        stop_at(p, doc, why, "bridge.dead_letter is stop");
    } else if (budget_is_over(p, rule, sizeof(rule))) {
        stop_at(p, doc, why, rule);
    } else if (dead_letter_take(p->dead_letter, doc, why) != 0) {
        message_free(doc->message);
        pipeline_fail(p, "out of memory");
    }
}

static struct partition *partition_of(
    struct pipeline *p, const struct record *r)
{
    if (p->last == NULL || p->last->number != r->partition ||
        strcmp(p->last->topic, r->topic) != 0) {
        p->last = partitions_find(&p->partitions, r->topic, r->partition);
    }
    return p->last;
}

/* Encode into the open batch, closing it first when it has no room. */
static enum bulk_result encode(struct pipeline *p, const struct record *r,
    size_t *at_bytes, struct error *why)
{
    enum bulk_result result = BULK_FULL;
    bool is_delete;

    for (int tries = 0; tries < 2 && result == BULK_FULL; tries++) {
        if (tries > 0) {
            pipeline_submit_open(p);
        }
        if (p->open == NULL) {
            p->open = sender_take_idle(p->sender);
        }
        if (p->open == NULL || batch_reserve(p->open) != 0) {
            return BULK_FULL;
        }
        *at_bytes = p->open->body.len_bytes;
        result = bulk_encode(p->encoder, r, &p->open->body, &is_delete, why);
    }
    if (result == BULK_FULL) {
        (void)error_set(why, "larger than any bulk request may be");
        return BULK_REFUSED;
    }
    return result;
}

static void add_to_open(struct pipeline *p, const struct doc *doc)
{
    size_t target = sender_batch_ceiling(p->sender);

    if (target > p->limits.batch_bytes) {
        target = p->limits.batch_bytes;
    }
    batch_add(p->open, doc);
    if (p->open->n_docs == 1) {
        p->open->opened_us = clock_mono_us();
        pipeline_arm(p->linger_timer, p->limits.linger_us / 1000);
    }
    if (p->open->body.len_bytes >= target ||
        p->open->n_docs >= p->limits.batch_docs) {
        pipeline_submit_open(p);
    }
}

void pipeline_take(struct pipeline *p, const struct record *r)
{
    struct partition *partition = partition_of(p, r);
    struct doc doc = {.message = r->message, .partition = partition};
    struct refusal why = {0, 0, "record_not_a_document", NULL};
    struct error reason;
    int tracked = 1;

    if (partition != NULL && partition->assigned && !partition->leaving &&
        p->phase == PIPELINE_RUNNING) {
        tracked = offsets_track(partition->offsets, r->offset, &doc.ticket);
    }
    if (tracked != 0) {
        message_free(r->message);
        if (tracked < 0) {
            pipeline_fail(p, "out of memory");
        }
        return;
    }
    switch (encode(p, r, &doc.at_bytes, &reason)) {
    case BULK_ENCODED:
        doc.len_bytes = p->open->body.len_bytes - doc.at_bytes;
        add_to_open(p, &doc);
        break;
    case BULK_SKIPPED:
        message_free(r->message);
        offsets_end(partition->offsets, doc.ticket, OUTCOME_SKIPPED);
        break;
    case BULK_REFUSED:
        why.reason = reason.text;
        refuse(p, &doc, &why);
        break;
    case BULK_FULL:
        message_free(r->message);
        pipeline_fail(p, "out of memory");
        return;
    }
    hold_or_go_on(p);
}

/* ---- outcome ---- */

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

static void on_ended(void *arg, const struct doc *doc, enum outcome outcome)
{
    struct pipeline *p = arg;

    budget_count(&p->budget, sender_answered_us(p->sender), false);
    offsets_end(doc->partition->offsets, doc->ticket, outcome);
}

static void on_refused(void *arg, struct doc *doc, const struct refusal *why)
{
    refuse(arg, doc, why);
}

static void on_roomier(void *arg)
{
    struct pipeline *p = arg;

    submit_if_due(p);
    hold_or_go_on(p);
    pipeline_settle(p);
}

static const struct sender_calls sender_calls = {
    .ended = on_ended,
    .refused = on_refused,
    .roomier = on_roomier,
};

static void on_buried(void *arg, struct partition *partition, uint64_t ticket)
{
    struct pipeline *p = arg;

    FAULT_POINT("buried");
    offsets_end(partition->offsets, ticket, OUTCOME_DEAD_LETTERED);
    hold_or_go_on(p);
    pipeline_settle(p);
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

/* ---- start ---- */

static int make_encoder(struct pipeline *p, const char *type, struct error *err)
{
    bulk_encoder_free(p->encoder);
    p->encoder = bulk_target_encoder(p->config, p->dataset, type, err);
    return p->encoder != NULL ? 0 : -1;
}

static int make_sender(struct pipeline *p, struct error *err)
{
    size_t max_in_flight =
        (size_t)config_number(p->config, "bridge.max_in_flight");
    char path[2048];
    struct sender_options o = {.max_in_flight = max_in_flight,
        .max_body_bytes = p->limits.batch_bytes + LARGEST_RECORD_BYTES,
        .retry_max_ms = config_number(p->config, "bridge.retry_max_ms"),
        .path = path};

    if (make_encoder(p, p->engine.typeless ? NULL : "_doc", err) != 0 ||
        bulk_target_path(
            p->config, &p->engine, p->encoder, path, sizeof(path), err) != 0) {
        return -1;
    }
    p->transport = transport_new(p->base, p->endpoint, max_in_flight,
        config_number(p->config, "elasticsearch.request_timeout_ms"), err);
    if (p->transport == NULL) {
        return -1;
    }
    p->sender = sender_new(p->base, p->transport, &o, &sender_calls, p, err);
    return p->sender != NULL ? 0 : -1;
}

/* A line when it begins and now and then, not one a try. */
static void tell_start_failure(
    struct pipeline *p, const char *why, int64_t wait_ms)
{
    int64_t now_us = clock_mono_us();
    bool is_news = p->start_failures == 1 ||
                   now_us - p->start_told_us >= START_TELL_AGAIN_US;

    log_write(is_news ? LOG_WARN : LOG_DEBUG,
        LOG_FIELDS(LOG_MSG("waiting for elasticsearch"), LOG_STR("why", why),
            LOG_INT("retry_in_ms", wait_ms)));
    if (is_news) {
        p->start_told_us = now_us;
    }
}

/* Look for the engine; when it is there, let the records flow. */
static void on_start_timer(evutil_socket_t fd, short what, void *arg)
{
    struct pipeline *p = arg;
    struct error err;
    int64_t wait_ms = START_RETRY_MS
                      << (p->start_failures < 4 ? p->start_failures : 4);

    (void)fd;
    (void)what;
    if (engine_probe(p->endpoint, &p->engine, &err) != 0) {
        p->start_failures++;
        wait_ms = wait_ms < START_RETRY_MOST_MS ? wait_ms : START_RETRY_MOST_MS;
        tell_start_failure(p, err.text, wait_ms);
        pipeline_arm(p->start_timer, wait_ms);
        return;
    }
    log_info(LOG_MSG("engine found"), LOG_STR("engine", p->engine.name));
    if (make_sender(p, &err) != 0 || consumer_start(p->consumer, &err) != 0) {
        pipeline_fail(p, err.text);
        return;
    }
    pipeline_set_phase(p, PIPELINE_RUNNING);
}

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
    p->dead_letter =
        dead_letter_new(p->base, p->config, &target, on_buried, p, err);
    return p->dead_letter != NULL ? 0 : -1;
}

static void read_limits(struct pipeline *p)
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
    p->start_timer = evtimer_new(p->base, on_start_timer, p);
    p->linger_timer = evtimer_new(p->base, on_linger, p);
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
    return pipeline_add_pages(p) == 0 ? 0 : error_set(err, "out of memory");
}

static int set_up(struct pipeline *p, struct error *err)
{
    const char *dataset = config_text(p->config, "bridge.dataset");
    const char *topics = config_text(p->config, "bridge.topics");

    read_limits(p);
    read_budget(p);
    if (dataset != NULL && (p->dataset = dataset_load(dataset, err)) == NULL) {
        return error_prefix(err,
            "%s: bridge.dataset: ", config_origin(p->config, "bridge.dataset"));
    }
    p->endpoint = endpoint_new(p->config, err);
    if (p->endpoint == NULL || make_encoder(p, NULL, err) != 0 ||
        make_timers(p, err) != 0) {
        return -1;
    }
    p->consumer = consumer_new(p->base, p->config, topics != NULL ? topics : "",
        &pipeline_consumer_calls, p, err);
    if (p->consumer == NULL || make_dead_letter(p, err) != 0) {
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
    struct timeval commit = {p->limits.commit_interval_ms / 1000,
        (p->limits.commit_interval_ms % 1000) * 1000};

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
    (void)event_add(p->commit_timer, &commit);
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

const char *pipeline_failed(const struct pipeline *p)
{
    return p->failure[0] != '\0' ? p->failure : NULL;
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
    admin_free(p->admin);
    if (p->sender != NULL) {
        pipeline_commit(p, COMMIT_WAIT_MS);
        pipeline_report(p);
    }
    transport_free(p->transport);
    sender_free(p->sender);
    batch_free(p->open);
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
    bulk_encoder_free(p->encoder);
    endpoint_free(p->endpoint);
    dataset_free(p->dataset);
    free(p);
}
