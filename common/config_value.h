/* Reading one setting's text by its type; the pure part of config. */
#ifndef NARU_COMMON_CONFIG_VALUE_H
#define NARU_COMMON_CONFIG_VALUE_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <stdint.h>

/*
 * config_value_read(key, text, out, err):
 * Check text against the key's type and range. *out is the number in the
 * type's unit (bytes, milliseconds), 0 or 1 for BOOL, the place of the word
 * for CHOICE, 0 for TEXT; out may be NULL. Returns 0, or -1 with err, which
 * says what would be right but not where the text stands.
 */
int config_value_read(const struct config_key *key, const char *text,
    int64_t *out, struct error *err) MUST_CHECK;

#endif
