/*
 * A CSV row's content by the dataset's types, made without replay's encoder,
 * so that a fault of that one shows. The rules are the README's of replay:
 *
 *   keyword, text   the bytes, which must be UTF-8
 *   long, integer   a whole number in range; "13502112.0" is 13502112
 *   epoch_ms        a whole number
 *   double          any number that a double can hold, by its decimal value
 *   date            YYYY-MM-DD, a day that exists
 *   an empty value  no field; an error in a required column
 */
#ifndef NARU_VERIFY_CSV_CONTENT_H
#define NARU_VERIFY_CSV_CONTENT_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "replay/column_map.h"
#include "verify/content.h"

/*
 * csv_content(map, fields, c, err):
 * Fill c (cleared first) with a row's fields, map->n_slots many. Returns 0, or
 * -1 with err ("Volume: 'abc' is not a whole number").
 */
int csv_content(const struct column_map *map, const struct slice *fields,
    struct content *c, struct error *err) MUST_CHECK;

#endif
