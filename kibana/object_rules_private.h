/* What the files of object_rules share; for them only. */
#ifndef NARU_KIBANA_OBJECT_RULES_PRIVATE_H
#define NARU_KIBANA_OBJECT_RULES_PRIVATE_H

#include "common/attr.h"
#include "kibana/object_rules.h"

#include <stdbool.h>

struct rules {
    const json_t *objects;
    const struct dataset *dataset; /* NULL: fields are not looked at */
    object_rules_fn found;
    void *arg;
    size_t n_breaches;
};

/* object_rules_breach(r, object, fmt, ...): Report one breach by object. */
void object_rules_breach(struct rules *r, const json_t *object, const char *fmt,
    ...) PRINTF_LIKE(3, 4);

/* object_rules_find(r, type, id): The first such object, or NULL. */
const json_t *object_rules_find(
    const struct rules *r, const char *type, const char *id);

/* object_rules_refers(object, name): Has it a reference of that name? */
bool object_rules_refers(const json_t *object, const char *name);

/* object_rules_field(r, object, field): Is it one of the dataset's? */
void object_rules_field(
    struct rules *r, const json_t *object, const char *field);

/* dashboard_rules_check, panel_rules_check: The rules of these types. */
void dashboard_rules_check(struct rules *r, const json_t *object);
void panel_rules_check(struct rules *r, const json_t *object);

#endif
