/* Runs in a file, and their merge by a heap; see sort_runs.h. */
#include "replay/sort_runs.h"

#include "replay/merge_heap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WRITE_BYTES ((size_t)256 * 1024)
#define READ_LEAST_BYTES ((size_t)4 * 1024)
#define READ_MOST_BYTES ((size_t)512 * 1024)

struct run {
    int64_t begin, end; /* in the file */
    int64_t next;       /* what is read next */
    char *rows;
    size_t cap, pos, len;
};

struct sort_runs {
    int fd;
    char folder[256];
    int64_t written;
    int64_t run_begin;
    char *out;
    size_t out_len;
    struct run *runs;
    size_t n_runs, cap_runs;
    struct merge_heap heap; /* of those that still have rows */
    bool top_used;
};

int sort_head_compare(const char *a, const char *b)
{
    struct sort_head x, y;

    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    if (x.event_ms != y.event_ms) {
        return x.event_ms < y.event_ms ? -1 : 1;
    }
    if (x.file != y.file) {
        return x.file < y.file ? -1 : 1;
    }
    return x.line < y.line ? -1 : x.line > y.line;
}

static int open_file(struct sort_runs *s, struct error *err)
{
    const char *folder = getenv("TMPDIR");
    char path[sizeof(s->folder) + 32];

    if (folder == NULL || folder[0] == '\0') {
        folder = "/tmp";
    }
    (void)snprintf(s->folder, sizeof(s->folder), "%s", folder);
    (void)snprintf(path, sizeof(path), "%s/naru-sort.XXXXXX", s->folder);
    s->fd = mkstemp(path);
    if (s->fd < 0) {
        return error_set(err,
            "--sort: no file can be made in %s: %s; set TMPDIR to a folder "
            "with room",
            s->folder, strerror(errno));
    }
    (void)unlink(path);
    return 0;
}

struct sort_runs *sort_runs_new(struct error *err)
{
    struct sort_runs *s = calloc(1, sizeof(*s));

    if (s == NULL || (s->out = malloc(WRITE_BYTES)) == NULL) {
        (void)error_set(err, "out of memory");
        free(s);
        return NULL;
    }
    if (open_file(s, err) != 0) {
        free(s->out);
        free(s);
        return NULL;
    }
    return s;
}

void sort_runs_free(struct sort_runs *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < s->n_runs; i++) {
        free(s->runs[i].rows);
    }
    (void)close(s->fd);
    free(s->runs);
    merge_heap_fini(&s->heap);
    free(s->out);
    free(s);
}

static int write_all(
    struct sort_runs *s, const char *p, size_t n, struct error *err)
{
    while (n > 0) {
        ssize_t part = write(s->fd, p, n);

        if (part < 0 && errno == EINTR) {
            continue;
        }
        if (part < 0) {
            return error_set(err,
                "--sort: cannot write to %s: %s; set TMPDIR to a folder with "
                "room",
                s->folder, strerror(errno));
        }
        p += part;
        n -= (size_t)part;
        s->written += part;
    }
    return 0;
}

static int flush(struct sort_runs *s, struct error *err)
{
    size_t n = s->out_len;

    s->out_len = 0;
    return write_all(s, s->out, n, err);
}

int sort_runs_put(struct sort_runs *s, const char *row, struct error *err)
{
    struct sort_head head;

    memcpy(&head, row, sizeof(head));
    if (s->out_len + head.bytes > WRITE_BYTES && flush(s, err) != 0) {
        return -1;
    }
    if (head.bytes > WRITE_BYTES) {
        return write_all(s, row, head.bytes, err);
    }
    memcpy(s->out + s->out_len, row, head.bytes);
    s->out_len += head.bytes;
    return 0;
}

int sort_runs_end_run(struct sort_runs *s, struct error *err)
{
    if (flush(s, err) != 0) {
        return -1;
    }
    if (s->n_runs == s->cap_runs) {
        size_t cap = s->cap_runs == 0 ? 16 : s->cap_runs * 2;
        struct run *grown = realloc(s->runs, cap * sizeof(*grown));

        if (grown == NULL) {
            return error_set(err, "out of memory");
        }
        s->runs = grown;
        s->cap_runs = cap;
    }
    s->runs[s->n_runs++] =
        (struct run){.begin = s->run_begin, .end = s->written};
    s->run_begin = s->written;
    return 0;
}

