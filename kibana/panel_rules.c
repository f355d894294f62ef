/* The rules for panels: fields, references, Vega; see object_rules.h. */
#include "kibana/object_rules_private.h"

#include "kibana/object_text.h"
#include "kibana/used_fields.h"
#include "kibana/vega_spec.h"

#include <stdio.h>
#include <string.h>

/* What Kibana 7.12 draws with; a newer schema gives a warning on the panel. */
#define MOST_VEGA 5
#define MOST_VEGA_LITE 4

/* By the columns' names alone: a CSV's other headers are no fields. */
static bool has_column(const struct dataset *ds, const char *field)
{
    size_t n = used_fields_base(field);

    for (size_t i = 0; i < ds->n_columns; i++) {
        if (strlen(ds->columns[i].name) == n &&
            memcmp(ds->columns[i].name, field, n) == 0) {
            return true;
        }
    }
    return false;
}

void object_rules_field(
    struct rules *r, const json_t *object, const char *field)
{
    if (r->dataset != NULL && !has_column(r->dataset, field)) {
        object_rules_breach(
            r, object, "dataset %s has no field %s", r->dataset->name, field);
    }
}

static void check_fields(struct rules *r, const json_t *object)
{
    json_t *used = used_fields(object);
    const json_t *value;
    const char *field;

    json_object_foreach(used, field, value)
    {
        object_rules_field(r, object, field);
    }
    json_decref(used);
}

/* ---- Vega ---- */

static void check_schema(
    struct rules *r, const json_t *object, const json_t *spec)
{
    const char *schema = object_text(spec, "$schema");
    int lite = 0, vega = 0;

    if (sscanf(schema, "https://vega.github.io/schema/vega-lite/v%3d", &lite) !=
            1 &&
        sscanf(schema, "https://vega.github.io/schema/vega/v%3d", &vega) != 1) {
        object_rules_breach(r, object,
            "$schema '%s' is none of Vega's: Kibana 7.10 and newer want one",
            schema);
    } else if (lite > MOST_VEGA_LITE || vega > MOST_VEGA) {
        object_rules_breach(r, object,
            "$schema %s is newer than Kibana 7.12 draws (vega v%d, vega-lite "
            "v%d)",
            schema, MOST_VEGA, MOST_VEGA_LITE);
    }
}

struct url_check {
    struct rules *rules;
    const json_t *object;
};

static bool is_known_index(const struct rules *r, const char *index)
{
    const json_t *object;
    size_t i;

    json_array_foreach(r->objects, i, object)
    {
        if (strcmp(object_text(object, "type"), "index-pattern") == 0 &&
            strcmp(object_text(json_object_get(object, "attributes"), "title"),
                index) == 0) {
            return true;
        }
    }
    return false;
}

static void check_url(json_t *url, void *arg)
{
    const struct url_check *c = arg;
    const char *index = object_text(url, "index");
    bool has_context = json_object_get(url, "%context%") != NULL ||
                       json_object_get(url, "%timefield%") != NULL;

    if (!is_known_index(c->rules, index)) {
        object_rules_breach(c->rules, c->object,
            "a data URL asks for index '%s', which is not the data view's",
            index);
    }
    if (has_context &&
        json_object_get(json_object_get(url, "body"), "query") != NULL) {
        object_rules_breach(c->rules, c->object,
            "a data URL has both %%context%% or %%timefield%% and a query: "
            "Kibana takes one of them");
    }
}

static void check_vega(
    struct rules *r, const json_t *object, const json_t *params)
{
    struct url_check c = {r, object};
    json_t *spec = object_text_parse(params, "spec");

    if (spec == NULL) {
        object_rules_breach(r, object, "its spec is no JSON text");
        return;
    }
    check_schema(r, object, spec);
    vega_spec_each_url(spec, check_url, &c);
    json_decref(spec);
}

/* ---- the others ---- */

static void check_controls(
    struct rules *r, const json_t *object, const json_t *params)
{
    const json_t *control;
    size_t i;

    json_array_foreach(json_object_get(params, "controls"), i, control)
    {
        const char *name = object_text(control, "indexPatternRefName");

        if (!object_rules_refers(object, name)) {
            object_rules_breach(r, object,
                "control %zu names the reference '%s', which is not there",
                i + 1, name);
        }
    }
}

void panel_rules_check(struct rules *r, const json_t *object)
{
    json_t *state =
        object_text_parse(json_object_get(object, "attributes"), "visState");
    const json_t *params = json_object_get(state, "params");

    if (strcmp(object_text(object, "type"), "visualization") == 0 &&
        object_text(state, "type")[0] == '\0') {
        object_rules_breach(r, object, "its visState has no type");
    }
    if (strcmp(object_text(state, "type"), "vega") == 0) {
        check_vega(r, object, params);
    }
    check_controls(r, object, params);
    check_fields(r, object);
    json_decref(state);
}
