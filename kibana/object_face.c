/*
 * Faces of saved objects, and how two of them differ. A server newer than the
 * portable floor rewrites what it imports: it adds parameters to classic
 * visualizations, renames references ("panel_0" becomes "1:panel_0"), changes
 * panels' versions. None of that is in a face, except for added parameters,
 * which the comparison passes over.
 */
#include "kibana/object_face.h"

#include "common/fnv.h"
#include "kibana/object_text.h"
#include "kibana/saved_objects.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_BYTES 60

static json_t *attribute(const json_t *object, const char *key)
{
    return json_object_get(json_object_get(object, "attributes"), key);
}

/* ---- faces ---- */

static json_t *data_view_face(const json_t *object)
{
    json_t *attributes = json_object_get(object, "attributes");
    json_t *formats = object_text_parse(attributes, "fieldFormatMap");

    return json_pack("{ss,ss,so*}", "title", object_text(attributes, "title"),
        "time field", object_text(attributes, "timeFieldName"), "formats",
        formats != NULL ? formats : json_object());
}

/* A spec that somebody wrote in HJSON is no JSON: then its text stands. */
static json_t *params_face(const json_t *state, const char *type)
{
    json_t *params = json_copy(json_object_get(state, "params"));
    json_t *spec;

    if (strcmp(type, "vega") == 0 &&
        (spec = object_text_parse(params, "spec")) != NULL) {
        (void)json_object_set_new(params, "spec", spec);
    }
    return params;
}

static json_t *query_face(const json_t *object)
{
    json_t *search = object_text_parse(
        attribute(object, "kibanaSavedObjectMeta"), "searchSourceJSON");
    const char *text = object_text(json_object_get(search, "query"), "query");
    json_t *filters = json_object_get(search, "filter");
    json_t *face = json_pack(
        "{ss,si}", "text", text, "filters", (int)json_array_size(filters));

    json_decref(search);
    return face;
}

static json_t *visualization_face(const json_t *object)
{
    json_t *attributes = json_object_get(object, "attributes");
    json_t *state = object_text_parse(attributes, "visState");
    const char *type = object_text(state, "type");
    json_t *face = json_pack("{ss,ss,ss,so*,sO*,so*}", "title",
        object_text(attributes, "title"), "description",
        object_text(attributes, "description"), "type", type, "params",
        params_face(state, type), "aggs", json_object_get(state, "aggs"),
        "query", query_face(object));

    json_decref(state);
    return face;
}

/* "panel_0", or as Kibana 7.14 and newer say, "1:panel_0". */
static bool is_ref(const json_t *reference, const json_t *panel)
{
    const char *name = object_text(reference, "name");
    const char *wanted = object_text(panel, "panelRefName");
    const char *index = object_text(panel, "panelIndex");
    size_t n = strlen(index);

    if (strcmp(name, wanted) == 0) {
        return true;
    }
    return strncmp(name, index, n) == 0 && name[n] == ':' &&
           strcmp(name + n + 1, wanted) == 0;
}

/* What a panel shows: named by a reference, or in the legacy form by id. */
static const json_t *shown_by(const json_t *object, const json_t *panel)
{
    const json_t *reference;
    size_t i;

    if (json_object_get(panel, "panelRefName") == NULL) {
        return panel;
    }
    json_array_foreach(json_object_get(object, "references"), i, reference)
    {
        if (is_ref(reference, panel)) {
            return reference;
        }
    }
    return NULL;
}

static json_t *panel_face(const json_t *object, const json_t *panel)
{
    const json_t *grid = json_object_get(panel, "gridData");
    const json_t *shown = shown_by(object, panel);
    const char *title = object_text(panel, "title");

    if (title[0] == '\0') {
        /* Where Kibana 8 may keep it. */
        title =
            object_text(json_object_get(panel, "embeddableConfig"), "title");
    }
    return json_pack("{ss,ss,ss,sO*,sO*,sO*,sO*}", "type",
        object_text(shown, "type"), "id", object_text(shown, "id"), "title",
        title, "x", json_object_get(grid, "x"), "y", json_object_get(grid, "y"),
        "w", json_object_get(grid, "w"), "h", json_object_get(grid, "h"));
}

