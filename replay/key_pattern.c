/* Keys of several columns; see key_pattern.h. */
#include "replay/key_pattern.h"

#include <stdlib.h>
#include <string.h>

#define MOST_PARTS 32

struct part {
    struct slice text; /* in front of the column */
    size_t column;     /* or DATASET_NO_COLUMN, of the last part */
};

struct key_pattern {
    const struct dataset *dataset;
    struct part parts[MOST_PARTS];
    size_t n;
};

static int add_part(
    struct key_pattern *k, struct slice text, size_t column, struct error *err)
{
    if (k->n == MOST_PARTS) {
        return error_set(err, "--key: more than %d columns", MOST_PARTS - 1);
    }
    k->parts[k->n++] = (struct part){text, column};
    return 0;
}

static int find_column(const struct dataset *dataset, struct slice name,
    size_t *column, struct error *err)
{
    *column = dataset_find_column(dataset, name);
    return *column != DATASET_NO_COLUMN
               ? 0
               : error_set(err,
                     "--key: dataset %s has no column '%.*s'; write a "
                     "column's name, or a pattern such as %%{%s}",
                     dataset->name, (int)name.len, name.p,
                     dataset->columns[dataset->key_column].name);
}

static int compile(struct key_pattern *k, const char *text, struct error *err)
{
    const char *open;
    size_t column;

    if (strstr(text, "%{") == NULL) {
        return find_column(k->dataset, slice_of(text), &column, err) == 0
                   ? add_part(k, slice_of(""), column, err)
                   : -1;
    }
    while ((open = strstr(text, "%{")) != NULL) {
        const char *close = strchr(open, '}');

        if (close == NULL) {
            return error_set(err, "--key: '%s' lacks its }", open);
        }
        if (find_column(k->dataset,
                (struct slice){open + 2, (size_t)(close - open - 2)}, &column,
                err) != 0 ||
            add_part(k, (struct slice){text, (size_t)(open - text)}, column,
                err) != 0) {
            return -1;
        }
        text = close + 1;
    }
    return add_part(k, slice_of(text), DATASET_NO_COLUMN, err);
}

struct key_pattern *key_pattern_new(
    const char *text, const struct dataset *dataset, struct error *err)
{
    struct key_pattern *k = calloc(1, sizeof(*k));

    if (k == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    k->dataset = dataset;
    if (compile(k, text, err) != 0) {
        free(k);
        return NULL;
    }
    return k;
}

void key_pattern_free(struct key_pattern *k)
{
    free(k);
}

int key_pattern_expand(const struct key_pattern *k,
    const struct column_map *map, const struct slice *fields, struct buf *out,
    struct error *err)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct part *part = &k->parts[i];
        size_t slot;

        if (buf_append_slice(out, part->text) != 0) {
            return error_set(err, "out of memory");
        }
        if (part->column == DATASET_NO_COLUMN) {
            continue;
        }
        slot = map->slot_of[part->column];
        if (slot == COLUMN_MAP_NO_SLOT || fields[slot].len == 0) {
            return error_set(err, "%s: empty, and it is part of the key",
                k->dataset->columns[part->column].name);
        }
        if (buf_append_slice(out, fields[slot]) != 0) {
            return error_set(err, "out of memory");
        }
    }
    return 0;
}
