/*
 * The index's fields that a visualization asks for: found in the bodies of
 * Vega's data URLs and in the aggregations of classic ones. Pure.
 */
#ifndef NARU_KIBANA_USED_FIELDS_H
#define NARU_KIBANA_USED_FIELDS_H

#include "common/attr.h"

#include <jansson.h>

/*
 * used_fields(object):
 * An object whose keys are the fields, for a visualization or lens; empty for
 * other types. The caller releases it. NULL out of memory.
 */
json_t *used_fields(const json_t *object) MUST_CHECK;

/* used_fields_of_body(body, fields): Add those of one search body. */
void used_fields_of_body(const json_t *body, json_t *fields);

/*
 * used_fields_base(field):
 * How many bytes of "Name.ko" name the column: those before the first dot, or
 * all of them.
 */
size_t used_fields_base(const char *field);

#endif