static json_int_t place_of(const json_t *face)
{
    return json_integer_value(json_object_get(face, "y")) *
               SOURCES_GRID_COLUMNS +
           json_integer_value(json_object_get(face, "x"));
}

/* In the order of their places: a server may keep them in another. */
static void insert_sorted(json_t *faces, json_t *face)
{
    size_t at = json_array_size(faces);

    while (at > 0 && place_of(json_array_get(faces, at - 1)) > place_of(face)) {
        at--;
    }
    (void)json_array_insert_new(faces, at, face);
}

static json_t *dashboard_face(const json_t *object)
{
    json_t *attributes = json_object_get(object, "attributes");
    json_t *panels = object_text_parse(attributes, "panelsJSON");
    const json_t *refresh = json_object_get(attributes, "refreshInterval");
    json_t *faces = json_array();
    json_t *panel, *face;
    size_t i;

    json_array_foreach(panels, i, panel)
    {
        insert_sorted(faces, panel_face(object, panel));
    }
    face = json_pack("{ss,ss,sb,ss,ss,sI,so*,so*}", "title",
        object_text(attributes, "title"), "description",
        object_text(attributes, "description"), "stores its time",
        json_is_true(json_object_get(attributes, "timeRestore")), "time from",
        object_text(attributes, "timeFrom"), "time to",
        object_text(attributes, "timeTo"), "refresh in ms",
        json_is_true(json_object_get(refresh, "pause"))
            ? (json_int_t)0
            : json_integer_value(json_object_get(refresh, "value")),
        "panels", faces, "query", query_face(object));
    json_decref(panels);
    return face;
}

static json_t *lens_face(const json_t *object)
{
    const json_t *attributes = json_object_get(object, "attributes");

    return json_pack("{ss,ss,ss}", "title", object_text(attributes, "title"),
        "description", object_text(attributes, "description"), "type",
        object_text(attributes, "visualizationType"));
}

json_t *object_face(const json_t *object)
{
    const char *type = object_text(object, "type");

    if (strcmp(type, "index-pattern") == 0) {
        return data_view_face(object);
    }
    if (strcmp(type, "visualization") == 0) {
        return visualization_face(object);
    }
    return strcmp(type, "dashboard") == 0 ? dashboard_face(object)
                                          : lens_face(object);
}

int object_face_sum(const json_t *object, char sum[OBJECT_FACE_SUM_BYTES])
{
    json_t *face = object_face(object);
    char *text =
        json_dumps(face, JSON_COMPACT | JSON_SORT_KEYS | OBJECT_TEXT_REALS);

    json_decref(face);
    if (text == NULL) {
        return -1;
    }
    (void)snprintf(sum, OBJECT_FACE_SUM_BYTES, "%016llx",
        (unsigned long long)fnv_hash(slice_of(text)));
    free(text);
    return 0;
}

/* ---- differences ---- */

struct difference {
    bool loose; /* what stands may have more keys */
    char *where;
    char path[OBJECT_FACE_WHERE_BYTES / 2];
};

static void show(const json_t *value, char shown[SHOWN_BYTES])
{
    char *text = value != NULL
                     ? json_dumps(value,
                           JSON_COMPACT | JSON_ENCODE_ANY | OBJECT_TEXT_REALS)
                     : NULL;
    size_t n = text != NULL ? strlen(text) : 0;

    /* Cut between letters: 0x80 to 0xbf go on with one. */
    if (n >= SHOWN_BYTES - 3) {
        n = SHOWN_BYTES - 4;
        while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80) {
            n--;
        }
        (void)snprintf(shown, SHOWN_BYTES, "%.*s...", (int)n, text);
    } else {
        (void)snprintf(
            shown, SHOWN_BYTES, "%s", text != NULL ? text : "nothing");
    }
    free(text);
}

