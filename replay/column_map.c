/* Binding a CSV header to a dataset; see column_map.h. */
#include "replay/column_map.h"

#include "common/buf.h"
#include "common/json_write.h"
#include "common/suggest.h"

#include <stdlib.h>
#include <string.h>

#define LIST_MAX_BYTES 512
#define LABELS_MAX_BYTES ((size_t)1 << 20)

/* "Code, Name, Close" into out; cut with "..." when too long. */
static const char *list_header(
    const struct slice *header, size_t n, char out[LIST_MAX_BYTES])
{
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        if (at + header[i].len + 8 > LIST_MAX_BYTES) {
            memcpy(out + at, ", ...", 6);
            break;
        }
        if (i > 0) {
            memcpy(out + at, ", ", 2);
            at += 2;
        }
        memcpy(out + at, header[i].p, header[i].len);
        at += header[i].len;
        out[at] = '\0';
    }
    return out;
}

static int check_name(const struct dataset *dataset, const char *option,
    const char *name, size_t *column, struct error *err)
{
    struct suggest s;
    const char *best;

    *column = dataset_find_column(dataset, slice_of(name));
    if (*column != DATASET_NO_COLUMN) {
        return 0;
    }
    suggest_start(&s, name);
    for (size_t i = 0; i < dataset->n_columns; i++) {
        suggest_offer(&s, dataset->columns[i].name);
    }
    best = suggest_best(&s);
    return error_set(err, "%s %s: dataset %s has no column %s%s%s%s", option,
        name, dataset->name, name, best != NULL ? "; did you mean " : "",
        best != NULL ? best : "", best != NULL ? "?" : "");
}

int column_choices_check(const struct column_choices *choices,
    const struct dataset *dataset, struct error *err)
{
    size_t column;

    for (size_t i = 0; i < choices->n_only; i++) {
        if (check_name(dataset, "--columns", choices->only[i], &column, err) !=
            0) {
            return -1;
        }
    }
    for (size_t i = 0; i < choices->n_with; i++) {
        if (check_name(dataset, "--with", choices->with[i], &column, err) !=
            0) {
            return -1;
        }
        if (!dataset->columns[column].dropped) {
            return error_set(err,
                "--with %s: dataset %s does not leave that column out",
                choices->with[i], dataset->name);
        }
    }
    return 0;
}

static bool is_named(const struct dataset *dataset, size_t column,
    const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (dataset_find_column(dataset, slice_of(names[i])) == column) {
            return true;
        }
    }
    return false;
}

static bool is_kept(const struct dataset *dataset, size_t column,
    const struct column_choices *choices)
{
    const struct dataset_column *c = &dataset->columns[column];

    if (is_named(dataset, column, choices->with, choices->n_with) ||
        is_named(dataset, column, choices->only, choices->n_only)) {
        return true;
    }
    return choices->n_only > 0 ? c->required : !c->dropped;
}

static int unknown_column(const struct dataset *dataset, struct slice name,
    size_t place, struct error *err)
{
    char text[64];
    struct suggest s;
    const char *best;
    size_t len = name.len < sizeof(text) - 1 ? name.len : sizeof(text) - 1;

    if (name.len == 0) {
        return error_set(err,
            "header has no name for column %zu; name it, or use "
            "--ignore-extra-columns",
            place + 1);
    }
    memcpy(text, name.p, len);
    text[len] = '\0';
    suggest_start(&s, text);
    for (size_t i = 0; i < dataset->n_columns; i++) {
        suggest_offer(&s, dataset->columns[i].name);
    }
    best = suggest_best(&s);
    return error_set(err,
        "header has column %s, which dataset %s does not know%s%s%s; leave it "
        "out with --ignore-extra-columns",
        text, dataset->name, best != NULL ? " (did you mean " : "",
        best != NULL ? best : "", best != NULL ? "?)" : "");
}

/* The header's own spelling, without what a careless export leaves around. */
static struct slice header_name(
    const struct dataset *dataset, const struct slice *header, size_t i)
{
    return dataset->clean.trim ? slice_trim(header[i]) : header[i];
}

/* A second header field for a column that has one: a twin, by another name. */
static int add_twin(struct column_map *map, const struct slice *header,
    size_t slot, size_t other, struct error *err)
{
    struct column_twin *grown;

    if (slice_eq(header_name(map->dataset, header, slot),
            header_name(map->dataset, header, other))) {
        return error_set(err,
            "header has column %s twice, as column %zu and column %zu",
            map->slots[slot].column->name, slot + 1, other + 1);
    }
    grown = realloc(map->twins, (map->n_twins + 1) * sizeof(*grown));
    if (grown == NULL) {
        return error_set(err, "out of memory");
    }
    map->twins = grown;
    map->twins[map->n_twins++] = (struct column_twin){slot, other};
    return 0;
}

