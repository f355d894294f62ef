/*
 * struct pipeline: the bridge. Records flow
 *
 *   consumer -> encoder -> open batch -> sender -> ledger -> commit
 *                                           '-> dead letters -> ledger
 *
 * in one thread, on one event loop. It alone knows all of the bridge.
 */
#ifndef NARU_BRIDGE_PIPELINE_H
#define NARU_BRIDGE_PIPELINE_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <event2/event.h>
#include <stdbool.h>

struct pipeline;

struct pipeline_options {
    bool until_end; /* end when what the topics held at the start is committed
                     */
    bool force;     /* write although the mapping contradicts the dataset */
    bool bulk_load; /* no refresh and no replicas until the end */
};

/*
 * pipeline_new(base, config, options, err):
 * Everything that can be wrong with the configuration is found here. Nothing
 * is connected yet. base and config must outlive it. NULL with err.
 */
struct pipeline *pipeline_new(struct event_base *base,
    const struct config *config, const struct pipeline_options *options,
    struct error *err) MUST_CHECK;

/*
 * pipeline_start(p, err):
 * Ask the brokers (blocking, some seconds at most) and begin; then run the
 * event loop, which ends when the pipeline is done. An engine that is down is
 * waited for. Returns 0; -1 with err when no broker answers or a topic does
 * not exist.
 */
int pipeline_start(struct pipeline *p, struct error *err) MUST_CHECK;

/*
 * pipeline_stop(p):
 * Stop taking records, finish what is under way within
 * bridge.drain_timeout_ms, commit, end the loop. A second call ends it at
 * once.
 */
void pipeline_stop(struct pipeline *p);

/*
 * pipeline_reload(p):
 * The configuration was renewed (config_renew), or the files that it names:
 * take what may change while records flow. What cannot be taken, and why, is
 * told in the log, and stays as it was.
 */
void pipeline_reload(struct pipeline *p);

/* pipeline_is_up(p): Can records flow? The engine was found, and the group has
 * given us partitions, or none. */
bool pipeline_is_up(const struct pipeline *p);

/* pipeline_is_stopping(p): Are no more records taken? */
bool pipeline_is_stopping(const struct pipeline *p);

/* pipeline_summary(p, out, size): How it goes, on one line for a person. */
void pipeline_summary(struct pipeline *p, char *out, size_t size);

/* pipeline_failed(p): Why the pipeline ended on its own account, or NULL. */
const char *pipeline_failed(const struct pipeline *p);

/*
 * pipeline_was_refused(p):
 * Was the reason that records were refused, one or too many as the settings
 * have it? Starting again meets the next of them, so nobody should without
 * having looked.
 */
bool pipeline_was_refused(const struct pipeline *p);

/* pipeline_free(p): Leave the group and free it; NULL is fine. */
void pipeline_free(struct pipeline *p);

#endif
