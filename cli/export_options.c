/*
 * The options of naru export; see export_options.h. Which rows are meant is
 * said by the words that replay and verify take, where they apply to an index.
 */
#include "cli/export_options.h"

#include "cli/commands.h"
#include "cli/index_name.h"
#include "common/options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NAME_MAX_BYTES 1024

enum option_id {
    OPT_BOM = 1,
    OPT_CONFIG,
    OPT_CRLF,
    OPT_FORCE,
    OPT_FORMAT,
    OPT_HELP,
    OPT_NO_BOM,
    OPT_OUT,
    OPT_QUIET,
    OPT_SET
};

static const struct option_row rows[] = {
    {OPT_OUT, "out", 'o', "FILE",
        "write there; packed when it ends in .gz; - is standard\n"
        "output (the default)"},
    {OPT_FORCE, "force", 'f', NULL, "overwrite FILE"},
    {ROW_OPT_FROM, "from", 0, "DATE", "only rows of this day and later"},
    {ROW_OPT_TO, "to", 0, "DATE", "only rows of this day and earlier"},
    {ROW_OPT_CODES, "codes", 0, "LIST",
        "only rows of these keys: 005930,000660 or @FILE"},
    {ROW_OPT_TOP, "top", 0, "N",
        "only the N first of each day by rank (0: all)"},
    {ROW_OPT_WHERE, "where", 0, "EXPR",
        "only rows of which this is true, as in naru replay:\n"
        "\"Market = 'KOSPI' and Volume >= 100000\""},
    {ROW_OPT_COLUMNS, "columns", 0, "LIST",
        "only these columns, in this order, e.g. Date,Code,Close"},
    {ROW_OPT_WITH, "with", 0, "COLUMN",
        "also a column that the dataset drops, e.g. Dept; may\n"
        "be repeated"},
    ROW_OPTIONS_DATASET_LINE,
    {OPT_FORMAT, "format", 0, "FORMAT", "csv, which is all there is"},
    {OPT_BOM, "bom", 0, NULL,
        "begin with a byte order mark, by which Excel knows\n"
        "UTF-8 (the default)"},
    {OPT_NO_BOM, "no-bom", 0, NULL, "begin with the header"},
    {OPT_CRLF, "crlf", 0, NULL, "end lines with CR LF instead of LF"},
    {OPT_CONFIG, "config", 'c', "FILE", "settings (naru.conf, if it exists)"},
    {OPT_SET, "set", 0, "S.KEY=VALUE",
        "one setting, e.g. elasticsearch.hosts=http://es:9200"},
    {OPT_QUIET, "quiet", 'q', NULL, "no progress and no summary"},
    {OPT_HELP, "help", 'h', NULL, "this help"},
};

const struct option_table export_option_table = {
    .command = "naru export",
    .usage = "naru export [INDEX] [--out FILE] [OPTIONS]",
    .about =
        "Writes the documents of an index as CSV: a header of the dataset's "
        "columns, then\na row a document, in order of event time and then of "
        "key (rows equal in both\ncome as they lie in the index). Numbers are "
        "the document's own text, so no digit\nis lost; what a document does "
        "not have is empty. The index is read as it stood at\none moment, "
        "however long it takes, and a page at a time.\n\n"
        "INDEX is an index, an alias or a pattern such as marcap-*; without it "
        "the\nconfiguration's bridge.index, else the dataset's.",
    .rows = rows,
    .n_rows = sizeof(rows) / sizeof(rows[0]),
    .after =
        "Examples:\n"
        "  naru export marcap --out marcap.csv\n"
        "  naru export marcap --from 2022-01-03 --to 2022-01-31 --out "
        "january.csv.gz\n"
        "  naru export --codes 005930 --columns Date,Close,Volume --no-bom | "
        "head\n"
        "  naru export marcap --where \"Market = 'KOSDAQ'\" --top 100 -o "
        "kosdaq.csv\n"
        "  naru export ohlcv --dataset ohlcv -c naru.conf --out bars.csv\n\n"
        "Exit codes: 0 done, 1 the index could not be read or the file not "
        "written (then\nthere is no file), 2 unusable arguments or "
        "configuration.",
};

static int take_format(const char *value, struct error *err)
{
    return strcmp(value, "csv") == 0
               ? 0
               : error_set(err, "--format: '%s' is not csv", value);
}

static int take_option(
    struct export_options *o, int id, const char *value, struct error *err)
{
    if (row_options_owns(id)) {
        return row_options_take(&o->rows, id, value, err);
    }
    switch ((enum option_id)id) {
    case OPT_BOM:
        o->byte_order_mark = true;
        break;
    case OPT_CONFIG:
        o->settings.file = value;
        break;
    case OPT_CRLF:
        o->crlf = true;
        break;
    case OPT_FORCE:
        o->force = true;
        break;
    case OPT_FORMAT:
        return take_format(value, err);
    case OPT_HELP:
        o->help = true;
        break;
    case OPT_NO_BOM:
        o->byte_order_mark = false;
        break;
    case OPT_OUT:
        o->out = value;
        break;
    case OPT_QUIET:
        o->quiet = true;
        break;
    case OPT_SET:
        return settings_add(&o->settings, value) == 0
                   ? 0
                   : error_set(err, "out of memory");
    }
    return 0;
}

