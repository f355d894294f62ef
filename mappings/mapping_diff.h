/*
 * A mapping as it should be, compared field by field with one that stands.
 * Pure.
 */
#ifndef NARU_MAPPINGS_MAPPING_DIFF_H
#define NARU_MAPPINGS_MAPPING_DIFF_H

#include "mappings/plan_line.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mapping_diff {
    struct plan_lines *lines; /* where the differences go */
    enum plan_subject subject;
    const char *name; /* of the index or template */
    bool replaceable; /* a template: put anew as a whole, so all is safe */
    int64_t documents;
    const char *why_new_index, *why_safe; /* behind such lines; or NULL */
};

/*
 * mapping_diff(d, wanted, standing):
 * Compare two mappings ({"dynamic":...,"properties":...}; "_meta" is left
 * out), of fields their types, parameters and sub-fields. wanted is best as
 * the engine itself would write it; without that, parameters at their defaults
 * count as absent. Fields that only stand are noted, unless wanted lets the
 * engine add fields.
 */
void mapping_diff(
    const struct mapping_diff *d, const json_t *wanted, const json_t *standing);

/* mapping_count_fields(mapping, more): What index.mapping.total_fields.limit
 * counts, fields and sub-fields, of both mappings together; more may be NULL.
 */
size_t mapping_count_fields(const json_t *mapping, const json_t *more);

#endif
