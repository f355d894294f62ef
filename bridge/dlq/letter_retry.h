/*
 * Letters retried: each that is meant goes to its target; what is accepted is
 * marked as done, what is refused stays and is told of. Killed in the middle,
 * a letter may have gone and not been marked: the next run sends it again,
 * which fixed ids make harmless.
 */
#ifndef NARU_DLQ_LETTER_RETRY_H
#define NARU_DLQ_LETTER_RETRY_H

#include "bridge/dlq/letter_marks.h"
#include "bridge/dlq/letter_walk.h"
#include "bridge/offsets.h"
#include "common/attr.h"
#include "common/config.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct letter_retry {
    bool to_index; /* else to the source topic */
    bool dry_run;
    const struct config *config;
    struct letter_walk walk;    /* which ones */
    struct letter_marks *marks; /* borrowed; NULL with dry_run */
    FILE *to; /* where each refused one is told of, the first MOST_TOLD */

    /* Results. */
    uint64_t accepted;
    uint64_t created, duplicate, deleted, skipped; /* parts of accepted */
    uint64_t refused; /* by the engine, or on their way there */
    uint64_t failed;  /* did not get there */
};

/*
 * letter_retry_run(r, source, err):
 * Returns 0 when it got to the end, whatever became of the letters; -1 with
 * err when it had to stop, or when marks could not be stored; what was counted
 * until then holds.
 */
int letter_retry_run(struct letter_retry *r, struct letter_source *source,
    struct error *err) MUST_CHECK;

#endif
