/*
 * struct column_map: how one file's columns, in their own order, fall onto a
 * dataset's. Columns are bound by header name, never by place.
 */
#ifndef NARU_REPLAY_COLUMN_MAP_H
#define NARU_REPLAY_COLUMN_MAP_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "mappings/dataset.h"

#include <stdbool.h>
#include <stddef.h>

#define COLUMN_MAP_NO_SLOT SIZE_MAX

struct column_slot {
    const struct dataset_column *column; /* NULL: the dataset has none */
    bool written;                        /* goes into the JSON */
    struct slice label; /* ",\"Close\":", what stands before the value */
};

/* Two header fields of one column, e.g. an old spelling beside the new. */
struct column_twin {
    size_t slot;  /* the column's */
    size_t other; /* which has no column of its own */
};

struct column_map {
    const struct dataset *dataset; /* borrowed */
    struct column_slot *slots;     /* in the file's order */
    size_t n_slots;
    size_t *slot_of; /* each dataset column's, or COLUMN_MAP_NO_SLOT */
    size_t time_slot;
    size_t key_slot;
    size_t rank_slot;   /* or COLUMN_MAP_NO_SLOT */
    size_t volume_slot; /* or COLUMN_MAP_NO_SLOT */
    struct column_twin *twins;
    size_t n_twins;
    char *labels; /* what the labels point into */
};

struct column_choices {
    bool ignore_extra;       /* columns the dataset does not know */
    const char *const *with; /* dropped columns to keep, by name; borrowed */
    size_t n_with;
    const char *const *only; /* the columns written, beside the required ones */
    size_t n_only;           /* 0: all */
};

/*
 * column_choices_check(choices, dataset, err):
 * Does each name of `with` name a column that the dataset drops, and each of
 * `only` a column? 0, or -1.
 */
int column_choices_check(const struct column_choices *choices,
    const struct dataset *dataset, struct error *err) MUST_CHECK;

/*
 * column_map_init(map, dataset, header, n, choices, err):
 * Bind n header fields to dataset (borrowed until column_map_fini). A column
 * that is missing and not optional, is there twice by one name, or is unknown
 * is an error that says what the header has; two names of one column make
 * twins. err does not name the file. Returns 0 or -1; column_map_fini is safe
 * after both.
 */
int column_map_init(struct column_map *map, const struct dataset *dataset,
    const struct slice *header, size_t n, const struct column_choices *choices,
    struct error *err) MUST_CHECK;
void column_map_fini(struct column_map *map);

#endif
