/*
 * The merge of CSV files; see row_source.h. Each file has its next chosen row
 * ready; a binary heap keeps the file with the earliest one on top. What went
 * wrong in a file waits there as well, at the time of the row before it. When
 * sorting, the files are read one after the other into a row_sort instead.
 */
#include "replay/row_source.h"

#include "replay/merge_heap.h"
#include "replay/row_sort.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* What all files' buffers may take, and what one is given of it. */
#define CHUNKS_BYTES ((size_t)16 << 20)
#define CHUNK_LEAST_BYTES ((size_t)4 * 1024)
#define CHUNK_MOST_BYTES ((size_t)128 * 1024)
#define LOOK_EVERY_ROWS 1024 /* for a stop, when sorting */
#define SPARE_DESCRIPTORS 64

struct row_source {
    struct row_input input;
    struct source_file *files;
    size_t n_files;
    struct merge_heap heap; /* of those that still have something */
    bool top_used;          /* its row was given out, so it must move on */
    int64_t left_out[LEFT_REASONS];

    struct row_sort *sort; /* NULL: files are merged */
    size_t sort_file;      /* the one being read into it; n_files: all were */
    bool sort_started;
};

static bool comes_before(const void *a, const void *b)
{
    const struct source_file *x = a, *y = b;

    return x->event_ms != y->event_ms ? x->event_ms < y->event_ms
                                      : x->place < y->place;
}

static void give_row(const struct source_file *f, struct source_row *row)
{
    *row = (struct source_row){.map = &f->map,
        .fields = f->row.fields,
        .path = f->name,
        .line = f->row.line,
        .event_ms = f->event_ms};
}

static enum row_source_result next_merged(
    struct row_source *s, struct source_row *row, struct error *err)
{
    struct source_file *f;

    if (s->top_used) {
        s->top_used = false;
        f = s->heap.all[0];
        source_file_next(f, s->left_out);
        if (f->head == ROW_SOURCE_END) {
            merge_heap_drop_top(&s->heap);
        } else {
            merge_heap_sink_top(&s->heap);
        }
    }
    if (s->heap.n == 0) {
        return ROW_SOURCE_END;
    }
    f = s->heap.all[0];
    if (f->head == ROW_SOURCE_FAILED) {
        *err = f->err;
        return ROW_SOURCE_FAILED;
    }
    s->top_used = true;
    if (f->head == ROW_SOURCE_BAD_ROW) {
        *err = f->err;
        return ROW_SOURCE_BAD_ROW;
    }
    give_row(f, row);
    return ROW_SOURCE_ROW;
}

static int add_row(
    struct row_source *s, const struct source_file *f, struct error *err)
{
    const struct sorted_row row = {f->event_ms, f->row.line, (uint32_t)f->place,
        (uint32_t)f->map.n_slots, f->row.fields};

    return row_sort_add(s->sort, &row, err) == 0
               ? 0
               : error_prefix(
                     err, "%s:%lld: ", f->name, (long long)f->row.line);
}

/* Read rows into the sort: END when all were, else what is in the way. */
static enum row_source_result fill_sort(struct row_source *s, struct error *err)
{
    for (int64_t n = 0; s->sort_file < s->n_files; n++) {
        struct source_file *f = &s->files[s->sort_file];

        if (n % LOOK_EVERY_ROWS == 0 && s->input.stop != NULL &&
            *s->input.stop != 0) {
            (void)error_set(err, "stopped while sorting");
            return ROW_SOURCE_FAILED;
        }
        source_file_next(f, s->left_out);
        if (f->head == ROW_SOURCE_END) {
            source_file_close(f);
            s->sort_file++;
        } else if (f->head != ROW_SOURCE_ROW) {
            *err = f->err;
            return f->head;
        } else if (add_row(s, f, err) != 0) {
            return ROW_SOURCE_FAILED;
        }
    }
    return ROW_SOURCE_END;
}

static enum row_source_result next_sorted(
    struct row_source *s, struct source_row *row, struct error *err)
{
    struct sorted_row sorted;
    enum row_source_result result;
    int got;

