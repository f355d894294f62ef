/* What a JSON object says: the content of a record's value or a document. */
#ifndef NARU_VERIFY_JSON_CONTENT_H
#define NARU_VERIFY_JSON_CONTENT_H

#include "common/attr.h"
#include "verify/content.h"

#include <jansson.h>

/*
 * json_content(object, c):
 * Fill c (cleared first) with the members of a marked object (marked_json.h);
 * null is absent. Values inside of arrays and objects are put into their
 * canonical form, so object changes. Returns 0; -1 when it is no object, holds
 * what is no number, or memory is short.
 */
int json_content(json_t *object, struct content *c) MUST_CHECK;

#endif
