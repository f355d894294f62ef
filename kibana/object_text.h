/*
 * Trees kept as JSON text in an attribute of a saved object, which is how
 * Kibana keeps them: read and written back. Pure.
 */
#ifndef NARU_KIBANA_OBJECT_TEXT_H
#define NARU_KIBANA_OBJECT_TEXT_H

#include "common/attr.h"

#include <jansson.h>

/* Numbers with as many digits as people write: 0.1, not 0.10000000000000001 */
#define OBJECT_TEXT_REALS JSON_REAL_PRECISION(15)

/* object_text(object, key): A string, "" when it is none. Borrowed. */
const char *object_text(const json_t *object, const char *key);

/* object_text_parse(object, key): The tree of the text there, to be released;
 * NULL when there is none or it is no JSON. */
json_t *object_text_parse(const json_t *object, const char *key) MUST_CHECK;

/* object_text_of(tree): The text as a JSON string. Takes tree over; NULL out of
 * memory. */
json_t *object_text_of(json_t *tree) MUST_CHECK;

/* object_text_set(object, key, tree): Write a tree there, over lines for the
 * eyes of people with _indented. Takes tree over. Out of memory the old text
 * stays. */
void object_text_set(json_t *object, const char *key, json_t *tree);
void object_text_set_indented(json_t *object, const char *key, json_t *tree);

#endif
