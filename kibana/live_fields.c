/* Panels' fields and the index's; see live_fields.h. */
#include "kibana/live_fields.h"

#include "kibana/object_text.h"
#include "kibana/used_fields.h"
#include "mappings/engine_get.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LINE_BYTES 768
#define NAMES_BYTES 160

int live_fields_read(const struct endpoint *e, const char *index, json_t **caps,
    struct error *err)
{
    char path[512];
    json_t *root;

    *caps = NULL;
    if ((size_t)snprintf(path, sizeof(path), "/%s/_field_caps?fields=*",
            index) >= sizeof(path)) {
        return error_set(err, "the index's name is too long");
    }
    if (engine_get(e, path, &root, err) != 0) {
        return -1;
    }
    *caps = json_incref(json_object_get(root, "fields"));
    json_decref(root);
    return 0;
}

/* What the engine calls the type of a column, by how dataset_body.c maps it. */
static const char *type_of_column(const struct dataset *ds, const char *field)
{
    static const char *const names[] = {[COLUMN_KEYWORD] = "keyword",
        [COLUMN_TEXT] = "text",
        [COLUMN_LONG] = "long",
        [COLUMN_INTEGER] = "integer",
        [COLUMN_DOUBLE] = "double",
        [COLUMN_DATE] = "date",
        [COLUMN_EPOCH_MS] = "date"};

    for (size_t i = 0; i < ds->n_columns; i++) {
        if (strcmp(ds->columns[i].name, field) == 0) {
            return names[ds->columns[i].type];
        }
    }
    return NULL;
}

static void list_types(const json_t *types, char to[NAMES_BYTES])
{
    const json_t *value;
    const char *type;
    size_t len = 0;

    to[0] = '\0';
    json_object_foreach((json_t *)(uintptr_t)types, type, value)
    {
        int n = snprintf(
            to + len, NAMES_BYTES - len, "%s%s", len > 0 ? " and " : "", type);

        len += n > 0 && (size_t)n < NAMES_BYTES - len ? (size_t)n : 0;
    }
}

/* 1 when something was to be said. */
static size_t check_field(const json_t *types, const json_t *object,
    const struct dataset *ds, const char *field, const char *index,
    kibana_report_fn report, void *arg)
{
    const char *wanted = type_of_column(ds, field);
    char line[LINE_BYTES], names[NAMES_BYTES];

    list_types(types, names);
    if (types == NULL) {
        (void)snprintf(line, sizeof(line), "%s %s: index %s has no field %s",
            object_text(object, "type"), object_text(object, "id"), index,
            field);
    } else if (json_object_size(types) > 1) {
        (void)snprintf(line, sizeof(line),
            "%s %s: field %s has several types in %s: %s",
            object_text(object, "type"), object_text(object, "id"), field,
            index, names);
    } else if (wanted != NULL && json_object_get(types, wanted) == NULL) {
        (void)snprintf(line, sizeof(line),
            "%s %s: field %s is %s in %s, and %s in dataset %s",
            object_text(object, "type"), object_text(object, "id"), field,
            names, index, wanted, ds->name);
    } else {
        return 0;
    }
    report(line, arg);
    return 1;
}

size_t live_fields_check(const json_t *caps, const json_t *objects,
    const struct dataset *ds, const char *index, kibana_report_fn report,
    void *arg)
{
    const json_t *object;
    size_t i, n = 0;

    json_array_foreach(objects, i, object)
    {
        json_t *used = used_fields(object);
        const json_t *value;
        const char *field;

        json_object_foreach(used, field, value)
        {
            n += check_field(json_object_get(caps, field), object, ds, field,
                index, report, arg);
        }
        json_decref(used);
    }
    return n;
}
