/* One CSV file's chosen rows; see source_file.h. */
#include "replay/source_file.h"

#include "common/buf.h"

#include <string.h>

static int bind_header(struct source_file *f, const struct dataset *dataset,
    const struct column_choices *columns, struct error *err)
{
    if (column_map_init(&f->map, dataset, csv_reader_header(f->reader),
            csv_reader_column_count(f->reader), columns, err) != 0 ||
        row_choice_check(f->choice, &f->map, err) != 0) {
        return error_prefix(err, "%s: ", f->name);
    }
    return 0;
}

int source_file_open(struct source_file *f, const struct dataset *dataset,
    const struct column_choices *columns, struct error *err)
{
    f->event_ms = INT64_MIN;
    f->name = csv_name_of(f->path);
    row_clean_init(&f->clean);
    f->reader = csv_reader_open(f->path, &f->csv, err);
    if (f->reader == NULL || bind_header(f, dataset, columns, err) != 0) {
        return -1;
    }
    f->read_bytes = csv_reader_place(f->reader, &f->size_bytes);
    return 0;
}

static bool has_header(const struct csv_reader *a, const struct csv_reader *b)
{
    size_t n = csv_reader_column_count(a);

    if (n != csv_reader_column_count(b)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (!slice_eq(csv_reader_header(a)[i], csv_reader_header(b)[i])) {
            return false;
        }
    }
    return true;
}

int source_file_reopen(struct source_file *f, struct error *err)
{
    struct csv_reader *again = csv_reader_open(f->path, &f->csv, err);

    if (again == NULL) {
        return -1;
    }
    if (!has_header(f->reader, again)) {
        csv_reader_free(again);
        return error_set(
            err, "%s: was changed while it was being replayed", f->path);
    }
    csv_reader_free(f->reader);
    f->reader = again;
    f->event_ms = INT64_MIN;
    f->any_time = false;
    f->time_len = 0;
    return 0;
}

void source_file_close(struct source_file *f)
{
    csv_reader_free(f->reader);
    f->reader = NULL;
}

void source_file_fini(struct source_file *f)
{
    source_file_close(f);
    row_clean_fini(&f->clean);
    column_map_fini(&f->map);
}

/* Say of the row at hand what err says of one of its columns. */
static enum row_source_result bad_row(struct source_file *f)
{
    (void)error_prefix(&f->err, "%s:%lld: ", f->name, (long long)f->row.line);
    return ROW_SOURCE_BAD_ROW;
}

static enum row_source_result bad_time(struct source_file *f, struct slice time)
{
    const struct dataset_column *column = f->map.slots[f->map.time_slot].column;

    (void)error_set(&f->err, "%s: '%.*s' %s", column->name,
        (int)(time.len < 40 ? time.len : 40), time.p,
        column->type == COLUMN_DATE
            ? "is not a date that exists, as YYYY-MM-DD"
            : "is not a time in milliseconds since 1970");
    return bad_row(f);
}

static enum row_source_result out_of_order(
    struct source_file *f, struct slice time)
{
    (void)error_set(&f->err,
        "%s: %.*s comes after %.*s; a file must be in time order: sort it "
        "first, or use --sort",
        f->map.slots[f->map.time_slot].column->name, (int)time.len, time.p,
        (int)f->time_len, f->time_text);
    (void)bad_row(f);
    return ROW_SOURCE_FAILED;
}

/* Read the row's event time; rows of one day share the work. */
static enum row_source_result read_time(struct source_file *f)
{
    struct slice time = f->row.fields[f->map.time_slot];
    int64_t event_ms;

    if (f->any_time &&
        slice_eq(time, (struct slice){f->time_text, f->time_len})) {
        return ROW_SOURCE_ROW;
    }
    if (time.len > SOURCE_TIME_TEXT_BYTES ||
        dataset_event_ms(f->map.dataset, time, &event_ms) != 0) {
        return bad_time(f, time);
    }
    if (f->any_time && event_ms < f->event_ms && !f->any_order) {
        return out_of_order(f, time);
    }
    memcpy(f->time_text, time.p, time.len);
    f->time_len = time.len;
    f->event_ms = event_ms;
    f->any_time = true;
    return ROW_SOURCE_ROW;
}

static enum row_source_result read_row(struct source_file *f)
{
    switch (csv_reader_next(f->reader, &f->row, &f->err)) {
    case CSV_READER_ROW:
        return row_clean_apply(&f->clean, &f->map, f->row.fields, &f->err) == 0
                   ? read_time(f)
                   : bad_row(f);
    case CSV_READER_END:
        return ROW_SOURCE_END;
    case CSV_READER_BAD_ROW:
        return ROW_SOURCE_BAD_ROW;
    case CSV_READER_FAILED:
        break;
    }
    return ROW_SOURCE_FAILED;
}

void source_file_next(struct source_file *f, int64_t left_out[LEFT_REASONS])
{
    enum row_left_out left;

    for (;;) {
        f->head = read_row(f);
        f->read_bytes = csv_reader_place(f->reader, &f->size_bytes);
        if (f->head != ROW_SOURCE_ROW) {
            return;
        }
        if (row_choice_judge(f->choice, &f->map, f->row.fields, f->event_ms,
                &left, &f->err) != 0) {
            f->head = bad_row(f);
            return;
        }
        if (left == LEFT_REASONS) {
            return;
        }
        left_out[left]++;
    }
}
