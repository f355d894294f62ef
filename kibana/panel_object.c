/*
 * Panels as saved objects. Kibana keeps trees as JSON text in attributes
 * (visState, searchSourceJSON, and Vega's spec once more inside of visState);
 * objects of others are named in "references" and only by a reference's name
 * in the texts.
 */
#include "kibana/panel_object.h"

#include "kibana/object_text.h"
#include "kibana/saved_objects.h"
#include "kibana/sources.h"
#include "kibana/vega_spec.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEARCH_SOURCE_REF "kibanaSavedObjectMeta.searchSourceJSON.index"
#define DEFAULT_FONT_SIZE 12

/* Add {"name","type":"index-pattern","id"}. */
static void refer(
    json_t *references, const char *name, const struct panel_context *context)
{
    (void)json_array_append_new(
        references, json_pack("{ss,ss,ss}", "name", name, "type",
                        "index-pattern", "id", context->data_view_id));
}

/* ---- visState, by kind ---- */

/* The spec is written over lines: people open it in Kibana's editor. */
static json_t *vega_state(
    const json_t *panel, const struct panel_context *context)
{
    json_t *spec = json_deep_copy(json_object_get(panel, "spec"));
    char *text;
    json_t *state;

    vega_spec_set_index(spec, context->title, context->index);
    text = json_dumps(spec, JSON_INDENT(2) | OBJECT_TEXT_REALS);
    state = json_pack(
        "{ss,s{ss*},s[]}", "type", "vega", "params", "spec", text, "aggs");
    free(text);
    json_decref(spec);
    return state;
}

static json_t *classic_state(const json_t *panel, json_t *references,
    const struct panel_context *context)
{
    refer(references, SEARCH_SOURCE_REF, context);
    return json_deep_copy(json_object_get(panel, "spec"));
}

static json_t *markdown_state(const json_t *panel)
{
    const json_t *spec = json_object_get(panel, "spec");
    json_int_t size = json_integer_value(json_object_get(spec, "font_size"));

    return json_pack("{ss,s{sI,sb,ss},s[]}", "type", "markdown", "params",
        "fontSize", size > 0 ? size : DEFAULT_FONT_SIZE, "openLinksInNewTab", 0,
        "markdown", sources_text(spec, "text"), "aggs");
}

static json_t *input_state(const json_t *panel, json_t *references,
    const struct panel_context *context)
{
    json_t *params = json_deep_copy(json_object_get(panel, "spec"));
    json_t *control;
    size_t i;

    json_array_foreach(json_object_get(params, "controls"), i, control)
    {
        char name[64], id[32];

        (void)snprintf(name, sizeof(name), "control_%zu_index_pattern", i);
        (void)snprintf(id, sizeof(id), "%zu", i + 1);
        (void)json_object_set_new(
            control, "indexPatternRefName", json_string(name));
        if (json_object_get(control, "id") == NULL) {
            (void)json_object_set_new(control, "id", json_string(id));
        }
        refer(references, name, context);
    }
    return json_pack(
        "{ss,so*,s[]}", "type", "input_control_vis", "params", params, "aggs");
}

static json_t *make_state(const json_t *panel, json_t *references,
    const struct panel_context *context)
{
    const char *kind = sources_text(panel, "kind");
    json_t *state = strcmp(kind, "vega") == 0 ? vega_state(panel, context)
                    : strcmp(kind, "classic") == 0
                        ? classic_state(panel, references, context)
                    : strcmp(kind, "markdown") == 0
                        ? markdown_state(panel)
                        : input_state(panel, references, context);

    if (state != NULL) {
        (void)json_object_set_new(
            state, "title", json_string(sources_text(panel, "title")));
    }
    return state;
}

/* ---- what is around it ---- */

static json_t *search_source(const json_t *panel, bool has_data_view)
{
    json_t *query = json_incref(json_object_get(panel, "query"));
    json_t *source;

    if (query == NULL) {
        query = json_pack("{ss,ss}", "query", "", "language", "kuery");
    }
    source = json_pack("{so*,s[]}", "query", query, "filter");
    if (has_data_view) {
        (void)json_object_set_new(
            source, "indexRefName", json_string(SEARCH_SOURCE_REF));
    }
    return object_text_of(source);
}

static json_t *visualization(
    const json_t *panel, const struct panel_context *context)
{
    json_t *references = json_array();
    json_t *state = make_state(panel, references, context);
    bool has_data_view = strcmp(sources_text(panel, "kind"), "classic") == 0;
    json_t *attributes = json_pack("{ss,ss,si,so*,ss,s{so*}}", "title",
        sources_text(panel, "title"), "description",
        sources_text(panel, "description"), "version", 1, "visState",
        object_text_of(state), "uiStateJSON", "{}", "kibanaSavedObjectMeta",
        "searchSourceJSON", search_source(panel, has_data_view));

    return json_pack("{ss,ss,so*,so*,s{ss}}", "type", "visualization", "id",
        sources_text(panel, "id"), "attributes", attributes, "references",
        references, "migrationVersion", "visualization",
        SAVED_OBJECTS_VISUALIZATION_VERSION);
}

/* Kibana finds a layer's data view by a reference of this name. */
static void refer_layers(const json_t *state, json_t *references,
    const struct panel_context *context)
{
    json_t *layers = json_object_get(
        json_object_get(
            json_object_get(state, "datasourceStates"), "indexpattern"),
        "layers");
    const char *layer;
    const json_t *value;
    char name[256];

    refer(references, "indexpattern-datasource-current-indexpattern", context);
    json_object_foreach(layers, layer, value)
    {
        (void)snprintf(
            name, sizeof(name), "indexpattern-datasource-layer-%.200s", layer);
        refer(references, name, context);
    }
}

static json_t *lens(const json_t *panel, const struct panel_context *context)
{
    const json_t *spec = json_object_get(panel, "spec");
    json_t *state = json_deep_copy(json_object_get(spec, "state"));
    json_t *references = json_array();

    refer_layers(state, references, context);
    return json_pack("{ss,ss,s{ss,ss,ss,so*},so*,s{ss}}", "type", "lens", "id",
        sources_text(panel, "id"), "attributes", "title",
        sources_text(panel, "title"), "description",
        sources_text(panel, "description"), "visualizationType",
        sources_text(spec, "visualizationType"), "state", state, "references",
        references, "migrationVersion", "lens", SAVED_OBJECTS_LENS_VERSION);
}

json_t *panel_object(const json_t *panel, const struct panel_context *context)
{
    return strcmp(sources_text(panel, "kind"), "lens") == 0
               ? lens(panel, context)
               : visualization(panel, context);
}
