/* What an answer of the engine means; see verdict.h. */
#include "bridge/verdict.h"

#include <string.h>

static bool contains(struct slice text, const char *word)
{
    return text.len > 0 && memmem(text.p, text.len, word, strlen(word)) != NULL;
}

/* The engine answers in JSON; a page is a proxy's, which wants a client
 * certificate, or TLS (nginx, Apache), and never saw the records. */
static bool is_a_page(struct slice reason)
{
    size_t i = 0;

    while (i < reason.len &&
           (reason.p[i] == ' ' || reason.p[i] == '\r' || reason.p[i] == '\n')) {
        i++;
    }
    return (i < reason.len && reason.p[i] == '<') ||
           contains(reason, "to an HTTPS server"); /* Go's, in plain text */
}

static bool is_about_the_request(struct slice reason)
{
    return is_a_page(reason) || contains(reason, "unrecognized parameter") ||
           contains(reason, "Content-Type") || contains(reason, "media-type") ||
           contains(reason, "media type") ||
           contains(reason, "compatible version");
}

enum request_verdict verdict_of_request(long status, struct slice reason)
{
    if (status >= 200 && status < 300) {
        return REQUEST_READ;
    }
    switch (status) {
    case 413:
        return REQUEST_HALVE;
    case 400:
        return is_about_the_request(reason) ? REQUEST_HOLD : REQUEST_BISECT;
    case 0:
    case 408:
    case 425:
    case 429:
        return REQUEST_AGAIN;
    default:
        break;
    }
    /* 3xx and the other 4xx: a proxy, a login, a path; nothing about the
     * records themselves. */
    return status >= 500 ? REQUEST_AGAIN : REQUEST_HOLD;
}

bool verdict_is_pressure(long status)
{
    return status == 429;
}

/*
 * 400 is the status of a refused document, but also of an index that nobody
 * can write to: closed (IndexClosedException), an alias without a write index
 * (IllegalArgumentException), a cluster at its shard limit
 * (ValidationException; not action_request_validation_exception, which is
 * about the record). Those are mended by a person, and dead-lettering
 * them would divert the whole topic.
 */
static bool is_index_trouble(const struct item_answer *a)
{
    return slice_is(a->error_type, "index_closed_exception") ||
           slice_is(a->error_type, "validation_exception") ||
           (slice_is(a->error_type, "illegal_argument_exception") &&
               (contains(a->error_reason, "write index") ||
                   contains(a->error_reason, "more than one ind")));
}

static enum item_verdict done(enum outcome *outcome, enum outcome how)
{
    *outcome = how;
    return ITEM_DONE;
}

enum item_verdict verdict_of_item(
    const struct item_answer *a, enum outcome *outcome)
{
    if (a->is_delete && (a->status == 200 || a->status == 404) &&
        !contains(a->error_type, "index_not_found")) {
        return done(outcome, OUTCOME_DELETED);
    }
    if (a->status == 201) {
        return done(outcome, OUTCOME_CREATED);
    }
    if (a->status >= 200 && a->status < 300) {
        return done(outcome, OUTCOME_UPDATED);
    }
    /* 403, or 429 when a full disk blocks the index (from 7.7 on): not a
     * moment's pressure, so it is said and waited for, like a missing index. */
    if (slice_is(a->error_type, "cluster_block_exception")) {
        return ITEM_HOLD;
    }
    /* Somebody changed the document between an update's reading and its
     * writing: it is not applied. */
    if (a->is_update && a->status == 409) {
        return ITEM_AGAIN;
    }
    if (a->is_update && a->status == 404 &&
        slice_is(a->error_type, "document_missing_exception")) {
        return ITEM_DEAD;
    }
    switch (a->status) {
    case 409:
        return done(outcome, OUTCOME_DUPLICATE);
    case 400:
        return is_index_trouble(a) ? ITEM_HOLD : ITEM_DEAD;
    case 413:
        return ITEM_DEAD;
    case 408:
    case 429:
        return ITEM_AGAIN;
    default:
        break;
    }
    /* 401, 403, 404 (no such index) and whatever else: not the record's
     * fault. */
    return a->status >= 500 ? ITEM_AGAIN : ITEM_HOLD;
}
