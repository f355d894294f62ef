/*
 * struct metrics_index: the bridge's own metrics, indexed now and then for the
 * dashboard Pipeline. It has a connection of its own and holds one small
 * document; what goes wrong with it is logged seldom and touches no record.
 */
#ifndef NARU_BRIDGE_METRICS_INDEX_H
#define NARU_BRIDGE_METRICS_INDEX_H

#include "bridge/metrics_document.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "mappings/engine.h"

#include <event2/event.h>

struct metrics_index;

/* Fill in what is so now; the texts are borrowed until the next turn of the
 * loop. host, instance and group are filled in already. */
typedef void (*metrics_sample_fn)(struct metrics_sample *sample, void *arg);

/*
 * metrics_index_new(base, config, sample, arg, err):
 * By admin.metrics_index and admin.metrics_interval_ms; the first must be set.
 * Asks nobody yet. base and config must outlive it. NULL with err.
 */
struct metrics_index *metrics_index_new(struct event_base *base,
    const struct config *config, metrics_sample_fn sample, void *arg,
    struct error *err) MUST_CHECK;

/*
 * metrics_index_start(m, engine):
 * The engine is there: put template, index and alias in place (in a thread of
 * its own, tried again while that fails) and then index every interval.
 */
void metrics_index_start(struct metrics_index *m, const struct engine *engine);

/* metrics_index_renew(m, config): Take credentials and certificates anew, at
 * once or as soon as no thread uses them; trouble is told in the log. config
 * must outlive it. */
void metrics_index_renew(struct metrics_index *m, const struct config *config);

/*
 * metrics_index_finish(m):
 * Index how it ended; blocks for two seconds at most, and only when indexing
 * went well before.
 */
void metrics_index_finish(struct metrics_index *m);

/* metrics_index_free(m): Waits for its thread, some seconds at most, when that
 * still asks the engine. NULL is fine. */
void metrics_index_free(struct metrics_index *m);

#endif
