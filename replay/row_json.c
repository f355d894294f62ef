/*
 * Rows to JSON; see row_json.h. Room for the whole row is reserved at its
 * start, so that the bytes themselves are written without asking again.
 */
#include "replay/row_json.h"

#include "common/civil.h"
#include "common/json_write.h"
#include "common/utf8.h"
#include "replay/number_text.h"

#include <string.h>

#define SHOWN_BYTES 40 /* of a bad value, in messages */

/* Append where row_json_write has reserved room. */
static void put(struct buf *out, struct slice s)
{
    memcpy(out->data + out->len_bytes, s.p, s.len);
    out->len_bytes += s.len;
}

static void put_char(struct buf *out, char c)
{
    out->data[out->len_bytes++] = c;
}

/* Say that the value of column is unusable, and why. */
static int refuse(const struct dataset_column *column, struct slice value,
    const char *why, struct error *err)
{
    bool cut = value.len > SHOWN_BYTES;

    return error_set(err, "%s: '%.*s%s' %s", column->name,
        (int)(cut ? SHOWN_BYTES : value.len), value.p, cut ? "..." : "", why);
}

static int refuse_number(const struct dataset_column *column,
    struct slice value, enum number_fault fault, const char *not_one,
    const char *too_large, struct error *err)
{
    switch (fault) {
    case NUMBER_OUT_OF_RANGE:
        return refuse(column, value, too_large, err);
    case NUMBER_NOT_PLAIN:
        return refuse(column, value,
            "is not a plain number: write it without '+', leading zeros or a "
            "bare point",
            err);
    case NUMBER_NOT_ONE:
    case NUMBER_FINE:
        break;
    }
    return refuse(column, value, not_one, err);
}

static int refuse_bytes(const struct dataset_column *column, struct slice value,
    size_t at, struct error *err)
{
    return error_set(err,
        "%s: byte %zu, 0x%02X, is not UTF-8; is the file CP949? Then "
        "use --encoding cp949",
        column->name, at + 1, (unsigned)(unsigned char)value.p[at]);
}

static int put_string(const struct dataset_column *column, struct slice value,
    struct buf *out, struct error *err)
{
    size_t valid = utf8_valid_bytes(value);
    const char *end;

    if (valid != value.len) {
        return refuse_bytes(column, value, valid, err);
    }
    end = json_put_string(out->data + out->len_bytes, value);
    out->len_bytes = (size_t)(end - out->data);
    return 0;
}

static int put_whole(const struct dataset_column *column, struct slice value,
    int64_t least, int64_t most, struct buf *out, struct error *err)
{
    struct slice digits;
    int64_t number = 0;
    enum number_fault fault = number_read_whole(value, &digits, &number);

    if (fault == NUMBER_FINE && (number < least || number > most)) {
        fault = NUMBER_OUT_OF_RANGE;
    }
    if (fault != NUMBER_FINE) {
        return refuse_number(column, value, fault, "is not a whole number",
            most == INT32_MAX ? "is out of a 32-bit integer's range"
                              : "is out of a 64-bit long's range",
            err);
    }
    put(out, digits);
    return 0;
}

static int put_decimal(const struct dataset_column *column, struct slice value,
    struct buf *out, struct error *err)
{
    enum number_fault fault = number_check_decimal(value);

    if (fault != NUMBER_FINE) {
        return refuse_number(column, value, fault, "is not a decimal number",
            "is out of a double's range", err);
    }
    put(out, value);
    return 0;
}

static int put_date(const struct dataset_column *column, struct slice value,
    struct buf *out, struct error *err)
{
    int64_t days;

    if (civil_parse(value, &days) != 0) {
        return refuse(
            column, value, "is not a date that exists, as YYYY-MM-DD", err);
    }
    put_char(out, '"');
    put(out, value);
    put_char(out, '"');
    return 0;
}

static int put_value(const struct dataset_column *column, struct slice value,
    struct buf *out, struct error *err)
{
    switch (column->type) {
    case COLUMN_KEYWORD:
    case COLUMN_TEXT:
        return put_string(column, value, out, err);
    case COLUMN_LONG:
    case COLUMN_EPOCH_MS:
        return put_whole(column, value, INT64_MIN, INT64_MAX, out, err);
    case COLUMN_INTEGER:
        return put_whole(column, value, INT32_MIN, INT32_MAX, out, err);
    case COLUMN_DOUBLE:
        return put_decimal(column, value, out, err);
    case COLUMN_DATE:
        return put_date(column, value, out, err);
    }
    return -1;
}

/* Room for the longest line that these fields can give. */
static int reserve_row(
    const struct column_map *map, const struct slice *fields, struct buf *out)
{
    size_t most = 2;

    for (size_t i = 0; i < map->n_slots; i++) {
        most += map->slots[i].label.len + JSON_STRING_MAX_BYTES(fields[i].len);
    }
    return buf_reserve(out, most);
}

int row_json_write(const struct column_map *map, const struct slice *fields,
    struct buf *out, struct error *err)
{
    size_t start = out->len_bytes;

    if (reserve_row(map, fields, out) != 0) {
        return error_set(err, "the row is too large for a line of JSON");
    }
    for (size_t i = 0; i < map->n_slots; i++) {
        const struct column_slot *slot = &map->slots[i];

        if (!slot->written) {
            continue;
        }
        if (fields[i].len == 0) {
            if (slot->column->required) {
                out->len_bytes = start;
                return error_set(err, "%s: empty, and the dataset requires it",
                    slot->column->name);
            }
            continue;
        }
        put(out, slot->label);
        if (put_value(slot->column, fields[i], out, err) != 0) {
            out->len_bytes = start;
            return -1;
        }
    }
    if (out->len_bytes == start) {
        put_char(out, '{');
    }
    out->data[start] = '{'; /* over the first label's comma */
    put_char(out, '}');
    return 0;
}
