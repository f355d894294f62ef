/*
 * A parsed dataset file turned into struct dataset. The texts stay in the JSON
 * tree, which the dataset keeps; here are the tables of known keys and the
 * checks of what they mean.
 */
#include "mappings/dataset_private.h"

#include "common/suggest.h"
#include "mappings/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct shape_key root_keys[] = {
    {"name", SHAPE_TEXT, true},
    {"description", SHAPE_TEXT, false},
    {"schema_version", SHAPE_COUNT, true},
    {"columns", SHAPE_LIST, true},
    {"time", SHAPE_OBJECT, true},
    {"key", SHAPE_TEXT, true},
    {"rank", SHAPE_TEXT, false},
    {"volume", SHAPE_TEXT, false},
    {"clean", SHAPE_OBJECT, false},
    {"index", SHAPE_TEXT, true},
    {"id", SHAPE_TEXT, true},
    {"version", SHAPE_TEXT, false},
    {"elasticsearch", SHAPE_OBJECT, false},
};
static const struct shape_key time_keys[] = {
    {"column", SHAPE_TEXT, true},
    {"utc_offset", SHAPE_TEXT, false},
};

/* Is a header of columns[i] already one of an earlier column? */
static int check_headers(const struct dataset *ds, size_t i, struct error *err)
{
    const struct dataset_column *column = &ds->columns[i];
    struct dataset before = *ds;

    before.n_columns = i;
    for (size_t a = 0; a <= column->n_aliases; a++) {
        const char *header = a == 0 ? column->name : column->aliases[a - 1];
        size_t other = dataset_find_column(&before, slice_of(header));

        if (other != DATASET_NO_COLUMN) {
            return error_set(err,
                "columns[%zu]: the name \"%s\" is already taken by "
                "columns[%zu]",
                i, header, other);
        }
    }
    return 0;
}

static int read_columns(
    struct dataset *ds, const json_t *list, struct error *err)
{
    size_t n = json_array_size(list);

