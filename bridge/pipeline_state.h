/* The pipeline's inside, shared by its files: pipeline.c (made, started,
 * stopped), pipeline_start.c (until the engine is there), pipeline_intake.c
 * (records' way in), pipeline_outcome.c (their ends), pipeline_commit.c
 * (offsets and rebalances), pipeline_pages.c (what it shows of itself),
 * pipeline_transform.c (the steps on the way), pipeline_reload.c (SIGHUP),
 * pipeline_status.c (the same as JSON), pipeline_watch.c (the page),
 * pipeline_nifi.c (NiFi's endpoints), pipeline_metrics.c (metrics for an
 * index). */
#ifndef NARU_BRIDGE_PIPELINE_STATE_H
#define NARU_BRIDGE_PIPELINE_STATE_H

#include "bridge/batch.h"
#include "bridge/budget.h"
#include "bridge/bulk_request.h"
#include "bridge/consumer.h"
#include "bridge/dead_letter.h"
#include "bridge/group_ends.h"
#include "bridge/id_order.h"
#include "bridge/index_care.h"
#include "bridge/metrics_index.h"
#include "bridge/partitions.h"
#include "bridge/pipeline.h"
#include "bridge/sender.h"
#include "bridge/transform/transform.h"
#include "bridge/transport.h"
#include "bridge/watch/tally.h"
#include "bridge/watch/traffic.h"
#include "bridge/watch/window.h"
#include "common/admin.h"
#include "common/endpoint.h"
#include "common/json_out.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"

/* More dead letters under way than this hold the intake. */
#define PIPELINE_DEAD_LETTERS_MOST 5000

struct nifi_flow;

/*
 * STARTING: the engine is looked for. RUNNING: records flow. DRAINING: no more
 * are taken, those under way end. DONE: the loop ends.
 */
enum pipeline_phase {
    PIPELINE_STARTING,
    PIPELINE_RUNNING,
    PIPELINE_DRAINING,
    PIPELINE_DONE
};

struct pipeline_limits {
    size_t batch_bytes;
    size_t batch_docs;
    size_t memory_bytes;
    int64_t linger_us;
    int64_t commit_interval_ms;
    int64_t drain_timeout_ms;
    int64_t revoke_timeout_ms;
};

struct pipeline {
    struct event_base *base;
    const struct config *config;
    struct pipeline_options options;
    struct pipeline_limits limits;
    enum pipeline_phase phase;
    char failure[ERROR_MAX_BYTES];
    bool failed_by_refusal; /* ... which is the reason in failure */

    struct dataset *dataset;      /* NULL without one */
    struct pipeline_steps *steps; /* of [transform]; NULL: it has none */
    struct endpoint *endpoint;
    struct engine engine;
    struct index_care care; /* of the indices, before and after */
    struct bulk_encoder *encoder;
    struct transport *transport;
    struct sender *sender;
    struct consumer *consumer;
    struct dead_letter *dead_letter;
    bool stop_on_refusal; /* dead_letter = stop */
    struct admin *admin;
    bool has_token;               /* ... and it asks for one */
    struct pipeline_watch *watch; /* for the page; NULL without admin */
    struct pipeline_nifi *nifi;   /* NiFi's endpoints; NULL without */
    uint64_t traffic[TRAFFIC_COUNT];
    struct tally refused; /* by the type of the refusal */
    struct tally skipped; /* by the rule */

    struct partitions partitions;
    struct partition *last;  /* of the last record: mostly the next one's too */
    struct batch *open;      /* being filled, NULL: none */
    bool open_is_due;        /* it has waited for linger_ms */
    size_t unlooked_bytes;   /* taken since room was looked for */
    struct id_order *order;  /* of bridge.ordering = id, else NULL */
    struct buf headers;      /* of a record that has waited there */
    struct budget budget;    /* of dead letters */
    uint64_t stuck;          /* records refused that stop the bridge */
    struct group_ends *ends; /* of --until-end, else NULL */
    bool has_joined;         /* partitions, or none, were assigned once */
    int64_t asked_ends_us;   /* when the group's commits were last asked for */
    bool revoking;

    struct event *start_timer;  /* tries the engine */
    struct event *linger_timer; /* the open batch has waited enough */
    struct event *commit_timer;
    struct event *report_timer;
    struct event *drain_timer;  /* of draining: it ends whatever happens */
    struct event *revoke_timer; /* of giving partitions back */
    unsigned start_failures;
    int64_t start_told_us; /* when a failure was last logged */
    int64_t started_us;
    uint64_t reported_ended; /* at the last report line */
    int64_t reported_us;

