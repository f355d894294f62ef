/*
 * The last five minutes, second by second; see window.h. A ring of rows, one a
 * second, each with all values as they were at its tick; second s stands in
 * row s mod ROWS.
 */
#include "bridge/watch/window.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ROWS (WINDOW_SECONDS + 1)

struct window {
    uint64_t *rows;
    size_t n_values;
    bool begun;
    int64_t first_s;
    int64_t last_s;
};

struct window *window_new(size_t n_values)
{
    struct window *w = calloc(1, sizeof(*w));

    if (w == NULL) {
        return NULL;
    }
    w->n_values = n_values;
    w->rows = calloc(n_values * ROWS, sizeof(*w->rows));
    if (w->rows == NULL) {
        free(w);
        return NULL;
    }
    return w;
}

void window_free(struct window *w)
{
    if (w != NULL) {
        free(w->rows);
        free(w);
    }
}

static uint64_t *row_of(const struct window *w, int64_t second)
{
    return w->rows + (size_t)(second % ROWS) * w->n_values;
}

void window_tick(struct window *w, int64_t now_s, const uint64_t *values)
{
    int64_t from_s = w->last_s + 1;

    if (!w->begun || now_s <= w->last_s) {
        from_s = w->begun ? w->last_s : now_s;
        now_s = from_s;
    }
    if (!w->begun) {
        w->begun = true;
        w->first_s = now_s;
    }
    from_s = from_s > now_s - ROWS ? from_s : now_s - ROWS + 1;
    for (int64_t s = from_s; s <= now_s; s++) {
        memcpy(row_of(w, s), values, w->n_values * sizeof(*values));
    }
    w->last_s = now_s;
}

size_t window_length_s(const struct window *w)
{
    int64_t length_s = w->last_s - w->first_s;

    return length_s < WINDOW_SECONDS ? (size_t)length_s : WINDOW_SECONDS;
}

uint64_t window_value(const struct window *w, size_t i, size_t ago_s)
{
    assert(i < w->n_values && ago_s <= window_length_s(w));
    return w->begun ? row_of(w, w->last_s - (int64_t)ago_s)[i] : 0;
}

uint64_t window_grew(const struct window *w, size_t i, uint64_t now)
{
    uint64_t then = window_value(w, i, window_length_s(w));

    return now > then ? now - then : 0;
}
