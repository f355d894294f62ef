/*
 * What the passes of a verify_job share, and what is done with each row,
 * record, document and dead letter. Not for use outside of verify_job.
 */
#ifndef NARU_VERIFY_JOB_STATE_H
#define NARU_VERIFY_JOB_STATE_H

#include "verify/index_pass.h"
#include "verify/topic_pass.h"
#include "verify/verify_job.h"

struct verify_job {
    const struct verify_plan *plan;
    struct verify_result *result;
    struct id_pattern *ids;
    struct topic_pass *topic; /* NULL where there is none, as the next two */
    struct topic_pass *letters;
    struct index_reader *index;

    uint64_t seen; /* of the pass under way, for progress */
    uint64_t readable;
    struct error first_unreadable; /* why; "" while there is none */

    /* Of the record at hand; kept from one to the next. */
    struct content content;
    struct buf id, marked;
};

/* First reading: each is told to the audit. 0, or -1 with err. */
int take_row(void *job, struct content *content, const struct origin *origin,
    struct error *err) MUST_CHECK;
int take_record(
    void *job, const struct topic_record *record, struct error *err) MUST_CHECK;
int take_document(void *job, const struct index_document *document,
    struct content *content, struct error *err) MUST_CHECK;
int take_letter(
    void *job, const struct topic_record *record, struct error *err) MUST_CHECK;

/* Second reading, of the reference: the examples are completed. */
int explain_row(void *job, struct content *content, const struct origin *origin,
    struct error *err) MUST_CHECK;
int explain_record(
    void *job, const struct topic_record *record, struct error *err) MUST_CHECK;

#endif
