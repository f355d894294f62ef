/* Documents as rows; see export_row.h. */
#include "export/export_row.h"

#include "export/cell_text.h"
#include "index/marked_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *make_label(const char *name)
{
    char *label = NULL;

    return asprintf(&label, "%c%s", MARKED_JSON_STRING, name) < 0 ? NULL
                                                                  : label;
}

/* A file's header that has all of the dataset's columns, in its order. */
static int bind_columns(struct export_row *r, struct error *err)
{
    const struct column_choices all = {.ignore_extra = true};
    struct slice *header = calloc(r->dataset->n_columns, sizeof(*header));
    int rc = -1;

    if (header == NULL) {
        return error_set(err, "out of memory");
    }
    for (size_t i = 0; i < r->dataset->n_columns; i++) {
        header[i] = slice_of(r->dataset->columns[i].name);
    }
    rc = column_map_init(
        &r->map, r->dataset, header, r->dataset->n_columns, &all, err);
    free(header);
    return rc;
}

int export_row_init(struct export_row *r, const struct dataset *dataset,
    const size_t *columns, size_t n, const char *line_end, struct error *err)
{
    size_t n_all = dataset->n_columns;

    *r = (struct export_row){.dataset = dataset,
        .columns = columns,
        .n_columns = n,
        .line_end = line_end};
    r->labels = calloc(n_all, sizeof(*r->labels));
    r->fields = calloc(n_all, sizeof(*r->fields));
    r->others = calloc(n_all, sizeof(*r->others));
    r->chosen = calloc(n_all, sizeof(*r->chosen));
    if (r->labels == NULL || r->fields == NULL || r->others == NULL ||
        r->chosen == NULL) {
        return error_set(err, "out of memory");
    }
    for (size_t i = 0; i < n_all; i++) {
        buf_init(&r->others[i], EXPORT_ROW_MAX_BYTES);
        r->labels[i] = make_label(dataset->columns[i].name);
        if (r->labels[i] == NULL) {
            return error_set(err, "out of memory");
        }
    }
    for (size_t i = 0; i < n; i++) {
        r->chosen[columns[i]] = true;
    }
    return bind_columns(r, err);
}

void export_row_fini(struct export_row *r)
{
    for (size_t i = 0; r->dataset != NULL && i < r->dataset->n_columns; i++) {
        if (r->others != NULL) {
            buf_fini(&r->others[i]);
        }
        if (r->labels != NULL) {
            free(r->labels[i]);
        }
    }
    free(r->labels);
    free(r->fields);
    free(r->others);
    free(r->chosen);
    column_map_fini(&r->map);
    *r = (struct export_row){0};
}

int export_row_header(const struct export_row *r, struct buf *out)
{
    for (size_t i = 0; i < r->n_columns; i++) {
        const char *name = r->dataset->columns[r->columns[i]].name;

        if ((i > 0 && buf_append_char(out, ',') != 0) ||
            cell_text_write(out, slice_of(name)) != 0) {
            return -1;
        }
    }
    return buf_append_str(out, r->line_end);
}

/* The text of a value; one that is neither string nor number lies in other. */
static int take_value(json_t *value, struct buf *other, struct slice *field)
{
    *field = (struct slice){NULL, 0};
    if (value == NULL || json_is_null(value)) {
        return 0;
    }
    *field = marked_json_string(value);
    if (field->p == NULL) {
        *field = marked_json_number(value);
    }
    if (field->p != NULL) {
        return 0;
    }
    buf_clear(other);
    if (marked_json_write(other, value) != 0) {
        return -1;
    }
    *field = buf_slice(other);
    return 0;
}

static void count_left(struct export_row *r, const char *name)
{
    size_t i = 0;

    while (i < r->n_left &&
           strncmp(r->left[i].name, name, EXPORT_LEFT_NAME_BYTES - 1) != 0) {
        i++;
    }
    if (i == EXPORT_LEFT_NAMES) {
        return;
    }
    if (i == r->n_left) {
        r->n_left++;
        (void)snprintf(r->left[i].name, EXPORT_LEFT_NAME_BYTES, "%s", name);
    }
    r->left[i].documents++;
}

/* Name the members that no chosen column takes. */
static void find_left(struct export_row *r, json_t *source)
{
    const char *key;
    json_t *value;

    json_object_foreach(source, key, value)
    {
        size_t column = dataset_find_column(r->dataset, slice_of(key + 1));
        bool is_column =
            column != DATASET_NO_COLUMN && strcmp(r->labels[column], key) == 0;

        if (!json_is_null(value) && !(is_column && r->chosen[column])) {
            count_left(r, key + 1);
        }
    }
}

int export_row_take(struct export_row *r, json_t *source)
{
    size_t taken = 0;

    for (size_t i = 0; i < r->dataset->n_columns; i++) {
        json_t *value = json_object_get(source, r->labels[i]);

        taken += value != NULL && r->chosen[i];
        if (take_value(value, &r->others[i], &r->fields[i]) != 0) {
            return -1;
        }
    }
    if (r->counts_left && taken < json_object_size(source)) {
        find_left(r, source);
    }
    return 0;
}

int export_row_write(const struct export_row *r, struct buf *out)
{
    for (size_t i = 0; i < r->n_columns; i++) {
        if ((i > 0 && buf_append_char(out, ',') != 0) ||
            cell_text_write(out, r->fields[r->columns[i]]) != 0) {
            return -1;
        }
    }
    return buf_append_str(out, r->line_end);
}

int export_row_holds(
    const struct export_row *r, const struct where *where, struct error *err)
{
    return where_holds(where, &r->map, r->fields, err);
}

struct slice export_row_field(const struct export_row *r, size_t column)
{
    return r->fields[column];
}
