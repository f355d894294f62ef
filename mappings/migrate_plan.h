/*
 * What a migration does next, by what stands in the engine. Pure: no I/O.
 *
 * From the old index (marcap-v1, behind the alias) to the new (marcap-v2, of
 * the dataset's raised schema_version). Readers and writers stay with the old
 * one until a single request moves the alias, so no reader ever sees a gap or a
 * document twice:
 *
 *   create    template and new index; the alias does not know it
 *   copy      documents by their sequence numbers, and again what changed
 *             meanwhile, until little is left
 *   settle    the new index gets the settings that the dataset wants
 *   hold      the old index takes no writes: bridges wait and keep their place
 *   catch up  the rest is copied; both hold the same number of documents
 *   swap      the alias moves, for readers and writers, in one request
 *   finish    the new index notes where it came from
 *   drop      the old index goes, when that is asked for
 *
 * All that a run must know of an earlier one is a note in the new index's
 * _meta and what stands beside it; nothing is kept anywhere else.
 */
#ifndef NARU_MAPPINGS_MIGRATE_PLAN_H
#define NARU_MAPPINGS_MIGRATE_PLAN_H

#include "common/attr.h"
#include "common/error.h"
#include "mappings/index_names.h"

#include <jansson.h>
#include <stdbool.h>

#define MIGRATE_NOTE "migration"       /* in the new index's _meta, until... */
#define MIGRATE_ORIGIN "migrated_from" /* ...this takes its place */

enum migrate_step {
    MIGRATE_NOTHING, /* done, or there was nothing to do */
    MIGRATE_CREATE,
    MIGRATE_COPY,
    MIGRATE_SETTLE,
    MIGRATE_HOLD,
    MIGRATE_CATCH_UP,
    MIGRATE_SWAP,
    MIGRATE_FINISH,
    MIGRATE_DROP_OLD,
    /* Going back: */
    MIGRATE_RELEASE, /* the old index takes writes again */
    MIGRATE_DISCARD  /* the new index goes */
};

/* What stands, as GET /NAME?flat_settings=true gives it. All owned. */
struct migrate_stand {
    json_t *members; /* of the alias: index name -> the index; NULL: none */
    json_t *fresh;   /* the index of the dataset's version; NULL: none */
    json_t *origin;  /* the one that it was migrated from; NULL: none */
};

struct migrate_next {
    enum migrate_step step;
    char from[INDEX_NAME_BYTES]; /* the old index; "" when there is none */
};

/*
 * migrate_plan_next(next, stand, names, sha256, drop_old, err):
 * The next step towards names->index. sha256 is the dataset's checksum. Returns
 * 0; -1 with err when something is in the way: no alias, several indices
 * behind it, an index that naru did not make, one of a higher version, a
 * migration that another version of the dataset began.
 */
int migrate_plan_next(struct migrate_next *next,
    const struct migrate_stand *stand, const struct index_names *names,
    const char *sha256, bool drop_old, struct error *err) MUST_CHECK;

/*
 * migrate_plan_back(next, stand, names, err):
 * The next step of going back. Returns 0; -1 with err when the alias has moved
 * already.
 */
int migrate_plan_back(struct migrate_next *next,
    const struct migrate_stand *stand, const struct index_names *names,
    struct error *err) MUST_CHECK;

/* migrate_step_name(step): "copy"; what the note calls it. Static. */
const char *migrate_step_name(enum migrate_step step);

#endif
