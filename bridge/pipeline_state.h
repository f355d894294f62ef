/* The pipeline's inside, shared by its files: pipeline.c (made, started,
 * stopped), pipeline_start.c (until the engine is there), pipeline_intake.c
 * (records' way in), pipeline_outcome.c (their ends), pipeline_commit.c
 * (offsets and rebalances), pipeline_pages.c (what it shows of itself),
 * pipeline_status.c (the same as JSON). */
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
#include "bridge/partitions.h"
#include "bridge/pipeline.h"
#include "bridge/sender.h"
#include "bridge/transport.h"
#include "common/admin.h"
#include "common/endpoint.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"

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

    struct dataset *dataset; /* NULL without one */
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

    struct partitions partitions;
    struct partition *last;  /* of the last record: mostly the next one's too */
    struct batch *open;      /* being filled, NULL: none */
    bool open_is_due;        /* it has waited for linger_ms */
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
};

/* pipeline_set_phase(p, phase): The one place where the phase changes. */
void pipeline_set_phase(struct pipeline *p, enum pipeline_phase phase);

/* pipeline_fail(p, why): End with exit code 1; the first reason stays. */
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

/* pipeline_refuse(p, doc, record, why): Put the record away, or stop the
 * bridge; everything is borrowed for the call. */
void pipeline_refuse(struct pipeline *p, const struct doc *doc,
    const struct record *record, const struct refusal *why);

/* pipeline_on_buried: dead_letter's; the letter is safe. */
void pipeline_on_buried(
    void *arg, struct partition *partition, uint64_t ticket);

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

/* ---- pipeline_status.c ---- */

/* pipeline_status_page: /status, an admin_page_fn of the pipeline. */
int pipeline_status_page(void *arg, struct buf *body, const char **type);

#endif
