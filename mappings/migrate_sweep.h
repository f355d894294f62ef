/*
 * What copying alone does not see: documents that were deleted from the old
 * index after they were copied, and those that were deleted and written anew
 * in a lower version. Looked for while the old index takes no writes.
 */
#ifndef NARU_MAPPINGS_MIGRATE_SWEEP_H
#define NARU_MAPPINGS_MIGRATE_SWEEP_H

#include "common/attr.h"
#include "common/error.h"
#include "mappings/migrate_copy.h"

#include <stdint.h>

/* Is the old index still the one behind the alias? 0, else -1 with err. */
typedef int (*migrate_check_fn)(void *arg, struct error *err);

/*
 * migrate_sweep(c, n_shards, check, arg, removed, err):
 * Delete from c->to, which has n_shards, what c->from does not hold; *removed
 * is how many. Should another migration have moved the alias meanwhile, and
 * bridges write into c->to, nothing of theirs is touched: check runs after it
 * was fixed which documents may go, and a document that changes since then
 * stays. Asks for every id once. Returns 0 or -1 with err.
 */
int migrate_sweep(struct migrate_copy *c, size_t n_shards,
    migrate_check_fn check, void *arg, uint64_t *removed,
    struct error *err) MUST_CHECK;

/*
 * migrate_sweep_conflicts(c, err):
 * Do both indices hold the documents of c->conflicts in the same version after
 * all? Returns 0; -1 with err when one is older in c->from: it was deleted and
 * written anew, and only copying it all again gets that right.
 */
int migrate_sweep_conflicts(
    struct migrate_copy *c, struct error *err) MUST_CHECK;

#endif
