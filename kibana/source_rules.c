/* The keys of the source files and how they must fit; see README.md. */
#include "kibana/source_rules.h"

#include "mappings/shape.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct shape_key data_view_keys[] = {
    {"title", SHAPE_TEXT, true},
    {"time_field", SHAPE_TEXT, true},
    {"formats", SHAPE_OBJECT, false},
    {"dataset", SHAPE_TEXT, false},
};
static const struct shape_key dashboard_keys[] = {
    {"id", SHAPE_TEXT, true},
    {"title", SHAPE_TEXT, true},
    {"description", SHAPE_TEXT, true},
    {"time", SHAPE_OBJECT, true},
    {"refresh_ms", SHAPE_PLACE, false},
    {"dark", SHAPE_FLAG, false},
    {"panels", SHAPE_LIST, true},
};
static const struct shape_key time_keys[] = {
    {"from", SHAPE_TEXT, true},
    {"to", SHAPE_TEXT, true},
};
static const struct shape_key place_keys[] = {
    {"panel", SHAPE_TEXT, true},
    {"x", SHAPE_PLACE, true},
    {"y", SHAPE_PLACE, true},
    {"w", SHAPE_COUNT, true},
    {"h", SHAPE_COUNT, true},
    {"title", SHAPE_TEXT, false},
};
static const struct shape_key panel_keys[] = {
    {"id", SHAPE_TEXT, true},
    {"title", SHAPE_TEXT, true},
    {"description", SHAPE_TEXT, true},
    {"kind", SHAPE_TEXT, true},
    {"engines", SHAPE_TEXT, true},
    {"spec", SHAPE_OBJECT, true},
    {"query", SHAPE_OBJECT, false},
    {"fields", SHAPE_LIST, true},
};

static const struct shape_key vega_keys[] = {{"$schema", SHAPE_TEXT, true}};
static const struct shape_key classic_keys[] = {
    {"type", SHAPE_TEXT, true},
    {"params", SHAPE_OBJECT, true},
    {"aggs", SHAPE_LIST, true},
};
static const struct shape_key markdown_keys[] = {
    {"text", SHAPE_TEXT, true},
    {"font_size", SHAPE_COUNT, false},
};
static const struct shape_key input_keys[] = {{"controls", SHAPE_LIST, true}};
static const struct shape_key lens_keys[] = {
    {"visualizationType", SHAPE_TEXT, true},
    {"state", SHAPE_OBJECT, true},
};

/* What the spec of a kind must hold. open: it may hold more, since the rest is
 * Kibana's language and not ours. */
static const struct {
    const char *kind;
    const struct shape_key *keys;
    size_t n_keys;
    bool open;
} kinds[] = {
    {"vega", vega_keys, COUNT_OF(vega_keys), true},
    {"classic", classic_keys, COUNT_OF(classic_keys), false},
    {"markdown", markdown_keys, COUNT_OF(markdown_keys), false},
    {"input", input_keys, COUNT_OF(input_keys), true},
    {"lens", lens_keys, COUNT_OF(lens_keys), false},
};

static const char *const engines[] = {"all", "kibana7+", "kibana8+"};

int source_rules_data_view(json_t *file, struct error *err)
{
    return shape_check(file, "", data_view_keys, COUNT_OF(data_view_keys), err);
}

static int check_place(json_t *place, size_t i, struct error *err)
{
    char path[32];

    (void)snprintf(path, sizeof(path), "panels[%zu]", i);
    return shape_check(place, path, place_keys, COUNT_OF(place_keys), err);
}

int source_rules_dashboard(json_t *file, struct error *err)
{
    json_t *place;
    size_t i;

    if (shape_check(file, "", dashboard_keys, COUNT_OF(dashboard_keys), err) !=
            0 ||
        shape_check(json_object_get(file, "time"), "time", time_keys,
            COUNT_OF(time_keys), err) != 0) {
        return -1;
    }
    json_array_foreach(json_object_get(file, "panels"), i, place)
    {
        if (check_place(place, i, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int check_fields(const json_t *fields, struct error *err)
{
    const json_t *field;
    size_t i;

    json_array_foreach(fields, i, field)
    {
        if (!json_is_string(field)) {
            return error_set(err, "fields[%zu] must be a field's name", i);
        }
    }
    return 0;
}

static int check_engines(const json_t *file, struct error *err)
{
    const char *given = sources_text(file, "engines");

    for (size_t i = 0; i < COUNT_OF(engines); i++) {
        if (strcmp(engines[i], given) == 0) {
            return strcmp(sources_text(file, "kind"), "lens") != 0 || i == 2
                       ? 0
                       : error_set(
                             err, "engines: a lens panel is for kibana8+ only");
        }
    }
    return error_set(
        err, "engines: '%s' is none of all, kibana7+ and kibana8+", given);
}

/* The keys that a spec must have, where it may have others too. */
static int check_needed(const json_t *spec, const struct shape_key *keys,
    size_t n, struct error *err)
{
    json_t *part = json_object();
    int rc;

    for (size_t i = 0; i < n; i++) {
        json_t *member = json_object_get(spec, keys[i].name);

        if (member != NULL) {
            (void)json_object_set(part, keys[i].name, member);
        }
    }
    rc = shape_check(part, "spec", keys, n, err);
    json_decref(part);
    return rc;
}

static int check_spec(json_t *file, struct error *err)
{
    json_t *spec = json_object_get(file, "spec");
    const char *kind = sources_text(file, "kind");

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            return kinds[i].open
                       ? check_needed(spec, kinds[i].keys, kinds[i].n_keys, err)
                       : shape_check(
                             spec, "spec", kinds[i].keys, kinds[i].n_keys, err);
        }
    }
    return error_set(err,
        "kind: '%s' is none of vega, classic, markdown, input and lens", kind);
}

int source_rules_panel(json_t *file, struct error *err)
{
    if (shape_check(file, "", panel_keys, COUNT_OF(panel_keys), err) != 0 ||
        check_spec(file, err) != 0 || check_engines(file, err) != 0) {
        return -1;
    }
    return check_fields(json_object_get(file, "fields"), err);
}

static int check_places(const struct sources *s, const char *dashboard,
    const json_t *places, struct error *err)
{
    const json_t *place;
    size_t i;

    json_array_foreach(places, i, place)
    {
        const char *panel = sources_text(place, "panel");

        if (json_object_get(s->panels, panel) == NULL) {
            return error_set(err,
                "dashboards/%s.json: panels[%zu].panel: there is no "
                "panels/%s.json",
                dashboard, i, panel);
        }
    }
    return 0;
}

int source_rules_whole(const struct sources *s, struct error *err)
{
    json_t *dashboard;
    const char *name;

    if (s->data_view == NULL) {
        return error_set(err, "there is no data_view.json");
    }
    json_object_foreach(s->dashboards, name, dashboard)
    {
        if (check_places(s, name, json_object_get(dashboard, "panels"), err) !=
            0) {
            return -1;
        }
    }
    return 0;
}
