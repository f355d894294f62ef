/*
 * struct record_check: one record held against the bridge's encoder and the
 * mapping; what is found goes into the refusals.
 */
#ifndef NARU_PREFLIGHT_RECORD_CHECK_H
#define NARU_PREFLIGHT_RECORD_CHECK_H

#include "bridge/bulk_request.h"
#include "bridge/record.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "preflight/preflight_job.h"

struct record_check {
    struct preflight_result *result; /* borrowed */
    struct bulk_encoder *encoder;    /* owned */
    struct buf lines, whole, marked, shown;
    const char *place; /* of the record at hand */
};

/*
 * record_check_init(c, plan, result, err):
 * plan and result are borrowed until record_check_fini, which is safe after
 * failure, too. Returns 0, or -1 with err: [bridge] is unusable.
 */
int record_check_init(struct record_check *c, const struct preflight_plan *plan,
    struct preflight_result *result, struct error *err) MUST_CHECK;
void record_check_fini(struct record_check *c);

/*
 * record_check_take(c, record, place, err):
 * Look at one. place is where it comes from, for people. Returns 0 whatever is
 * found, or -1 with err: out of memory.
 */
int record_check_take(struct record_check *c, const struct record *record,
    const char *place, struct error *err) MUST_CHECK;

/*
 * record_check_row(c, why, place, err):
 * A CSV row that replay refuses, by its words: "Volume: 'abc' is not a whole
 * number". Returns 0, or -1 with err.
 */
int record_check_row(struct record_check *c, const char *why, const char *place,
    struct error *err) MUST_CHECK;

#endif
