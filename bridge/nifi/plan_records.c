/* Record readers and writers: JSON in, JSON out, no schema. */
#include "bridge/nifi/plan_build.h"

#include <string.h>

/* Everything that only matters with a schema or for typed dates. */
static void pass_rest(struct plan *p)
{
    for (size_t i = 0; plan_untaken(p, &i) != NULL;) {
    }
}

static void check_no_schema(
    struct plan *p, const char *const *fine, size_t n, const char *fallback)
{
    struct plan_value v = plan_take(p,
        "schema-access-strategy|Schema Access Strategy", fallback, PLAN_PLAIN);

    for (size_t i = 0; i < n; i++) {
        if (plan_is(v.text, fine[i])) {
            return;
        }
    }
    plan_find(p, PLAN_CANNOT,
        "%s is %s: with a schema NiFi drops and converts fields, which naru "
        "does not; it passes JSON on as it is (%s would be fine)",
        v.property, v.text, fine[0]);
}

void plan_take_reader(struct plan *p, const struct plan_value *v)
{
    static const char *const fine[] = {"infer-schema"};
    const struct flow_component *before = p->now;
    const struct flow_component *s;
    bool taken[FLOW_MAX_PROPERTIES];
    struct plan_value start;

    if (v->text[0] == '\0') {
        plan_find(p, PLAN_CANNOT, "%s is not set", v->property);
        return;
    }
    s = plan_service(p, v);
    if (s == NULL) {
        return;
    }
    if (catalog_class_of(s) != CATALOG_JSON_READER) {
        plan_find(p, PLAN_CANNOT,
            "%s is the service '%s' (%s, %s); naru reads JSON alone "
            "(JsonTreeReader)",
            v->property, s->name, s->type, s->id);
        return;
    }
    plan_row(p, v, "JSON, as it is");
    memcpy(taken, p->taken, sizeof(taken));
    plan_begin(p, s);
    check_no_schema(p, fine, 1, "infer-schema");
    start = plan_take(p, "starting-field-strategy|Starting Field Strategy",
        "ROOT_NODE", PLAN_PLAIN);
    if (!plan_is(start.text, "ROOT_NODE")) {
        plan_find(
            p, PLAN_CANNOT, "%s: naru reads the whole value", start.property);
    }
    pass_rest(p);
    plan_begin(p, before);
    memcpy(p->taken, taken, sizeof(taken));
    plan_find(p, PLAN_NOTE,
        "naru takes a message that is one JSON object; for messages that are "
        "arrays of records add a step 'split-json $[*]'");
}

void plan_take_json_writer(
    struct plan *p, const struct plan_value *v, bool *drops)
{
    static const char *const fine[] = {"inherit-record-schema", "infer-schema"};
    const struct flow_component *before = p->now;
    const struct flow_component *s;
    bool taken[FLOW_MAX_PROPERTIES];
    struct plan_value nulls;

    if (v->text[0] == '\0') {
        plan_find(p, PLAN_CANNOT, "%s is not set", v->property);
        return;
    }
    s = plan_service(p, v);
    if (s == NULL) {
        return;
    }
    if (catalog_class_of(s) != CATALOG_JSON_WRITER) {
        plan_find(p, PLAN_CANNOT,
            "%s is the service '%s' (%s, %s); naru writes JSON alone "
            "(JsonRecordSetWriter)",
            v->property, s->name, s->type, s->id);
        return;
    }
    plan_row(p, v, "JSON, one document a record");
    memcpy(taken, p->taken, sizeof(taken));
    plan_begin(p, s);
    check_no_schema(p, fine, 2, "inherit-record-schema");
    nulls = plan_take(
        p, "suppress-nulls|Suppress Null Values", "never-suppress", PLAN_PLAIN);
    *drops = plan_is(nulls.text, "always-suppress");
    pass_rest(p);
    plan_begin(p, before);
    memcpy(p->taken, taken, sizeof(taken));
}