/*
 * Fill the slots' columns; slot_of tells the slot of each dataset column,
 * *unknown the first header field that the dataset does not know, or n_slots.
 */
static int bind_header(struct column_map *map, const struct slice *header,
    const struct column_choices *choices, size_t *slot_of, size_t *unknown,
    struct error *err)
{
    *unknown = map->n_slots;
    for (size_t i = 0; i < map->n_slots; i++) {
        size_t column = dataset_find_column(
            map->dataset, header_name(map->dataset, header, i));

        if (column == DATASET_NO_COLUMN) {
            *unknown = *unknown < i ? *unknown : i;
            continue;
        }
        if (slot_of[column] != COLUMN_MAP_NO_SLOT) {
            if (add_twin(map, header, slot_of[column], i, err) != 0) {
                return -1;
            }
            continue;
        }
        slot_of[column] = i;
        map->slots[i].column = &map->dataset->columns[column];
        map->slots[i].written = is_kept(map->dataset, column, choices);
    }
    return 0;
}

static int require_columns(const struct column_map *map,
    const struct slice *header, const size_t *slot_of, struct error *err)
{
    const struct dataset *ds = map->dataset;
    char list[LIST_MAX_BYTES];

    for (size_t i = 0; i < ds->n_columns; i++) {
        if (slot_of[i] == COLUMN_MAP_NO_SLOT &&
            (!ds->columns[i].optional || i == ds->time_column ||
                i == ds->key_column)) {
            return error_set(err,
                "header has no column %s, which dataset %s needs; it has: %s",
                ds->columns[i].name, ds->name,
                list_header(header, map->n_slots, list));
        }
    }
    return 0;
}

/* Prepare what stands before each value: a comma, the name, a colon. */
static int make_labels(struct column_map *map)
{
    struct buf text;
    char *at;

    buf_init(&text, LABELS_MAX_BYTES);
    for (size_t i = 0; i < map->n_slots; i++) {
        size_t before = text.len_bytes;

        if (map->slots[i].column == NULL) {
            continue;
        }
        if (buf_append_char(&text, ',') != 0 ||
            json_write_string(&text, slice_of(map->slots[i].column->name)) !=
                0 ||
            buf_append_char(&text, ':') != 0) {
            buf_fini(&text);
            return -1;
        }
        map->slots[i].label.len = text.len_bytes - before;
    }
    at = map->labels = text.data; /* the map owns the bytes from here on */
    for (size_t i = 0; i < map->n_slots; i++) {
        map->slots[i].label.p = at;
        at += map->slots[i].label.len;
    }
    return 0;
}

static size_t slot_or_none(const size_t *slot_of, size_t column)
{
    return column == DATASET_NO_COLUMN ? COLUMN_MAP_NO_SLOT : slot_of[column];
}

int column_map_init(struct column_map *map, const struct dataset *dataset,
    const struct slice *header, size_t n, const struct column_choices *choices,
    struct error *err)
{
    size_t *slot_of = malloc((dataset->n_columns + 1) * sizeof(*slot_of));
    size_t unknown;

    *map = (struct column_map){
        .dataset = dataset, .n_slots = n, .slot_of = slot_of};
    map->slots = calloc(n + 1, sizeof(*map->slots));
    if (slot_of == NULL || map->slots == NULL) {
        return error_set(err, "out of memory");
    }
    for (size_t i = 0; i < dataset->n_columns; i++) {
        slot_of[i] = COLUMN_MAP_NO_SLOT;
    }
    if (bind_header(map, header, choices, slot_of, &unknown, err) != 0 ||
        require_columns(map, header, slot_of, err) != 0) {
        return -1;
    }
    if (unknown < n && !choices->ignore_extra) {
        return unknown_column(dataset, header[unknown], unknown, err);
    }
    map->time_slot = slot_of[dataset->time_column];
    map->key_slot = slot_of[dataset->key_column];
    map->rank_slot = slot_or_none(slot_of, dataset->rank_column);
    map->volume_slot = slot_or_none(slot_of, dataset->volume_column);
    return make_labels(map) == 0 ? 0 : error_set(err, "out of memory");
}

void column_map_fini(struct column_map *map)
{
    free(map->slots);
    free(map->slot_of);
    free(map->twins);
    free(map->labels);
    *map = (struct column_map){0};
}
