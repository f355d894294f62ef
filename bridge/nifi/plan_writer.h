/* What the makers of the writers share; see plan_build.h. */
#ifndef NARU_BRIDGE_NIFI_PLAN_WRITER_H
#define NARU_BRIDGE_NIFI_PLAN_WRITER_H

#include "bridge/nifi/plan_build.h"

/* Into [elasticsearch]; names as plan_take's. prefix goes behind each host. */
void plan_take_hosts(struct plan *p, const char *names, const char *prefix);
void plan_take_basic(
    struct plan *p, const char *user_names, const char *password_names);
void plan_take_timeouts(struct plan *p, const char *connect,
    const char *connect_fallback, const char *answer,
    const char *answer_fallback);

/* plan_take_client(p): The service that the writer names, and what it says of
 * nulls: always-suppress or never-suppress. */
const char *plan_take_client(struct plan *p);

/* plan_refuse_if_set(p, names, why): naru has nothing for it. */
void plan_refuse_if_set(struct plan *p, const char *names, const char *why);
void plan_take_charset(struct plan *p, const char *names);

#endif
