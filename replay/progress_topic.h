/*
 * How far exactly-once replays have come, in Kafka: a compacted topic of one
 * partition for each name, whose last record under the name as its key is the
 * resume point. A topic of its own, because in one that several share, an open
 * transaction of another replay would hide our last record; and a topic rather
 * than a consumer group's offsets, because those expire after a week.
 */
#ifndef NARU_REPLAY_PROGRESS_TOPIC_H
#define NARU_REPLAY_PROGRESS_TOPIC_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "common/kafka_topic.h"
#include "replay/resume_point.h"

#define PROGRESS_TOPIC_BYTES 128

/* progress_topic_name(name, out): "naru-replay-NAME". */
void progress_topic_name(const char *name, char out[PROGRESS_TOPIC_BYTES]);

/*
 * progress_topic_prepare(k, topic, replicas, err):
 * Make it if it is not there. Returns 0, or -1 with err.
 */
int progress_topic_prepare(struct kafka_topics *k, const char *topic,
    int replicas, struct error *err) MUST_CHECK;

/*
 * progress_topic_read(c, topic, key, point, err):
 * The last committed point: 1 with *point, 0 when there is none, or -1 with
 * err. The writer's open transaction must have been ended before.
 */
int progress_topic_read(const struct config *c, const char *topic,
    const char *key, struct resume_point *point, struct error *err) MUST_CHECK;

#endif
