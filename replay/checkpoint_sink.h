/*
 * struct checkpoint_sink: a producer's sink that keeps a checkpoint: it moves
 * behind what the brokers have acknowledged, never in front of it. A replay
 * that is killed may have sent more than its checkpoint says: resuming sends
 * those again. (exactly_once.h does not.)
 */
#ifndef NARU_REPLAY_CHECKPOINT_SINK_H
#define NARU_REPLAY_CHECKPOINT_SINK_H

#include "replay/checkpoint.h"
#include "replay/producer.h"
#include "replay/record_sink.h"

struct checkpoint_sink {
    struct producer *producer;     /* borrowed */
    struct record_sink inner;      /* the producer's */
    struct checkpoint *checkpoint; /* borrowed */
    struct resume_point point;     /* as it was stored last */
    int64_t before;                /* records of the runs before */
    int64_t stored_us;
};

/*
 * checkpoint_sink_init(s, producer, checkpoint, start):
 * Keep checkpoint for producer, from start on.
 */
void checkpoint_sink_init(struct checkpoint_sink *s, struct producer *producer,
    struct checkpoint *checkpoint, const struct resume_point *start);

/* checkpoint_sink_sink(s): s as a record_sink, valid as long as s. */
struct record_sink checkpoint_sink_sink(struct checkpoint_sink *s);

#endif