static bool differ_here(
    struct difference *d, const json_t *ours, const json_t *standing)
{
    char a[SHOWN_BYTES], b[SHOWN_BYTES];

    show(standing, a);
    show(ours, b);
    (void)snprintf(d->where, OBJECT_FACE_WHERE_BYTES, "%s: %s, ours %s",
        d->path[0] == '.' ? d->path + 1 : d->path, a, b);
    return true;
}

static bool differ(
    struct difference *d, const json_t *ours, const json_t *standing);

/* One member, with its name behind the path for as long as it takes. */
static bool differ_member(struct difference *d, const char *name,
    const json_t *ours, const json_t *standing)
{
    size_t len = strlen(d->path);
    bool found;

    (void)snprintf(d->path + len, sizeof(d->path) - len, "%s", name);
    found = differ(d, ours, standing);
    d->path[len] = '\0';
    return found;
}

static bool differ_object(
    struct difference *d, const json_t *ours, const json_t *standing)
{
    const char *key;
    json_t *value;
    char name[128];

    json_object_foreach((json_t *)(uintptr_t)ours, key, value)
    {
        (void)snprintf(name, sizeof(name), ".%s", key);
        if (differ_member(d, name, value, json_object_get(standing, key))) {
            return true;
        }
    }
    json_object_foreach((json_t *)(uintptr_t)standing, key, value)
    {
        (void)snprintf(name, sizeof(name), ".%s", key);
        if (!d->loose && json_object_get(ours, key) == NULL &&
            differ_member(d, name, NULL, value)) {
            return true;
        }
    }
    return false;
}

static bool differ_list(
    struct difference *d, const json_t *ours, const json_t *standing)
{
    size_t n = json_array_size(ours), m = json_array_size(standing);
    char name[32];

    for (size_t i = 0; i < n || i < m; i++) {
        (void)snprintf(name, sizeof(name), "[%zu]", i);
        if (differ_member(d, name, json_array_get(ours, i),
                json_array_get(standing, i))) {
            return true;
        }
    }
    return false;
}

static bool differ(
    struct difference *d, const json_t *ours, const json_t *standing)
{
    if (json_is_object(ours) && json_is_object(standing)) {
        return differ_object(d, ours, standing);
    }
    if (json_is_array(ours) && json_is_array(standing)) {
        return differ_list(d, ours, standing);
    }
    return !json_equal(ours, standing) && differ_here(d, ours, standing);
}

/* The sum in the mark of an object; "" without one. */
static const char *mark_of(const json_t *object)
{
    const size_t n = strlen(SAVED_OBJECTS_MARK);
    const json_t *reference;
    size_t i;

    json_array_foreach(json_object_get(object, "references"), i, reference)
    {
        const char *name = object_text(reference, "name");

        if (strncmp(name, SAVED_OBJECTS_MARK, n) == 0) {
            return name + n;
        }
    }
    return "";
}

/* Servers add parameters to their own kinds of visualizations; the text of a
 * Vega spec they leave alone. */
static bool is_loose(const json_t *face)
{
    const char *type = object_text(face, "type");

    return json_object_get(face, "params") != NULL && strcmp(type, "vega") != 0;
}

enum object_standing object_face_compare(const json_t *ours,
    const json_t *standing, char where[OBJECT_FACE_WHERE_BYTES])
{
    json_t *a = object_face(ours), *b = object_face(standing);
    struct difference d = {.loose = is_loose(a), .where = where, .path = ""};
    char sum[OBJECT_FACE_SUM_BYTES];
    enum object_standing found = OBJECT_SAME;

    where[0] = '\0';
    if (standing == NULL) {
        found = OBJECT_MISSING;
    } else if (differ(&d, a, b)) {
        found = object_face_sum(standing, sum) == 0 &&
                        strcmp(mark_of(standing), sum) == 0
                    ? OBJECT_OTHER_RELEASE
                    : OBJECT_CHANGED;
    }
    json_decref(a);
    json_decref(b);
    return found;
}
