/*
 * struct resume_point: how far a replay by name has come: what a checkpoint
 * file or a progress record says. A record counts once Kafka has it.
 */
#ifndef NARU_REPLAY_RESUME_POINT_H
#define NARU_REPLAY_RESUME_POINT_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"

#include <stdbool.h>
#include <stdint.h>

#define RESUME_TOPIC_BYTES 256 /* Kafka takes 249 */
#define RESUME_PLACE_BYTES 512

struct resume_point {
    char topic[RESUME_TOPIC_BYTES];
    int64_t records; /* from the start of the input, all of them stored */
    uint32_t chain;  /* the checksum over them (record_maker.h) */
    char place[RESUME_PLACE_BYTES]; /* "FILE:LINE" of the last, for people */
};

/* resume_point_write(p, out): Append p as one line of JSON. 0 or -1. */
int resume_point_write(
    const struct resume_point *p, struct buf *out) MUST_CHECK;

/*
 * resume_point_read(text, p, err):
 * Read what resume_point_write has written. Returns 0, or -1 with err.
 */
int resume_point_read(
    struct slice text, struct resume_point *p, struct error *err) MUST_CHECK;

/*
 * resume_name_check(name, err):
 * Is name good for a file and a topic: letters, digits, '.', '_' and '-', not
 * a dot first, at most 100? Returns 0, or -1 with err.
 */
int resume_name_check(const char *name, struct error *err) MUST_CHECK;

#endif
