/*
 * A CSV row as one line of JSON: the columns in the file's order, typed as the
 * dataset says. Pure; no value is ever guessed, rounded or cut.
 *
 *   keyword, text   a string; must be UTF-8
 *   long, integer   a whole number, exactly; "13502112.0" gives 13502112
 *   double          the number's own text, which must be JSON's form of one
 *   date            "YYYY-MM-DD", a day that exists
 *   epoch_ms        a whole number
 *   an empty value  no field at all; an error in a required column
 *
 * Dropped and unknown columns are neither written nor checked.
 */
#ifndef NARU_REPLAY_ROW_JSON_H
#define NARU_REPLAY_ROW_JSON_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"
#include "replay/column_map.h"

#define ROW_JSON_MAX_BYTES ((size_t)128 << 20)

/*
 * row_json_write(map, fields, out, err):
 * Append the row to out, without a line break. fields are map->n_slots many.
 * Returns 0, or -1 with err ("Volume: 'abc' is not a whole number") and out as
 * it was. Allocates only when out has to grow.
 */
int row_json_write(const struct column_map *map, const struct slice *fields,
    struct buf *out, struct error *err) MUST_CHECK;

#endif
