/* The data view, the panels and the dashboards of a set; see
 * saved_objects.h. */
#include "kibana/saved_objects.h"

#include "kibana/legacy.h"
#include "kibana/object_face.h"
#include "kibana/object_text.h"
#include "kibana/panel_object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_BYTES (SOURCES_NAME_BYTES + 8)

struct builder {
    const struct sources *sources;
    enum saved_objects_target target;
    struct panel_context context;
    char data_view_id[ID_BYTES];
};

static bool is_for(const json_t *panel, enum saved_objects_target target)
{
    const char *engines = sources_text(panel, "engines");

    return strcmp(engines, "all") == 0 ||
           (strcmp(engines, "kibana7+") == 0 &&
               target != SAVED_OBJECTS_LEGACY) ||
           target == SAVED_OBJECTS_KIBANA8;
}

static const char *type_of(const json_t *panel)
{
    return strcmp(sources_text(panel, "kind"), "lens") == 0 ? "lens"
                                                            : "visualization";
}

static json_t *data_view(const struct builder *b)
{
    const json_t *source = b->sources->data_view;
    json_t *formats = json_incref(json_object_get(source, "formats"));
    json_t *attributes = json_pack("{ss,ss}", "title", b->context.index,
        "timeFieldName", sources_text(source, "time_field"));

    if (formats != NULL) {
        (void)json_object_set_new(
            attributes, "fieldFormatMap", object_text_of(formats));
    }
    return json_pack("{ss,ss,so*,s[],s{ss}}", "type", "index-pattern", "id",
        b->data_view_id, "attributes", attributes, "references",
        "migrationVersion", "index-pattern", SAVED_OBJECTS_DATA_VIEW_VERSION);
}

/* ---- dashboards ---- */

/* One entry of panelsJSON, and its reference. */
static json_t *place_panel(
    const json_t *place, const json_t *panel, size_t i, json_t *references)
{
    char index[24], name[32];
    json_t *entry;

    (void)snprintf(index, sizeof(index), "%zu", i + 1);
    (void)snprintf(name, sizeof(name), "panel_%zu", i);
    (void)json_array_append_new(
        references, json_pack("{ss,ss,ss}", "name", name, "type",
                        type_of(panel), "id", sources_text(panel, "id")));
    entry = json_pack("{ss,s{sO,sO,sO,sO,ss},ss,s{},ss}", "version",
        SAVED_OBJECTS_DASHBOARD_VERSION, "gridData", "x",
        json_object_get(place, "x"), "y", json_object_get(place, "y"), "w",
        json_object_get(place, "w"), "h", json_object_get(place, "h"), "i",
        index, "panelIndex", index, "embeddableConfig", "panelRefName", name);
    if (json_object_get(place, "title") != NULL) {
        (void)json_object_set(entry, "title", json_object_get(place, "title"));
    }
    return entry;
}

static json_t *place_panels(
    const struct builder *b, const json_t *dashboard, json_t *references)
{
    json_t *panels = json_array();
    const json_t *place;
    size_t i;

    json_array_foreach(json_object_get(dashboard, "panels"), i, place)
    {
        const json_t *panel =
            json_object_get(b->sources->panels, sources_text(place, "panel"));

        if (is_for(panel, b->target)) {
            (void)json_array_append_new(panels,
                place_panel(place, panel, json_array_size(panels), references));
        }
    }
    return object_text_of(panels);
}

/* A dark dashboard is Kibana 6's; later it is a setting of the user. */
static json_t *dashboard_options(
    const struct builder *b, const json_t *dashboard)
{
    json_t *options =
        json_pack("{sb,sb}", "useMargins", 1, "hidePanelTitles", 0);

    if (b->target == SAVED_OBJECTS_LEGACY) {
        (void)json_object_set_new(options, "darkTheme",
            json_boolean(json_is_true(json_object_get(dashboard, "dark"))));
    }
    return object_text_of(options);
}

