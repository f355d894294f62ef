/*
 * struct bulk_response: reads a bulk answer item by item, in the order the
 * items were sent. Works on the whole text in place; pure.
 *
 *   {"took":5,"errors":true,"items":[{"index":{"status":400,
 *     "error":{"type":"...","reason":"..."}}}, ...]}
 */
#ifndef NARU_BRIDGE_BULK_RESPONSE_H
#define NARU_BRIDGE_BULK_RESPONSE_H

#include "bridge/verdict.h"
#include "common/attr.h"
#include "common/json_scan.h"
#include "common/slice.h"

/* What the request asks for, so that an answer holds what is read here and
 * little else. Without items.*.status a success would leave no trace and
 * positions would be lost. */
#define BULK_FILTER_PATH "filter_path=took,errors,items.*.status,items.*.error"

struct bulk_response {
    struct json_cursor at;
};

/*
 * bulk_response_open(r, body):
 * Find the items. body must stay until the last read. Returns 0, -1 when body
 * is no bulk answer (cut short, not JSON, without items).
 */
int bulk_response_open(struct bulk_response *r, struct slice body) MUST_CHECK;

/*
 * bulk_response_next(r, item):
 * Returns 1 with the next item; 0 when there is none; -1 when the text is not
 * what it should be.
 */
int bulk_response_next(
    struct bulk_response *r, struct item_answer *item) MUST_CHECK;

/*
 * bulk_response_run(r, item):
 * The next item together with those behind it that say the same, byte for
 * byte: mostly all there are. Returns how many, with what each of them says in
 * *item; 0 and -1 as bulk_response_next.
 */
long bulk_response_run(
    struct bulk_response *r, struct item_answer *item) MUST_CHECK;

/*
 * item_reason(item, out, size):
 * Why the engine refused it, for people: the reason and, when it names one,
 * the cause behind it. NUL-terminated, cut to size.
 */
void item_reason(const struct item_answer *item, char *out, size_t size);

/*
 * bulk_response_count(body):
 * The number of items when the whole answer reads well, else -1. An answer
 * whose count is not the number sent must not be believed: Elasticsearch
 * 7.10.2 and 7.11.1 could return more items than were sent.
 */
long bulk_response_count(struct slice body);

#endif
