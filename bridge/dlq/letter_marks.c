/* Marking letters as retried; see letter_marks.h. */
#include "bridge/dlq/letter_marks.h"

#include "bridge/dlq/letter_json.h"
#include "bridge/dlq/letter_list.h"
#include "bridge/dlq/letter_producer.h"
#include "bridge/letter_file.h"
#include "common/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WRITE_BYTES (256u << 10)
#define MOST_BYTES (512u << 20)
#define LOCK_TRIES 50
#define LOCK_PAUSE_NS 100000000

struct letter_marks {
    const char *name;
    struct letter_producer *producer; /* NULL: to a file */
    struct buf lines;
    uint64_t failed;
    struct error why; /* of the first failure */
};

static void fail(struct letter_marks *m, const char *why)
{
    if (m->failed++ == 0) {
        (void)error_set(&m->why, "%s", why);
    }
}

static void on_sent(
    void *arg, const struct stored_letter *origin, const char *failure)
{
    (void)origin;
    if (failure != NULL) {
        fail(arg, failure);
    }
}

static struct letter_marks *make(const char *name, struct error *err)
{
    struct letter_marks *m = calloc(1, sizeof(*m));

    if (m == NULL) {
        (void)error_set(err, "out of memory");
        return NULL;
    }
    m->name = name;
    buf_init(&m->lines, MOST_BYTES);
    return m;
}

struct letter_marks *letter_marks_to_topic(
    const struct config *config, const char *topic, struct error *err)
{
    struct letter_marks *m = make(topic, err);

    if (m == NULL) {
        return NULL;
    }
    m->producer = letter_producer_new(config, on_sent, m, err);
    if (m->producer == NULL) {
        letter_marks_free(m);
        return NULL;
    }
    return m;
}

/* Other writers hold the file's lock for a moment only. */
static int write_lines(struct letter_marks *m, struct error *err)
{
    const struct timespec pause = {0, LOCK_PAUSE_NS};
    size_t torn_bytes;
    int rc = -1;

    for (int i = 0; rc != 0 && i < LOCK_TRIES; i++) {
        if (i > 0) {
            (void)nanosleep(&pause, NULL);
        }
        rc =
            letter_file_append(m->name, buf_slice(&m->lines), &torn_bytes, err);
    }
    buf_clear(&m->lines);
    return rc;
}

struct letter_marks *letter_marks_to_file(const char *path, struct error *err)
{
    struct letter_marks *m = make(path, err);

    /* Nothing is retried that could not be marked. */
    if (m != NULL && write_lines(m, err) != 0) {
        letter_marks_free(m);
        return NULL;
    }
    return m;
}

void letter_marks_free(struct letter_marks *m)
{
    if (m != NULL) {
        letter_producer_free(m->producer);
        buf_fini(&m->lines);
        free(m);
    }
}

static void add_to_topic(
    struct letter_marks *m, const struct stored_letter *stored)
{
    const struct letter *l = &stored->letter;
    char key[320], partition[16], offset[24], now[24];
    struct letter_header headers[] = {{slice_of("naru.topic"), true, l->topic},
        {slice_of("naru.partition"), true, {NULL, 0}},
        {slice_of("naru.offset"), true, {NULL, 0}},
        {slice_of("naru.retried"), true, {NULL, 0}}};
    struct letter_record r = {.topic = m->name,
        .partition = stored->slot, /* beside its letter, whatever the key */
        .has_key = true,
        .timestamp_ms = -1,
        .headers = headers,
        .n_headers = 4};
    struct error err;

    letter_list_origin(l, key, sizeof(key));
    r.key = slice_of(key);
    (void)snprintf(partition, sizeof(partition), "%d", (int)l->partition);
    headers[1].value = slice_of(partition);
    (void)snprintf(offset, sizeof(offset), "%lld", (long long)l->offset);
    headers[2].value = slice_of(offset);
    (void)snprintf(now, sizeof(now), "%lld", (long long)clock_wall_ms());
    headers[3].value = slice_of(now);
    if (letter_producer_send(m->producer, &r, stored, &err) != 0) {
        fail(m, err.text);
    }
}

static void add_to_file(
    struct letter_marks *m, const struct stored_letter *stored)
{
    struct error err;

    if (letter_json_write_mark(&m->lines, clock_wall_ms(), &stored->letter) !=
        0) {
        fail(m, "out of memory");
    } else if (m->lines.len_bytes >= WRITE_BYTES && write_lines(m, &err) != 0) {
        fail(m, err.text);
    }
}

void letter_marks_add(
    struct letter_marks *m, const struct stored_letter *stored)
{
    if (m->producer != NULL) {
        add_to_topic(m, stored);
    } else {
        add_to_file(m, stored);
    }
}

int letter_marks_finish(struct letter_marks *m, struct error *err)
{
    struct error why;

    if (m->producer != NULL) {
        letter_producer_finish(m->producer);
    } else if (m->lines.len_bytes > 0 && write_lines(m, &why) != 0) {
        fail(m, why.text);
    }
    if (m->failed == 0) {
        return 0;
    }
    return error_set(err,
        "some letters were accepted but could not be marked as retried in %s "
        "(%s); they will be retried again",
        m->name, m->why.text);
}
