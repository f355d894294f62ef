/*
 * struct engine_store: what the scripted Elasticsearch has stored: documents
 * by _id, with external_gte versions as the real one keeps them. It remembers
 * deleted ids with their version, and counts how often each id was applied.
 * One index is enough for the tests; each document remembers which it named.
 */
#ifndef NARU_TESTS_FAKES_ENGINE_STORE_H
#define NARU_TESTS_FAKES_ENGINE_STORE_H

#include "common/attr.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One action of a bulk request, with its document, and what came of it. */
struct bulk_action {
    bool is_delete;
    char *id;
    char *index;
    int64_t version; /* -1: none given */
    struct slice document;
    int status; /* of the item in the answer */
    const char *error_type;
    const char *error_reason;
};

struct bulk_actions {
    struct bulk_action *all;
    size_t n;
};

/*
 * bulk_actions_read(body, default_index, out, why):
 * Take a bulk body apart as strictly as Elasticsearch does: a last newline, an
 * action of known keys on each line, a document behind each index action.
 * Documents point into body. Returns 0; -1 with *why for the whole body, and
 * then nothing is to be freed.
 */
int bulk_actions_read(struct slice body, const char *default_index,
    struct bulk_actions *out, const char **why) MUST_CHECK;
void bulk_actions_free(struct bulk_actions *a);

struct stored {
    unsigned applied; /* times it was written */
    unsigned offered; /* times it was sent, written or not */
    int64_t version;
    bool deleted;
    char *index;
    char *document; /* NULL when documents are not kept */
    size_t document_bytes;
};

struct engine_store;

/* keep_documents false: only their sizes, for tests with much data. */
struct engine_store *engine_store_new(bool keep_documents) MUST_CHECK;
void engine_store_free(struct engine_store *s);

/*
 * engine_store_apply(s, action):
 * Write or delete, or refuse because a newer version is there; the action's
 * status and error say which. A document that is no JSON object is answered
 * with 400 mapper_parsing_exception.
 */
void engine_store_apply(struct engine_store *s, struct bulk_action *action);

/* engine_store_offered(s, id): Count that id was sent; returns how often it
 * was before. */
unsigned engine_store_offered(struct engine_store *s, const char *id);

/* engine_store_get(s, id): What stands there, NULL when it never came. */
const struct stored *engine_store_get(
    const struct engine_store *s, const char *id);

/* engine_store_live(s): How many ids hold a document now. */
size_t engine_store_live(const struct engine_store *s);

#endif
