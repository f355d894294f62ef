/*
 * JSON read so that no number loses a digit: jansson would make a double of
 * each decimal, so numbers go through it as strings, marked apart from the
 * strings that were there. jansson still judges the whole text.
 */
#ifndef NARU_VERIFY_JSON_CONTENT_H
#define NARU_VERIFY_JSON_CONTENT_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"
#include "verify/content.h"

#include <jansson.h>
#include <stdbool.h>

#define JSON_MARK_STRING '$' /* in front of each string, keys included */
#define JSON_MARK_NUMBER '#' /* in front of each number's text */

/*
 * json_marked_load(text, scratch, err):
 * The tree of a JSON text with its strings and numbers marked: {"a":1.50,
 * "b":"x"} is read as {"$a":"#1.50","$b":"$x"}. A key given twice is an error,
 * as it is to the engines; a byte order mark is passed over. NULL with err;
 * the caller owns the tree.
 */
json_t *json_marked_load(
    struct slice text, struct buf *scratch, struct error *err) MUST_CHECK;

/*
 * json_marked_string(v), json_marked_number(v): The text of a marked string or
 * number, without its mark; {NULL, 0} when v is something else.
 */
struct slice json_marked_string(const json_t *v);
struct slice json_marked_number(const json_t *v);

/*
 * json_content(object, c):
 * Fill c (cleared first) with the members of a marked object; null is absent.
 * Values inside of arrays and objects are put into their canonical form, so
 * object changes. Returns 0; -1 when it is no object, holds what is no number,
 * or memory is short.
 */
int json_content(json_t *object, struct content *c) MUST_CHECK;

#endif
