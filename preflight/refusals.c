/* Refusals counted by kind; see refusals.h. */
#include "preflight/refusals.h"

#include "common/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void refusals_init(struct refusals *r)
{
    *r = (struct refusals){0};
    name_list_init(&r->places);
}

void refusals_fini(struct refusals *r)
{
    for (size_t i = 0; i < r->n; i++) {
        free(r->list[i].field);
        free(r->list[i].reason);
        free(r->list[i].place);
    }
    free(r->list);
    name_list_fini(&r->places);
    *r = (struct refusals){0};
}

void refusals_begin(struct refusals *r)
{
    r->records++;
}

static struct refusal *find(struct refusals *r, enum refuser who,
    struct slice field, const char *reason)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->list[i].who == who && slice_is(field, r->list[i].field) &&
            strcmp(r->list[i].reason, reason) == 0) {
            return &r->list[i];
        }
    }
    return NULL;
}

/* So many whole letters as fit; what is no text at all shows as ?. */
static void show_value(struct slice value, char out[])
{
    bool is_text = utf8_is_valid(value);
    size_t n = value.len;

    if (n > REFUSAL_VALUE_BYTES) {
        n = REFUSAL_VALUE_BYTES;
        while (is_text && ((unsigned char)value.p[n] & 0xC0u) == 0x80u) {
            n--;
        }
    }
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)value.p[i];

        out[i] = value.p[i];
        if (c < ' ' || c == 0x7F || (c > 0x7F && !is_text)) {
            out[i] = c < ' ' ? ' ' : '?';
        }
    }
    (void)snprintf(out + n, sizeof("..."), "%s", n < value.len ? "..." : "");
}

static struct refusal *add_kind(struct refusals *r)
{
    if (r->n == r->cap) {
        size_t cap = r->cap > 0 ? 2 * r->cap : 16;
        struct refusal *grown = realloc(r->list, cap * sizeof(*grown));

        if (grown == NULL) {
            return NULL;
        }
        r->list = grown;
        r->cap = cap;
    }
    r->list[r->n] = (struct refusal){0};
    return &r->list[r->n];
}

static int add_first(struct refusals *r, enum refuser who, struct slice field,
    const char *reason, struct slice value, const char *place)
{
    struct refusal *kind = add_kind(r);

    if (kind == NULL) {
        return -1;
    }
    kind->who = who;
    kind->field = strndup(field.p != NULL ? field.p : "", field.len);
    kind->reason = strdup(reason);
    kind->place = strdup(place);
    kind->records = 1;
    kind->last = r->records;
    show_value(value, kind->value);
    r->n++; /* the texts are freed with it, whichever there are */
    return kind->field != NULL && kind->reason != NULL && kind->place != NULL
               ? 0
               : -1;
}

int refusals_add(struct refusals *r, enum refuser who, struct slice field,
    const char *reason, struct slice value, const char *place)
{
    struct refusal *kind = find(r, who, field, reason);

    if (who != REFUSER_NOBODY && r->last_refused != r->records) {
        r->last_refused = r->records;
        r->refused++;
        if (name_list_add(&r->places, slice_of(place)) != 0) {
            return -1;
        }
    }
    if (kind == NULL && r->n == REFUSALS_MOST_KINDS) {
        r->beyond++;
        return 0;
    }
    if (kind == NULL) {
        return add_first(r, who, field, reason, value, place);
    }
    if (kind->last != r->records) {
        kind->last = r->records;
        kind->records++;
    }
    return 0;
}

static int by_who_and_records(const void *a, const void *b)
{
    const struct refusal *x = a, *y = b;

    if (x->who != y->who) {
        return x->who < y->who ? -1 : 1;
    }
    if (x->records != y->records) {
        return x->records > y->records ? -1 : 1;
    }
    return strcmp(x->field, y->field) != 0 ? strcmp(x->field, y->field)
                                           : strcmp(x->reason, y->reason);
}

void refusals_sort(struct refusals *r)
{
    if (r->n > 0) {
        qsort(r->list, r->n, sizeof(*r->list), by_who_and_records);
    }
}

const char *refuser_name(enum refuser who)
{
    switch (who) {
    case REFUSER_REPLAY:
        return "replay";
    case REFUSER_BRIDGE:
        return "bridge";
    case REFUSER_ENGINE:
        return "engine";
    case REFUSER_NOBODY:
        return "-";
    }
    return "";
}
