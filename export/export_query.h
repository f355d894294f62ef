/* Which documents are exported and in which order, in the engine's words. */
#ifndef NARU_EXPORT_EXPORT_QUERY_H
#define NARU_EXPORT_EXPORT_QUERY_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "replay/row_choice.h"

/* index.max_terms_count, where nobody raised it. */
#define EXPORT_MAX_CODES 65536

/*
 * export_query_write(dataset, choice, out, err):
 * Put the query of choice's days, codes and ranks into out, as JSON; nothing
 * when all are chosen. The days are those of the dataset's zone. volume and
 * where are not the engine's to decide. Pure. Returns 0, or -1 with err.
 */
int export_query_write(const struct dataset *dataset,
    const struct row_choice *choice, struct buf *out,
    struct error *err) MUST_CHECK;

/*
 * export_query_sort(dataset, out):
 * The order: event time, then key, as entries of a "sort". A key that is prose
 * (text) has no order. Pure. Returns 0, or -1 when out is full.
 */
int export_query_sort(
    const struct dataset *dataset, struct buf *out) MUST_CHECK;

#endif
