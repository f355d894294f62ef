/*
 * The audit of a flow: CSV, topic, index and dead letters read and compared.
 *
 * What is read when matters where the flow is running: first the committed
 * offsets, then the index is refreshed and held still, then the topic's end is
 * taken. So all that is committed is in the index as it is read, and all that
 * is in the index is in the part of the topic that is read.
 */
#ifndef NARU_VERIFY_VERIFY_JOB_H
#define NARU_VERIFY_VERIFY_JOB_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "common/progress.h"
#include "verify/audit.h"
#include "verify/csv_pass.h"
#include "verify/examples.h"
#include "verify/sip_hash.h"

#include <stdbool.h>
#include <stdint.h>

struct verify_plan {
    const struct config *config; /* borrowed, as all here */
    struct csv_choice csv;
    const char *topic;       /* NULL: none */
    const char *group;       /* NULL: nothing is pending */
    const char *index;       /* NULL: none; or an alias, or a pattern */
    const char *dead_letter; /* the topic of dead letters; NULL: none */
    bool dead_letter_if_there;
    const char *id;         /* pattern */
    bool tombstones_delete; /* else they are skipped */
    size_t examples;        /* of each kind */
    struct sip_key id_key, content_key;
    struct progress *progress; /* NULL: show none */
};

struct verify_result {
    struct audit audit;
    struct audit_tally tally;
    uint64_t differences; /* 0: all agree */
    uint64_t rows, bad_rows;
    uint64_t records, pending, tombstones, expired;
    uint64_t documents;
    bool has_letters;
    uint64_t letters;
    struct examples examples;
};

/*
 * verify_run(plan, result, err):
 * Returns 0 when all was read, whatever was found; -1 with err. result is to
 * be freed with verify_result_fini after both.
 */
int verify_run(const struct verify_plan *plan, struct verify_result *result,
    struct error *err) MUST_CHECK;
void verify_result_fini(struct verify_result *result);

#endif