static json_t *dashboard_object(const struct builder *b, json_t *source)
{
    json_int_t refresh_ms =
        json_integer_value(json_object_get(source, "refresh_ms"));
    const json_t *time = json_object_get(source, "time");
    json_t *references = json_array();
    json_t *search = json_pack(
        "{s{ss,ss},s[]}", "query", "query", "", "language", "kuery", "filter");
    json_t *panels = place_panels(b, source, references);
    json_t *attributes =
        json_pack("{ss,ss,si,si,so*,so*,sb,ss,ss,s{sb,sI},s{so*}}", "title",
            sources_text(source, "title"), "description",
            sources_text(source, "description"), "hits", 0, "version", 1,
            "panelsJSON", panels, "optionsJSON", dashboard_options(b, source),
            "timeRestore", 1, "timeFrom", sources_text(time, "from"), "timeTo",
            sources_text(time, "to"), "refreshInterval", "pause",
            refresh_ms == 0, "value", refresh_ms, "kibanaSavedObjectMeta",
            "searchSourceJSON", object_text_of(search));

    return json_pack("{ss,ss,so*,so*,s{ss}}", "type", "dashboard", "id",
        sources_text(source, "id"), "attributes", attributes, "references",
        references, "migrationVersion", "dashboard",
        SAVED_OBJECTS_DASHBOARD_VERSION);
}

/* ---- the whole ---- */

/* Write our mark into an object: a reference to the data view, which is there
 * in any case, whose name holds the checksum of what we made. Servers keep
 * references they do not use; what a person saves loses it. */
static int mark(const struct builder *b, json_t *object)
{
    char name[sizeof(SAVED_OBJECTS_MARK) + OBJECT_FACE_SUM_BYTES];
    char sum[OBJECT_FACE_SUM_BYTES];

    if (object_face_sum(object, sum) != 0) {
        return -1;
    }
    (void)snprintf(name, sizeof(name), SAVED_OBJECTS_MARK "%s", sum);
    return json_array_append_new(json_object_get(object, "references"),
        json_pack("{ss,ss,ss}", "name", name, "type", "index-pattern", "id",
            b->data_view_id));
}

static int add(const struct builder *b, json_t *objects, json_t *object)
{
    bool is_data_view = json_array_size(objects) == 0;

    if (object == NULL || (!is_data_view && mark(b, object) != 0)) {
        json_decref(object);
        return -1;
    }
    return json_array_append_new(objects, object);
}

static int build(const struct builder *b, json_t *objects)
{
    json_t *source;
    const char *name;
    int rc = add(b, objects, data_view(b));

    json_object_foreach(b->sources->panels, name, source)
    {
        if (is_for(source, b->target)) {
            rc |= add(b, objects, panel_object(source, &b->context));
        }
    }
    json_object_foreach(b->sources->dashboards, name, source)
    {
        rc |= add(b, objects, dashboard_object(b, source));
    }
    return rc;
}

json_t *saved_objects_build(const struct sources *s, const char *index,
    enum saved_objects_target target, struct error *err)
{
    const char *title = sources_text(s->data_view, "title");
    struct builder b = {.sources = s,
        .target = target,
        .context = {.title = title, .index = index != NULL ? index : title}};
    json_t *objects = json_array();

    (void)snprintf(b.data_view_id, sizeof(b.data_view_id), "naru-%s", s->name);
    b.context.data_view_id = b.data_view_id;
    if (objects == NULL || build(&b, objects) != 0) {
        json_decref(objects);
        (void)error_set(err, "out of memory");
        return NULL;
    }
    if (target == SAVED_OBJECTS_LEGACY) {
        legacy_convert(objects);
    }
    return objects;
}

int saved_objects_write(const json_t *objects, struct buf *to)
{
    const json_t *object;
    size_t i;

    json_array_foreach(objects, i, object)
    {
        char *line = json_dumps(object, JSON_COMPACT | OBJECT_TEXT_REALS);
        int rc = line != NULL ? buf_append_str(to, line) : -1;

        free(line);
        if (rc != 0 || buf_append_char(to, '\n') != 0) {
            return -1;
        }
    }
    return 0;
}
