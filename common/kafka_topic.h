/*
 * What is asked of a Kafka cluster about its topics, and making one. One
 * connection, blocking, for commands and start-up.
 */
#ifndef NARU_COMMON_KAFKA_TOPIC_H
#define NARU_COMMON_KAFKA_TOPIC_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <stdbool.h>
#include <stdint.h>

#define KAFKA_TOPICS_WAIT_MS 10000 /* the longest any call here waits */

struct kafka_topic_info {
    bool exists;
    int partitions;
    int replicas; /* of partition 0 */
};

struct kafka_topics; /* opaque: the connection */

/*
 * kafka_topics_brokers(c): kafka.bootstrap.servers, or NULL when it is not
 * set. Borrowed from c.
 */
const char *kafka_topics_brokers(const struct config *c);

/*
 * kafka_topics_open(c, err):
 * Connect to the brokers of [kafka], of which one must answer within
 * KAFKA_TOPICS_WAIT_MS. NULL with err, which names them and says why not.
 */
struct kafka_topics *kafka_topics_open(
    const struct config *c, struct error *err) MUST_CHECK;
void kafka_topics_free(struct kafka_topics *k);

/*
 * kafka_topic_describe(k, topic, info, err):
 * Look topic up; never creates it. A topic that does not exist is an answer.
 */
int kafka_topic_describe(struct kafka_topics *k, const char *topic,
    struct kafka_topic_info *info, struct error *err) MUST_CHECK;

typedef void (*kafka_topic_fn)(void *arg, const char *topic);

/*
 * kafka_topics_list(k, names, each, arg, err):
 * Call each for every topic there that names (see topic_names.h) asks for.
 * Returns their number, or -1 with err.
 */
int kafka_topics_list(struct kafka_topics *k, const char *names,
    kafka_topic_fn each, void *arg, struct error *err) MUST_CHECK;

#define KAFKA_SETTING_BYTES 128

/*
 * kafka_topic_setting(k, topic, name, value, err):
 * What the brokers have for the topic's setting, e.g. "min.insync.replicas",
 * their default among them; value is NUL-terminated and empty when they do not
 * know it. Returns 0 or -1 with err (no answer, not allowed to ask).
 */
int kafka_topic_setting(struct kafka_topics *k, const char *topic,
    const char *name, char value[KAFKA_SETTING_BYTES],
    struct error *err) MUST_CHECK;

struct kafka_new_topic {
    const char *name;
    int partitions;
    int replicas;                  /* -1: as the brokers have it */
    const char *max_message_bytes; /* max.message.bytes; NULL: likewise */
    bool compacted;                /* a key's last record stays for good */
};

/*
 * kafka_topic_create(k, topic, err):
 * Create it and wait until each partition has a leader. Returns 0 when made, 1
 * when a topic of that name is there already (left as it is), or -1 with err.
 */
int kafka_topic_create(struct kafka_topics *k,
    const struct kafka_new_topic *topic, struct error *err) MUST_CHECK;

/*
 * kafka_topic_written(k, topic, offsets, err):
 * How many offsets were ever given out, over all partitions; retention takes
 * none back. An error if the topic does not exist.
 */
int kafka_topic_written(struct kafka_topics *k, const char *topic,
    int64_t *offsets, struct error *err) MUST_CHECK;

/*
 * kafka_topic_count(k, topic, records, err):
 * The sum over the partitions of the offsets between the oldest and the next:
 * the number of records, unless the topic is compacted or transactional. An
 * error if it does not exist.
 */
int kafka_topic_count(struct kafka_topics *k, const char *topic,
    int64_t *records, struct error *err) MUST_CHECK;

#endif
