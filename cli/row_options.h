/*
 * Which CSV files, and which of their rows: the options that naru replay and
 * naru verify share, so that both mean the same rows by the same words.
 */
#ifndef NARU_CLI_ROW_OPTIONS_H
#define NARU_CLI_ROW_OPTIONS_H

#include "cli/file_list.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "common/options.h"
#include "mappings/dataset.h"
#include "replay/column_map.h"
#include "replay/row_source.h"

#include <stdbool.h>
#include <stddef.h>

/* Above every id that a command uses for its own options. */
enum row_option_id {
    ROW_OPT_CODES = 1000,
    ROW_OPT_COLUMNS,
    ROW_OPT_DATASET,
    ROW_OPT_ENCODING,
    ROW_OPT_FROM,
    ROW_OPT_IGNORE_EXTRA,
    ROW_OPT_KEEP_ZERO_VOLUME,
    ROW_OPT_ON_BAD_ROW,
    ROW_OPT_SORT,
    ROW_OPT_TO,
    ROW_OPT_TOP,
    ROW_OPT_WHERE,
    ROW_OPT_WITH
};

#define ROW_OPTIONS_DEFAULT_DATASET "marcap"

/* Lines for a command's table of options. */
#define ROW_OPTIONS_DATASET_LINE                                               \
    {                                                                          \
        ROW_OPT_DATASET, "dataset", 'd', "DATASET",                            \
            "what the columns are: a built-in dataset or a .json\n"            \
            "file (bridge.dataset of the configuration, "                      \
            "else\n" ROW_OPTIONS_DEFAULT_DATASET ")"                           \
    }
#define ROW_OPTIONS_LINES                                                      \
    {ROW_OPT_TOP, "top", 0, "N",                                               \
        "only the N first of each day by rank (0: all)"},                      \
        {ROW_OPT_FROM, "from", 0, "DATE", "only rows of this day and later"},  \
        {ROW_OPT_TO, "to", 0, "DATE", "only rows of this day and earlier"},    \
        {ROW_OPT_CODES, "codes", 0, "LIST",                                    \
            "only rows of these keys: 005930,000660 or @FILE"},                \
        {ROW_OPT_WHERE, "where", 0, "EXPR",                                    \
            "only rows of which this is true: columns, numbers and\n"          \
            "'texts', = != < <= > >= and or not in ( ), e.g.\n"                \
            "\"Market = 'KOSPI' and Volume >= 100000\""},                      \
        {ROW_OPT_KEEP_ZERO_VOLUME, "keep-zero-volume", 0, NULL,                \
            "keep rows that were not traded; they are left out\notherwise"},   \
        {ROW_OPT_COLUMNS, "columns", 0, "LIST",                                \
            "only these columns, e.g. Close,Volume; those of key,\n"           \
            "time and id stay"},                                               \
        {ROW_OPT_WITH, "with", 0, "COLUMN",                                    \
            "keep a column that the dataset drops, e.g. Dept; may\nbe "        \
            "repeated"},                                                       \
        {ROW_OPT_IGNORE_EXTRA, "ignore-extra-columns", 0, NULL,                \
            "leave out columns the dataset does not know, which are\n"         \
            "an error otherwise"},                                             \
        {ROW_OPT_ENCODING, "encoding", 0, "auto|utf-8|cp949",                  \
            "of the CSV: auto (UTF-8, or UTF-16 with its mark; the\n"          \
            "default), utf-8, or cp949 (also for EUC-KR)"},                    \
        {ROW_OPT_SORT, "sort", 0, NULL,                                        \
            "take files that are out of time order: sort all rows,\n"          \
            "in $TMPDIR when there are many"},                                 \
    {                                                                          \
        ROW_OPT_ON_BAD_ROW, "on-bad-row", 0, "stop|skip",                      \
            "stop (the default) at the first row that does not fit\n"          \
            "its types, or skip it, count it and list it at the end"           \
    }

struct row_options {
    char *const *files; /* as they stood in argv, borrowed */
    size_t n_files;
    bool skip_bad_rows;
    struct row_input input;  /* whole after row_options_resolve */
    struct dataset *dataset; /* owned */
    struct file_list paths;

    /* As they stood in argv. */
    const char *dataset_name, *from, *to, *codes, *where, *only;
    const char **with; /* owned array */

    /* What became of them; owned. */
    char *only_text;
    const char **only_names;
    struct code_set *code_set;
    struct where *condition;
};

/* row_options_owns(id): Is that one of ours? */
bool row_options_owns(int id);

/* row_options_take(o, id, value, err): Take one of ours. 0 or -1 with err. */
int row_options_take(struct row_options *o, int id, const char *value,
    struct error *err) MUST_CHECK;

/*
 * row_options_resolve(o, config, err):
 * Load the dataset (of --dataset, else bridge.dataset, else the default),
 * check the choice against it, and find the files. Returns 0, or -1 with err.
 */
int row_options_resolve(struct row_options *o, const struct config *config,
    struct error *err) MUST_CHECK;
void row_options_fini(struct row_options *o);

/*
 * option_choice(name, value, no, yes, out, err):
 * An option of two words. Returns 0, or -1 with err for a third one.
 */
int option_choice(const char *name, const char *value, const char *no,
    const char *yes, bool *out, struct error *err) MUST_CHECK;

#endif
