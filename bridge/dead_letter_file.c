/*
 * Dead letters kept in a file; see dead_letter_file.h. A letter waits as its
 * finished line; the timer, due at the end of the loop's turn, appends as many
 * as make a good write, and ends their records. After a failure it is due
 * RETRY_S later.
 */
#include "bridge/dead_letter_file.h"

#include "bridge/letter.h"
#include "bridge/letter_file.h"
#include "bridge/letter_trouble.h"
#include "bridge/packed_headers.h"
#include "common/clock.h"
#include "common/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_S 2
#define WRITE_BYTES (4u << 20) /* one write's worth, a longer line alone */
#define MOST_BYTES (1u << 30)  /* of one line: base64 of what Kafka can hold */

struct line {
    struct buf text;
    struct partition *partition;
    uint64_t ticket;
    TAILQ_ENTRY(line) link;
};

TAILQ_HEAD(line_list, line);

struct dead_letter_file {
    char *path;
    struct event *timer;
    struct line_list waiting;
    size_t pending;
    size_t pending_bytes;
    struct buf out; /* the lines being written */
    struct letter_trouble trouble;
    dead_letter_done_fn done;
    void *arg;
};

static void free_line(struct line *l)
{
    buf_fini(&l->text);
    free(l);
}

static int append(
    const struct dead_letter_file *d, struct slice lines, struct error *err)
{
    size_t torn_bytes;
    int rc = letter_file_append(d->path, lines, &torn_bytes, err);

    if (torn_bytes > 0) {
        log_warn(LOG_MSG("the dead letter file ended in a torn line, which "
                         "was cut off; its record was never counted as ended"),
            LOG_STR("file", d->path), LOG_INT("bytes", torn_bytes));
    }
    return rc;
}

/* Gather waiting lines up to one write's worth. Returns how many. */
static size_t gather(struct dead_letter_file *d)
{
    const struct line *l;
    size_t n = 0;

    buf_clear(&d->out);
    TAILQ_FOREACH(l, &d->waiting, link)
    {
        if (n > 0 && d->out.len_bytes + l->text.len_bytes > WRITE_BYTES) {
            break;
        }
        if (buf_append_slice(&d->out, buf_slice(&l->text)) != 0) {
            break;
        }
        n++;
    }
    return n;
}

static void end_first(struct dead_letter_file *d, size_t n)
{
    while (n-- > 0) {
        struct line *l = TAILQ_FIRST(&d->waiting);

        TAILQ_REMOVE(&d->waiting, l, link);
        d->pending--;
        d->pending_bytes -= l->text.len_bytes;
        d->done(d->arg, l->partition, l->ticket);
        free_line(l);
    }
}

static void wake_in(struct dead_letter_file *d, long seconds)
{
    struct timeval tv = {seconds, 0};

    (void)event_add(d->timer, &tv);
}

/* One write a turn, so that a slow disk does not hold up all else for long. */
static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct dead_letter_file *d = arg;
    size_t n = gather(d);
    struct error err;

    (void)fd;
    (void)what;
    if (n == 0) {
        (void)error_set(&err, "out of memory");
    }
    if (n == 0 || append(d, buf_slice(&d->out), &err) != 0) {
        letter_trouble_set(&d->trouble, err.text);
        wake_in(d, RETRY_S);
        return;
    }
    letter_trouble_set(&d->trouble, "");
    end_first(d, n);
    if (!TAILQ_EMPTY(&d->waiting)) {
        wake_in(d, 0);
    }
}

struct dead_letter_file *dead_letter_file_new(struct event_base *base,
    const char *path, dead_letter_done_fn done, void *arg, struct error *err)
{
    struct dead_letter_file *d = calloc(1, sizeof(*d));

    if (d == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    TAILQ_INIT(&d->waiting);
    buf_init(&d->out, WRITE_BYTES + MOST_BYTES);
    d->done = done;
    d->arg = arg;
    d->path = strdup(path);
    d->timer = evtimer_new(base, on_timer, d);
    if (d->path == NULL || d->timer == NULL) {
        (void)error_set(err, "out of memory");
        goto fail;
    }
    if (append(d, (struct slice){NULL, 0}, err) != 0) {
        (void)error_prefix(err, "dead letters: ");
        goto fail;
    }
    return d;
fail:
    dead_letter_file_free(d);
    return NULL;
}

void dead_letter_file_free(struct dead_letter_file *d)
{
    struct line *l;

    if (d == NULL) {
        return;
    }
    if (d->timer != NULL) {
        event_free(d->timer);
    }
    while ((l = TAILQ_FIRST(&d->waiting)) != NULL) {
        TAILQ_REMOVE(&d->waiting, l, link);
        free_line(l);
    }
    buf_fini(&d->out);
    free(d->path);
    free(d);
}

/* The record's headers as a list to be freed; NULL with *n > 0: no memory. */
static struct letter_header *headers_of(const struct record *record, size_t *n)
{
    struct letter_header one, *list;
    struct slice rest = record->headers;

    for (*n = 0; packed_headers_next(&rest, &one); ++*n) {
    }
    list = *n > 0 ? calloc(*n, sizeof(*list)) : NULL;
    rest = record->headers;
    for (size_t i = 0; list != NULL && i < *n; i++) {
        (void)packed_headers_next(&rest, &list[i]);
    }
    return list;
}

static int write_line(
    struct buf *out, const struct record *record, const struct refusal *why)
{
    struct letter letter = {
        .when_ms = clock_wall_ms(),
        .topic = slice_of(record->topic),
        .partition = record->partition,
        .offset = record->offset,
        .timestamp_ms = record->timestamp_ms,
        .has_key = record->has_key,
        .key = record->key,
        .has_value = record->has_value,
        .value = record->value,
        .status = why->status,
        .attempts = why->attempts,
        .type = slice_of(why->type),
        .reason = slice_of(why->reason),
    };
    struct letter_header *headers = headers_of(record, &letter.n_headers);
    int rc = headers == NULL && letter.n_headers > 0 ? -1 : 0;

    letter.headers = headers;
    if (rc == 0) {
        rc = letter_write_json(out, &letter) != 0 ? -1
                                                  : buf_append_char(out, '\n');
    }
    free(headers);
    return rc;
}

int dead_letter_file_take(struct dead_letter_file *d, const struct doc *doc,
    const struct record *record, const struct refusal *why)
{
    struct line *l = calloc(1, sizeof(*l));

    if (l == NULL) {
        return -1;
    }
    buf_init(&l->text, MOST_BYTES);
    if (write_line(&l->text, record, why) != 0) {
        free_line(l);
        return -1;
    }
    l->partition = doc->partition;
    l->ticket = doc->ticket;
    TAILQ_INSERT_TAIL(&d->waiting, l, link);
    d->pending++;
    d->pending_bytes += l->text.len_bytes;
    if (d->trouble.why[0] == '\0') {
        wake_in(d, 0);
    }
    return 0;
}

size_t dead_letter_file_pending(const struct dead_letter_file *d)
{
    return d->pending;
}

size_t dead_letter_file_pending_bytes(const struct dead_letter_file *d)
{
    return d->pending_bytes;
}

const char *dead_letter_file_problem(
    const struct dead_letter_file *d, int64_t *since_us)
{
    return letter_trouble_why(&d->trouble, since_us);
}
