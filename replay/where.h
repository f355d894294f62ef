/*
 * struct where: a condition on a row's columns, such as
 *
 *   Market = 'KOSPI' and (Volume >= 100000 or Close > Open)
 *   Code in ('005930', '000660') and not Name = ''
 *
 * or, and, not, in, not in (also in capitals); = == != <> < <= > >=; brackets.
 * Texts and dates stand in single or double quotes and are compared byte by
 * byte (a date is YYYY-MM-DD, so that is its order), numbers by value, exactly
 * to 18 digits. A column's name that is no plain word stands in backquotes.
 * '' is the absent value, of any column; any other comparison with an absent
 * number or date is false. Pure.
 */
#ifndef NARU_REPLAY_WHERE_H
#define NARU_REPLAY_WHERE_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "mappings/dataset.h"
#include "replay/column_map.h"

#include <stdbool.h>

struct where; /* opaque */

/*
 * where_new(text, dataset, err):
 * Compile text (borrowed, as is dataset, until where_free). NULL with err,
 * which tells the place in text.
 */
struct where *where_new(const char *text, const struct dataset *dataset,
    struct error *err) MUST_CHECK;
void where_free(struct where *w);

/*
 * where_holds(w, map, fields, err):
 * Is it true of the row? 1, 0, or -1 with err ("COLUMN: why") when a value that
 * it looks at does not fit the column's type.
 */
int where_holds(const struct where *w, const struct column_map *map,
    const struct slice *fields, struct error *err) MUST_CHECK;

#endif
