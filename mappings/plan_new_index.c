/*
 * An index that is missing, or of a family the rule by which its members come
 * to be; and the count of fields against the engine's limit.
 */
#include "mappings/index_plan_private.h"

#include "mappings/index_settings.h"
#include "mappings/mapping_diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_FIELD_LIMIT 1000 /* index.mapping.total_fields.limit */

static void count_fields(struct planner *p, const json_t *standing)
{
    json_t *flat =
        index_settings_flatten(json_object_get(p->w->body, "settings"));
    const char *own = json_string_value(
        json_object_get(flat, "index.mapping.total_fields.limit"));
    long limit = own != NULL ? strtol(own, NULL, 10) : DEFAULT_FIELD_LIMIT;
    size_t n = mapping_count_fields(
        index_wanted_mappings(p->w), json_object_get(standing, "mappings"));
    char text[96];

    (void)snprintf(text, sizeof(text),
        "%zu of %ld that index.mapping.total_fields.limit allows", n, limit);
    planner_say(p, (long)n > limit ? PLAN_FORBIDDEN : PLAN_IN_PLACE,
        PLAN_FIELDS, NULL, text,
        (long)n > limit ? "raise it in the dataset's elasticsearch.settings"
                        : NULL);
    json_decref(flat);
}

/* The date that the index's name holds; NULL when it holds none. */
static const struct dataset_column *date_column(const struct dataset *ds)
{
    for (size_t i = 0; i < ds->n_columns; i++) {
        char reference[INDEX_NAME_BYTES];

        (void)snprintf(
            reference, sizeof(reference), "%%{%.200s", ds->columns[i].name);
        if (ds->columns[i].type == COLUMN_DATE &&
            strstr(ds->index, reference) != NULL) {
            return &ds->columns[i];
        }
    }
    return NULL;
}

/* Where each document goes, and by whose midnight. */
static void describe_family(struct planner *p)
{
    const struct dataset *ds = p->w->dataset;
    int minutes = abs(ds->utc_offset_minutes);
    const struct dataset_column *column;
    char text[INDEX_NAME_BYTES];

    if (p->w->type != NULL && p->engine->takes_type) {
        planner_say(p, PLAN_FORBIDDEN, PLAN_INDEX, p->w->names.writes_to, NULL,
            "the indices of a family are made by a template, which gives them "
            "no type; leave bridge.type out");
        return;
    }
    column = date_column(ds);
    if (column != NULL) {
        (void)snprintf(text, sizeof(text),
            "made by the first document of its period; %.100s is taken as "
            "written, a day begins at 00:00 UTC%c%02d:%02d",
            column->name, ds->utc_offset_minutes < 0 ? '-' : '+', minutes / 60,
            minutes % 60);
    } else {
        (void)snprintf(text, sizeof(text), "made by its first document");
    }
    planner_say(
        p, PLAN_IN_PLACE, PLAN_INDEX, p->w->names.writes_to, text, NULL);
}

static json_t *new_index_body(const struct planner *p, bool typed)
{
    if (!typed) {
        return json_incref(p->w->body);
    }
    return json_pack("{sO,s{sO}}", "settings",
        json_object_get(p->w->body, "settings"), "mappings", p->w->type,
        json_object_get(p->w->body, "mappings"));
}

void plan_new_index(struct planner *p)
{
    const char *name = p->w->names.index;
    json_t *standing = json_object_get(p->state->indices, name);
    bool typed = p->w->type != NULL && p->engine->takes_type;
    struct index_step *step;

    count_fields(p, standing);
    if (p->w->names.is_family) {
        describe_family(p);
        return;
    }
    if (standing != NULL) {
        return;
    }
    planner_say(p, PLAN_SAFE, PLAN_INDEX, name, NULL, "is missing");
    step = planner_step(p, INDEX_CREATE, "PUT", new_index_body(p, typed));
    if (step != NULL) {
        (void)snprintf(step->what, sizeof(step->what), "index %s", name);
        (void)snprintf(step->path, sizeof(step->path), "/%s%s", name,
            typed                          ? "?include_type_name=true"
            : p->engine->include_type_name ? "?include_type_name=false"
                                           : "");
    }
}
