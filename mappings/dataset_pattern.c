/*
 * The patterns of a dataset, index and id, checked against its columns. A
 * pattern is text with %{NAME} or, for a date, %{NAME:FORMAT}; NAME is a
 * column or a part of the Kafka record (_topic, _partition, ...). The bridge
 * fills them in (bridge/pattern.h).
 */
#include "mappings/dataset_private.h"

#include "common/suggest.h"

#include <string.h>

/* Elasticsearch's rules for an index name (MetadataCreateIndexService,
 * validateIndexOrAliasName): no upper case, none of these, not these first. */
#define INDEX_FORBIDDEN "\\/*?\"<>| ,#:"
#define INDEX_FORBIDDEN_FIRST "-_+."

#define MAX_FIELD_BYTES 128

struct field {
    char name[MAX_FIELD_BYTES];
    bool has_format;
};

static const char *const record_fields[] = {
    "_topic", "_partition", "_offset", "_key", "_timestamp"};

static bool is_record_field(const char *name)
{
    for (size_t i = 0; i < sizeof(record_fields) / sizeof(*record_fields);
         i++) {
        if (strcmp(record_fields[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * The next %{...} at or after *at: 1 with *f and *at behind it, 0 when there
 * is none, -1 with err.
 */
static int next_field(
    const char *what, const char **at, struct field *f, struct error *err)
{
    const char *open = strstr(*at, "%{");
    const char *close;
    size_t n;

    if (open == NULL) {
        return 0;
    }
    close = strchr(open, '}');
    if (close == NULL) {
        return error_set(err, "%s: \"%s\" lacks its }", what, open);
    }
    n = strcspn(open + 2, ":}");
    if (n == 0 || n >= sizeof(f->name)) {
        return error_set(err, "%s: %.*s names no column", what,
            (int)(close + 1 - open), open);
    }
    memcpy(f->name, open + 2, n);
    f->name[n] = '\0';
    f->has_format = open[2 + n] == ':';
    *at = close + 1;
    return 1;
}

static int no_such_column(const struct dataset *ds, const char *what,
    const char *name, struct error *err)
{
    struct suggest s;
    const char *best;

    suggest_start(&s, name);
    for (size_t i = 0; i < ds->n_columns; i++) {
        suggest_offer(&s, ds->columns[i].name);
    }
    for (size_t i = 0; i < sizeof(record_fields) / sizeof(*record_fields);
         i++) {
        suggest_offer(&s, record_fields[i]);
    }
    best = suggest_best(&s);
    if (best != NULL) {
        return error_set(
            err, "%s: no column '%s'; did you mean '%s'?", what, name, best);
    }
    return error_set(err,
        "%s: no column '%s'; name one of columns, or one of _topic, "
        "_partition, _offset, _key, _timestamp",
        what, name);
}

static int check_field(struct dataset *ds, const char *what,
    const struct field *f, struct error *err)
{
    struct dataset_column *column;
    size_t i;

    if (is_record_field(f->name)) {
        return f->has_format
                   ? error_set(err, "%s: %s takes no format", what, f->name)
                   : 0;
    }
    i = dataset_find_column(ds, slice_of(f->name));
    if (i == DATASET_NO_COLUMN || strcmp(ds->columns[i].name, f->name) != 0) {
        return no_such_column(ds, what, f->name, err);
    }
    column = &ds->private_->columns[i];
    if (f->has_format && column->type != COLUMN_DATE) {
        return error_set(err,
            "%s: column '%s' is not of type date, so it takes no format", what,
            f->name);
    }
    if (column->dropped || column->optional) {
        return error_set(err,
            "%s: column '%s' may be absent (\"drop\" or \"optional\"), so it "
            "cannot be part of the %s",
            what, f->name, what);
    }
    column->required = true;
    return 0;
}

static int check_pattern(struct dataset *ds, const char *what,
    const char *pattern, struct error *err)
{
    struct field f;
    int got;

    while ((got = next_field(what, &pattern, &f, err)) == 1) {
        if (check_field(ds, what, &f, err) != 0) {
            return -1;
        }
    }
    return got;
}

/* Mark the columns of the id; check_pattern has found it sound. */
static int mark_id(struct dataset *ds, struct error *err)
{
    const char *at = ds->id;
    struct field f;
    int got;

    ds->id_is_of_row = true;
    while ((got = next_field("id", &at, &f, err)) == 1) {
        if (is_record_field(f.name)) {
            ds->id_is_of_row = false;
            continue;
        }
        size_t i = dataset_find_column(ds, slice_of(f.name));

        ds->private_->columns[i].in_id = true;
        ds->id_has_time =
            ds->id_has_time || (i == ds->time_column && !f.has_format);
    }
    return got;
}

/* The fixed text of the index pattern must be able to name an index. */
static int check_index_text(const char *pattern, struct error *err)
{
    if (strchr(INDEX_FORBIDDEN_FIRST, pattern[0]) != NULL) {
        return error_set(
            err, "index: \"%s\" must not begin with '%c'", pattern, pattern[0]);
    }
    for (const char *p = pattern; *p != '\0'; p++) {
        if (p[0] == '%' && p[1] == '{') {
            p = strchr(p, '}'); /* check_pattern has seen it */
            continue;
        }
        if ((*p >= 'A' && *p <= 'Z') || strchr(INDEX_FORBIDDEN, *p) != NULL) {
            return error_set(err,
                "index: \"%s\" holds '%c'; Elasticsearch takes small letters, "
                "digits, '-' and '_'",
                pattern, *p);
        }
    }
    return 0;
}

static int check_version(const struct dataset *ds, struct error *err)
{
    size_t i;

    if (strcmp(ds->version, "timestamp") == 0 ||
        strcmp(ds->version, "none") == 0) {
        return 0;
    }
    i = dataset_find_column(ds, slice_of(ds->version));
    if (i == DATASET_NO_COLUMN) {
        return error_set(err,
            "version: \"%s\" is neither \"timestamp\" nor \"none\" nor a "
            "column",
            ds->version);
    }
    if (ds->columns[i].type != COLUMN_LONG &&
        ds->columns[i].type != COLUMN_INTEGER &&
        ds->columns[i].type != COLUMN_EPOCH_MS) {
        return error_set(err,
            "version: column '%s' must be of type long, integer or epoch_ms",
            ds->version);
    }
    return 0;
}

int dataset_check_patterns(struct dataset *ds, struct error *err)
{
    if (check_pattern(ds, "index", ds->index, err) != 0 ||
        check_index_text(ds->index, err) != 0 ||
        check_pattern(ds, "id", ds->id, err) != 0 || mark_id(ds, err) != 0) {
        return -1;
    }
    return check_version(ds, err);
}
