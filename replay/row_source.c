/*
 * The merge of CSV files; see row_source.h. Each file has its next chosen row
 * ready; a binary heap keeps the file with the earliest one on top. What went
 * wrong in a file waits there as well, at the time of the row before it.
 */
#include "replay/row_source.h"

#include "replay/csv_reader.h"
#include "replay/number_text.h"

#include <stdlib.h>
#include <string.h>

#define TIME_TEXT_BYTES 32

struct source_file {
    struct csv_reader *reader;
    struct column_map map;
    size_t place; /* on the command line */

    enum row_source_result head;
    struct csv_row row; /* when head is ROW */
    struct error err;   /* when it is BAD_ROW or FAILED */
    int64_t event_ms;   /* of the head, or of the row before it */
    bool any_time;

    char time_text[TIME_TEXT_BYTES]; /* the last time read, to know it again */
    size_t time_len;
};

struct row_source {
    const struct dataset *dataset;
    struct row_choice choice;
    struct source_file *files;
    size_t n_files;
    struct source_file **heap; /* those that still have something */
    size_t n_heap;
    bool top_used; /* its row was given out, so it must move on */
    int64_t left_out[LEFT_REASONS];
};

static bool comes_before(
    const struct source_file *a, const struct source_file *b)
{
    return a->event_ms != b->event_ms ? a->event_ms < b->event_ms
                                      : a->place < b->place;
}

static void sift_down(struct row_source *s, size_t i)
{
    for (;;) {
        size_t first = i;

        for (size_t child = 2 * i + 1; child <= 2 * i + 2; child++) {
            if (child < s->n_heap &&
                comes_before(s->heap[child], s->heap[first])) {
                first = child;
            }
        }
        if (first == i) {
            return;
        }
        struct source_file *moved = s->heap[i];
        s->heap[i] = s->heap[first];
        s->heap[first] = moved;
        i = first;
    }
}

static enum row_source_result bad_value(
    struct source_file *f, size_t slot, const char *why)
{
    struct slice value = f->row.fields[slot];

    (void)error_set(&f->err, "%s:%lld: %s: '%.*s' %s",
        csv_reader_path(f->reader), (long long)f->row.line,
        f->map.slots[slot].column->name, (int)(value.len < 40 ? value.len : 40),
        value.p, why);
    return ROW_SOURCE_BAD_ROW;
}

static const char *time_form(const struct column_map *map)
{
    return map->slots[map->time_slot].column->type == COLUMN_DATE
               ? "is not a date that exists, as YYYY-MM-DD"
               : "is not a time in milliseconds since 1970";
}

static enum row_source_result out_of_order(
    struct source_file *f, struct slice time)
{
    (void)error_set(&f->err,
        "%s:%lld: %s: %.*s comes after %.*s; a file must be in time order: "
        "sort it first",
        csv_reader_path(f->reader), (long long)f->row.line,
        f->map.slots[f->map.time_slot].column->name, (int)time.len, time.p,
        (int)f->time_len, f->time_text);
    return ROW_SOURCE_FAILED;
}

/* Read the row's event time; rows of one day share the work. */
static enum row_source_result read_time(
    const struct row_source *s, struct source_file *f)
{
    struct slice time = f->row.fields[f->map.time_slot];
    int64_t event_ms;

    if (f->any_time &&
        slice_eq(time, (struct slice){f->time_text, f->time_len})) {
        return ROW_SOURCE_ROW;
    }
    if (time.len > TIME_TEXT_BYTES ||
        dataset_event_ms(s->dataset, time, &event_ms) != 0) {
        return bad_value(f, f->map.time_slot, time_form(&f->map));
    }
    if (f->any_time && event_ms < f->event_ms) {
        return out_of_order(f, time);
    }
    memcpy(f->time_text, time.p, time.len);
    f->time_len = time.len;
    f->event_ms = event_ms;
    f->any_time = true;
    return ROW_SOURCE_ROW;
}

static bool has_no_volume(const struct source_file *f)
{
    return f->map.volume_slot != COLUMN_MAP_NO_SLOT &&
           number_is_zero(f->row.fields[f->map.volume_slot]);
}

/* Decide on the row at hand: *left is why it is left out, or LEFT_REASONS. */
static enum row_source_result choose(
    const struct row_source *s, struct source_file *f, enum row_left_out *left)
{
    const struct row_choice *c = &s->choice;
    struct slice digits;
    int64_t rank = 0;

    *left = LEFT_REASONS;
    if (f->event_ms < c->from_ms ||
        (c->until_ms != ROW_SOURCE_EVER && f->event_ms >= c->until_ms)) {
        *left = LEFT_BY_DATE;
        return ROW_SOURCE_ROW;
    }
    if (!c->keep_zero_volume && has_no_volume(f)) {
        *left = LEFT_BY_VOLUME;
        return ROW_SOURCE_ROW;
    }
    if (c->top > 0) {
        if (number_read_whole(f->row.fields[f->map.rank_slot], &digits,
                &rank) != NUMBER_FINE) {
            return bad_value(f, f->map.rank_slot, "is not a whole number");
        }
        if (rank > c->top) {
            *left = LEFT_BY_RANK;
        }
    }
    return ROW_SOURCE_ROW;
}

