/*
 * struct row_choice: which rows of a file leave, judged before their values
 * are: by date, by code, by having been traded, by rank, by a condition.
 */
#ifndef NARU_REPLAY_ROW_CHOICE_H
#define NARU_REPLAY_ROW_CHOICE_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "replay/code_set.h"
#include "replay/column_map.h"
#include "replay/where.h"

#include <stdbool.h>
#include <stdint.h>

#define ROW_CHOICE_EVER INT64_MAX

struct row_choice {
    int64_t from_ms;  /* event time of the first rows taken; INT64_MIN: all */
    int64_t until_ms; /* and of the first rows no longer taken; ..._EVER */
    int64_t top;      /* rows whose rank is at most this; 0: all */
    bool keep_zero_volume;
    struct code_set *codes;    /* borrowed; NULL: all. Marks those it meets */
    const struct where *where; /* borrowed; NULL: all */
};

/* Why a row was left out, in the order in which that is decided. */
enum row_left_out {
    LEFT_BY_DATE,
    LEFT_BY_CODE,
    LEFT_BY_VOLUME,
    LEFT_BY_RANK,
    LEFT_BY_WHERE,
    LEFT_REASONS
};

/* row_choice_check(c, map, err): Has the file what c chooses by? 0 or -1. */
int row_choice_check(const struct row_choice *c, const struct column_map *map,
    struct error *err) MUST_CHECK;

/*
 * row_choice_judge(c, map, fields, event_ms, left, err):
 * *left is why the row is left out, or LEFT_REASONS when it is taken. Only the
 * columns that decide are looked at. Returns 0, or -1 with err ("COLUMN: why")
 * when one of them is unusable.
 */
int row_choice_judge(const struct row_choice *c, const struct column_map *map,
    const struct slice *fields, int64_t event_ms, enum row_left_out *left,
    struct error *err) MUST_CHECK;

#endif
