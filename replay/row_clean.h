/*
 * struct row_clean: a row's values made ready for their types, by what the
 * dataset says of its sources (dataset.clean): spaces around them, thousands
 * separators, texts that stand for no value; and two columns of one name each
 * made one. Pure.
 */
#ifndef NARU_REPLAY_ROW_CLEAN_H
#define NARU_REPLAY_ROW_CLEAN_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"
#include "replay/column_map.h"

struct row_clean {
    struct buf digits; /* numbers without their separators */
};

/* row_clean_init(c): Make c ready. Allocates nothing. */
void row_clean_init(struct row_clean *c);
void row_clean_fini(struct row_clean *c);

/*
 * row_clean_apply(c, map, fields, err):
 * Clean map->n_slots fields in place; they may then point into c, until the
 * next call. A separator that stands elsewhere than before each three digits is
 * left, so that the number is refused. Of twins, the one that has a value
 * counts. Returns 0, or -1 with err when twins differ.
 */
int row_clean_apply(struct row_clean *c, const struct column_map *map,
    struct slice *fields, struct error *err) MUST_CHECK;

#endif
