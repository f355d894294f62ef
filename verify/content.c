/*
 * Fields and their canonical values; see content.h. All texts lie behind each
 * other in one buffer, which is kept from row to row.
 */
#include "verify/content.h"

#include "verify/decimal.h"

#include <stdlib.h>

struct span {
    size_t at, len;
};

struct content_slot {
    enum content_kind kind;
    struct span name, text, canon;
};

void content_init(struct content *c)
{
    *c = (struct content){0};
    buf_init(&c->bytes, CONTENT_MAX_BYTES);
    buf_init(&c->scratch, CONTENT_MAX_BYTES);
}

void content_fini(struct content *c)
{
    buf_fini(&c->bytes);
    buf_fini(&c->scratch);
    free(c->list);
    c->list = NULL;
    c->n = c->room = 0;
}

void content_clear(struct content *c)
{
    buf_clear(&c->bytes);
    c->n = 0;
}

static int store(struct content *c, struct slice s, struct span *span)
{
    *span = (struct span){c->bytes.len_bytes, s.len};
    return buf_append_slice(&c->bytes, s);
}

static struct slice slice_at(const struct content *c, struct span span)
{
    return (struct slice){
        span.len > 0 ? c->bytes.data + span.at : NULL, span.len};
}

static int grow(struct content *c)
{
    size_t room = c->room > 0 ? 2 * c->room : 32;
    struct content_slot *list;

    if (c->n < c->room) {
        return 0;
    }
    list = realloc(c->list, room * sizeof(*list));
    if (list == NULL) {
        return -1;
    }
    c->list = list;
    c->room = room;
    return 0;
}

/* A new field with name and text stored, its canon the same as its text. */
static struct content_slot *add(struct content *c, enum content_kind kind,
    struct slice name, struct slice text)
{
    struct content_slot *p;

    if (grow(c) != 0) {
        return NULL;
    }
    p = &c->list[c->n];
    p->kind = kind;
    if (store(c, name, &p->name) != 0 || store(c, text, &p->text) != 0) {
        return NULL;
    }
    p->canon = p->text;
    c->n++;
    return p;
}

int content_add_string(struct content *c, struct slice name, struct slice text)
{
    return add(c, CONTENT_STRING, name, text) != NULL ? 0 : -1;
}

int content_add_other(struct content *c, struct slice name, struct slice json)
{
    return add(c, CONTENT_OTHER, name, json) != NULL ? 0 : -1;
}

int content_add_number(struct content *c, struct slice name, struct slice text)
{
    struct content_slot *p = add(c, CONTENT_NUMBER, name, text);

    if (p == NULL) {
        return -1;
    }
    p->canon.at = c->bytes.len_bytes;
    if (decimal_canon(text, &c->bytes) != 0) {
        c->n--;
        return -1;
    }
    p->canon.len = c->bytes.len_bytes - p->canon.at;
    return 0;
}

struct content_field content_at(const struct content *c, size_t i)
{
    const struct content_slot *p = &c->list[i];

    return (struct content_field){slice_at(c, p->name), p->kind,
        slice_at(c, p->text), slice_at(c, p->canon)};
}

size_t content_find(const struct content *c, struct slice name)
{
    for (size_t i = 0; i < c->n; i++) {
        if (slice_eq(slice_at(c, c->list[i].name), name)) {
            return i;
        }
    }
    return CONTENT_NONE;
}

int content_copy(struct content *to, const struct content *from)
{
    content_clear(to);
    for (size_t i = 0; i < from->n; i++) {
        struct content_field f = content_at(from, i);
        int rc = f.kind == CONTENT_NUMBER
                     ? content_add_number(to, f.name, f.text)
                     : (add(to, f.kind, f.name, f.text) != NULL ? 0 : -1);

        if (rc != 0) {
            return -1;
        }
    }
    return 0;
}

int content_hash(struct content *c, struct sip_key key, uint64_t *hash)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < c->n; i++) {
        struct content_field f = content_at(c, i);
        /* The name's length keeps name and value apart. */
        unsigned char head[5] = {(unsigned char)f.kind,
            (unsigned char)f.name.len, (unsigned char)(f.name.len >> 8),
            (unsigned char)(f.name.len >> 16),
            (unsigned char)(f.name.len >> 24)};

        buf_clear(&c->scratch);
        if (buf_append(&c->scratch, head, sizeof(head)) != 0 ||
            buf_append_slice(&c->scratch, f.name) != 0 ||
            buf_append_slice(&c->scratch, f.canon) != 0) {
            return -1;
        }
        sum += sip_hash(key, buf_slice(&c->scratch));
    }
    *hash = sum;
    return 0;
}

int content_differences(const struct content *a, const struct content *b,
    content_difference_fn each, void *arg)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < a->n; i++) {
        struct content_field mine = content_at(a, i), theirs;
        size_t j = content_find(b, mine.name);

        if (j == CONTENT_NONE) {
            rc = each(arg, mine.name, &mine, NULL);
            continue;
        }
        theirs = content_at(b, j);
        if (mine.kind != theirs.kind || !slice_eq(mine.canon, theirs.canon)) {
            rc = each(arg, mine.name, &mine, &theirs);
        }
    }
    for (size_t i = 0; rc == 0 && i < b->n; i++) {
        struct content_field theirs = content_at(b, i);

        if (content_find(a, theirs.name) == CONTENT_NONE) {
            rc = each(arg, theirs.name, NULL, &theirs);
        }
    }
    return rc;
}
