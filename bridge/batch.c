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
    }
    return b;
}

void batch_clear(struct batch *b)
{
    for (size_t i = 0; i < b->n_docs; i++) {
        message_free(b->docs[i].message);
    }
    buf_clear(&b->body);
    b->n_docs = 0;
    b->attempts = 0;
    b->opened_us = 0;
    b->sent_us = 0;
    b->not_before_us = 0;
}

void batch_free(struct batch *b)
{
    if (b != NULL) {
        batch_clear(b);
        buf_fini(&b->body);
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

void batch_add(struct batch *b, const struct doc *doc)
{
    assert(b->n_docs < b->cap_docs);
    b->docs[b->n_docs++] = *doc;
}

int batch_move(struct batch *from, size_t first, size_t n, struct batch *to)
{
    size_t bytes = 0;

    for (size_t i = first; i < first + n; i++) {
        bytes += from->docs[i].len_bytes;
    }
    if (reserve(to, n) != 0 || buf_reserve(&to->body, bytes) != 0) {
        return -1;
    }
    for (size_t i = first; i < first + n; i++) {
        struct doc doc = from->docs[i];
        size_t at = to->body.len_bytes;

        if (buf_append(&to->body, from->body.data + doc.at_bytes,
                doc.len_bytes) != 0) {
            return -1; /* cannot be: room was reserved */
        }
        doc.at_bytes = at;
        batch_add(to, &doc);
        from->docs[i].message = NULL;
    }
    return 0;
}

void batch_keep_front(struct batch *b, size_t n)
{
    size_t end = 0;

    for (size_t i = n; i < b->n_docs; i++) {
        message_free(b->docs[i].message);
    }
    b->n_docs = n;
    for (size_t i = 0; i < n; i++) {
        memmove(b->body.data + end, b->body.data + b->docs[i].at_bytes,
            b->docs[i].len_bytes);
        b->docs[i].at_bytes = end;
        end += b->docs[i].len_bytes;
    }
    b->body.len_bytes = end;
}
