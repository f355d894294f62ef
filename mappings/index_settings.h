/* Index settings wanted, compared with those that stand. */
#ifndef NARU_MAPPINGS_INDEX_SETTINGS_H
#define NARU_MAPPINGS_INDEX_SETTINGS_H

#include "common/attr.h"

#include <jansson.h>

/*
 * index_settings_diff(wanted, standing):
 * The wanted settings (nested or dotted, with or without "index.") that do not
 * stand so, flat: {"index.refresh_interval":"5s"}. standing is the engine's
 * answer with flat_settings=true. A new reference, empty when all is as wanted;
 * NULL out of memory.
 */
json_t *index_settings_diff(json_t *wanted, const json_t *standing) MUST_CHECK;

#endif
