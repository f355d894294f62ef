/* The search of an export; see export_query.h. */
#include "export/export_query.h"

#include "common/civil.h"
#include "common/json_write.h"

#define MS_PER_DAY INT64_C(86400000)
#define MS_PER_MINUTE INT64_C(60000)

static struct slice name_of(const struct dataset *dataset, size_t column)
{
    return slice_of(dataset->columns[column].name);
}

/* ,"gte":"2022-01-03" for a column of days, ,"gte":1641135600000 else. */
static int write_bound(const struct dataset *dataset, const char *bound,
    int64_t ms, struct buf *out)
{
    char day[CIVIL_DATE_BYTES + 1];

    if (dataset->columns[dataset->time_column].type != COLUMN_DATE) {
        return buf_printf(out, ",\"%s\":%lld", bound, (long long)ms);
    }
    civil_format(
        (ms + dataset->utc_offset_minutes * MS_PER_MINUTE) / MS_PER_DAY, day);
    return buf_printf(out, ",\"%s\":\"%s\"", bound, day);
}

static int write_days(const struct dataset *dataset,
    const struct row_choice *choice, struct buf *out)
{
    bool from = choice->from_ms != INT64_MIN;
    bool until = choice->until_ms != ROW_CHOICE_EVER;
    bool days = dataset->columns[dataset->time_column].type == COLUMN_DATE;

    if (!from && !until) {
        return 0;
    }
    return buf_append_str(out, ",{\"range\":{") == 0 &&
                   json_write_string(
                       out, name_of(dataset, dataset->time_column)) == 0 &&
                   buf_printf(out, ":{\"format\":\"%s\"",
                       days ? "strict_date" : "epoch_millis") == 0 &&
                   (!from || write_bound(
                                 dataset, "gte", choice->from_ms, out) == 0) &&
                   (!until || write_bound(
                                  dataset, "lt", choice->until_ms, out) == 0) &&
                   buf_append_str(out, "}}}") == 0
               ? 0
               : -1;
}

static int write_codes(const struct dataset *dataset,
    const struct code_set *codes, struct buf *out)
{
    if (codes == NULL) {
        return 0;
    }
    if (buf_append_str(out, ",{\"terms\":{") != 0 ||
        json_write_string(out, name_of(dataset, dataset->key_column)) != 0 ||
        buf_append_str(out, ":[") != 0) {
        return -1;
    }
    for (size_t i = 0; i < code_set_count(codes); i++) {
        if ((i > 0 && buf_append_char(out, ',') != 0) ||
            json_write_string(out, code_set_at(codes, i)) != 0) {
            return -1;
        }
    }
    return buf_append_str(out, "]}}");
}

static int write_ranks(
    const struct dataset *dataset, int64_t top, struct buf *out)
{
    if (top <= 0) {
        return 0;
    }
    return buf_append_str(out, ",{\"range\":{") == 0 &&
                   json_write_string(
                       out, name_of(dataset, dataset->rank_column)) == 0 &&
                   buf_printf(out, ":{\"lte\":%lld}}}", (long long)top) == 0
               ? 0
               : -1;
}

int export_query_write(const struct dataset *dataset,
    const struct row_choice *choice, struct buf *out, struct error *err)
{
    static const char head[] = "{\"bool\":{\"filter\":[";
    size_t first;

    buf_clear(out);
    if (choice->codes != NULL &&
        code_set_count(choice->codes) > EXPORT_MAX_CODES) {
        return error_set(err,
            "--codes: %zu codes are more than an engine takes at once (%d); "
            "export without --codes, or in parts",
            code_set_count(choice->codes), EXPORT_MAX_CODES);
    }
    if (buf_append_str(out, head) != 0 ||
        write_days(dataset, choice, out) != 0 ||
        write_codes(dataset, choice->codes, out) != 0 ||
        write_ranks(dataset, choice->top, out) != 0) {
        return error_set(err, "--codes: the codes are too long together");
    }
    first = sizeof(head) - 1;
    if (out->len_bytes == first) {
        buf_clear(out);
        return 0;
    }
    out->data[first] = ' '; /* over the first filter's comma */
    return buf_append_str(out, "]}}") == 0 ? 0
                                           : error_set(err, "out of memory");
}

static int write_order(
    const struct dataset *dataset, size_t column, struct buf *out)
{
    return buf_append_char(out, '{') == 0 &&
                   json_write_string(out, name_of(dataset, column)) == 0 &&
                   buf_append_str(out, ":{\"order\":\"asc\"}}") == 0
               ? 0
               : -1;
}

int export_query_sort(const struct dataset *dataset, struct buf *out)
{
    size_t key = dataset->key_column;

    buf_clear(out);
    if (write_order(dataset, dataset->time_column, out) != 0) {
        return -1;
    }
    if (key == dataset->time_column ||
        dataset->columns[key].type == COLUMN_TEXT) {
        return 0;
    }
    return buf_append_char(out, ',') == 0 ? write_order(dataset, key, out) : -1;
}
