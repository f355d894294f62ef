/*
 * What a source file of saved objects may hold: its keys, and what must be
 * true of all files of a set together. Pure.
 */
#ifndef NARU_KIBANA_SOURCE_RULES_H
#define NARU_KIBANA_SOURCE_RULES_H

#include "common/attr.h"
#include "common/error.h"
#include "kibana/sources.h"

#include <jansson.h>

/* source_rules_data_view(file, err), ..._dashboard, ..._panel: Is it one?
 * Returns 0, or -1 with err, which holds the JSON path. */
int source_rules_data_view(json_t *file, struct error *err) MUST_CHECK;
int source_rules_dashboard(json_t *file, struct error *err) MUST_CHECK;
int source_rules_panel(json_t *file, struct error *err) MUST_CHECK;

/* source_rules_whole(s, err): Does each dashboard name panels that there are?
 * Returns 0 or -1 with err. */
int source_rules_whole(const struct sources *s, struct error *err) MUST_CHECK;

#endif
