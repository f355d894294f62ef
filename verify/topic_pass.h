/*
 * struct topic_pass: all records of a topic, from the oldest to the end as it
 * stood when it was bounded, as often as wanted. Reads beside the consumer
 * groups: it joins none and commits nothing.
 */
#ifndef NARU_VERIFY_TOPIC_PASS_H
#define NARU_VERIFY_TOPIC_PASS_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "common/slice.h"
#include "verify/id_pattern.h"

#include <stdbool.h>
#include <stdint.h>

struct topic_pass; /* opaque */
struct topic_record_private;

struct topic_record {
    struct origin origin;
    bool has_value; /* else a tombstone */
    struct slice value;
    bool pending; /* behind the group's committed offset */
    const struct topic_record_private *private_;
};

/* Called for each record, which is valid during the call. Not 0 ends it. */
typedef int (*topic_pass_fn)(
    void *arg, const struct topic_record *record, struct error *err);

/*
 * topic_pass_exists(config, topic, exists, err):
 * Is there such a topic? 0, or -1 with err when no broker answers.
 */
int topic_pass_exists(const struct config *config, const char *topic,
    bool *exists, struct error *err) MUST_CHECK;

/*
 * topic_pass_open(config, topic, group, err):
 * Connect, and take note of the group's committed offsets (group NULL: no
 * record will be pending). NULL with err: no broker, no such topic, a group
 * that has committed nothing in a topic that has records. config is borrowed.
 */
struct topic_pass *topic_pass_open(const struct config *config,
    const char *topic, const char *group, struct error *err) MUST_CHECK;
void topic_pass_free(struct topic_pass *p);

/* topic_pass_bound(p, err): The end is now. 0 or -1 with err. */
int topic_pass_bound(struct topic_pass *p, struct error *err) MUST_CHECK;

/* topic_pass_expected(p): Records there may be (compaction leaves fewer). */
int64_t topic_pass_expected(const struct topic_pass *p);

/* topic_pass_expired(p): Offsets before the oldest: deleted long since. */
int64_t topic_pass_expired(const struct topic_pass *p);

/* topic_pass_read(p, each, arg, err): Read all up to the bound. 0 or -1. */
int topic_pass_read(struct topic_pass *p, topic_pass_fn each, void *arg,
    struct error *err) MUST_CHECK;

/* topic_record_header(r, name, value): The last header of that name? */
bool topic_record_header(
    const struct topic_record *r, const char *name, struct slice *value);

#endif