    if (!s->sort_started) {
        result = fill_sort(s, err);
        if (result != ROW_SOURCE_END) {
            return result;
        }
        if (row_sort_start(s->sort, err) != 0) {
            return ROW_SOURCE_FAILED;
        }
        s->sort_started = true;
    }
    got = row_sort_next(s->sort, &sorted, err);
    if (got <= 0) {
        return got == 0 ? ROW_SOURCE_END : ROW_SOURCE_FAILED;
    }
    *row = (struct source_row){.map = &s->files[sorted.file].map,
        .fields = sorted.fields,
        .path = s->files[sorted.file].name,
        .line = sorted.line,
        .event_ms = sorted.event_ms};
    return ROW_SOURCE_ROW;
}

enum row_source_result row_source_next(
    struct row_source *s, struct source_row *row, struct error *err)
{
    return s->sort != NULL ? next_sorted(s, row, err)
                           : next_merged(s, row, err);
}

/* Put the first row of each file in its place. */
static void start_merge(struct row_source *s)
{
    s->top_used = false;
    s->heap.n = 0;
    for (size_t i = 0; i < s->n_files; i++) {
        source_file_next(&s->files[i], s->left_out);
        if (s->files[i].head != ROW_SOURCE_END) {
            merge_heap_put(&s->heap, &s->files[i]);
        }
    }
    merge_heap_order(&s->heap);
}

int row_source_rewind(struct row_source *s, struct error *err)
{
    if (s->sort != NULL) {
        return row_sort_start(s->sort, err);
    }
    for (size_t i = 0; i < s->n_files; i++) {
        if (source_file_reopen(&s->files[i], err) != 0) {
            return -1;
        }
    }
    start_merge(s);
    return 0;
}

/* Many files are all open at once: ask for as many as may be. */
static void want_descriptors(size_t n_files)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
        limit.rlim_cur < n_files + SPARE_DESCRIPTORS &&
        limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static size_t chunk_bytes(size_t n_files)
{
    size_t bytes = CHUNKS_BYTES / n_files;

    bytes = bytes < CHUNK_LEAST_BYTES ? CHUNK_LEAST_BYTES : bytes;
    return bytes > CHUNK_MOST_BYTES ? CHUNK_MOST_BYTES : bytes;
}

static int open_files(struct row_source *s, struct error *err)
{
    const struct row_input *in = &s->input;

    want_descriptors(in->n_paths);
    for (size_t i = 0; i < in->n_paths; i++) {
        struct source_file *f = &s->files[i];

        f->path = in->paths[i];
        f->place = i;
        f->choice = &s->input.choice;
        f->any_order = in->sort;
        f->csv = (struct csv_options){in->encoding, chunk_bytes(in->n_paths)};
        s->n_files = i + 1;
        if (source_file_open(f, in->dataset, &in->columns, err) != 0) {
            return -1;
        }
    }
    return 0;
}

struct row_source *row_source_open(
    const struct row_input *input, struct error *err)
{
    struct row_source *s = calloc(1, sizeof(*s));
    size_t bytes =
        input->sort_bytes > 0 ? input->sort_bytes : ROW_SORT_MEMORY_BYTES;

    if (s == NULL ||
        (s->files = calloc(input->n_paths, sizeof(*s->files))) == NULL ||
        merge_heap_init(&s->heap, input->n_paths, comes_before) != 0 ||
        (input->sort && (s->sort = row_sort_new(bytes)) == NULL)) {
        (void)error_set(err, "out of memory");
        row_source_free(s);
        return NULL;
    }
    s->input = *input;
    if (open_files(s, err) != 0) {
        row_source_free(s);
        return NULL;
    }
    if (s->sort == NULL) {
        start_merge(s);
    }
    return s;
}

void row_source_free(struct row_source *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < s->n_files; i++) {
        source_file_fini(&s->files[i]);
    }
    row_sort_free(s->sort);
    free(s->files);
    merge_heap_fini(&s->heap);
    free(s);
}

int64_t row_source_left_out(const struct row_source *s, enum row_left_out why)
{
    return s->left_out[why];
}

double row_source_share(const struct row_source *s)
{
    double read = 0, size = 0;

    for (size_t i = 0; i < s->n_files; i++) {
        if (s->files[i].size_bytes < 0) {
            return -1;
        }
        read += (double)s->files[i].read_bytes;
        size += (double)s->files[i].size_bytes;
    }
    return size > 0 ? read / size : -1;
}
