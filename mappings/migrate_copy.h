/*
 * struct migrate_copy: documents carried from one index into another while the
 * first is written to. It goes by the engine's own sequence numbers, shard by
 * shard: every change of a document gives it a higher one, so what is behind a
 * shard's cursor has been copied as it was, and what changed since has come in
 * front of it. A pass reads up to the number below which no operation is under
 * way any more (the global checkpoint), so none can appear behind the cursor.
 *
 * _reindex does the like, but from the beginning each time, and not every
 * server has that module.
 */
#ifndef NARU_MAPPINGS_MIGRATE_COPY_H
#define NARU_MAPPINGS_MIGRATE_COPY_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/engine.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MIGRATE_MOST_SHARDS 1024

/* Called after each page; other than 0 ends the copying with that (and err is
 * the callee's to set). */
typedef int (*migrate_page_fn)(void *arg, struct error *err);

struct migrate_copy {
    const struct endpoint *endpoint; /* borrowed, as are the names */
    const struct engine *engine;
    const char *from, *to;
    const char *type; /* "_type" of the bulk lines, or NULL */
    migrate_page_fn on_page;
    void *arg;

    size_t n_shards;      /* of from */
    int64_t *cursors;     /* of each; -1: nothing copied; owned */
    json_t *conflicts;    /* ids that to holds in a higher version; owned */
    int64_t page_numbers; /* how many sequence numbers make a page */
    uint64_t docs;        /* copied by this run */
    struct buf request, bulk;
};

/*
 * migrate_copy_init(c, n_shards, cursors, err):
 * The fields above are set by the caller first, endpoint to arg. cursors: a
 * JSON array as migrate_copy_cursors gives it, or NULL to begin. Returns 0 or
 * -1 with err; migrate_copy_fini is safe in both cases.
 */
int migrate_copy_init(struct migrate_copy *c, size_t n_shards,
    const json_t *cursors, struct error *err) MUST_CHECK;
void migrate_copy_fini(struct migrate_copy *c);

/* migrate_copy_cursors(c): As a JSON array, a new reference; NULL: no memory.
 */
json_t *migrate_copy_cursors(const struct migrate_copy *c) MUST_CHECK;

/* migrate_copy_done(c): How many sequence numbers are behind the cursors. */
int64_t migrate_copy_done(const struct migrate_copy *c);

struct migrate_ends {
    int64_t upto[MIGRATE_MOST_SHARDS]; /* what a pass may read */
    int64_t left;   /* sequence numbers between the cursors and there */
    bool under_way; /* operations above upto have begun */
};

/*
 * migrate_copy_look(c, ends, err):
 * How far the shards are. Everything up to there can be read after a refresh,
 * which is made too. Returns 0 or -1 with err.
 */
int migrate_copy_look(struct migrate_copy *c, struct migrate_ends *ends,
    struct error *err) MUST_CHECK;

/* migrate_copy_pass(c, ends, err): Copy up to there. 0; -1 with err; or what
 * on_page returned. */
int migrate_copy_pass(struct migrate_copy *c, const struct migrate_ends *ends,
    struct error *err) MUST_CHECK;

/*
 * migrate_copy_count(c, index, docs, err):
 * Refresh index and count its documents. Returns 0 or -1 with err.
 */
int migrate_copy_count(struct migrate_copy *c, const char *index, int64_t *docs,
    struct error *err) MUST_CHECK;

#endif
