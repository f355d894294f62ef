/*
 * struct index_reader: the documents of an index, alias or pattern that answer
 * a query, as they stood when it was opened, in a given order: by point in time
 * and search_after where the engine has both, else by scroll. Streamed; one
 * page (about 1 MB) is held.
 */
#ifndef NARU_INDEX_INDEX_READER_H
#define NARU_INDEX_INDEX_READER_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "common/slice.h"

#include <jansson.h>
#include <stdint.h>

struct index_reader; /* opaque */

struct index_question {
    const char *index; /* or an alias, or a pattern */
    const char *query; /* as JSON, at most 16 MB; NULL: all documents */
    const char *sort;  /* {"Date":"asc"},{"Code":"asc"}; NULL: as they lie */
};

struct index_document {
    struct slice index; /* the one it really lies in */
    struct slice id;
    json_t *source; /* an object of marked JSON; the reader's */
};

/* Called for each document, valid during the call. Not 0 ends it. */
typedef int (*index_reader_fn)(
    void *arg, const struct index_document *document, struct error *err);

/*
 * index_reader_open(config, question, err):
 * Refresh index, so that all that was acknowledged is seen, and fix what is to
 * be read. question is copied. NULL with err: no engine, no such index, a
 * refusal. Documents that the order leaves equal come as they lie.
 */
struct index_reader *index_reader_open(const struct config *config,
    const struct index_question *question, struct error *err) MUST_CHECK;

/* index_reader_free(p): Give the engine its memory back, too. */
void index_reader_free(struct index_reader *p);

/*
 * index_reader_count(p, documents, err):
 * How many there are to be read, by a request of its own: an index that is
 * written to may have a few more than are read. 0 or -1 with err.
 */
int index_reader_count(
    struct index_reader *p, int64_t *documents, struct error *err) MUST_CHECK;

/*
 * index_reader_read(p, each, arg, err):
 * Read all, once. A shard that fails or a time-out is an error: nothing may be
 * left out. Returns 0 or -1 with err.
 */
int index_reader_read(struct index_reader *p, index_reader_fn each, void *arg,
    struct error *err) MUST_CHECK;

#endif
