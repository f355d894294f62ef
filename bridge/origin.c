/* The record behind several documents; see origin.h. */
#include "bridge/origin.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much an outcome changed the index; the largest is the record's. */
static const int weights[OUTCOME_COUNT] = {
    [OUTCOME_CREATED] = 6,
    [OUTCOME_UPDATED] = 5,
    [OUTCOME_DELETED] = 4,
    [OUTCOME_DUPLICATE] = 3,
    [OUTCOME_SKIPPED] = 2,
};

static struct slice keep(char **to, struct slice bytes)
{
    struct slice kept = {*to, bytes.len};

    if (bytes.len > 0) {
        memcpy(*to, bytes.p, bytes.len);
    }
    *to += bytes.len;
    return kept;
}

struct origin *origin_new(const struct record *record, size_t n)
{
    size_t bytes = sizeof(struct origin) + record->key.len +
                   record->headers.len + record->value.len;
    struct origin *o = calloc(1, bytes);
    char *to;

    if (o == NULL) {
        return NULL;
    }
    to = (char *)(o + 1);
    o->bytes = bytes;
    o->n_documents = n;
    o->left = n;
    o->record = *record;
    o->record.message = NULL;
    o->record.attributes = NULL;
    o->record.key = keep(&to, record->key);
    o->record.headers = keep(&to, record->headers);
    o->record.value = keep(&to, record->value);
    return o;
}

void origin_ended(struct origin *o, enum outcome outcome)
{
    assert(o->left > 0);
    o->left--;
    if (!o->has_outcome || weights[outcome] > weights[o->outcome]) {
        o->has_outcome = true;
        o->outcome = outcome;
    }
}

void origin_refused(struct origin *o, size_t number, int status,
    unsigned attempts, const char *type, const char *reason)
{
    if (number != SIZE_MAX) {
        assert(o->left > 0);
        o->left--;
    }
    if (o->is_refused) {
        return;
    }
    o->is_refused = true;
    o->status = status;
    o->attempts = attempts;
    (void)snprintf(o->type, sizeof(o->type), "%s", type);
    if (number != SIZE_MAX) {
        (void)snprintf(o->reason, sizeof(o->reason), "document %zu of %zu: %s",
            number + 1, o->n_documents, reason);
    } else {
        (void)snprintf(o->reason, sizeof(o->reason), "%s", reason);
    }
}
