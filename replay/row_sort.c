/*
 * Sorting rows; see row_sort.h. A row is kept as a head, its fields' lengths
 * and its bytes. An arena of them is sorted by an index and either read from
 * there, when it is the only one, or written out as a run.
 */
#include "replay/row_sort.h"

#include "replay/sort_runs.h"

#include <stdlib.h>
#include <string.h>

struct row_sort {
    char *arena;
    size_t arena_bytes, used_bytes;
    size_t *index; /* where each row begins */
    size_t n_rows, cap_rows;
    struct sort_runs *runs; /* NULL: all is in the arena */
    size_t next;            /* in the index, when it is read from there */
    struct slice *fields;   /* of the row given out */
    size_t cap_fields;
};

struct row_sort *row_sort_new(size_t memory_bytes)
{
    struct row_sort *s = calloc(1, sizeof(*s));

    if (s == NULL) {
        return NULL;
    }
    s->arena_bytes = memory_bytes;
    s->arena = malloc(memory_bytes);
    if (s->arena == NULL) {
        free(s);
        return NULL;
    }
    return s;
}

void row_sort_free(struct row_sort *s)
{
    if (s != NULL) {
        sort_runs_free(s->runs);
        free(s->arena);
        free(s->index);
        free(s->fields);
        free(s);
    }
}

static int by_order(const void *a, const void *b, void *arena)
{
    return sort_head_compare((const char *)arena + *(const size_t *)a,
        (const char *)arena + *(const size_t *)b);
}

static void sort_arena(struct row_sort *s)
{
    if (s->n_rows > 1) {
        qsort_r(s->index, s->n_rows, sizeof(*s->index), by_order, s->arena);
    }
}

/* Write the arena out as a run, and begin anew. */
static int write_run(struct row_sort *s, struct error *err)
{
    if (s->runs == NULL && (s->runs = sort_runs_new(err)) == NULL) {
        return -1;
    }
    sort_arena(s);
    for (size_t i = 0; i < s->n_rows; i++) {
        if (sort_runs_put(s->runs, s->arena + s->index[i], err) != 0) {
            return -1;
        }
    }
    s->n_rows = 0;
    s->used_bytes = 0;
    return sort_runs_end_run(s->runs, err);
}

static int grow_index(struct row_sort *s)
{
    size_t cap = s->cap_rows == 0 ? 4096 : s->cap_rows * 2;
    size_t *grown = realloc(s->index, cap * sizeof(*grown));

    if (grown == NULL) {
        return -1;
    }
    s->index = grown;
    s->cap_rows = cap;
    return 0;
}

/* Copy row to where there is room for it. */
static void put_row(
    char *at, const struct sorted_row *row, const struct sort_head *head)
{
    memcpy(at, head, sizeof(*head));
    at += sizeof(*head);
    for (uint32_t i = 0; i < row->n_fields; i++) {
        const uint32_t len = (uint32_t)row->fields[i].len;

        memcpy(at, &len, sizeof(len));
        at += sizeof(len);
    }
    for (uint32_t i = 0; i < row->n_fields; i++) {
        memcpy(at, row->fields[i].p, row->fields[i].len);
        at += row->fields[i].len;
    }
}

int row_sort_add(
    struct row_sort *s, const struct sorted_row *row, struct error *err)
{
    struct sort_head head = {
        row->event_ms, row->line, row->file, 0, row->n_fields, 0};
    size_t bytes = sizeof(head) + row->n_fields * sizeof(uint32_t);

    for (uint32_t i = 0; i < row->n_fields; i++) {
        bytes += row->fields[i].len;
    }
    bytes = (bytes + 7) & ~(size_t)7;
    if (bytes > s->arena_bytes) {
        return error_set(err, "a row too large to be sorted");
    }
    if (s->used_bytes + bytes > s->arena_bytes && write_run(s, err) != 0) {
        return -1;
    }
    if (s->n_rows == s->cap_rows && grow_index(s) != 0) {
        return error_set(err, "out of memory");
    }
    head.bytes = (uint32_t)bytes;
    put_row(s->arena + s->used_bytes, row, &head);
    s->index[s->n_rows++] = s->used_bytes;
    s->used_bytes += bytes;
    return 0;
}

int row_sort_start(struct row_sort *s, struct error *err)
{
    s->next = 0;
    if (s->runs == NULL) {
        sort_arena(s);
        return 0;
    }
    if (s->n_rows > 0 && write_run(s, err) != 0) {
        return -1;
    }
    free(s->arena); /* the runs' buffers take its place */
    s->arena = NULL;
    return sort_runs_start(s->runs, s->arena_bytes, err);
}

static int give_row(struct row_sort *s, const char *at, struct sorted_row *row)
{
    struct sort_head head;
    const char *bytes;

    memcpy(&head, at, sizeof(head));
    if (head.n_fields > s->cap_fields) {
        struct slice *grown =
            realloc(s->fields, head.n_fields * sizeof(*grown));

        if (grown == NULL) {
            return -1;
        }
        s->fields = grown;
        s->cap_fields = head.n_fields;
    }
    at += sizeof(head);
    bytes = at + head.n_fields * sizeof(uint32_t);
    for (uint32_t i = 0; i < head.n_fields; i++) {
        uint32_t len;

        memcpy(&len, at + i * sizeof(len), sizeof(len));
        s->fields[i] = (struct slice){bytes, len};
        bytes += len;
    }
    *row = (struct sorted_row){
        head.event_ms, head.line, head.file, head.n_fields, s->fields};
    return 1;
}

int row_sort_next(struct row_sort *s, struct sorted_row *row, struct error *err)
{
    const char *at = NULL;
    int got;

    if (s->runs != NULL) {
        got = sort_runs_next(s->runs, &at, err);
        if (got <= 0) {
            return got;
        }
    } else if (s->next < s->n_rows) {
        at = s->arena + s->index[s->next++];
    } else {
        return 0;
    }
    return give_row(s, at, row) == 1 ? 1 : error_set(err, "out of memory");
}
