/* One entry of a dataset file's "columns", read and checked. */
#include "mappings/dataset_private.h"

#include "common/suggest.h"
#include "mappings/shape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define PATH_BYTES 64

static const struct shape_key column_keys[] = {
    {"name", SHAPE_TEXT, true},
    {"type", SHAPE_TEXT, true},
    {"aliases", SHAPE_LIST, false},
    {"optional", SHAPE_FLAG, false},
    {"required", SHAPE_FLAG, false},
    {"drop", SHAPE_FLAG, false},
    {"mapping", SHAPE_OBJECT, false},
    {"description", SHAPE_TEXT, false},
    {"format", SHAPE_TEXT, false},
    {"aggregate", SHAPE_TEXT, false},
};
static const struct {
    const char *name;
    enum column_type type;
} types[] = {
    {"keyword", COLUMN_KEYWORD},
    {"text", COLUMN_TEXT},
    {"long", COLUMN_LONG},
    {"integer", COLUMN_INTEGER},
    {"double", COLUMN_DOUBLE},
    {"date", COLUMN_DATE},
    {"epoch_ms", COLUMN_EPOCH_MS},
};

static int read_type(const char *word, enum column_type *type, const char *path,
    struct error *err)
{
    struct suggest s;
    const char *best;

    suggest_start(&s, word);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (strcmp(types[i].name, word) == 0) {
            *type = types[i].type;
            return 0;
        }
        suggest_offer(&s, types[i].name);
    }
    best = suggest_best(&s);
    return error_set(err,
        "%s.type: unknown type \"%s\"%s%s%s; there are keyword, text, long, "
        "integer, double, date and epoch_ms",
        path, word, best != NULL ? "; did you mean \"" : "",
        best != NULL ? best : "", best != NULL ? "\"?" : "");
}

/* A dot would make an object of a field, '_' belongs to Elasticsearch and to
 * the patterns' record fields, braces and colons to the patterns. */
static int check_column_name(
    const char *name, const char *path, struct error *err)
{
    if (name[0] == '_' || strpbrk(name, ".{}:") != NULL) {
        return error_set(err,
            "%s.name: \"%s\" must not begin with '_' or hold any of . { } :",
            path, name);
    }
    return 0;
}

static int read_aliases(const json_t *list, struct dataset_column *column,
    const char *path, struct error *err)
{
    const char **aliases;
    size_t n = json_array_size(list);

    if (n == 0) {
        return 0;
    }
    aliases = calloc(n, sizeof(*aliases));
    if (aliases == NULL) {
        return error_set(err, "out of memory");
    }
    column->aliases = aliases;
    column->n_aliases = n;
    for (size_t i = 0; i < n; i++) {
        aliases[i] = json_string_value(json_array_get(list, i));
        if (aliases[i] == NULL || aliases[i][0] == '\0') {
            return error_set(err,
                "%s.aliases[%zu] must be a text that is not empty", path, i);
        }
    }
    return 0;
}

int dataset_read_column(
    json_t *json, size_t i, struct dataset_column *column, struct error *err)
{
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof(path), "columns[%zu]", i);
    if (shape_check(json, path, column_keys, COUNT_OF(column_keys), err) != 0) {
        return -1;
    }
    column->name = shape_text(json, "name");
    column->optional = shape_flag(json, "optional");
    column->required = shape_flag(json, "required");
    column->dropped = shape_flag(json, "drop");
    if (check_column_name(column->name, path, err) != 0 ||
        read_type(shape_text(json, "type"), &column->type, path, err) != 0 ||
        read_aliases(json_object_get(json, "aliases"), column, path, err) !=
            0) {
        return -1;
    }
    if (json_object_get(json_object_get(json, "mapping"), "type") != NULL) {
        return error_set(err,
            "%s.mapping.type: the field's type follows from the column's "
            "type; change that",
            path);
    }
    return dataset_check_display(json, column->type, path, err);
}
