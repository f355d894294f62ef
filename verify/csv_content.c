/* CSV rows in canonical form; see csv_content.h. */
#include "verify/csv_content.h"

#include "common/civil.h"
#include "common/utf8.h"
#include "verify/decimal.h"

#define SHOWN_BYTES 40 /* of a bad value, in messages */

static int refuse(const struct dataset_column *column, struct slice value,
    const char *why, struct error *err)
{
    return error_set(err, "%s: '%.*s' %s", column->name,
        (int)(value.len < SHOWN_BYTES ? value.len : SHOWN_BYTES), value.p, why);
}

static int no_memory(struct error *err)
{
    return error_set(err, "out of memory");
}

static int add_text(const struct dataset_column *column, struct slice value,
    struct content *c, struct error *err)
{
    if (!utf8_is_valid(value)) {
        return refuse(column, value, "is not UTF-8", err);
    }
    return content_add_string(c, slice_of(column->name), value) == 0
               ? 0
               : no_memory(err);
}

static int add_date(const struct dataset_column *column, struct slice value,
    struct content *c, struct error *err)
{
    int64_t day;

    if (civil_parse(value, &day) != 0) {
        return refuse(
            column, value, "is not a date that exists, as YYYY-MM-DD", err);
    }
    return content_add_string(c, slice_of(column->name), value) == 0
               ? 0
               : no_memory(err);
}

static int add_whole(const struct dataset_column *column, struct slice value,
    int64_t least, int64_t most, struct content *c, struct error *err)
{
    struct slice digits;

    if (!decimal_whole(value, least, most, &digits)) {
        return refuse(column, value,
            most == INT32_MAX ? "is not a whole number of 32 bits"
                              : "is not a whole number of 64 bits",
            err);
    }
    return content_add_number(c, slice_of(column->name), digits) == 0
               ? 0
               : no_memory(err);
}

static int add_decimal(const struct dataset_column *column, struct slice value,
    struct content *c, struct error *err)
{
    if (!decimal_is_finite(value) ||
        content_add_number(c, slice_of(column->name), value) != 0) {
        return refuse(
            column, value, "is not a plain number that a double holds", err);
    }
    return 0;
}

static int add_value(const struct dataset_column *column, struct slice value,
    struct content *c, struct error *err)
{
    switch (column->type) {
    case COLUMN_KEYWORD:
    case COLUMN_TEXT:
        return add_text(column, value, c, err);
    case COLUMN_LONG:
    case COLUMN_EPOCH_MS:
        return add_whole(column, value, INT64_MIN, INT64_MAX, c, err);
    case COLUMN_INTEGER:
        return add_whole(column, value, INT32_MIN, INT32_MAX, c, err);
    case COLUMN_DOUBLE:
        return add_decimal(column, value, c, err);
    case COLUMN_DATE:
        return add_date(column, value, c, err);
    }
    return -1;
}

int csv_content(const struct column_map *map, const struct slice *fields,
    struct content *c, struct error *err)
{
    content_clear(c);
    for (size_t i = 0; i < map->n_slots; i++) {
        const struct dataset_column *column = map->slots[i].column;

        if (column == NULL || !map->slots[i].written) {
            continue;
        }
        if (fields[i].len > 0) {
            if (add_value(column, fields[i], c, err) != 0) {
                return -1;
            }
        } else if (column->required) {
            return error_set(
                err, "%s: empty, and the dataset requires it", column->name);
        }
    }
    return 0;
}