    struct metrics_index *metrics; /* NULL: not asked for */
    int64_t sampled_us;            /* when metrics were last written */
    uint64_t sampled_ended;        /* and the records that had ended */
};

/* pipeline_set_phase(p, phase): The one place where the phase changes. */
void pipeline_set_phase(struct pipeline *p, enum pipeline_phase phase);

/* pipeline_fail(p, why): End as failed; the first reason stays. */
void pipeline_fail(struct pipeline *p, const char *why);

/* pipeline_settle(p): After a record ended: is draining or revoking over? */
void pipeline_settle(struct pipeline *p);

/* pipeline_arm(timer, ms): Run it once, ms from now. */
void pipeline_arm(struct event *timer, int64_t ms);

/* ---- pipeline_start.c ---- */

/* pipeline_make_encoder(p, engine, err): By the configuration, for an engine
 * (NULL: not known yet). 0 or -1 with err. */
int pipeline_make_encoder(struct pipeline *p, const struct engine *engine,
    struct error *err) MUST_CHECK;

/* pipeline_on_start: start_timer's; looks for the engine, again and again. */
void pipeline_on_start(evutil_socket_t fd, short what, void *arg);

/* ---- pipeline_intake.c ---- */

/* pipeline_take(p, record): The record's way into the bridge. */
void pipeline_take(struct pipeline *p, const struct record *record);

/*
 * pipeline_bring_in_one(p, doc, made, r, is_in_order, is_own_value):
 * One document on its way: made, of record r (or r itself). is_own_value: its
 * value is r's. is_in_order: its turn has come, see id_order. Returns 0: it is
 * in a batch or has ended; 1: it waits with r's message; -1 out of memory.
 */
int pipeline_bring_in_one(struct pipeline *p, struct doc *doc,
    const struct record *made, const struct record *r, bool is_in_order,
    bool is_own_value) MUST_CHECK;

/* pipeline_leave_order(p, doc, is_in_order): It ended although its turn had
 * come: the next of its id may go. */
void pipeline_leave_order(
    struct pipeline *p, const struct doc *doc, bool is_in_order);

/* pipeline_take_ready(p): Records that waited for one of their id (see
 * id_order) and need not any longer. */
void pipeline_take_ready(struct pipeline *p);

/* pipeline_submit_open(p): Send what the open batch holds. */
void pipeline_submit_open(struct pipeline *p);

/* pipeline_submit_if_due(p): The same when it is due and the engine idle. */
void pipeline_submit_if_due(struct pipeline *p);

/* pipeline_on_linger: linger_timer's; the open batch is due. */
void pipeline_on_linger(evutil_socket_t fd, short what, void *arg);

/* pipeline_hold_or_go_on(p): Take records only while there is room. */
void pipeline_hold_or_go_on(struct pipeline *p);

/* ---- pipeline_outcome.c ---- */

extern const struct sender_calls pipeline_sender_calls;
extern const struct sender_calls pipeline_sender_calls_with_stored;

/* pipeline_count_refused(p, bytes, why): A document was, for those who watch.
 */
void pipeline_count_refused(
    struct pipeline *p, size_t bytes, const struct refusal *why);

/* pipeline_refuse(p, doc, record, why): Put the record away, or stop the
 * bridge; everything is borrowed for the call. */
void pipeline_refuse(struct pipeline *p, const struct doc *doc,
    const struct record *record, const struct refusal *why);

/* pipeline_on_buried: dead_letter's; the letter is safe. */
void pipeline_on_buried(
    void *arg, struct partition *partition, uint64_t ticket);

/* ---- pipeline.c ---- */

/* pipeline_read_limits(p): Take them from the configuration. */
void pipeline_read_limits(struct pipeline *p);

/* pipeline_read_token(p, err): The same with the admin port's token. */
int pipeline_read_token(struct pipeline *p, struct error *err) MUST_CHECK;

/* ---- pipeline_commit.c ---- */

extern const struct consumer_calls pipeline_consumer_calls;

/* pipeline_commit(p, wait_ms): Commit each frontier that moved. */
void pipeline_commit(struct pipeline *p, int wait_ms);

