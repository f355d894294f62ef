/*
 * The rules for saved objects one by one; see object_rules.h for their list.
 * The rules of dashboards and of panels are in dashboard_rules.c and
 * panel_rules.c.
 */
#include "kibana/object_rules.h"

#include "kibana/object_rules_private.h"
#include "kibana/object_text.h"
#include "kibana/saved_objects.h"
#include "kibana/used_fields.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* Types, and the highest version that may be stated. */
static const struct {
    const char *type;
    const char *floor;
} types[] = {
    {"index-pattern", SAVED_OBJECTS_DATA_VIEW_VERSION},
    {"visualization", SAVED_OBJECTS_VISUALIZATION_VERSION},
    {"dashboard", SAVED_OBJECTS_DASHBOARD_VERSION},
    {"lens", SAVED_OBJECTS_LENS_VERSION},
};

/* Attributes that are JSON as text, of any type. */
static const char *const json_attributes[] = {
    "visState", "uiStateJSON", "panelsJSON", "optionsJSON", "fieldFormatMap"};

void object_rules_breach(
    struct rules *r, const json_t *object, const char *fmt, ...)
{
    char line[1024];
    va_list args;
    int n = snprintf(line, sizeof(line), "%s %s: ", object_text(object, "type"),
        object_text(object, "id"));

    va_start(args, fmt);
    if (n > 0 && (size_t)n < sizeof(line)) {
        (void)vsnprintf(line + n, sizeof(line) - (size_t)n, fmt, args);
    }
    va_end(args);
    r->n_breaches++;
    r->found(line, r->arg);
}

const json_t *object_rules_find(
    const struct rules *r, const char *type, const char *id)
{
    const json_t *object;
    size_t i;

    json_array_foreach(r->objects, i, object)
    {
        if (strcmp(object_text(object, "type"), type) == 0 &&
            strcmp(object_text(object, "id"), id) == 0) {
            return object;
        }
    }
    return NULL;
}