/* Read on behind what is kept of the run's rows. 0, or -1 with err. */
static int refill(struct sort_runs *s, struct run *r, struct error *err)
{
    memmove(r->rows, r->rows + r->pos, r->len - r->pos);
    r->len -= r->pos;
    r->pos = 0;
    while (r->len < r->cap && r->next < r->end) {
        size_t want = r->cap - r->len;
        ssize_t got;

        if ((int64_t)want > r->end - r->next) {
            want = (size_t)(r->end - r->next);
        }
        got = pread(s->fd, r->rows + r->len, want, (off_t)r->next);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return error_set(err, "--sort: cannot read back from %s: %s",
                s->folder, got < 0 ? strerror(errno) : "it ends early");
        }
        r->len += (size_t)got;
        r->next += got;
    }
    return 0;
}

/* The row at pos is to be whole in memory. 1, 0 at the run's end, or -1. */
static int load_row(struct sort_runs *s, struct run *r, struct error *err)
{
    struct sort_head head = {.bytes = (uint32_t)sizeof(head)};

    for (;;) {
        size_t have = r->len - r->pos;

        if (have >= sizeof(head)) {
            memcpy(&head, r->rows + r->pos, sizeof(head));
        }
        if (have >= head.bytes) {
            return 1;
        }
        if (have == 0 && r->next == r->end) {
            return 0;
        }
        if (head.bytes > r->cap) {
            char *grown = realloc(r->rows, head.bytes);

            if (grown == NULL) {
                return error_set(err, "out of memory");
            }
            r->rows = grown;
            r->cap = head.bytes;
        }
        if (refill(s, r, err) != 0) {
            return -1;
        }
    }
}

static bool comes_before(const void *a, const void *b)
{
    const struct run *x = a, *y = b;

    return sort_head_compare(x->rows + x->pos, y->rows + y->pos) < 0;
}

/* Begin a run's reading; 1 when it has rows, else 0, or -1 with err. */
static int start_run(
    struct sort_runs *s, struct run *r, size_t bytes, struct error *err)
{
    if (r->rows == NULL && (r->rows = malloc(bytes)) == NULL) {
        return error_set(err, "out of memory");
    }
    r->cap = r->cap > bytes ? r->cap : bytes;
    r->next = r->begin;
    r->pos = r->len = 0;
    return load_row(s, r, err);
}

int sort_runs_start(struct sort_runs *s, size_t memory_bytes, struct error *err)
{
    size_t bytes = memory_bytes / (s->n_runs + 1);

    bytes = bytes < READ_LEAST_BYTES ? READ_LEAST_BYTES : bytes;
    bytes = bytes > READ_MOST_BYTES ? READ_MOST_BYTES : bytes;
    merge_heap_fini(&s->heap);
    if (merge_heap_init(&s->heap, s->n_runs, comes_before) != 0) {
        return error_set(err, "out of memory");
    }
    s->top_used = false;
    for (size_t i = 0; i < s->n_runs; i++) {
        int got = start_run(s, &s->runs[i], bytes, err);

        if (got < 0) {
            return -1;
        }
        if (got > 0) {
            merge_heap_put(&s->heap, &s->runs[i]);
        }
    }
    merge_heap_order(&s->heap);
    return 0;
}

/* The row on top was given out: go on to the one behind it. */
static int leave_top(struct sort_runs *s, struct error *err)
{
    struct run *r = s->heap.all[0];
    struct sort_head head;
    int got;

    s->top_used = false;
    memcpy(&head, r->rows + r->pos, sizeof(head));
    r->pos += head.bytes;
    got = load_row(s, r, err);
    if (got < 0) {
        return -1;
    }
    if (got == 0) {
        merge_heap_drop_top(&s->heap);
    } else {
        merge_heap_sink_top(&s->heap);
    }
    return 0;
}

int sort_runs_next(struct sort_runs *s, const char **row, struct error *err)
{
    const struct run *r;

    if (s->top_used && leave_top(s, err) != 0) {
        return -1;
    }
    if (s->heap.n == 0) {
        return 0;
    }
    r = s->heap.all[0];
    *row = r->rows + r->pos;
    s->top_used = true;
    return 1;
}