/* pipeline_finish_revoke(p): Give back what is asked for, done or not. */
void pipeline_finish_revoke(struct pipeline *p);

/* pipeline_revoke_is_over(p): Has all that is asked back ended? */
bool pipeline_revoke_is_over(const struct pipeline *p);

/* pipeline_reached_end(p): Is --until-end fulfilled? */
bool pipeline_reached_end(struct pipeline *p);

/* ---- pipeline_pages.c ---- */

/* pipeline_add_pages(p): /metrics, /healthz, /readyz, /status. 0 or -1. */
int pipeline_add_pages(struct pipeline *p) MUST_CHECK;

/* pipeline_report(p): One log line about how it goes. */
void pipeline_report(struct pipeline *p);

/* pipeline_lag(p, one): Records between the frontier and the partition's end,
 * -1: not known. */
int64_t pipeline_lag(struct pipeline *p, struct partition *one);

/* pipeline_obstacle(p, since_us): Why nothing moves, or NULL. */
const char *pipeline_obstacle(const struct pipeline *p, int64_t *since_us);

/* pipeline_phase_name(p): "starting", "running", ... */
const char *pipeline_phase_name(const struct pipeline *p);

/* ---- pipeline_metrics.c ---- */

/* pipeline_sample: What is so now; a metrics_sample_fn of the pipeline. */
void pipeline_sample(struct metrics_sample *sample, void *arg);

/* ---- pipeline_status.c ---- */

/* pipeline_status_page: /status, an admin_page_fn of the pipeline. */
int pipeline_status_page(void *arg, struct buf *body, const char **type);

/* ---- pipeline_transform.c ---- */

/* pipeline_steps_new(p, err): Compile [transform]'s steps, if there are any. 0
 * or -1 with err. */
int pipeline_steps_new(struct pipeline *p, struct error *err) MUST_CHECK;
void pipeline_steps_free(struct pipeline *p);

/* pipeline_steps_bytes(p): What records hold that became several. */
size_t pipeline_steps_bytes(const struct pipeline *p);

/* pipeline_transform(p): The steps, or NULL. */
const struct transform *pipeline_transform(const struct pipeline *p);

/* pipeline_bring_in_steps(p, doc, r, is_in_order): As pipeline_bring_in_one,
 * by way of the steps. */
int pipeline_bring_in_steps(struct pipeline *p, struct doc *doc,
    const struct record *r, bool is_in_order) MUST_CHECK;

/* A document of several ended, or was refused. */
void pipeline_part_ended(
    struct pipeline *p, const struct doc *doc, enum outcome outcome);
void pipeline_part_refused(
    struct pipeline *p, const struct doc *doc, const struct refusal *why);

/* pipeline_after(p, doc, record): It is stored: the steps behind the engine. */
void pipeline_after(
    struct pipeline *p, const struct doc *doc, const struct record *record);
bool pipeline_has_after(const struct pipeline *p);

/* ---- pipeline_watch.c ---- */

/* pipeline_watch_new(p, err): The page, its events, and what they show of the
 * last minutes. 0 or -1 with err. */
int pipeline_watch_new(struct pipeline *p, struct error *err) MUST_CHECK;
void pipeline_watch_free(struct pipeline *p);

/* pipeline_watch_record(p, record): One was taken. */
void pipeline_watch_record(struct pipeline *p, const struct record *record);

/* pipeline_put_watch(o, p): /status' members about the way the records go. */
void pipeline_put_watch(struct json_out *o, struct pipeline *p);

/* pipeline_traffic(p): All values as they are now, each step's behind them:
 * in, out and refused, with their bytes. Valid until the next call. */
const uint64_t *pipeline_traffic(struct pipeline *p);
#define PIPELINE_STEP_VALUES 6

/* pipeline_window(p): The last five minutes of the same. */
const struct window *pipeline_window(const struct pipeline *p);

/* ---- pipeline_nifi.c ---- */

/* pipeline_nifi_new(p, err): NiFi's endpoints, where admin.nifi_api wants them.
 * To be called after pipeline_watch_new. 0 or -1 with err. */
int pipeline_nifi_new(struct pipeline *p, struct error *err) MUST_CHECK;
void pipeline_nifi_free(struct pipeline *p);

/* pipeline_nifi_fill(p, flow): Fill in flow's numbers as they are now. */
void pipeline_nifi_fill(struct pipeline *p, struct nifi_flow *flow);

#endif
