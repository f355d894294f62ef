/*
 * struct offsets: what became of every record of one partition. Each record
 * taken ends in exactly one way, and the frontier is the offset before which
 * all have ended: it alone may be committed. At all times
 *
 *   consumed = created + updated + duplicate + deleted + dead_lettered
 *              + skipped + released + pending
 *
 * Pure: knows no socket and no clock.
 */
#ifndef NARU_BRIDGE_OFFSETS_H
#define NARU_BRIDGE_OFFSETS_H

#include "common/attr.h"

#include <stddef.h>
#include <stdint.h>

enum outcome {
    OUTCOME_CREATED,
    OUTCOME_UPDATED,   /* the id was there with an older or equal version */
    OUTCOME_DUPLICATE, /* a newer version was there */
    OUTCOME_DELETED,
    OUTCOME_DEAD_LETTERED,
    OUTCOME_SKIPPED, /* by a stated rule */
    OUTCOME_RELEASED /* the partition was taken from us before the end;
                        its next owner does it again */
};
#define OUTCOME_COUNT 7

/* The outcomes' names in metrics and logs, by enum outcome. */
extern const char *const outcome_names[OUTCOME_COUNT];

struct offsets_counts {
    uint64_t consumed;
    uint64_t ended[OUTCOME_COUNT];
};

struct offsets;

/* offsets_new(): An empty ledger. NULL out of memory. */
struct offsets *offsets_new(void) MUST_CHECK;
void offsets_free(struct offsets *o);

/*
 * offsets_track(o, offset, ticket):
 * A record was taken; *ticket names it until offsets_end. Offsets must rise;
 * gaps (compaction, transaction marks) are fine. Amortised O(1). Returns 0; 1
 * when the offset is not above the last one (delivered again: leave it); -1
 * out of memory.
 */
int offsets_track(
    struct offsets *o, int64_t offset, uint64_t *ticket) MUST_CHECK;

/*
 * offsets_end(o, ticket, n, outcome):
 * The records of ticket and the n - 1 tickets after it ended, all alike. Each
 * ticket is ended once (asserted). Tickets from before offsets_reset are
 * ignored: they were counted as released then. Never allocates; amortised O(1)
 * a record.
 */
void offsets_end(
    struct offsets *o, uint64_t ticket, uint64_t n, enum outcome outcome);

/*
 * offsets_reach(o, offset):
 * The partition holds no records below offset beyond those taken (its end was
 * reached), so the frontier may go there once all have ended.
 */
void offsets_reach(struct offsets *o, int64_t offset);

/* offsets_frontier(o): The offset to commit, -1 when nothing has ended yet. */
int64_t offsets_frontier(const struct offsets *o);

/* offsets_pending(o): Records taken and not ended. */
uint64_t offsets_pending(const struct offsets *o);

/* offsets_counts(o): All counts since offsets_new; valid until o changes. */
const struct offsets_counts *offsets_counts(const struct offsets *o);

/*
 * offsets_reset(o):
 * The partition was taken away: pending records count as released and the
 * frontier is forgotten. The counts stay.
 */
void offsets_reset(struct offsets *o);

#endif
