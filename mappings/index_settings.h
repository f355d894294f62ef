/* Index settings wanted, compared with those that stand. Pure. */
#ifndef NARU_MAPPINGS_INDEX_SETTINGS_H
#define NARU_MAPPINGS_INDEX_SETTINGS_H

#include "common/attr.h"
#include "mappings/plan_line.h"

#include <jansson.h>
#include <stdbool.h>

/*
 * index_settings_flatten(settings):
 * {"number_of_shards":2,"index":{"codec":"x"}} as engines write settings with
 * flat_settings=true: {"index.number_of_shards":"2","index.codec":"x"}. A new
 * reference, or NULL out of memory.
 */
json_t *index_settings_flatten(json_t *settings) MUST_CHECK;

/*
 * index_settings_diff(wanted, standing):
 * The wanted settings (of any form) that do not stand so, flat:
 * {"index.refresh_interval":"5s"}. standing is of any form too. A new
 * reference, empty when all is as wanted; NULL out of memory.
 */
json_t *index_settings_diff(json_t *wanted, json_t *standing) MUST_CHECK;

/*
 * index_settings_undeclared(wanted, standing):
 * The settings that stand though nobody wanted them, flat: what an engine sets
 * by itself (uuid, versions, places, counts) is left out. As above.
 */
json_t *index_settings_undeclared(json_t *wanted, json_t *standing) MUST_CHECK;

/*
 * index_setting_is_static(name):
 * Can it be set only when an index is made? name is flat.
 */
bool index_setting_is_static(const char *name);

#endif
