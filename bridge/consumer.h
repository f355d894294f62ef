/*
 * struct consumer: the records of a consumer group's partitions, on the event
 * loop; what it assigns and asks back, and what is committed.
 */
#ifndef NARU_BRIDGE_CONSUMER_H
#define NARU_BRIDGE_CONSUMER_H

#include "bridge/intake.h"
#include "bridge/position.h"
#include "bridge/record.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct consumer;

/* See calls->out_of_range. */
struct consumer_reset {
    struct position at; /* offset: what was to be read next, -1 unknown */
    int64_t low, high;  /* what the broker has: from low to before high */
    int64_t resume_at;  /* where reading goes on; -1: not known */
    bool stops;         /* auto.offset.reset is error: it does not go on */
};

/*
 * What the consumer tells its owner, from the event loop, never before
 * consumer_start returned.
 */
struct consumer_calls {
    /* A record; its message becomes the owner's (message_free). */
    void (*record)(void *arg, const struct record *record);

    /* The partition's end was reached: nothing below position->offset is
     * left to come. */
    void (*end)(void *arg, const struct position *position);

    /* Partitions are ours; the offsets are the committed ones, -1: none. */
    void (*assigned)(void *arg, const struct position *p, size_t n);

    /* The broker does not have the offset that was to be read next: retention
     * or a deletion passed us, or the topic was made anew. What was pending is
     * to be forgotten; reading goes on at reset->resume_at. */
    void (*out_of_range)(void *arg, const struct consumer_reset *reset);

    /* Partitions are asked back. The owner finishes with them and calls
     * consumer_give_back, now or later; until then the group waits. lost: they
     * are somebody else's already, nothing of theirs can be committed. */
    void (*revoked)(void *arg, const struct position *p, size_t n, bool lost);

    /* A commit was answered; error is NULL when it was taken. */
    void (*committed)(
        void *arg, const struct position *p, size_t n, const char *error);

    /* Something an operator should know; fatal: the consumer is useless. */
    void (*trouble)(void *arg, const char *text, bool fatal);
};

/*
 * consumer_new(base, config, topics, calls, arg, err):
 * Subscribe to topics (a comma list; '^' starts a regular expression) with
 * [kafka]'s settings. Nothing is read before consumer_start. config is only
 * read; calls and base must outlive the consumer. NULL with err.
 */
struct consumer *consumer_new(struct event_base *base,
    const struct config *config, const char *topics,
    const struct consumer_calls *calls, void *arg,
    struct error *err) MUST_CHECK;

/*
 * consumer_check_topics(c, timeout_ms, err):
 * Ask the brokers, blocking, whether they are there and have the named topics.
 * Returns 0; 1 with err when no broker answers (try again later); -1 with err
 * when a topic does not exist.
 */
int consumer_check_topics(
    struct consumer *c, int timeout_ms, struct error *err) MUST_CHECK;

/* consumer_start(c, err): Join the group. Returns 0 or -1 with err. */
int consumer_start(struct consumer *c, struct error *err) MUST_CHECK;

/* consumer_hold(c, hold): Hold: hand over no records until told otherwise; see
 * intake_hold. */
void consumer_hold(struct consumer *c, bool hold);
bool consumer_is_held(const struct consumer *c);

/*
 * consumer_commit(c, positions, n, wait_ms):
 * Commit offsets. wait_ms 0: answered later by calls->committed. Above 0: wait
 * so long; then the return value tells: 0 when all were taken, -1 otherwise.
 */
int consumer_commit(struct consumer *c, const struct position *positions,
    size_t n, int wait_ms);

/* consumer_give_back(c): Hand over what calls->revoked asked for. */
void consumer_give_back(struct consumer *c);

/* consumer_seen_end(c, topic, partition): The partition's end as last heard
 * with a fetch, -1 if not yet. */
int64_t consumer_seen_end(
    struct consumer *c, const char *topic, int32_t partition);

/* consumer_ask_ends(c, at, n, wait_ms): The ends of n partitions into their
 * offsets, asked of the brokers, blocking. 0, or -1 when they do not answer. */
int consumer_ask_ends(
    struct consumer *c, struct position *at, size_t n, int wait_ms) MUST_CHECK;

/*
 * consumer_position(c, topic, partition): The offset after the last record
 * handed over, -1 when there was none since the partition was assigned.
 */
int64_t consumer_position(
    const struct consumer *c, const char *topic, int32_t partition);

/* consumer_renew_login(c, config, err): Take user and password of SASL anew;
 * connections that stand go on. 0 or -1 with err. */
int consumer_renew_login(struct consumer *c, const struct config *config,
    struct error *err) MUST_CHECK;

const struct intake_stats *consumer_stats(const struct consumer *c);

/* consumer_free(c): Leave the group and free it; blocks for as long as the
 * brokers take to answer, at most what kafka_end waits. Nothing is called any more. NULL is fine. */
void consumer_free(struct consumer *c);

#endif
