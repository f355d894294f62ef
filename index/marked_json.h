/*
 * JSON read so that no number loses a digit: jansson would make a double of
 * each decimal, so numbers go through it as strings, marked apart from the
 * strings that were there. jansson still judges the whole text.
 */
#ifndef NARU_INDEX_MARKED_JSON_H
#define NARU_INDEX_MARKED_JSON_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"

#include <jansson.h>

#define MARKED_JSON_STRING '$' /* in front of each string, keys included */
#define MARKED_JSON_NUMBER '#' /* in front of each number's text */

/*
 * marked_json_load(text, scratch, err):
 * The tree of a JSON text with its strings and numbers marked: {"a":1.50,
 * "b":"x"} is read as {"$a":"#1.50","$b":"$x"}. A key given twice is an error,
 * as it is to the engines; a byte order mark is passed over. NULL with err;
 * the caller owns the tree.
 */
json_t *marked_json_load(
    struct slice text, struct buf *scratch, struct error *err) MUST_CHECK;

/*
 * marked_json_string(v), marked_json_number(v): The text of a marked string or
 * number, without its mark; {NULL, 0} when v is something else.
 */
struct slice marked_json_string(const json_t *v);
struct slice marked_json_number(const json_t *v);

/*
 * marked_json_write(out, v):
 * Append v without its marks: JSON again, without spaces, numbers as they were
 * written. Returns 0, or -1 when out cannot hold it.
 */
int marked_json_write(struct buf *out, json_t *v) MUST_CHECK;

#endif
