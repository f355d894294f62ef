/* Rows and progress in transactions; see exactly_once.h. */
#include "replay/exactly_once.h"

#include "common/buf.h"
#include "common/clock.h"

#include <stdio.h>
#include <string.h>

#define INIT_MS 60000
#define ABORT_MS 10000
#define COMMIT_MS 10000
#define COMMIT_EVERY_US 500000
#define IDLE_US 20000 /* so long a wait is worth a commit */
#define ROOM_MS 50
#define PROGRESS_MAX_BYTES ((size_t)8 * 1024)

/* Say what a transaction's error means; takes error over. */
static int explain(rd_kafka_error_t *error, const char *what, struct error *err)
{
    if (!producer_is_fenced(rd_kafka_error_code(error), err)) {
        (void)error_set(err,
            "%s: %s; what was not committed is taken back, and the same "
            "command goes on from there",
            what, rd_kafka_error_string(error));
    }
    rd_kafka_error_destroy(error);
    return -1;
}

int exactly_once_start(struct exactly_once *e, struct producer *producer,
    const struct config *c, const char *name, struct resume_point *point,
    struct error *err)
{
    rd_kafka_error_t *error;

    *e = (struct exactly_once){
        .producer = producer, .inner = producer_sink(producer), .name = name};
    progress_topic_name(name, e->topic);
    error = rd_kafka_init_transactions(producer_handle(producer), INIT_MS);
    if (error != NULL) {
        (void)error_set(err, "--exactly-once: transactions cannot begin: %s",
            rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
        return -1;
    }
    return progress_topic_read(c, e->topic, name, point, err);
}

void exactly_once_begin(
    struct exactly_once *e, const struct resume_point *point)
{
    e->point = *point;
}

static int open_transaction(struct exactly_once *e, struct error *err)
{
    rd_kafka_error_t *error =
        rd_kafka_begin_transaction(producer_handle(e->producer));

    if (error != NULL) {
        return explain(error, "a transaction cannot begin", err);
    }
    e->open = true;
    e->opened_us = clock_mono_us();
    return 0;
}

/* Put the progress into the transaction; its opaque, 0, is nobody's row. */
static int send_progress(struct exactly_once *e, struct error *err)
{
    rd_kafka_t *rk = producer_handle(e->producer);
    rd_kafka_resp_err_t code;
    struct buf text;

    (void)snprintf(e->point.place, sizeof(e->point.place), "%s:%lld",
        e->last_path != NULL ? e->last_path : "-", (long long)e->last_line);
    buf_init(&text, PROGRESS_MAX_BYTES);
    if (resume_point_write(&e->point, &text) != 0) {
        buf_fini(&text);
        return error_set(err, "out of memory");
    }
    while (
        (code = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(e->topic),
             RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
             RD_KAFKA_V_KEY(e->name, strlen(e->name)),
             RD_KAFKA_V_VALUE(text.data, text.len_bytes), RD_KAFKA_V_END)) ==
        RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        (void)rd_kafka_poll(rk, ROOM_MS);
    }
    buf_fini(&text);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return 0;
    }
    return producer_is_fenced(code, err)
               ? -1
               : error_set(
                     err, "topic %s: %s", e->topic, rd_kafka_err2str(code));
}

/* Commit, as long as trying again may help. */
static rd_kafka_error_t *try_commit(struct exactly_once *e)
{
    rd_kafka_error_t *error;

    while ((error = rd_kafka_commit_transaction(
                producer_handle(e->producer), COMMIT_MS)) != NULL &&
           rd_kafka_error_is_retriable(error)) {
        rd_kafka_error_destroy(error);
    }
    return error;
}

static int commit(struct exactly_once *e, struct error *err)
{
    rd_kafka_error_t *error;

    if (send_progress(e, err) != 0) {
        return -1;
    }
    error = try_commit(e);
    if (error != NULL) {
        struct error first;

        /* A row's own failure, which names it, says more. */
        if (e->inner.serve(e->inner.self, 0, &first) == RECORD_FAILED) {
            rd_kafka_error_destroy(error);
            *err = first;
            return -1;
        }
        return explain(error, "a transaction cannot be committed", err);
    }
    e->open = false;
    e->counts.acknowledged = e->counts.taken;
    return 0;
}

void exactly_once_end(struct exactly_once *e)
{
    if (e->open) {
        rd_kafka_error_t *error =
            rd_kafka_abort_transaction(producer_handle(e->producer), ABORT_MS);

        if (error != NULL) {
            rd_kafka_error_destroy(error); /* the next run ends it */
        }
        e->open = false;
    }
}

static bool fits(void *self, const struct out_record *record)
{
    const struct exactly_once *e = self;

    return e->inner.fits(e->inner.self, record);
}

static enum record_outcome send_record(
    void *self, const struct out_record *record, struct error *err)
{
    struct exactly_once *e = self;
    enum record_outcome outcome;

    if (!e->open && open_transaction(e, err) != 0) {
        return RECORD_FAILED;
    }
    outcome = e->inner.send(e->inner.self, record, err);
    if (outcome == RECORD_TAKEN) {
        e->counts.taken++;
        e->counts.bytes += record->value.len;
        e->point.records++;
        e->point.chain = record->chain;
        e->last_path = record->path;
        e->last_line = record->line;
    }
    return outcome;
}

static enum record_outcome serve(void *self, int64_t wait_us, struct error *err)
{
    struct exactly_once *e = self;

    if (e->open) {
        int64_t now_us = clock_mono_us();

        if (wait_us >= IDLE_US || now_us - e->opened_us >= COMMIT_EVERY_US) {
            if (commit(e, err) != 0) {
                return RECORD_FAILED;
            }
            wait_us -= clock_mono_us() - now_us;
        }
    }
    return e->inner.serve(e->inner.self, wait_us > 0 ? wait_us : 0, err);
}

/* Nothing that was sent before a failure is kept: it is sent once more. */
static enum record_outcome drain(void *self, int64_t wait_us, struct error *err)
{
    struct exactly_once *e = self;

    if (!e->open) {
        return RECORD_TAKEN;
    }
    if (e->inner.serve(e->inner.self, 0, err) == RECORD_FAILED) {
        return RECORD_FAILED;
    }
    (void)wait_us;
    return commit(e, err) == 0 ? RECORD_TAKEN : RECORD_FAILED;
}

struct record_sink exactly_once_sink(struct exactly_once *e)
{
    return (struct record_sink){e, &e->counts, fits, send_record, serve, drain};
}
