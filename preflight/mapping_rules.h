/*
 * struct mapping_rules: a mapping as it judges documents: its fields' rules,
 * what it does with fields it does not know, and how many fields it has.
 */
#ifndef NARU_PREFLIGHT_MAPPING_RULES_H
#define NARU_PREFLIGHT_MAPPING_RULES_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "preflight/field_rule.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* index.mapping.total_fields.limit, where it is not set. */
#define MAPPING_DEFAULT_FIELD_LIMIT 1000

enum mapping_dynamic {
    DYNAMIC_STRICT,
    DYNAMIC_FALSE, /* unknown fields are kept and not indexed */
    DYNAMIC_TRUE   /* they are added to the mapping */
};

struct mapping_field {
    const char *name; /* of the field in the document */
    struct slice sub; /* "ko" of Name.ko; empty for the field itself */
    struct field_rule rule;
};

struct mapping_rules {
    json_t *body;                 /* what all else points into; owned */
    struct mapping_field *fields; /* a field, then its subfields; owned */
    size_t n_fields;
    enum mapping_dynamic dynamic;
    size_t field_limit;
};

/*
 * mapping_rules_init(r, body, err):
 * The rules of {"settings":...,"mappings":...} (dataset_create_body).
 * mapping_rules_fini is safe after failure, too. Returns 0, or -1 with err.
 */
int mapping_rules_init(
    struct mapping_rules *r, const char *body, struct error *err) MUST_CHECK;
void mapping_rules_fini(struct mapping_rules *r);

/* mapping_rules_find(r, name): The first of that name, or NULL. */
const struct mapping_field *mapping_rules_find(
    const struct mapping_rules *r, struct slice name);

#endif
