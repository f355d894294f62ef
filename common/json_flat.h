/*
 * The fields of a flat object, the shape of nearly every record: found by its
 * quotes alone, 64 bytes at a time (the way simdjson finds structure: Langdale
 * and Lemire, Parsing Gigabytes of JSON per Second, 2019). A short cut of
 * json_find_fields, which takes the long way wherever this one does not see
 * through: escapes, nesting, white space, a field that is not there.
 *
 * Records of a topic mostly have the same keys in the same order, so a key is
 * looked for first before or behind as many quotes as in the text before, from
 * the text's end where that is near: what lies between is not read then. Of a
 * key given twice that may find the second; the engines refuse such a document
 * whole (Elasticsearch since 6.0: XContent's strict duplicate detection).
 */
#ifndef NARU_COMMON_JSON_FLAT_H
#define NARU_COMMON_JSON_FLAT_H

#include "common/json_scan.h"

#include <stdbool.h>

/*
 * json_find_flat(text, fields, n):
 * As json_find_fields: true when all of them were found, else they are as when
 * none was looked for. text begins with '{'.
 */
bool json_find_flat(
    struct slice text, struct json_field *fields, size_t n) MUST_CHECK;

#endif
