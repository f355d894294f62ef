/*
 * struct retry_target: where letters are retried to: their source topic, or
 * the index. Tells of each letter it took exactly one of three things, from
 * take or finish.
 */
#ifndef NARU_DLQ_RETRY_TARGET_H
#define NARU_DLQ_RETRY_TARGET_H

#include "bridge/dlq/letter_source.h"
#include "bridge/offsets.h"
#include "bridge/sender.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

/* origin: a letter of which slot, topic, partition and offset are set. */
struct retry_calls {
    void (*accepted)(void *arg, const struct stored_letter *origin,
        enum outcome how); /* of a topic: CREATED */
    void (*refused)(void *arg, const struct stored_letter *origin,
        const struct refusal *why);
    void (*failed)(
        void *arg, const struct stored_letter *origin, const char *why);
};

struct retry_target {
    /* Returns 0; -1 with err when there is no sense in going on: letters that
     * were taken and not told of are as they were. */
    int (*take)(struct retry_target *t, const struct stored_letter *stored,
        struct error *err);
    int (*finish)(struct retry_target *t, struct error *err);
    void (*free)(struct retry_target *t);
};

/*
 * topic_target_new(config, dry_run, calls, arg, err): Each to the topic it
 * came from. With dry_run only the topics are looked up. NULL with err.
 */
struct retry_target *topic_target_new(const struct config *config, bool dry_run,
    const struct retry_calls *calls, void *arg, struct error *err) MUST_CHECK;

/*
 * index_target_new(config, dry_run, calls, arg, err): Into the index of the
 * configuration, in bulk requests. With dry_run the requests are only built.
 */
struct retry_target *index_target_new(const struct config *config, bool dry_run,
    const struct retry_calls *calls, void *arg, struct error *err) MUST_CHECK;

#endif
