/*
 * What Elasticsearch is told of a dataset: settings and mappings, built from
 * the columns and the file's own additions, with a checksum of the
 * declaration in "_meta".
 */
#include "mappings/dataset_private.h"

#include "mappings/json_checksum.h"
#include "mappings/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KOREAN "@korean"

/*
 * A field's mapping by its column's type. coerce off: Elasticsearch would
 * otherwise cut the fraction off a number and store it as a long in silence.
 */
static json_t *field_of_type(enum column_type type)
{
    switch (type) {
    case COLUMN_KEYWORD:
        return json_pack("{ss}", "type", "keyword");
    case COLUMN_TEXT:
        return json_pack("{ss}", "type", "text");
    case COLUMN_LONG:
        return json_pack("{ss,sb}", "type", "long", "coerce", 0);
    case COLUMN_INTEGER:
        return json_pack("{ss,sb}", "type", "integer", "coerce", 0);
    case COLUMN_DOUBLE:
        return json_pack("{ss}", "type", "double");
    case COLUMN_DATE:
        return json_pack("{ss,ss}", "type", "date", "format", "strict_date");
    case COLUMN_EPOCH_MS:
        return json_pack("{ss,ss}", "type", "date", "format", "epoch_millis");
    }
    return NULL;
}

static json_t *build_field(
    const struct dataset_column *column, const json_t *declared)
{
    json_t *field = field_of_type(column->type);
    json_t *more = json_deep_copy(json_object_get(declared, "mapping"));

    if (field != NULL && more != NULL && json_object_update(field, more) != 0) {
        json_decref(field);
        field = NULL;
    }
    json_decref(more);
    return field;
}

static json_t *build_properties(const struct dataset *ds)
{
    const json_t *declared = json_object_get(ds->private_->root, "columns");
    json_t *properties = json_object();

    for (size_t i = 0; properties != NULL && i < ds->n_columns; i++) {
        json_t *field =
            build_field(&ds->columns[i], json_array_get(declared, i));

        if (field == NULL ||
            json_object_set_new(properties, ds->columns[i].name, field) != 0) {
            json_decref(properties);
            return NULL;
        }
    }
    return properties;
}

/* {"settings":...,"mappings":...}, "@korean" left in, no "_meta" yet. */
static json_t *build_declaration(const struct dataset *ds)
{
    const json_t *part = json_object_get(ds->private_->root, "elasticsearch");
    json_t *settings = json_deep_copy(json_object_get(part, "settings"));
    const char *dynamic = shape_text(part, "dynamic");

    if (settings == NULL) {
        settings = json_object();
    }
    return json_pack("{so,s{ss,so}}", "settings", settings, "mappings",
        "dynamic", dynamic != NULL ? dynamic : "strict", "properties",
        build_properties(ds));
}

/* Put analyzer in the place of each "@korean" in a tree; how many, or -1. */
static int replace_korean(json_t *tree, const char *analyzer)
{
    const char *key;
    json_t *value;
    size_t i;
    int n = 0;

    if (json_is_string(tree)) {
        if (strcmp(json_string_value(tree), KOREAN) != 0) {
            return 0;
        }
        return json_string_set(tree, analyzer) == 0 ? 1 : -1;
    }
    json_object_foreach(tree, key, value)
    {
        int got = replace_korean(value, analyzer);

        if (got < 0) {
            return -1;
        }
        n += got;
    }
    json_array_foreach(tree, i, value)
    {
        int got = replace_korean(value, analyzer);

        if (got < 0) {
            return -1;
        }
        n += got;
    }
    return n;
}

/*
 * "_meta" says whose this is. The checksum covers the declaration, before
 * the analyzer is chosen: the choice is the engine's, and noted beside it.
 */
static int add_meta(const struct dataset *ds, json_t *body,
    const char *korean_analyzer, struct error *err)
{
    json_t *meta = json_pack("{ss,ss,si}", "managed_by", "naru", "dataset",
        ds->name, "schema_version", ds->schema_version);
    char hex[JSON_CHECKSUM_CHARS];
    int replaced;

    if (json_object_set_new(json_object_get(body, "mappings"), "_meta", meta) !=
        0) {
        return error_set(err, "out of memory");
    }
    if (json_checksum(body, hex, err) != 0) {
        return -1;
    }
    replaced = replace_korean(body, korean_analyzer);
    if (replaced < 0 ||
        json_object_set_new(meta, "sha256", json_string(hex)) != 0 ||
        (replaced > 0 && json_object_set_new(meta, "korean_analyzer",
                             json_string(korean_analyzer)) != 0)) {
        return error_set(err, "out of memory");
    }
    return 0;
}

bool dataset_wants_korean(const struct dataset *ds)
{
    json_t *copy = json_deep_copy(ds->private_->root);
    int n = replace_korean(copy, KOREAN);

    json_decref(copy);
    return n > 0;
}

int dataset_create_body(const struct dataset *ds, const char *korean_analyzer,
    char **text_out, struct error *err)
{
    json_t *body = build_declaration(ds);
    char *text = NULL;

    if (body == NULL) {
        return error_set(err, "out of memory");
    }
    if (add_meta(ds, body, korean_analyzer, err) == 0) {
        text = json_dumps(body, JSON_COMPACT);
        if (text == NULL) {
            (void)error_set(err, "out of memory");
        }
    }
    json_decref(body);
    *text_out = text;
    return text != NULL ? 0 : -1;
}
