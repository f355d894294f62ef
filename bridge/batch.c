/* The body of a bulk request and its records; see batch.h. */
#include "bridge/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_DOCS 256

struct batch *batch_new(size_t max_bytes)
{
    struct batch *b = calloc(1, sizeof(*b));

    if (b != NULL) {
        buf_init(&b->body, max_bytes);
        buf_init(&b->aside, SIZE_MAX);
    }
    return b;
}

void batch_clear(struct batch *b)
{
    buf_clear(&b->body);
    buf_clear(&b->aside);
    b->n_docs = 0;
    b->attempts = 0;
    b->opened_us = 0;
    b->sent_us = 0;
    b->not_before_us = 0;
}

void batch_free(struct batch *b)
{
    if (b != NULL) {
        buf_fini(&b->body);
        buf_fini(&b->aside);
        free(b->docs);
        free(b);
    }
}

static int reserve(struct batch *b, size_t extra)
{
    size_t cap = b->cap_docs > 0 ? b->cap_docs : FIRST_DOCS;
    struct doc *grown;

    if (b->n_docs + extra <= b->cap_docs) {
        return 0;
    }
    while (cap < b->n_docs + extra) {
        cap *= 2;
    }
    grown = realloc(b->docs, cap * sizeof(*grown));
    if (grown == NULL) {
        return -1;
    }
    b->docs = grown;
    b->cap_docs = cap;
    return 0;
}

int batch_reserve(struct batch *b)
{
    return reserve(b, 1);
}

static size_t aside_bytes(const struct doc *doc)
{
    return (size_t)doc->key_bytes + doc->headers_bytes +
           (doc->value_is_aside ? doc->value_bytes : 0);
}

/* Room must have been reserved. */
static void keep(struct buf *to, struct slice bytes)
{
    if (bytes.len > 0) {
        memcpy(to->data + to->len_bytes, bytes.p, bytes.len);
        to->len_bytes += bytes.len;
    }
}

int batch_add(struct batch *b, const struct doc *doc,
    const struct record *record, bool is_verbatim)
{
    struct doc *d = &b->docs[b->n_docs];

    assert(b->n_docs < b->cap_docs);
    *d = *doc;
    d->message = NULL;
    d->offset = record->offset;
    d->timestamp_ms = record->timestamp_ms;
    d->aside_at = b->aside.len_bytes;
    if (d->origin != NULL) { /* which has all that is asked for */
        d->key_bytes = d->headers_bytes = d->value_bytes = 0;
        b->n_docs++;
        return 0;
    }
    d->key_bytes = (uint32_t)record->key.len; /* Kafka's are int32 */
    d->headers_bytes = (uint32_t)record->headers.len;
    d->value_bytes = (uint32_t)record->value.len;
    d->has_key = record->has_key;
    d->has_value = record->has_value;
    d->value_is_aside = !is_verbatim;
    if (aside_bytes(d) > 0) {
        if (buf_reserve(&b->aside, aside_bytes(d)) != 0) {
            return -1;
        }
        keep(&b->aside, record->key);
        keep(&b->aside, record->headers);
        if (!is_verbatim) {
            keep(&b->aside, record->value);
        }
    }
    b->n_docs++;
    return 0;
}

void batch_record(const struct batch *b, size_t i, struct record *record)
{
    const struct doc *d = &b->docs[i];
    const char *in_body =
        b->body.data + d->at_bytes + d->len_bytes - d->value_bytes - 1;
    size_t n = aside_bytes(d);
    struct slice rest = {n > 0 ? b->aside.data + d->aside_at : "", n};

    if (d->origin != NULL) {
        *record = d->origin->record;
        return;
    }
    *record = (struct record){.topic = d->partition->topic,
        .partition = d->partition->number,
        .offset = d->offset,
        .timestamp_ms = d->timestamp_ms,
        .has_key = d->has_key,
        .has_value = d->has_value};
    record->key = slice_take(&rest, d->key_bytes);
    record->headers = slice_take(&rest, d->headers_bytes);
    record->value = d->value_is_aside ? slice_take(&rest, d->value_bytes)
                                      : (struct slice){in_body, d->value_bytes};
}

/* Room must have been reserved. */
static void move_doc(
    struct batch *from, const struct doc *doc, struct batch *to)
{
    struct doc *d = &to->docs[to->n_docs++];
    size_t aside = aside_bytes(doc);

    *d = *doc;
    d->at_bytes = to->body.len_bytes;
    d->aside_at = to->aside.len_bytes;
    memcpy(to->body.data + d->at_bytes, from->body.data + doc->at_bytes,
        doc->len_bytes);
    to->body.len_bytes += doc->len_bytes;
    if (aside > 0) {
        memcpy(to->aside.data + d->aside_at, from->aside.data + doc->aside_at,
            aside);
        to->aside.len_bytes += aside;
    }
}

int batch_move(struct batch *from, size_t first, size_t n, struct batch *to)
{
    size_t bytes = 0, aside = 0;

    for (size_t i = first; i < first + n; i++) {
        bytes += from->docs[i].len_bytes;
        aside += aside_bytes(&from->docs[i]);
    }
    if (reserve(to, n) != 0 || buf_reserve(&to->body, bytes) != 0 ||
        buf_reserve(&to->aside, aside) != 0) {
        return -1;
    }
    for (size_t i = first; i < first + n; i++) {
        move_doc(from, &from->docs[i], to);
    }
    return 0;
}

void batch_keep_front(struct batch *b, size_t n)
{
    size_t end = 0;

    b->n_docs = n;
    for (size_t i = 0; i < n; i++) {
        memmove(b->body.data + end, b->body.data + b->docs[i].at_bytes,
            b->docs[i].len_bytes);
        b->docs[i].at_bytes = end;
        end += b->docs[i].len_bytes;
    }
    b->body.len_bytes = end;
}
