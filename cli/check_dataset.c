/* A dataset file tried out; see check_dataset.h. */
#include "cli/check_dataset.h"

#include "common/buf.h"
#include "mappings/sql_lint.h"
#include "replay/row_json.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const type_names[] = {
    [COLUMN_KEYWORD] = "keyword",
    [COLUMN_TEXT] = "text",
    [COLUMN_LONG] = "long",
    [COLUMN_INTEGER] = "integer",
    [COLUMN_DOUBLE] = "double",
    [COLUMN_DATE] = "date",
    [COLUMN_EPOCH_MS] = "epoch_ms",
};

static void print_column(const struct dataset *ds, size_t i)
{
    const struct dataset_column *c = &ds->columns[i];

    (void)printf("  %-20s %-9s%s%s%s%s%s%s", c->name, type_names[c->type],
        i == ds->time_column ? " time" : "", i == ds->key_column ? " key" : "",
        c->in_id ? " id" : "", c->required ? " required" : "",
        c->optional ? " optional" : "", c->dropped ? " dropped" : "");
    for (size_t a = 0; a < c->n_aliases; a++) {
        (void)printf("%s%s", a == 0 ? ", also " : ", ", c->aliases[a]);
    }
    (void)putchar('\n');
}

static void print_dataset(const struct dataset *ds)
{
    (void)printf("dataset %s, schema version %d: %s\n", ds->name,
        ds->schema_version, ds->description);
    for (size_t i = 0; i < ds->n_columns; i++) {
        print_column(ds, i);
    }
    (void)printf(
        "  index %s, id %s, version %s\n", ds->index, ds->id, ds->version);
    (void)printf("  read through the alias %s, written to %s\n", ds->alias,
        ds->writes_to);
    if (!ds->id_is_of_row || !ds->id_has_time) {
        (void)printf("  (two rows of one id are not looked for: the id %s)\n",
            ds->id_is_of_row ? "does not hold the time"
                             : "is of the Kafka record");
    }
}

/* What SQL tools would stumble over is no fault of the rows: said, no more. */
static int print_sql_lint(const struct dataset *ds, struct error *err)
{
    struct plan_lines lines = {.items = NULL};
    int rc = sql_lint_dataset(&lines, ds, err);

    for (size_t i = 0; rc == 0 && i < lines.n; i++) {
        (void)printf("  note for SQL tools: %s: %s\n", lines.items[i].path,
            lines.items[i].why);
    }
    plan_lines_fini(&lines);
    return rc;
}

/* Read all rows as replay would; a bad row is an error. */
static int try_rows(struct row_source *source, int64_t *rows, struct error *err)
{
    enum row_source_result result;
    struct source_row row;
    struct buf line;

    buf_init(&line, ROW_JSON_MAX_BYTES);
    while ((result = row_source_next(source, &row, err)) == ROW_SOURCE_ROW) {
        buf_clear(&line);
        if (row_json_write(row.map, row.fields, &line, err) != 0) {
            (void)error_prefix(err, "%s:%lld: ", row.path, (long long)row.line);
            result = ROW_SOURCE_BAD_ROW;
            break;
        }
        if (++*rows == 1) {
            (void)printf("first row of %s\n  %s\n", row.path, buf_str(&line));
        }
    }
    buf_fini(&line);
    return result == ROW_SOURCE_END ? 0 : -1;
}

int check_dataset(
    const char *name, const struct row_input *input, struct error *err)
{
    struct dataset *ds = dataset_load(name, err);
    struct row_input own = *input;
    struct row_source *source;
    int64_t rows = 0;
    int result = 0;

    if (ds == NULL) {
        return -1;
    }
    print_dataset(ds);
    result = print_sql_lint(ds, err);
    if (result == 0 && input->n_paths > 0) {
        own.dataset = ds;
        source = row_source_open(&own, err);
        result = source != NULL ? try_rows(source, &rows, err) : -1;
        row_source_free(source);
        if (result == 0) {
            (void)printf("%" PRId64 " rows of %zu file%s fit\n", rows,
                input->n_paths, input->n_paths == 1 ? "" : "s");
        }
    }
    dataset_free(ds);
    return result;
}
