/*
 * struct group_ends: where the group's topics ended at one moment, and whether
 * the group has committed as far, whichever member did. It asks the brokers,
 * blocking, with a client that joins nothing; only --until-end needs it.
 */
#ifndef NARU_BRIDGE_GROUP_ENDS_H
#define NARU_BRIDGE_GROUP_ENDS_H

#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <stdbool.h>
#include <stdint.h>

struct group_ends;

/*
 * group_ends_new(config, topics, wait_ms, err):
 * Note the ends of all partitions of topics (a comma list; '^' starts a
 * regular expression) that hold records. Each question to the brokers waits
 * wait_ms at most. NULL with err.
 */
struct group_ends *group_ends_new(const struct config *config,
    const char *topics, int wait_ms, struct error *err) MUST_CHECK;
void group_ends_free(struct group_ends *g);

/* Is the partition known to have been done, or not to matter? */
typedef bool (*group_ends_skip_fn)(
    void *arg, const char *topic, int32_t partition);

/*
 * group_ends_reached(g, skip, arg, wait_ms):
 * Has the group committed all partitions, but those that skip names, as far as
 * they reached? False also when the brokers do not tell within wait_ms.
 */
bool group_ends_reached(
    struct group_ends *g, group_ends_skip_fn skip, void *arg, int wait_ms);

#endif
