/*
 * The audit, from opening what is to be read to the tally; see verify_job.h.
 * Where something does not agree, the reference is read a second time for the
 * texts of the examples: what is missing, and which fields differ.
 */
#include "verify/verify_job.h"

#include "common/buf.h"
#include "verify/index_pass.h"
#include "verify/job_state.h"
#include "verify/topic_pass.h"

#include <inttypes.h>

#define ID_MAX_BYTES ((size_t)64 << 20)

static int init(struct verify_job *job, struct error *err)
{
    job->ids = id_pattern_new(job->plan->id, err);
    if (job->ids == NULL) {
        return -1;
    }
    content_init(&job->content);
    buf_init(&job->id, ID_MAX_BYTES);
    buf_init(&job->marked, CONTENT_MAX_BYTES);
    return 0;
}

static void fini(struct verify_job *job)
{
    if (job->ids != NULL) {
        content_fini(&job->content);
        buf_fini(&job->id);
        buf_fini(&job->marked);
    }
    id_pattern_free(job->ids);
    index_reader_free(job->index);
    topic_pass_free(job->topic);
    topic_pass_free(job->letters);
}

static int open_letters(struct verify_job *job, struct error *err)
{
    const struct verify_plan *plan = job->plan;
    bool exists = true;

    if (plan->dead_letter == NULL) {
        return 0;
    }
    if (plan->dead_letter_if_there &&
        topic_pass_exists(plan->config, plan->dead_letter, &exists, err) != 0) {
        return -1;
    }
    if (!exists) {
        return 0;
    }
    job->letters = topic_pass_open(plan->config, plan->dead_letter, NULL, err);
    return job->letters != NULL ? 0 : -1;
}

/* In the order that verify_job.h speaks of. */
static int open_all(struct verify_job *job, struct error *err)
{
    const struct verify_plan *plan = job->plan;

    if (plan->topic != NULL) {
        job->topic = topic_pass_open(plan->config, plan->topic,
            plan->index != NULL ? plan->group : NULL, err);
        if (job->topic == NULL) {
            return -1;
        }
    }
    if (plan->index != NULL) {
        job->index = index_reader_open(
            plan->config, &(struct index_question){.index = plan->index}, err);
        if (job->index == NULL) {
            return -1;
        }
    }
    if (job->topic != NULL) {
        if (topic_pass_bound(job->topic, err) != 0) {
            return -1;
        }
        job->result->expired = (uint64_t)topic_pass_expired(job->topic);
    }
    return open_letters(job, err);
}

static int check_records(const struct verify_job *job, struct error *err)
{
    const struct verify_result *r = job->result;

    if (job->readable > 0 || r->records == r->tombstones) {
        return 0;
    }
    return error_set(err,
        "topic %s: of its %" PRIu64 " records none has an id by %s (%s); is "
        "that the right dataset?",
        job->plan->topic, r->records, job->plan->id,
        job->first_unreadable.text);
}

static int read_all(struct verify_job *job, struct error *err)
{
    struct verify_result *r = job->result;

    if (job->plan->csv.input.n_paths > 0 &&
        csv_pass_run(&job->plan->csv, take_row, job, &r->bad_rows, err) != 0) {
        return -1;
    }
    job->seen = 0;
    if (job->topic != NULL &&
        (topic_pass_read(job->topic, take_record, job, err) != 0 ||
            check_records(job, err) != 0)) {
        return -1;
    }
    job->seen = 0;
    if (job->index != NULL &&
        index_pass_run(job->index, take_document, job, err) != 0) {
        return -1;
    }
    if (job->letters != NULL) {
        job->seen = 0;
        r->has_letters = true;
        return topic_pass_read(job->letters, take_letter, job, err);
    }
    return 0;
}

/* Is there an example that only the reference can complete? */
static bool needs_second_reading(const struct verify_result *r)
{
    static const enum finding kinds[] = {FINDING_CSV_CONTRADICTS,
        FINDING_TOPIC_MISSING, FINDING_TOPIC_DIFFERENT,
        FINDING_TOPIC_CONTRADICTS, FINDING_INDEX_MISSING,
        FINDING_INDEX_DIFFERENT, FINDING_PENDING};

    if (r->examples.most == 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (r->tally.findings[kinds[i]] > 0) {
            return true;
        }
    }
    return false;
}

static int read_again(struct verify_job *job, struct error *err)
{
    uint64_t bad_rows;

    if (!needs_second_reading(job->result)) {
        return 0;
    }
    job->seen = 0;
    if (job->plan->csv.input.n_paths > 0) {
        return csv_pass_run(&job->plan->csv, explain_row, job, &bad_rows, err);
    }
    return topic_pass_read(job->topic, explain_record, job, err);
}

int verify_run(const struct verify_plan *plan, struct verify_result *result,
    struct error *err)
{
    struct verify_job job = {.plan = plan, .result = result};
    int rc = -1;

    *result = (struct verify_result){0};
    audit_init(&result->audit, plan->csv.input.n_paths > 0, plan->topic != NULL,
        plan->index != NULL);
    examples_init(&result->examples, plan->examples);
    if (init(&job, err) != 0) {
        goto out;
    }
    if (plan->csv.input.n_paths > 0 && id_pattern_needs_record(job.ids)) {
        (void)error_set(err,
            "the id %s is made of a record's place in its topic, which a row "
            "of CSV has not; compare topic and index, without a FILE",
            plan->id);
        goto out;
    }
    if (open_all(&job, err) != 0 || read_all(&job, err) != 0) {
        goto out;
    }
    audit_count(&result->audit, &result->tally);
    result->differences = audit_differences(&result->audit, &result->tally);
    examples_prune(&result->examples, &result->audit);
    rc = read_again(&job, err);
out:
    if (plan->progress != NULL) {
        progress_clear(plan->progress);
    }
    fini(&job);
    return rc;
}

void verify_result_fini(struct verify_result *result)
{
    audit_fini(&result->audit);
    examples_fini(&result->examples);
}
