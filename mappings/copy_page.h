/*
 * A page of documents from one index made into a bulk request for another.
 * Pure; documents are copied byte for byte, so that numbers keep their digits.
 */
#ifndef NARU_MAPPINGS_COPY_PAGE_H
#define NARU_MAPPINGS_COPY_PAGE_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"

#include <stddef.h>

/*
 * copy_page_write(answer, type, out, docs, err):
 * Append to out an action and a document for each hit of a search with
 * "version":true: the same id, routing and version, external_gte, so that a
 * newer one that is there stays. type is the "_type" of the actions or NULL.
 * *docs is their number. Returns 0; -1 with err when the answer is no answer to
 * a search, not of all shards, or out is full.
 */
int copy_page_write(struct slice answer, const char *type, struct buf *out,
    size_t *docs, struct error *err) MUST_CHECK;

#endif
