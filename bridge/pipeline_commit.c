/*
 * The pipeline's dealings with the group: which partitions are ours, what may
 * be committed, and when all that was wanted is.
 */
#include "bridge/pipeline_state.h"

#include "common/fault_point.h"

#include "common/clock.h"
#include "common/log.h"

#include <stdlib.h>

#define COMMIT_WAIT_MS 5000
#define WATERMARK_WAIT_MS 5000
#define ENDS_WAIT_MS 5000
#define ASK_ENDS_EVERY_US 500000

static void on_record(void *arg, const struct record *record)
{
    pipeline_take(arg, record);
}

static void on_end(void *arg, const struct position *at)
{
    struct pipeline *p = arg;
    struct partition *one =
        partitions_find(&p->partitions, at->topic, at->partition);

    /* Records that come now are left alone, so an end behind them is not one
     * that all before it has led to. */
    if (one != NULL && one->assigned && !one->leaving &&
        p->phase == PIPELINE_RUNNING) {
        offsets_reach(one->offsets, at->offset);
    }
}

static bool lacks_end(const struct partition *one)
{
    return one->assigned && one->end_at_start < 0;
}

/* The ends to reach, where they are not known yet; asked again by
 * pipeline_reached_end when it fails. */
static void learn_ends(struct pipeline *p)
{
    struct position *at;
    size_t n = 0;

    for (size_t i = 0; i < p->partitions.n; i++) {
        n += lacks_end(p->partitions.all[i]);
    }
    if (!p->options.until_end || n == 0 ||
        (at = calloc(n, sizeof(*at))) == NULL) {
        return;
    }
    for (size_t i = 0, k = 0; i < p->partitions.n; i++) {
        const struct partition *one = p->partitions.all[i];

        if (lacks_end(one)) {
            at[k++] = (struct position){one->topic, one->number, -1};
        }
    }
    if (consumer_ask_ends(p->consumer, at, n, WATERMARK_WAIT_MS) == 0) {
        for (size_t i = 0, k = 0; i < p->partitions.n; i++) {
            if (lacks_end(p->partitions.all[i])) {
                p->partitions.all[i]->end_at_start = at[k++].offset;
            }
        }
    }
    free(at);
}

static void on_assigned(void *arg, const struct position *at, size_t n)
{
    struct pipeline *p = arg;

    for (size_t i = 0; i < n; i++) {
        struct partition *one =
            partitions_assign(&p->partitions, at[i].topic, at[i].partition);

        if (one == NULL) {
            pipeline_fail(p, "out of memory");
            return;
        }
        one->start = at[i].offset;
    }
    learn_ends(p);
    p->has_joined = true;
    log_info(LOG_MSG("partitions assigned"), LOG_INT("partitions", n));
}

/*
 * Records we never saw are gone, or the topic is another one than before. Said
 * loudly and counted: whoever reads the index must know that it is not whole.
 */
static void on_out_of_range(void *arg, const struct consumer_reset *r)
{
    struct pipeline *p = arg;
    struct partition *one =
        partitions_find(&p->partitions, r->at.topic, r->at.partition);
    int64_t next = r->at.offset;
    int64_t lost;

    if (one == NULL || !one->assigned) {
        return;
    }
    next = next >= 0 ? next : one->start;
    lost = next >= 0 && r->low > next ? r->low - next : 0;
    if (r->resume_at == r->high && r->high > r->low && next >= 0) {
        lost = next <= r->high ? r->high - next : r->high - r->low;
    }
    one->lost += (uint64_t)lost;
    log_error(LOG_MSG(next > r->high && r->high >= 0
                          ? "the topic was made anew or cut: reading its "
                            "records from where it begins now"
                          : "offset out of range: records were deleted before "
                            "they were read"),
        LOG_STR("topic", one->topic), LOG_INT("partition", one->number),
        LOG_INT("wanted_offset", next), LOG_INT("low", r->low),
        LOG_INT("high", r->high), LOG_INT("lost_records", lost),
        LOG_INT("resume_at", r->resume_at));
    if (r->stops) {
        pipeline_fail(p,
            "an offset is out of range and auto.offset.reset is error; see "
            "the line above");
        return;
    }
    /* What is under way ends unseen; its offsets belong to the past. */
    offsets_reset(one->offsets);
    one->committed = -1;
    one->committing = -1;
    one->end_at_start = -1;
}

