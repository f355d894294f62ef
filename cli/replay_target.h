/*
 * struct replay_target: where naru replay sends its records: a topic that is
 * there or is made, a producer for it, and, with --resume, how far runs before
 * have come.
 */
#ifndef NARU_CLI_REPLAY_TARGET_H
#define NARU_CLI_REPLAY_TARGET_H

#include "cli/replay_options.h"
#include "common/attr.h"
#include "common/error.h"
#include "common/kafka_topic.h"
#include "replay/checkpoint_sink.h"
#include "replay/exactly_once.h"
#include "replay/producer.h"

struct replay_target {
    const struct replay_options *options; /* borrowed */
    struct producer *producer;
    struct resume_point start; /* records 0: the beginning */
    struct checkpoint *checkpoint;
    struct checkpoint_sink checkpoint_sink;
    struct exactly_once exactly_once;
    bool transactional;
    char transactional_id[PROGRESS_TOPIC_BYTES];
    struct record_sink sink; /* after replay_target_open */
};

/*
 * replay_target_init(t, o, err):
 * Check the settings, before anything is read or asked. 0, or -1 with err:
 * unusable configuration. replay_target_fini is due after both.
 */
int replay_target_init(struct replay_target *t, const struct replay_options *o,
    struct error *err) MUST_CHECK;

/*
 * replay_target_open(t, err):
 * Ask the brokers, make what is to be made, read where to go on. 0 or -1.
 */
int replay_target_open(struct replay_target *t, struct error *err) MUST_CHECK;
void replay_target_fini(struct replay_target *t);

#endif
