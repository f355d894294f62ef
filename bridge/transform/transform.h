/*
 * struct transform: the steps of [transform], compiled once and run over each
 * record on its way; see README.md for what each does. Pure, but that steps
 * which log do so.
 */
#ifndef NARU_BRIDGE_TRANSFORM_TRANSFORM_H
#define NARU_BRIDGE_TRANSFORM_TRANSFORM_H

#include "bridge/attributes.h"
#include "bridge/nifi/arena.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct transform;

/* A record, or one of several that it became. */
struct flow_file {
    bool has_value; /* false: a tombstone */
    struct slice value;
    bool is_changed; /* value is not the record's own */
    struct attributes attributes;
};

/* transform_is_set(config): Does [transform] say anything? */
bool transform_is_set(const struct config *config);

/* transform_new(config, err): Compile the steps. NULL with err, which names
 * the setting. */
struct transform *transform_new(
    const struct config *config, struct error *err) MUST_CHECK;
void transform_free(struct transform *t);

struct transform_result {
    struct flow_file *all; /* what goes on; in the arena */
    size_t n;
    const char *skipped; /* a rule by which something does not, or NULL */
    bool is_refused;     /* something is refused: ... */
    const char *type;    /* ... by this rule, */
    struct error reason; /* for this reason */
};

/*
 * transform_run(t, first, now_ms, again, arena, result):
 * Run the steps over a record. Everything in result lives as long as arena and
 * first's memory. again: it has been here before, so nothing is counted or
 * logged. Returns 0; -1 out of memory.
 */
int transform_run(struct transform *t, const struct flow_file *first,
    int64_t now_ms, bool again, struct arena *arena,
    struct transform_result *result) MUST_CHECK;

/* transform_has_after(t): Are there steps for what was stored? */
bool transform_has_after(const struct transform *t);

/* transform_after(t, stored, now_ms): Run them over one document. */
void transform_after(
    struct transform *t, const struct flow_file *stored, int64_t now_ms);

/* transform_splits(t): Can a record become several? */
bool transform_splits(const struct transform *t);

struct step_stats {
    uint64_t in, in_bytes, out, out_bytes;
    uint64_t refused, refused_bytes;
};

/* The steps, for those who watch: how many, the i-th's kind
 * ("update-attribute"), what passed it. */
size_t transform_step_count(const struct transform *t);
const char *transform_step_kind(const struct transform *t, size_t i);
const struct step_stats *transform_step_stats(
    const struct transform *t, size_t i);

/* The same of the steps behind the engine. */
size_t transform_after_count(const struct transform *t);
const char *transform_after_kind(const struct transform *t, size_t i);

#endif