static void on_revoked(
    void *arg, const struct position *at, size_t n, bool lost)
{
    struct pipeline *p = arg;

    log_info(LOG_MSG(lost ? "partitions lost" : "partitions asked back"),
        LOG_INT("partitions", n));
    for (size_t i = 0; i < n; i++) {
        struct partition *one =
            partitions_find(&p->partitions, at[i].topic, at[i].partition);

        if (one != NULL && lost) {
            /* Somebody else has them: committing would move him back. */
            partition_release(one);
        } else if (one != NULL) {
            one->leaving = true;
        }
    }
    p->revoking = true;
    pipeline_submit_open(p);
    if (lost || pipeline_revoke_is_over(p)) {
        pipeline_finish_revoke(p);
    } else {
        pipeline_arm(p->revoke_timer, p->limits.revoke_timeout_ms);
    }
}

static void on_committed(
    void *arg, const struct position *at, size_t n, const char *error)
{
    struct pipeline *p = arg;

    for (size_t i = 0; i < n; i++) {
        struct partition *one =
            partitions_find(&p->partitions, at[i].topic, at[i].partition);

        if (one == NULL || !one->assigned) {
            continue;
        }
        if (error == NULL && at[i].offset > one->committed) {
            one->committed = at[i].offset;
        }
        if (one->committing <= at[i].offset) {
            one->committing = -1;
        }
    }
    if (error != NULL) {
        log_warn(LOG_MSG("offsets not committed; trying again"),
            LOG_STR("why", error));
    }
    pipeline_settle(p);
}

static void on_trouble(void *arg, const char *text, bool fatal)
{
    struct pipeline *p = arg;

    if (fatal) {
        pipeline_fail(p, text);
    } else {
        log_warn(LOG_MSG("kafka"), LOG_STR("why", text));
    }
}

const struct consumer_calls pipeline_consumer_calls = {
    .record = on_record,
    .end = on_end,
    .assigned = on_assigned,
    .out_of_range = on_out_of_range,
    .revoked = on_revoked,
    .committed = on_committed,
    .trouble = on_trouble,
};

static bool has_news(const struct partition *one)
{
    int64_t frontier = offsets_frontier(one->offsets);

    return one->assigned && frontier >= 0 && frontier > one->committed &&
           frontier > one->committing;
}

void pipeline_commit(struct pipeline *p, int wait_ms)
{
    struct position *at = calloc(p->partitions.n + 1, sizeof(*at));
    size_t n = 0;

    for (size_t i = 0; at != NULL && i < p->partitions.n; i++) {
        struct partition *one = p->partitions.all[i];

        if (has_news(one)) {
            int64_t frontier = offsets_frontier(one->offsets);

            at[n++] = (struct position){one->topic, one->number, frontier};
            one->committing = frontier;
        }
    }
    if (n > 0) {
        int rc;

        FAULT_POINT("before_commit");
        rc = consumer_commit(p->consumer, at, n, wait_ms);
        FAULT_POINT("after_commit");

        if (wait_ms > 0 || rc != 0) {
            on_committed(p, at, n, rc == 0 ? NULL : "no answer");
        }
    }
    free(at);
}

bool pipeline_revoke_is_over(const struct pipeline *p)
{
    for (size_t i = 0; i < p->partitions.n; i++) {
        const struct partition *one = p->partitions.all[i];

        if (one->leaving && offsets_pending(one->offsets) > 0) {
            return false;
        }
    }
    return true;
}

void pipeline_finish_revoke(struct pipeline *p)
{
    if (!p->revoking) {
        return;
    }
    p->revoking = false; /* first: a waiting commit settles */
    (void)event_del(p->revoke_timer);
    pipeline_commit(p, COMMIT_WAIT_MS);
    for (size_t i = 0; i < p->partitions.n; i++) {
        struct partition *one = p->partitions.all[i];

        if (one->leaving) {
            partition_release(one);
        }
    }
    consumer_give_back(p->consumer);
}

static bool is_ours(void *arg, const char *topic, int32_t number)
{
    const struct pipeline *p = arg;
    const struct partition *one =
        partitions_find(&p->partitions, topic, number);

    return one != NULL && one->assigned;
}

/* Those that others have, or that nobody has: a member that was killed keeps
 * its share until its session ends, and only then do we get it. */
static bool others_reached_end(struct pipeline *p)
{
    int64_t now_us = clock_mono_us();

    if (now_us - p->asked_ends_us < ASK_ENDS_EVERY_US) {
        return false;
    }
    p->asked_ends_us = now_us;
    return group_ends_reached(p->ends, is_ours, p, ENDS_WAIT_MS);
}

bool pipeline_reached_end(struct pipeline *p)
{
    if (!p->has_joined) {
        return false; /* one who goes while joining keeps the group waiting */
    }
    learn_ends(p);
    for (size_t i = 0; i < p->partitions.n; i++) {
        const struct partition *one = p->partitions.all[i];

        if (one->assigned &&
            (one->end_at_start < 0 || one->committed < one->end_at_start)) {
            return false;
        }
    }
    return others_reached_end(p);
}
