/*
 * The field out of an engine's reason; see letter_reason.h. The classes whose
 * words these are: FieldMapper and DocumentParser (failed to parse field,
 * object mapping ... tried to parse field, Could not dynamically add mapping
 * for field), StrictDynamicMappingException (dynamic introduction of),
 * Mapper.merge (mapper [x] cannot be changed, of different type), Lucene's
 * IndexingChain (immense term in field="x"); pattern and bulk_request of ours.
 * What all the others have in common is "field [x]".
 */
#include "bridge/dlq/letter_reason.h"

#include <stddef.h>
#include <strings.h>

struct wording {
    const char *before;
    const char *after; /* the end of the name */
};

/* A name may itself hold a bracket, so the longest ends come first. The
 * backslash stands where the reason was kept as the JSON text it came in. */
static const struct wording wordings[] = {
    {"failed to parse field [", "] of type ["},
    {"tried to parse field [", "] as object"},
    {"dynamic introduction of [", "] within ["},
    {"mapper [", "] cannot be changed"},
    {"mapper [", "] of different type"},
    {"field=\\\"", "\\\""},
    {"field=\"", "\""},
    {"field '", "'"},
    {"field alias [", "]"},
    {"field [", "]"},
};

/* The first place of word in text, capitals or not; NULL: nowhere. */
static const char *find(struct slice text, const char *word)
{
    size_t n = strlen(word);

    for (size_t i = 0; i + n <= text.len; i++) {
        if (strncasecmp(text.p + i, word, n) == 0) {
            return text.p + i;
        }
    }
    return NULL;
}

/* The name of the wording at its first place; p NULL: it is not there. */
static struct slice name_in(struct slice reason, const struct wording *w)
{
    const char *at = find(reason, w->before), *end;
    struct slice rest;

    if (at == NULL) {
        return (struct slice){NULL, 0};
    }
    at += strlen(w->before);
    rest = (struct slice){at, (size_t)(reason.p + reason.len - at)};
    end = find(rest, w->after);
    return (struct slice){
        end != NULL ? at : NULL, end != NULL ? (size_t)(end - at) : 0};
}

/* The earliest counts: behind it the reason may quote the document. */
struct slice letter_reason_field(struct slice reason)
{
    struct slice best = {NULL, 0};

    for (size_t i = 0; i < sizeof(wordings) / sizeof(wordings[0]); i++) {
        struct slice name = name_in(reason, &wordings[i]);

        if (name.p != NULL && (best.p == NULL || name.p < best.p)) {
            best = name;
        }
    }
    return best;
}