static enum row_source_result read_one(struct source_file *f)
{
    switch (csv_reader_next(f->reader, &f->row, &f->err)) {
    case CSV_READER_ROW:
        return ROW_SOURCE_ROW;
    case CSV_READER_END:
        return ROW_SOURCE_END;
    case CSV_READER_BAD_ROW:
        return ROW_SOURCE_BAD_ROW;
    case CSV_READER_FAILED:
        break;
    }
    return ROW_SOURCE_FAILED;
}

/* Move f on to its next chosen row, or whatever comes before that. */
static void advance(struct row_source *s, struct source_file *f)
{
    enum row_left_out left;

    for (;;) {
        f->head = read_one(f);
        if (f->head == ROW_SOURCE_ROW) {
            f->head = read_time(s, f);
        }
        if (f->head != ROW_SOURCE_ROW) {
            return;
        }
        f->head = choose(s, f, &left);
        if (f->head != ROW_SOURCE_ROW || left == LEFT_REASONS) {
            return;
        }
        s->left_out[left]++;
    }
}

enum row_source_result row_source_next(
    struct row_source *s, struct source_row *row, struct error *err)
{
    struct source_file *f;

    if (s->top_used) {
        s->top_used = false;
        advance(s, s->heap[0]);
        if (s->heap[0]->head == ROW_SOURCE_END) {
            s->heap[0] = s->heap[--s->n_heap];
        }
        sift_down(s, 0);
    }
    if (s->n_heap == 0) {
        return ROW_SOURCE_END;
    }
    f = s->heap[0];
    if (f->head == ROW_SOURCE_FAILED) {
        *err = f->err;
        return ROW_SOURCE_FAILED;
    }
    s->top_used = true;
    if (f->head == ROW_SOURCE_BAD_ROW) {
        *err = f->err;
        return ROW_SOURCE_BAD_ROW;
    }
    *row = (struct source_row){.map = &f->map,
        .fields = f->row.fields,
        .path = csv_reader_path(f->reader),
        .line = f->row.line,
        .event_ms = f->event_ms};
    return ROW_SOURCE_ROW;
}

static int open_file(struct row_source *s, struct source_file *f,
    const char *path, const struct column_choices *columns, struct error *err)
{
    f->event_ms = INT64_MIN;
    f->reader = csv_reader_open(path, 0, err);
    if (f->reader == NULL) {
        return -1;
    }
    if (column_map_init(&f->map, s->dataset, csv_reader_header(f->reader),
            csv_reader_column_count(f->reader), columns, err) != 0) {
        return error_prefix(err, "%s: ", csv_reader_path(f->reader));
    }
    if (s->choice.top > 0 && f->map.rank_slot == COLUMN_MAP_NO_SLOT) {
        return error_set(err, "%s: has no rank column, so --top cannot be used",
            csv_reader_path(f->reader));
    }
    return 0;
}

struct row_source *row_source_open(char *const *paths, size_t n,
    const struct dataset *dataset, const struct column_choices *columns,
    const struct row_choice *choice, struct error *err)
{
    struct row_source *s = calloc(1, sizeof(*s));

    if (s == NULL || (s->files = calloc(n, sizeof(*s->files))) == NULL ||
        (s->heap = calloc(n, sizeof(struct source_file *))) == NULL) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    s->dataset = dataset;
    s->choice = *choice;
    for (size_t i = 0; i < n; i++) {
        s->files[i].place = i;
        s->n_files = i + 1;
        if (open_file(s, &s->files[i], paths[i], columns, err) != 0) {
            goto fail;
        }
    }
    for (size_t i = 0; i < n; i++) {
        advance(s, &s->files[i]);
        if (s->files[i].head != ROW_SOURCE_END) {
            s->heap[s->n_heap++] = &s->files[i];
        }
    }
    for (size_t i = s->n_heap; i-- > 0;) {
        sift_down(s, i);
    }
    return s;

fail:
    row_source_free(s);
    return NULL;
}

void row_source_free(struct row_source *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < s->n_files; i++) {
        csv_reader_free(s->files[i].reader);
        column_map_fini(&s->files[i].map);
    }
    free(s->files);
    free(s->heap);
    free(s);
}

int64_t row_source_left_out(const struct row_source *s, enum row_left_out why)
{
    return s->left_out[why];
}