static int take_operands(
    struct export_options *o, int n, char *const *operands, struct error *err)
{
    if (n > 1) {
        return error_set(err,
            "unexpected argument '%s'; one index, alias or pattern is read at "
            "a time, and the file is --out's",
            operands[1]);
    }
    o->index = n == 1 ? operands[0] : NULL;
    return 0;
}

static int read_argv(
    struct export_options *o, int argc, char **argv, struct error *err)
{
    struct options *pass = options_new(&export_option_table, argc, argv);
    const char *value;
    int id, rc = 0;

    if (pass == NULL) {
        return error_set(err, "out of memory");
    }
    while (rc == 0 && (id = options_next(pass, &value, err)) != OPTIONS_END) {
        rc = id == OPTIONS_BAD ? -1 : take_option(o, id, value, err);
    }
    if (rc == 0 && !o->help) {
        rc = take_operands(
            o, options_operand_count(pass), options_operands(pass), err);
    }
    options_free(pass);
    return rc;
}

static int choose_index(struct export_options *o, struct error *err)
{
    const char *pattern = config_text(o->config, "bridge.index");

    if (o->index == NULL) {
        if (index_name_widen(pattern != NULL ? pattern : o->rows.dataset->alias,
                &o->index_text, err) != 0) {
            return -1;
        }
        o->index = buf_str(&o->index_text);
    }
    return index_name_check("INDEX", o->index, err);
}

static int add_column(struct export_options *o, const char *option,
    size_t column, struct error *err)
{
    for (size_t i = 0; i < o->n_columns; i++) {
        if (o->columns[i] == column) {
            return error_set(err, "%s names column %s twice", option,
                o->rows.dataset->columns[column].name);
        }
    }
    o->columns[o->n_columns++] = column;
    return 0;
}

static int add_named(struct export_options *o, const char *option,
    const char *const *names, size_t n, struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (add_column(o, option,
                dataset_find_column(o->rows.dataset, slice_of(names[i])),
                err) != 0) {
            return -1;
        }
    }
    return 0;
}

static bool is_named(
    const struct dataset *ds, size_t column, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (dataset_find_column(ds, slice_of(names[i])) == column) {
            return true;
        }
    }
    return false;
}

/* --columns as they are named, else the dataset's order. */
static int choose_columns(struct export_options *o, struct error *err)
{
    const struct column_choices *c = &o->rows.input.columns;
    const struct dataset *ds = o->rows.dataset;

    o->columns = calloc(ds->n_columns, sizeof(*o->columns));
    if (o->columns == NULL) {
        return error_set(err, "out of memory");
    }
    if (c->n_only > 0) {
        return add_named(o, "--columns", c->only, c->n_only, err) == 0
                   ? add_named(o, "--with", c->with, c->n_with, err)
                   : -1;
    }
    for (size_t i = 0; i < ds->n_columns; i++) {
        if ((!ds->columns[i].dropped || is_named(ds, i, c->with, c->n_with)) &&
            add_column(o, "--with", i, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int check_out(const struct export_options *o, struct error *err)
{
    struct stat st;

    if (o->out[0] == '\0') {
        return error_set(err, "--out: name a file, or - for standard output");
    }
    if (strcmp(o->out, "-") == 0 || stat(o->out, &st) != 0) {
        return 0;
    }
    if (S_ISDIR(st.st_mode)) {
        return error_set(
            err, "--out: %s is a folder; name a file in it", o->out);
    }
    return o->force ? 0
                    : error_set(err, "--out: %s exists; --force overwrites it",
                          o->out);
}

int export_options_read(
    struct export_options *o, int argc, char **argv, struct error *err)
{
    *o = (struct export_options){.out = "-", .byte_order_mark = true};
    buf_init(&o->index_text, NAME_MAX_BYTES);
    if (read_argv(o, argc, argv, err) != 0) {
        return -1;
    }
    if (o->help) {
        options_print_help(&export_option_table);
        return 0;
    }
    o->config = settings_load(&o->settings, err);
    if (o->config == NULL ||
        row_options_resolve(&o->rows, o->config, err) != 0 ||
        choose_index(o, err) != 0 || choose_columns(o, err) != 0) {
        return -1;
    }
    return check_out(o, err);
}

void export_options_fini(struct export_options *o)
{
    settings_fini(&o->settings);
    buf_fini(&o->index_text);
    row_options_fini(&o->rows);
    free(o->columns);
    config_free(o->config);
}
