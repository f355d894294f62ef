/* Which rows; see row_options.h. */
#include "cli/row_options.h"

#include "common/civil.h"

#include <stdlib.h>
#include <string.h>

#define MS_PER_DAY INT64_C(86400000)
#define MS_PER_MINUTE INT64_C(60000)

bool row_options_owns(int id)
{
    return id >= ROW_OPT_CODES && id <= ROW_OPT_WITH;
}

int option_choice(const char *name, const char *value, const char *no,
    const char *yes, bool *out, struct error *err)
{
    if (strcmp(value, yes) != 0 && strcmp(value, no) != 0) {
        return error_set(
            err, "%s: '%s' is neither %s nor %s", name, value, no, yes);
    }
    *out = strcmp(value, yes) == 0;
    return 0;
}

static int take_with(
    struct row_options *o, const char *column, struct error *err)
{
    const char **grown =
        realloc(o->with, (o->input.columns.n_with + 1) * sizeof(*grown));

    if (grown == NULL) {
        return error_set(err, "out of memory");
    }
    o->with = grown;
    o->with[o->input.columns.n_with++] = column;
    o->input.columns.with = o->with;
    return 0;
}

int row_options_take(
    struct row_options *o, int id, const char *value, struct error *err)
{
    switch ((enum row_option_id)id) {
    case ROW_OPT_CODES:
        o->codes = value;
        break;
    case ROW_OPT_COLUMNS:
        o->only = value;
        break;
    case ROW_OPT_DATASET:
        o->dataset_name = value;
        break;
    case ROW_OPT_ENCODING:
        return text_encoding_parse(value, &o->input.encoding, err);
    case ROW_OPT_FROM:
        o->from = value;
        break;
    case ROW_OPT_IGNORE_EXTRA:
        o->input.columns.ignore_extra = true;
        break;
    case ROW_OPT_KEEP_ZERO_VOLUME:
        o->input.choice.keep_zero_volume = true;
        break;
    case ROW_OPT_ON_BAD_ROW:
        return option_choice(
            "--on-bad-row", value, "stop", "skip", &o->skip_bad_rows, err);
    case ROW_OPT_SORT:
        o->input.sort = true;
        break;
    case ROW_OPT_TO:
        o->to = value;
        break;
    case ROW_OPT_TOP:
        return options_number(
            "--top", value, 0, INT32_MAX, &o->input.choice.top, err);
    case ROW_OPT_WHERE:
        o->where = value;
        break;
    case ROW_OPT_WITH:
        return take_with(o, value, err);
    }
    return 0;
}

static int read_day(const struct row_options *o, const char *name,
    const char *text, int64_t more_days, int64_t *ms, struct error *err)
{
    int64_t day;

    if (civil_parse(slice_of(text), &day) != 0) {
        return error_set(
            err, "%s: '%s' is not a date; write it as 2022-01-03", name, text);
    }
    *ms = (day + more_days) * MS_PER_DAY -
          o->dataset->utc_offset_minutes * MS_PER_MINUTE;
    return 0;
}

static int read_days(struct row_options *o, struct error *err)
{
    o->input.choice.from_ms = INT64_MIN;
    o->input.choice.until_ms = ROW_CHOICE_EVER;
    if (o->from != NULL &&
        read_day(o, "--from", o->from, 0, &o->input.choice.from_ms, err) != 0) {
        return -1;
    }
    if (o->to != NULL &&
        read_day(o, "--to", o->to, 1, &o->input.choice.until_ms, err) != 0) {
        return -1;
    }
    if (o->input.choice.from_ms >= o->input.choice.until_ms) {
        return error_set(
            err, "--from %s is after --to %s: no row fits", o->from, o->to);
    }
    return 0;
}

/* "Close,Volume" as names, spaces around them left out. */
static int cut_columns(struct row_options *o, struct error *err)
{
    size_t n = 1;
    char *rest, *name;

    if (o->only == NULL) {
        return 0;
    }
    for (const char *p = o->only; *p != '\0'; p++) {
        n += *p == ',';
    }
    o->only_text = strdup(o->only);
    o->only_names = calloc(n, sizeof(*o->only_names));
    if (o->only_text == NULL || o->only_names == NULL) {
        return error_set(err, "out of memory");
    }
    n = 0;
    rest = o->only_text;
    while ((name = strsep(&rest, ",")) != NULL) {
        struct slice cut = slice_trim(slice_of(name));

        if (cut.len == 0) {
            return error_set(
                err, "--columns: '%s' names an empty column", o->only);
        }
        name += cut.p - name;
        name[cut.len] = '\0';
        o->only_names[n++] = name;
    }
    o->input.columns.only = o->only_names;
    o->input.columns.n_only = n;
    return 0;
}

/* What needs the dataset: columns, codes and the condition. */
static int read_choice(struct row_options *o, struct error *err)
{
    if (cut_columns(o, err) != 0 ||
        column_choices_check(&o->input.columns, o->dataset, err) != 0) {
        return -1;
    }
    if (o->codes != NULL) {
        o->code_set = code_set_new(o->codes, err);
        if (o->code_set == NULL) {
            return -1;
        }
    }
    if (o->where != NULL) {
        o->condition = where_new(o->where, o->dataset, err);
        if (o->condition == NULL) {
            return -1;
        }
    }
    o->input.choice.codes = o->code_set;
    o->input.choice.where = o->condition;
    return 0;
}

int row_options_resolve(
    struct row_options *o, const struct config *config, struct error *err)
{
    const char *name = o->dataset_name;

    if (name == NULL) {
        name = config_text(config, "bridge.dataset");
    }
    o->dataset =
        dataset_load(name != NULL ? name : ROW_OPTIONS_DEFAULT_DATASET, err);
    if (o->dataset == NULL || read_choice(o, err) != 0) {
        return -1;
    }
    if (o->input.choice.top > 0 &&
        o->dataset->rank_column == DATASET_NO_COLUMN) {
        return error_set(err,
            "--top: dataset %s has no rank column to choose by",
            o->dataset->name);
    }
    if (read_days(o, err) != 0 ||
        file_list_fill(&o->paths, o->files, o->n_files, err) != 0) {
        return -1;
    }
    o->input.dataset = o->dataset;
    o->input.paths = o->paths.paths;
    o->input.n_paths = o->paths.n;
    return 0;
}

void row_options_fini(struct row_options *o)
{
    free(o->with);
    free(o->only_names);
    free(o->only_text);
    code_set_free(o->code_set);
    where_free(o->condition);
    file_list_fini(&o->paths);
    dataset_free(o->dataset);
}
