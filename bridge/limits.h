/*
 * What the machine lets a bridge have, and whether that is enough: known at the
 * start, not at the first connection too many or when the kernel ends us. The
 * judgement is pure.
 */
#ifndef NARU_BRIDGE_LIMITS_H
#define NARU_BRIDGE_LIMITS_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <stdbool.h>
#include <stdint.h>

#define LIMITS_NONE INT64_MAX

struct limits {
    int64_t files;        /* that may be open (RLIMIT_NOFILE) */
    int64_t memory_bytes; /* of our control group; LIMITS_NONE: it has none */
    int64_t free_bytes;   /* that the machine can give now (MemAvailable) */
};

struct limits_needs {
    int64_t files;
    int64_t held_bytes; /* bridge.memory_bytes */
    int64_t all_bytes;  /* with all that a bridge is beside */
};

enum limits_verdict { LIMITS_ENOUGH, LIMITS_SCARCE, LIMITS_TOO_FEW };

/*
 * limits_judge(have, need, err):
 * SCARCE with err for a warning; TOO_FEW with err when it cannot work.
 */
enum limits_verdict limits_judge(const struct limits *have,
    const struct limits_needs *need, struct error *err) MUST_CHECK;

/* limits_needs_of(c): By the settings of [bridge]. */
struct limits_needs limits_needs_of(const struct config *c);

/* limits_read(wanted_files): What we have, after asking for wanted_files where
 * fewer may be open and the hard limit allows more. */
struct limits limits_read(int64_t wanted_files);

#endif
