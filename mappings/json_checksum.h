/* The SHA-256 of a JSON value, whatever the order of its keys. */
#ifndef NARU_MAPPINGS_JSON_CHECKSUM_H
#define NARU_MAPPINGS_JSON_CHECKSUM_H

#include "common/attr.h"
#include "common/error.h"

#include <jansson.h>

#define JSON_CHECKSUM_CHARS 65 /* 64 hexadecimal digits and the end */

/*
 * json_checksum(tree, hex, err):
 * Of the tree's text with sorted keys and no spaces. Returns 0 or -1 with err.
 */
int json_checksum(const json_t *tree, char hex[JSON_CHECKSUM_CHARS],
    struct error *err) MUST_CHECK;

#endif
