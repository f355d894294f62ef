/*
 * The pure half of `naru mappings`; see index_plan.h.
 *
 * Order of the steps: a standing index first, since the engine may refuse to
 * change it and nothing else should have been changed then; then the lifecycle
 * policy, which the template names, the template, a new index, its aliases.
 * Within an index the settings go first: its mappings carry the checksum, and
 * that must not be there before all the rest is.
 */
#include "mappings/index_plan_private.h"

#include "mappings/name_pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct index_step *planner_step(struct planner *p, enum index_action action,
    const char *method, json_t *body)
{
    struct index_plan *plan = p->plan;
    struct index_step *steps =
        realloc(plan->steps, (plan->n_steps + 1) * sizeof(*steps));
    struct index_step *step;

    if (steps == NULL || (method != NULL && body == NULL)) {
        plan->steps = steps != NULL ? steps : plan->steps;
        plan->out_of_memory = true;
        json_decref(body);
        return NULL;
    }
    plan->steps = steps;
    step = &steps[plan->n_steps++];
    *step =
        (struct index_step){.action = action, .method = method, .body = body};
    return step;
}

void planner_line(struct planner *p, const struct plan_line *line)
{
    plan_lines_add(&p->plan->lines, line);
}

void planner_say(struct planner *p, enum plan_verdict verdict,
    enum plan_subject subject, const char *name, const char *standing,
    const char *why)
{
    const struct plan_line line = {.verdict = verdict,
        .subject = subject,
        .drifts = verdict != PLAN_IN_PLACE,
        .name = name,
        .standing = standing,
        .why = why,
        .documents = PLAN_DOCUMENTS_UNKNOWN};

    planner_line(p, &line);
}

bool planner_owns(struct planner *p, enum plan_subject subject,
    const char *name, const json_t *standing)
{
    const char *dataset = index_meta_text(standing, "dataset");
    struct error why;

    if (strcmp(index_meta_text(standing, "managed_by"), OWNER) != 0) {
        (void)error_set(&why,
            "is there already and was not made by naru (no _meta.managed_by "
            "\"naru\"); it is left alone. Remove or rename it, or give the "
            "dataset another name and index");
    } else if (strcmp(dataset, p->w->names.dataset) != 0) {
        (void)error_set(&why,
            "belongs to naru's dataset %s; it is left alone. Give dataset %s "
            "another name and index",
            dataset, p->w->names.dataset);
    } else {
        return true;
    }
    planner_line(p, &(struct plan_line){.verdict = PLAN_FORBIDDEN,
                        .subject = subject,
                        .drifts = true,
                        .contradicts = subject == PLAN_INDEX,
                        .name = name,
                        .why = why.text,
                        .documents = PLAN_DOCUMENTS_UNKNOWN});
    return false;
}

int64_t planner_documents(const struct planner *p, const char *index)
{
    const json_t *n = json_object_get(p->state->documents, index);

    return n != NULL ? json_integer_value(n) : PLAN_DOCUMENTS_UNKNOWN;
}

bool planner_has_checksum(const struct planner *p, const json_t *standing)
{
    return strcmp(index_meta_text(standing, "sha256"),
               index_meta_text(p->w->body, "sha256")) == 0;
}

/* By subject; within one as they came. */
static void sort_lines(struct plan_lines *lines)
{
    for (size_t i = 1; i < lines->n; i++) {
        struct plan_line line = lines->items[i];
        size_t j = i;

        for (; j > 0 && lines->items[j - 1].subject > line.subject; j--) {
            lines->items[j] = lines->items[j - 1];
        }
        lines->items[j] = line;
    }
}

/* Templates of others take part only when they can meet our names. */
static json_t *meeting_others(const struct planner *p)
{
    json_t *out = json_object();
    const char *name;
    json_t *one, *pattern;
    size_t i;

    json_object_foreach(p->state->others, name, one)
    {
        json_array_foreach(json_object_get(one, "index_patterns"), i, pattern)
        {
            if (name_patterns_overlap(
                    json_string_value(pattern), p->w->names.pattern)) {
                (void)json_object_set(out, name, one);
            }
        }
    }
    return out;
}

/* Counts of documents change all the time, and no step depends on them. */
static int fingerprint(const struct planner *p, struct error *err)
{
    const struct index_state *s = p->state;
    const struct index_names *names = &p->w->names;
    json_t *all = json_pack("{ss,ss,ss,si,sO,sO*,so,sO*,sO*,sO*,sO*,sO*,sO*}",
        "engine", p->engine->name, "dataset", names->dataset, "index",
        names->index, "lifecycle", (int)p->w->lifecycle, "wanted", p->w->body,
        "template", s->template_, "others", meeting_others(p), "indices",
        s->indices, "alias", s->alias, "write_alias", s->write_alias, "types",
        s->types, "policy", s->policy, "followed", s->followed);
    int rc = all != NULL ? json_checksum(all, p->plan->fingerprint, err)
                         : error_set(err, "out of memory");

    json_decref(all);
    return rc;
}

int index_plan_make(struct index_plan *plan, const struct index_wanted *w,
    const struct index_state *state, const struct engine *engine,
    struct error *err)
{
    struct planner p = {plan, w, state, engine};

    *plan = (struct index_plan){.n_steps = 0};
    plan_standing_indices(&p);
    plan_lifecycle_policy(&p);
    plan_template(&p);
    plan_new_index(&p);
    plan_aliases(&p);
    plan_followers(&p);
    if (plan->lines.out_of_memory || plan->out_of_memory) {
        (void)error_set(err, "out of memory");
    } else if (fingerprint(&p, err) == 0) {
        sort_lines(&plan->lines);
        return 0;
    }
    index_plan_fini(plan);
    return -1;
}

void index_plan_fini(struct index_plan *plan)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        json_decref(plan->steps[i].body);
    }
    free(plan->steps);
    plan_lines_fini(&plan->lines);
    *plan = (struct index_plan){.n_steps = 0};
}

static const struct plan_line *first_with(
    const struct index_plan *plan, enum plan_verdict verdict)
{
    for (size_t i = 0; i < plan->lines.n; i++) {
        if (plan->lines.items[i].verdict == verdict) {
            return &plan->lines.items[i];
        }
    }
    return NULL;
}

const struct plan_line *index_plan_obstacle(const struct index_plan *plan)
{
    const struct plan_line *line = first_with(plan, PLAN_FORBIDDEN);

    return line != NULL ? line : first_with(plan, PLAN_NEW_INDEX);
}

size_t index_plan_changes(const struct index_plan *plan)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n_steps; i++) {
        n += plan->steps[i].action != INDEX_KEEP;
    }
    return n;
}
