/*
 * What an answer of the engine means: one table for whole requests and one
 * for items, across the engines' names for the same error. Pure.
 *
 * Sources: Elasticsearch's RestStatus of each exception class, and the status
 * tables in the bulk API's documentation; error names changed between 7, 8
 * and 9 (mapper_parsing_exception became document_parsing_exception), so the
 * status decides and names only split what one status says of two things.
 */
#ifndef NARU_BRIDGE_VERDICT_H
#define NARU_BRIDGE_VERDICT_H

#include "bridge/offsets.h"
#include "common/slice.h"

#include <stdbool.h>

enum request_verdict {
    REQUEST_READ,   /* the items tell */
    REQUEST_AGAIN,  /* busy, down or unknown outcome: send the same again */
    REQUEST_HALVE,  /* the body is too large */
    REQUEST_BISECT, /* something in the body is refused: find it */
    REQUEST_HOLD    /* we are refused, not the records: wait for a person */
};

/*
 * verdict_of_request(status, reason):
 * Of an HTTP status and the engine's words with it. 0 stands for no answer at
 * all (refused connection, time-out, reset): the outcome is unknown. A 400
 * whose reason is about the request (RestController: unrecognized parameters,
 * Content-Type), or that a proxy gave, would be the same for each half of it,
 * so it is no record's.
 */
enum request_verdict verdict_of_request(long status, struct slice reason);

/* verdict_is_pressure(status): Does it ask us to slow down (429)? */
bool verdict_is_pressure(long status);

enum item_verdict {
    ITEM_DONE,  /* outcome says how */
    ITEM_AGAIN, /* busy: send this item again */
    ITEM_DEAD,  /* the engine will never take it */
    ITEM_HOLD   /* the index is not ready for anything: wait for a person */
};

struct item_answer {
    int status;
    bool is_delete;
    bool is_update;
    struct slice error_type;   /* raw JSON text, empty without an error */
    struct slice error_reason; /* likewise */
    struct slice error_cause;  /* the innermost caused_by's reason, likewise */
};

/*
 * verdict_of_item(answer, outcome):
 * What to do with one record; *outcome is set with ITEM_DONE.
 */
enum item_verdict verdict_of_item(
    const struct item_answer *answer, enum outcome *outcome);

#endif
