/*
 * A dataset's documents brought to the index of its raised schema_version while
 * bridges write and readers read; migrate_plan.h has the steps. Killed at any
 * of them, the same call goes on from there.
 */
#ifndef NARU_MAPPINGS_MIGRATE_H
#define NARU_MAPPINGS_MIGRATE_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/apply.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"

#include <stdbool.h>
#include <stdint.h>

/* Where copying is; called after each page. */
typedef void (*migrate_progress_fn)(uint64_t docs, unsigned percent, void *arg);

/* Shall it end? Asked after each page. */
typedef bool (*migrate_stop_fn)(void *arg);

struct migrate_options {
    bool abort;       /* go back rather than on */
    bool drop_old;    /* delete the old index when the alias has left it */
    bool dry_run;     /* only report what would be done */
    const char *type; /* bridge.type, or NULL */
    mappings_report_fn report;
    migrate_progress_fn progress;
    migrate_stop_fn stop;
    void *arg; /* of the three */
};

/*
 * mappings_migrate(e, engine, ds, o, err):
 * Go on until nothing is left to do. Blocks for as long as copying takes.
 * Returns 0; -1 with err: something is in the way (migrate_plan.h), the engine
 * does not answer for a minute or refuses, the new index does not take a
 * document, o->stop. Then readers and bridges are with the old index, which
 * takes writes, and it can be called again; only a process that is killed
 * between hold and swap leaves the old index without writes.
 */
int mappings_migrate(const struct endpoint *e, const struct engine *engine,
    const struct dataset *ds, const struct migrate_options *o,
    struct error *err) MUST_CHECK;

#endif