    if (n == 0) {
        return error_set(err, "columns must hold at least one column");
    }
    ds->private_->columns = calloc(n, sizeof(*ds->private_->columns));
    if (ds->private_->columns == NULL) {
        return error_set(err, "out of memory");
    }
    ds->columns = ds->private_->columns;
    for (size_t i = 0; i < n; i++) {
        ds->n_columns = i + 1; /* so that dataset_free finds the aliases */
        if (dataset_read_column(json_array_get(list, i), i,
                &ds->private_->columns[i], err) != 0 ||
            check_headers(ds, i, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* The column that the file calls by name at path. */
static int read_reference(const struct dataset *ds, const char *name,
    const char *path, size_t *column, struct error *err)
{
    struct suggest s;
    const char *best;

    suggest_start(&s, name);
    for (size_t i = 0; i < ds->n_columns; i++) {
        if (strcmp(ds->columns[i].name, name) == 0) {
            *column = i;
            return 0;
        }
        suggest_offer(&s, ds->columns[i].name);
    }
    best = suggest_best(&s);
    if (best != NULL) {
        return error_set(err, "%s: no column \"%s\"; did you mean \"%s\"?",
            path, name, best);
    }
    return error_set(
        err, "%s: no column \"%s\"; name one of columns", path, name);
}

static bool is_number(enum column_type type)
{
    return type == COLUMN_LONG || type == COLUMN_INTEGER ||
           type == COLUMN_DOUBLE;
}

/* "rank" and "volume": a column of numbers, or none. */
static int read_number_reference(
    struct dataset *ds, const char *key, size_t *column, struct error *err)
{
    const char *name = shape_text(ds->private_->root, key);

    *column = DATASET_NO_COLUMN;
    if (name == NULL) {
        return 0;
    }
    if (read_reference(ds, name, key, column, err) != 0) {
        return -1;
    }
    if (!is_number(ds->columns[*column].type)) {
        return error_set(err,
            "%s: column \"%s\" must be of type long, integer or double", key,
            name);
    }
    return 0;
}

/* The columns of the key and of the time cannot be empty or missing. */
static int require_column(
    struct dataset *ds, size_t i, const char *path, struct error *err)
{
    struct dataset_column *column = &ds->private_->columns[i];

    if (column->optional || (column->dropped && strcmp(path, "key") != 0)) {
        return error_set(err,
            "%s: column \"%s\" may be absent (\"drop\" or \"optional\")", path,
            column->name);
    }
    column->required = true;
    return 0;
}

static int read_utc_offset(const char *text, int *minutes, struct error *err)
{
    int hours, mins, used = 0;
    char sign;

    if (strlen(text) != 6 ||
        sscanf(text, "%c%2d:%2d%n", &sign, &hours, &mins, &used) != 3 ||
        used != 6 || (sign != '+' && sign != '-') ||
        strspn(text + 1, "0123456789") != 2 ||
        strspn(text + 4, "0123456789") != 2 || hours > 18 || mins > 59) {
        return error_set(
            err, "time.utc_offset: \"%s\" is not of the form \"+09:00\"", text);
    }
    *minutes = (sign == '-' ? -1 : 1) * (hours * 60 + mins);
    return 0;
}

static int read_time(struct dataset *ds, json_t *time, struct error *err)
{
    const char *offset;
    enum column_type type;

    if (shape_check(time, "time", time_keys, COUNT_OF(time_keys), err) != 0 ||
        read_reference(ds, shape_text(time, "column"), "time.column",
            &ds->time_column, err) != 0 ||
        require_column(ds, ds->time_column, "time.column", err) != 0) {
        return -1;
    }
    type = ds->columns[ds->time_column].type;
    offset = shape_text(time, "utc_offset");
    if (type == COLUMN_DATE) {
        return offset != NULL
                   ? read_utc_offset(offset, &ds->utc_offset_minutes, err)
                   : error_set(err,
                         "time.utc_offset is missing: where is midnight of a "
                         "date, e.g. \"+09:00\" for Seoul?");
    }
    if (type != COLUMN_EPOCH_MS) {
        return error_set(err,
            "time.column: column \"%s\" must be of type date or epoch_ms",
            ds->columns[ds->time_column].name);
    }
    if (offset != NULL) {
        return error_set(err,
            "time.utc_offset means nothing to an epoch_ms column; leave it "
            "out");
    }
    return 0;
}

/* The name becomes part of a template's name. */
static int check_name(const char *name, struct error *err)
{
    if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") !=
            strlen(name) ||
        strchr("-_", name[0]) != NULL) {
        return error_set(err,
            "name: \"%s\" must be of small letters, digits, '-' and '_'", name);
    }
    return 0;
}

static int read_root(struct dataset *ds, json_t *root, struct error *err)
{
    if (shape_check(root, "", root_keys, COUNT_OF(root_keys), err) != 0) {
        return -1;
    }
    ds->name = shape_text(root, "name");
    ds->description = shape_text(root, "description");
    ds->schema_version =
        (int)json_integer_value(json_object_get(root, "schema_version"));
    ds->index = shape_text(root, "index");
    ds->id = shape_text(root, "id");
    ds->version = shape_text(root, "version");
    if (ds->description == NULL) {
        ds->description = "";
    }
    if (ds->version == NULL) {
        ds->version = "timestamp";
    }
    if (check_name(ds->name, err) != 0 ||
        read_columns(ds, json_object_get(root, "columns"), err) != 0 ||
        read_time(ds, json_object_get(root, "time"), err) != 0 ||
        read_reference(
            ds, shape_text(root, "key"), "key", &ds->key_column, err) != 0 ||
        require_column(ds, ds->key_column, "key", err) != 0 ||
        read_number_reference(ds, "rank", &ds->rank_column, err) != 0 ||
        read_number_reference(ds, "volume", &ds->volume_column, err) != 0 ||
        dataset_read_clean(json_object_get(root, "clean"), &ds->clean, err) !=
            0 ||
        dataset_check_elasticsearch(
            json_object_get(root, "elasticsearch"), err) != 0) {
        return -1;
    }
    return dataset_check_patterns(ds, err) == 0 ? dataset_read_target(ds, err)
                                                : -1;
}

struct dataset *dataset_from_json(json_t *root, struct error *err)
{
    struct dataset *ds = calloc(1, sizeof(*ds));

    if (ds != NULL) {
        ds->private_ = calloc(1, sizeof(*ds->private_));
    }
    if (ds == NULL || ds->private_ == NULL) {
        free(ds);
        json_decref(root);
        (void)error_set(err, "out of memory");
        return NULL;
    }
    ds->private_->root = root;
    if (read_root(ds, root, err) != 0) {
        dataset_free(ds);
        return NULL;
    }
    return ds;
}
