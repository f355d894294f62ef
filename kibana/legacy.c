/*
 * Portable objects in Kibana 6's form. Since 6.3 the grid has 48 columns
 * instead of 12, and rows are a fourth as high with margins (Kibana's own
 * migration, PANEL_WIDTH_SCALE_FACTOR and
 * PANEL_HEIGHT_SCALE_FACTOR_WITH_MARGINS, both 4).
 */
#include "kibana/legacy.h"

#include "kibana/object_text.h"
#include "kibana/vega_spec.h"

#include <stdbool.h>
#include <string.h>

#define GRID_SCALE 4
#define PANEL_VERSION "6.2.1"

/* The type or id of the reference of that name. */
static json_t *referred(
    const json_t *object, const char *name, const char *what)
{
    json_t *reference;
    size_t i;

    json_array_foreach(json_object_get(object, "references"), i, reference)
    {
        const char *its = json_string_value(json_object_get(reference, "name"));

        if (its != NULL && strcmp(its, name) == 0) {
            return json_object_get(reference, what);
        }
    }
    return NULL;
}

/* Replace a reference's name by the id that it stands for. */
static void resolve(
    const json_t *object, json_t *at, const char *ref_key, const char *id_key)
{
    const char *name = json_string_value(json_object_get(at, ref_key));

    if (name != NULL) {
        (void)json_object_set(at, id_key, referred(object, name, "id"));
        (void)json_object_del(at, ref_key);
    }
}

/* Both edges are scaled, so that panels that touch still touch and none
 * overlap; nothing gets narrower than one column. */
static void scale(json_t *grid, const char *from, const char *length)
{
    json_int_t a = json_integer_value(json_object_get(grid, from));
    json_int_t b = a + json_integer_value(json_object_get(grid, length));

    a = (a + GRID_SCALE / 2) / GRID_SCALE;
    b = (b + GRID_SCALE / 2) / GRID_SCALE;
    (void)json_object_set_new(grid, from, json_integer(a));
    (void)json_object_set_new(grid, length, json_integer(b > a ? b - a : 1));
}

static void convert_panels(const json_t *object, json_t *panels)
{
    json_t *panel;
    size_t i;

    json_array_foreach(panels, i, panel)
    {
        json_t *grid = json_object_get(panel, "gridData");
        const char *name =
            json_string_value(json_object_get(panel, "panelRefName"));

        scale(grid, "x", "w");
        scale(grid, "y", "h");
        (void)json_object_set(panel, "type", referred(object, name, "type"));
        resolve(object, panel, "panelRefName", "id");
        (void)json_object_del(panel, "embeddableConfig");
        (void)json_object_set_new(panel, "version", json_string(PANEL_VERSION));
    }
}

static void convert_dashboard(json_t *object)
{
    json_t *attributes = json_object_get(object, "attributes");
    json_t *panels = object_text_parse(attributes, "panelsJSON");
    json_t *refresh = json_object_get(attributes, "refreshInterval");
    bool is_off = json_is_true(json_object_get(refresh, "pause"));

    convert_panels(object, panels);
    object_text_set(attributes, "panelsJSON", panels);
    (void)json_object_set_new(
        refresh, "display", json_string(is_off ? "Off" : "On"));
}

static void convert_state(const json_t *object, json_t *state)
{
    json_t *params = json_object_get(state, "params");
    json_t *control, *spec;
    size_t i;

    json_array_foreach(json_object_get(params, "controls"), i, control)
    {
        resolve(object, control, "indexPatternRefName", "indexPattern");
    }
    if (strcmp(object_text(state, "type"), "vega") == 0 &&
        (spec = object_text_parse(params, "spec")) != NULL) {
        vega_spec_fit_kibana6(spec);
        object_text_set_indented(params, "spec", spec);
    }
}

static void convert_visualization(json_t *object)
{
    json_t *attributes = json_object_get(object, "attributes");
    json_t *state = object_text_parse(attributes, "visState");

    convert_state(object, state);
    object_text_set(attributes, "visState", state);
}

/* Its data view by id, and the query language that it has for sure. */
static void convert_search(json_t *object)
{
    json_t *meta = json_object_get(
        json_object_get(object, "attributes"), "kibanaSavedObjectMeta");
    json_t *search = object_text_parse(meta, "searchSourceJSON");
    json_t *query = json_object_get(search, "query");

    if (search == NULL) {
        return;
    }
    resolve(object, search, "indexRefName", "index");
    if (object_text(query, "query")[0] == '\0') {
        (void)json_object_set_new(query, "language", json_string("lucene"));
    }
    object_text_set(meta, "searchSourceJSON", search);
}

void legacy_convert(json_t *objects)
{
    json_t *object;
    size_t i;

    json_array_foreach(objects, i, object)
    {
        const char *type = object_text(object, "type");

        if (strcmp(type, "dashboard") == 0) {
            convert_dashboard(object);
        } else if (strcmp(type, "visualization") == 0) {
            convert_visualization(object);
        }
        convert_search(object);
        (void)json_object_del(object, "references");
        (void)json_object_del(object, "migrationVersion");
        (void)json_object_set_new(object, "version", json_integer(1));
    }
}
