/*
 * struct manifest: what a replay sent, in a few figures by which two replays
 * can be compared: records, bytes, the first and the last event time, and a
 * SHA-256 over all keys and values in order.
 *
 * What is hashed, for each record: the key's length in bytes as 4 bytes, the
 * largest first, the key, the value's length likewise, the value.
 */
#ifndef NARU_REPLAY_MANIFEST_H
#define NARU_REPLAY_MANIFEST_H

#include "common/attr.h"
#include "common/error.h"
#include "replay/record_sink.h"

#include <stdbool.h>

struct manifest; /* opaque */

/* manifest_new(): An empty one. NULL without memory. */
struct manifest *manifest_new(void) MUST_CHECK;
void manifest_free(struct manifest *m);

/* manifest_add(m, record): Take the next record. Returns 0 or -1. */
int manifest_add(
    struct manifest *m, const struct out_record *record) MUST_CHECK;

/*
 * manifest_write(m, path, dataset, complete, err):
 * Write it as JSON under path, whole or not at all; "-" is standard output.
 * complete: were all rows sent? Ends m: nothing can be added. 0 or -1 with err.
 */
int manifest_write(struct manifest *m, const char *path, const char *dataset,
    bool complete, struct error *err) MUST_CHECK;

#endif
