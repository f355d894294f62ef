/* How a dataset's columns are shown: description, number format, aggregate. */
#include "mappings/dataset_private.h"

#include "mappings/shape.h"

#include <string.h>

#define THOUSANDS "#,##0"

static const struct {
    const char *word;
    enum column_aggregate aggregate;
} aggregates[] = {
    {"sum", AGGREGATE_SUM},
    {"avg", AGGREGATE_AVG},
    {"min", AGGREGATE_MIN},
    {"max", AGGREGATE_MAX},
};

static bool is_number(enum column_type type)
{
    return type == COLUMN_LONG || type == COLUMN_INTEGER ||
           type == COLUMN_DOUBLE;
}

/* AGGREGATE_NONE: it is none of the words. */
static enum column_aggregate aggregate_of(const char *word)
{
    for (size_t i = 0; i < sizeof(aggregates) / sizeof(aggregates[0]); i++) {
        if (strcmp(word, aggregates[i].word) == 0) {
            return aggregates[i].aggregate;
        }
    }
    return AGGREGATE_NONE;
}

/* #,##0 and, where fractions count, a point with zeros behind it. */
static bool is_format(const char *text)
{
    size_t n = strlen(THOUSANDS);

    if (strncmp(text, THOUSANDS, n) != 0) {
        return false;
    }
    text += n;
    return *text == '\0' || (*text == '.' && text[1] != '\0' &&
                                text[1 + strspn(text + 1, "0")] == '\0');
}

int dataset_check_display(const json_t *json, enum column_type type,
    const char *path, struct error *err)
{
    const char *format = shape_text(json, "format");
    const char *aggregate = shape_text(json, "aggregate");

    if (!is_number(type) && (format != NULL || aggregate != NULL)) {
        return error_set(err, "%s.%s is for numbers (long, integer, double)",
            path, format != NULL ? "format" : "aggregate");
    }
    if (format != NULL && !is_format(format)) {
        return error_set(err,
            "%s.format: \"%s\" is none of #,##0 and #,##0.00 (with as many "
            "zeros as wanted)",
            path, format);
    }
    if (aggregate != NULL && aggregate_of(aggregate) == AGGREGATE_NONE) {
        return error_set(err,
            "%s.aggregate: \"%s\" is none of sum, avg, min and max", path,
            aggregate);
    }
    return 0;
}

struct dataset_display dataset_display(const struct dataset *ds, size_t column)
{
    const json_t *json =
        json_array_get(json_object_get(ds->private_->root, "columns"), column);
    enum column_type type = ds->columns[column].type;
    const char *aggregate = shape_text(json, "aggregate");
    struct dataset_display d = {shape_text(json, "description"),
        shape_text(json, "format"), AGGREGATE_NONE};

    if (aggregate != NULL) {
        d.aggregate = aggregate_of(aggregate);
    } else if (is_number(type)) {
        d.aggregate = type == COLUMN_DOUBLE ? AGGREGATE_AVG : AGGREGATE_SUM;
    }
    return d;
}
