/* Letters retried; see letter_retry.h. */
#include "bridge/dlq/letter_retry.h"

#include "bridge/dlq/letter_list.h"
#include "bridge/dlq/retry_target.h"

#include <inttypes.h>

#define MOST_TOLD 20

struct run {
    struct letter_retry *r;
    struct retry_target *target;
};

/* Does this one get a line? The last line says that there are more. */
static bool is_told(struct letter_retry *r)
{
    uint64_t n = r->refused + r->failed;

    if (n == MOST_TOLD + 1) {
        (void)fprintf(r->to, "... and more, which naru dlq list shows\n");
    }
    return n <= MOST_TOLD;
}

static void on_accepted(
    void *arg, const struct stored_letter *origin, enum outcome how)
{
    struct letter_retry *r = arg;

    r->accepted++;
    r->created += how == OUTCOME_CREATED || how == OUTCOME_UPDATED;
    r->duplicate += how == OUTCOME_DUPLICATE;
    r->deleted += how == OUTCOME_DELETED;
    r->skipped += how == OUTCOME_SKIPPED;
    if (r->marks != NULL) {
        letter_marks_add(r->marks, origin);
    }
}

static void on_refused(
    void *arg, const struct stored_letter *origin, const struct refusal *why)
{
    struct letter_retry *r = arg;
    char name[320];

    r->refused++;
    if (is_told(r)) {
        letter_list_origin(&origin->letter, name, sizeof(name));
        (void)fprintf(r->to, "%s %s: %s: %s\n",
            r->dry_run ? "would be refused" : "refused again", name, why->type,
            why->reason);
    }
}

static void on_failed(
    void *arg, const struct stored_letter *origin, const char *why)
{
    struct letter_retry *r = arg;
    char name[320];

    r->failed++;
    if (is_told(r)) {
        letter_list_origin(&origin->letter, name, sizeof(name));
        (void)fprintf(r->to, "failed %s: %s\n", name, why);
    }
}

static int take(void *arg, const struct stored_letter *stored,
    int64_t retried_ms, struct error *err)
{
    struct run *run = arg;

    (void)retried_ms;
    return run->target->take(run->target, stored, err);
}

int letter_retry_run(
    struct letter_retry *r, struct letter_source *source, struct error *err)
{
    static const struct retry_calls calls = {
        on_accepted, on_refused, on_failed};
    struct run run = {.r = r};
    struct error marks_err;
    int rc;

    run.target = r->to_index
                     ? index_target_new(r->config, r->dry_run, &calls, r, err)
                     : topic_target_new(r->config, r->dry_run, &calls, r, err);
    if (run.target == NULL) {
        return -1;
    }
    rc = letter_walk(&r->walk, source, take, &run, err);
    if (rc == 0) {
        rc = run.target->finish(run.target, err);
    } else {
        (void)run.target->finish(run.target, &marks_err);
    }
    run.target->free(run.target);
    if (r->marks != NULL && letter_marks_finish(r->marks, &marks_err) != 0 &&
        rc == 0) {
        rc = error_set(err, "%s", marks_err.text);
    }
    return rc;
}
