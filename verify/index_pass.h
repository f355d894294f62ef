/*
 * struct index_pass: all documents of an index, alias or pattern, as they
 * stood when it was opened: by point in time and search_after where the engine
 * has both, else by scroll. Streamed; one page is held.
 */
#ifndef NARU_VERIFY_INDEX_PASS_H
#define NARU_VERIFY_INDEX_PASS_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "common/slice.h"
#include "verify/content.h"

struct index_pass; /* opaque */

struct index_document {
    struct slice index; /* the one it really lies in */
    struct slice id;
    struct content *content; /* of its _source */
};

/* Called for each document, valid during the call. Not 0 ends it. */
typedef int (*index_pass_fn)(
    void *arg, const struct index_document *document, struct error *err);

/*
 * index_pass_open(config, index, err):
 * Refresh index, so that all that was acknowledged is seen, and fix what is to
 * be read. NULL with err: no engine, no such index, a refusal.
 */
struct index_pass *index_pass_open(const struct config *config,
    const char *index, struct error *err) MUST_CHECK;

/* index_pass_free(p): Give the engine its memory back, too. */
void index_pass_free(struct index_pass *p);

/*
 * index_pass_read(p, each, arg, err):
 * Read all, once. A shard that fails or a time-out is an error: a proof leaves
 * nothing out. Returns 0 or -1 with err.
 */
int index_pass_read(struct index_pass *p, index_pass_fn each, void *arg,
    struct error *err) MUST_CHECK;

#endif
