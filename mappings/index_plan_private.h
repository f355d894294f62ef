/* What the files of struct index_plan share; for them only. */
#ifndef NARU_MAPPINGS_INDEX_PLAN_PRIVATE_H
#define NARU_MAPPINGS_INDEX_PLAN_PRIVATE_H

#include "mappings/index_plan.h"

#define OWNER "naru"

/* All that planning looks at, and the plan it fills. */
struct planner {
    struct index_plan *plan;
    const struct index_wanted *w;
    const struct index_state *state;
    const struct engine *engine;
};

/* One part each; index_plan.c calls them in the order of their steps. */
void plan_lifecycle_policy(struct planner *p);
void plan_standing_indices(struct planner *p);
void plan_template(struct planner *p);
void plan_new_index(struct planner *p);
void plan_aliases(struct planner *p);
void plan_followers(struct planner *p); /* of the policy, OpenSearch's way */

/*
 * planner_step(p, action, method, body):
 * Append a step; body is taken over. NULL, and the plan says so, without
 * memory.
 */
struct index_step *planner_step(struct planner *p, enum index_action action,
    const char *method, json_t *body);

/* planner_line(p, line): Append a line. */
void planner_line(struct planner *p, const struct plan_line *line);

/* planner_say(p, verdict, subject, name, standing, why): One without a path;
 * drifts unless it is in place. */
void planner_say(struct planner *p, enum plan_verdict verdict,
    enum plan_subject subject, const char *name, const char *standing,
    const char *why);

/*
 * planner_owns(p, subject, name, standing):
 * Is what stands under name ours, made for this dataset? If not, a forbidden
 * line says so.
 */
bool planner_owns(struct planner *p, enum plan_subject subject,
    const char *name, const json_t *standing);

/* planner_documents(p, index): How many it holds, or ..._UNKNOWN. */
int64_t planner_documents(const struct planner *p, const char *index);

/* planner_has_checksum(p, standing): Was it made of this very dataset? */
bool planner_has_checksum(const struct planner *p, const json_t *standing);

#endif