bool object_rules_refers(const json_t *object, const char *name)
{
    const json_t *reference;
    size_t i;

    json_array_foreach(json_object_get(object, "references"), i, reference)
    {
        if (strcmp(object_text(reference, "name"), name) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- every object ---- */

static void check_identity(struct rules *r, const json_t *object)
{
    const char *id = object_text(object, "id");

    if (strncmp(id, "naru-", 5) != 0) {
        object_rules_breach(r, object, "its id does not begin with naru-");
    }
    if (object_rules_find(r, object_text(object, "type"), id) != object) {
        object_rules_breach(r, object, "another object has its id");
    }
    if (object_text(json_object_get(object, "attributes"), "title")[0] ==
        '\0') {
        object_rules_breach(r, object, "it has no title");
    }
}

/* -1, 0 or 1; a text that is no version is above all. */
static int compare_versions(const char *a, const char *b)
{
    int x[3], y[3];

    if (sscanf(a, "%3d.%3d.%3d", &x[0], &x[1], &x[2]) != 3 ||
        sscanf(b, "%3d.%3d.%3d", &y[0], &y[1], &y[2]) != 3) {
        return 1;
    }
    for (size_t i = 0; i < 3; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

static void check_version(struct rules *r, const json_t *object)
{
    const json_t *stated = json_object_get(object, "migrationVersion");
    const char *type = object_text(object, "type");
    const char *version = object_text(stated, type);
    const char *floor = NULL;

    for (size_t i = 0; i < COUNT_OF(types); i++) {
        floor = strcmp(types[i].type, type) == 0 ? types[i].floor : floor;
    }
    if (floor == NULL) {
        object_rules_breach(r, object, "a type that naru does not know");
    } else if (version[0] == '\0') {
        object_rules_breach(r, object,
            "migrationVersion.%s is missing: servers would take it for the "
            "oldest",
            type);
    } else if (compare_versions(version, floor) > 0) {
        object_rules_breach(r, object,
            "migrationVersion %s is above the portable floor, %s", version,
            floor);
    }
    if (json_object_size(stated) > 1 ||
        json_object_get(object, "coreMigrationVersion") != NULL ||
        json_object_get(object, "typeMigrationVersion") != NULL) {
        object_rules_breach(r, object,
            "it states versions beside its type's, which older servers "
            "refuse");
    }
}

/* Report text that is no JSON; true when it is, or absent. */
static bool check_json(
    struct rules *r, const json_t *object, const json_t *at, const char *key)
{
    const char *text = json_string_value(json_object_get(at, key));
    json_error_t slip;
    json_t *tree;

    if (json_object_get(at, key) == NULL) {
        return true;
    }
    tree =
        text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, &slip) : NULL;
    if (tree == NULL) {
        object_rules_breach(r, object, "%s is no JSON text%s%s", key,
            text != NULL ? ": " : "", text != NULL ? slip.text : "");
        return false;
    }
    json_decref(tree);
    return true;
}

static void check_texts(struct rules *r, const json_t *object)
{
    const json_t *attributes = json_object_get(object, "attributes");

    for (size_t i = 0; i < COUNT_OF(json_attributes); i++) {
        (void)check_json(r, object, attributes, json_attributes[i]);
    }
    (void)check_json(r, object,
        json_object_get(attributes, "kibanaSavedObjectMeta"),
        "searchSourceJSON");
}

static void check_references(struct rules *r, const json_t *object)
{
    json_t *names = json_object();
    const json_t *all = json_object_get(object, "references");
    const json_t *one;
    size_t i;

    if (!json_is_array(all)) {
        object_rules_breach(r, object, "it has no list of references");
    }
    json_array_foreach(all, i, one)
    {
        const char *name = object_text(one, "name");

        if (json_object_get(names, name) != NULL) {
            object_rules_breach(
                r, object, "two references are called %s", name);
        }
        (void)json_object_set_new(names, name, json_true());
        if (object_rules_find(
                r, object_text(one, "type"), object_text(one, "id")) == NULL) {
            object_rules_breach(r, object,
                "reference %s leads to %s %s, which is not here", name,
                object_text(one, "type"), object_text(one, "id"));
        }
    }
    json_decref(names);
}

static void check_search(struct rules *r, const json_t *object)
{
    json_t *search =
        object_text_parse(json_object_get(json_object_get(object, "attributes"),
                              "kibanaSavedObjectMeta"),
            "searchSourceJSON");
    const char *name = object_text(search, "indexRefName");

    if (name[0] != '\0' && !object_rules_refers(object, name)) {
        object_rules_breach(r, object,
            "searchSourceJSON names the reference %s, which is not there",
            name);
    }
    json_decref(search);
}

/* A data view's time field is one of the dataset's. */
static void check_data_view(struct rules *r, const json_t *object)
{
    const json_t *attributes = json_object_get(object, "attributes");
    json_t *formats = object_text_parse(attributes, "fieldFormatMap");
    const char *field;
    const json_t *value;

    object_rules_field(r, object, object_text(attributes, "timeFieldName"));
    json_object_foreach(formats, field, value)
    {
        object_rules_field(r, object, field);
    }
    json_decref(formats);
}

size_t object_rules_check(const json_t *objects, const struct dataset *ds,
    object_rules_fn found, void *arg)
{
    struct rules r = {
        .objects = objects, .dataset = ds, .found = found, .arg = arg};
    const json_t *object;
    size_t i;

    json_array_foreach(objects, i, object)
    {
        const char *type = object_text(object, "type");

        check_identity(&r, object);
        check_version(&r, object);
        check_texts(&r, object);
        check_references(&r, object);
        check_search(&r, object);
        if (strcmp(type, "index-pattern") == 0) {
            check_data_view(&r, object);
        } else if (strcmp(type, "dashboard") == 0) {
            dashboard_rules_check(&r, object);
        } else {
            panel_rules_check(&r, object);
        }
    }
    return r.n_breaches;
}

/* ---- the sources' word on it ---- */

static bool declares(const json_t *panel, const char *field)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(panel, "fields"), i, one)
    {
        if (strcmp(json_string_value(one), field) == 0) {
            return true;
        }
    }
    return false;
}

static void check_declared(
    struct rules *r, const json_t *panel, const json_t *object)
{
    json_t *used = used_fields(object);
    const json_t *value;
    const char *field;

    json_object_foreach(used, field, value)
    {
        if (!declares(panel, field)) {
            object_rules_breach(r, object,
                "it asks for %s, which its source does not list in \"fields\"",
                field);
        }
    }
    json_decref(used);
}

size_t object_rules_check_declared(const struct sources *s,
    const json_t *objects, object_rules_fn found, void *arg)
{
    struct rules r = {.objects = objects, .found = found, .arg = arg};
    const char *name;
    json_t *panel;

    json_object_foreach(s->panels, name, panel)
    {
        const char *id = object_text(panel, "id");
        const json_t *object = object_rules_find(&r, "visualization", id);

        object = object != NULL ? object : object_rules_find(&r, "lens", id);
        if (object != NULL) {
            check_declared(&r, panel, object);
        }
    }
    return r.n_breaches;
}
