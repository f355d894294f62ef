/* A dataset with a column of each type, made by hand. */
#ifndef NARU_TESTS_UNIT_SMALL_DATASET_H
#define NARU_TESTS_UNIT_SMALL_DATASET_H

#include "mappings/dataset.h"

static const char *const small_aliases[] = {"Symbol"};
static const char *const small_absent[] = {"-", "nan"};

static const struct dataset_column small_columns[] = {
    {"Code", small_aliases, 1, COLUMN_KEYWORD, false, true, false, true},
    {"Name", NULL, 0, COLUMN_TEXT, true, false, false, false},
    {"Dept", NULL, 0, COLUMN_KEYWORD, true, false, true, false},
    {"Close", NULL, 0, COLUMN_DOUBLE, true, false, false, false},
    {"Volume", NULL, 0, COLUMN_LONG, false, false, false, false},
    {"Rank", NULL, 0, COLUMN_INTEGER, true, false, false, false},
    {"Seen", NULL, 0, COLUMN_EPOCH_MS, true, false, false, false},
    {"Date", NULL, 0, COLUMN_DATE, false, true, false, true},
};

static const struct dataset small_dataset = {
    .name = "small",
    .schema_version = 1,
    .columns = small_columns,
    .n_columns = sizeof(small_columns) / sizeof(small_columns[0]),
    .time_column = 7,
    .utc_offset_minutes = 540,
    .key_column = 0,
    .rank_column = 5,
    .volume_column = 4,
    .clean = {small_absent, 2, 3, false, false},
    .id_is_of_row = true,
    .id_has_time = true,
};

#endif
