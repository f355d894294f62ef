/*
 * The lifecycle of a dataset's indices, in the words of Elasticsearch (ILM) or
 * OpenSearch (ISM). Ages count from an index's creation, in both. A policy is
 * compared by what the dataset wants of it: engines add to it.
 */
#include "mappings/index_plan_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIGNATURE "managed by naru, dataset "

/* Is all that wanted says so in standing too? Lists by position. */
static bool covers(const json_t *standing, json_t *wanted)
{
    const char *key;
    json_t *value;
    size_t i;

    if (json_is_object(wanted)) {
        json_object_foreach(wanted, key, value)
        {
            if (!covers(json_object_get(standing, key), value)) {
                return false;
            }
        }
        return json_is_object(standing);
    }
    if (json_is_array(wanted)) {
        json_array_foreach(wanted, i, value)
        {
            if (!covers(json_array_get(standing, i), value)) {
                return false;
            }
        }
        return json_array_size(standing) == json_array_size(wanted);
    }
    return json_equal(standing, wanted);
}

static long age_hours(const char *age)
{
    return strtol(age, NULL, 10) * (strchr(age, 'd') != NULL ? 24 : 1);
}

/* Read-only and merged go together in ILM's one warm phase, at the later of
 * their ages: its merge makes an index read-only. */
static const char *warm_age(const struct dataset_lifecycle *l)
{
    const char *a = l->read_only_after, *b = l->force_merge_after;

    return a == NULL || (b != NULL && age_hours(b) > age_hours(a)) ? b : a;
}

static json_t *ilm_phases(const struct dataset_lifecycle *l)
{
    json_t *phases =
        json_pack("{s{ss,s{}}}", "hot", "min_age", "0ms", "actions");
    json_t *warm = json_object();

    if (l->read_only_after != NULL) {
        (void)json_object_set_new(warm, "readonly", json_object());
    }
    if (l->force_merge_after != NULL) {
        (void)json_object_set_new(
            warm, "forcemerge", json_pack("{si}", "max_num_segments", 1));
    }
    if (json_object_size(warm) > 0) {
        (void)json_object_set_new(phases, "warm",
            json_pack("{ss,sO}", "min_age", warm_age(l), "actions", warm));
    }
    if (l->delete_after != NULL) {
        (void)json_object_set_new(phases, "delete",
            json_pack("{ss,s{s{}}}", "min_age", l->delete_after, "actions",
                "delete"));
    }
    json_decref(warm);
    return phases;
}

static json_t *ilm_policy(
    const struct planner *p, const struct dataset_lifecycle *l)
{
    json_t *policy = json_pack("{so}", "phases", ilm_phases(l));

    if (p->engine->policy_meta) {
        (void)json_object_set_new(policy, "_meta",
            json_pack("{ss,ss}", "managed_by", OWNER, "dataset",
                p->w->names.dataset));
    }
    return json_pack("{so}", "policy", policy);
}

/* One state, entered at an age, that leads to the next. */
static void add_state(
    json_t *states, const char *name, const char *age, json_t *action)
{
    json_t *before = json_array_get(states, json_array_size(states) - 1);

    (void)json_array_append_new(json_object_get(before, "transitions"),
        json_pack("{ss,s{ss}}", "state_name", name, "conditions",
            "min_index_age", age));
    (void)json_array_append_new(states, json_pack("{ss,s[o],s[]}", "name", name,
                                            "actions", action, "transitions"));
}

static json_t *ism_states(const struct dataset_lifecycle *l)
{
    json_t *states =
        json_pack("[{ss,s[],s[]}]", "name", "hot", "actions", "transitions");

    if (l->read_only_after != NULL) {
        add_state(states, "read_only", l->read_only_after,
            json_pack("{s{}}", "read_only"));
    }
    if (l->force_merge_after != NULL) {
        add_state(states, "merged", l->force_merge_after,
            json_pack("{s{si}}", "force_merge", "max_num_segments", 1));
    }
    if (l->delete_after != NULL) {
        add_state(
            states, "delete", l->delete_after, json_pack("{s{}}", "delete"));
    }
    return states;
}

static json_t *ism_policy(
    const struct planner *p, const struct dataset_lifecycle *l)
{
    char description[INDEX_NAME_BYTES + sizeof(SIGNATURE)];

    (void)snprintf(
        description, sizeof(description), SIGNATURE "%s", p->w->names.dataset);
    return json_pack("{s{ss,ss,so,s[{s[s],si}]}}", "policy", "description",
        description, "default_state", "hot", "states", ism_states(l),
        "ism_template", "index_patterns", p->w->names.pattern, "priority",
        dataset_template_priority(p->w->dataset));
}

/* Where a policy can keep no "_meta", our template vouches for ours. */
static bool is_ours(const struct planner *p, const json_t *standing)
{
    const json_t *policy = json_object_get(standing, "policy");
    const char *description =
        json_string_value(json_object_get(policy, "description"));
    const char *dataset = p->w->names.dataset;

    if (p->w->lifecycle == LIFECYCLE_ISM) {
        return description != NULL &&
               strncmp(description, SIGNATURE, sizeof(SIGNATURE) - 1) == 0 &&
               strcmp(description + sizeof(SIGNATURE) - 1, dataset) == 0;
    }
    if (!p->engine->policy_meta) {
        policy = p->state->template_;
    }
    return strcmp(index_meta_text(policy, "managed_by"), OWNER) == 0 &&
           strcmp(index_meta_text(policy, "dataset"), dataset) == 0;
}

/* OpenSearch replaces a policy only when told which one. */
static void set_path(const struct planner *p, struct index_step *step)
{
    const char *name = p->w->names.template_name;
    const json_t *standing = p->state->policy;

    if (p->w->lifecycle == LIFECYCLE_ILM) {
        (void)snprintf(step->path, sizeof(step->path), "/_ilm/policy/%s", name);
    } else if (step->action == INDEX_CREATE) {
        (void)snprintf(
            step->path, sizeof(step->path), "/_plugins/_ism/policies/%s", name);
    } else {
        (void)snprintf(step->path, sizeof(step->path),
            "/_plugins/_ism/policies/%s?if_seq_no=%" JSON_INTEGER_FORMAT
            "&if_primary_term=%" JSON_INTEGER_FORMAT,
            name, json_integer_value(json_object_get(standing, "_seq_no")),
            json_integer_value(json_object_get(standing, "_primary_term")));
    }
}

static void put_policy(
    struct planner *p, enum index_action action, json_t *wanted)
{
    struct index_step *step =
        planner_step(p, action, action == INDEX_KEEP ? NULL : "PUT",
            action == INDEX_KEEP ? NULL : json_incref(wanted));

    if (step != NULL) {
        (void)snprintf(step->what, sizeof(step->what), "lifecycle policy %s",
            p->w->names.template_name);
        set_path(p, step);
    }
}

static void describe(const struct dataset_lifecycle *l, struct buf *out)
{
    int failed = 0;

    if (l->read_only_after != NULL) {
        failed |= buf_printf(out, "read-only after %s", l->read_only_after);
    }
    if (l->force_merge_after != NULL) {
        failed |= buf_printf(out, "%smerged after %s",
            out->len_bytes > 0 ? ", " : "", l->force_merge_after);
    }
    if (l->delete_after != NULL) {
        failed |= buf_printf(out, "%sdeleted after %s",
            out->len_bytes > 0 ? ", " : "", l->delete_after);
    }
    if (failed == 0) {
        failed = buf_append_str(out, " (an index's age)");
    }
    (void)failed; /* shorter then */
}

static void compare_policy(struct planner *p, json_t *wanted, const char *text)
{
    const json_t *standing = p->state->policy;
    const char *name = p->w->names.template_name;

    if (standing == NULL) {
        planner_say(p, PLAN_SAFE, PLAN_LIFECYCLE, name, text, "is missing");
        put_policy(p, INDEX_CREATE, wanted);
    } else if (!is_ours(p, standing)) {
        planner_say(p, PLAN_FORBIDDEN, PLAN_LIFECYCLE, name, NULL,
            "a policy of that name is there already and was not made by naru; "
            "it is left alone. Remove or rename it, or rename the dataset");
    } else if (covers(standing, wanted)) {
        planner_say(p, PLAN_IN_PLACE, PLAN_LIFECYCLE, name, text, NULL);
        put_policy(p, INDEX_KEEP, wanted);
    } else {
        planner_say(p, PLAN_SAFE, PLAN_LIFECYCLE, name, text,
            "the policy says something else");
        put_policy(p, INDEX_UPDATE, wanted);
    }
}

void plan_lifecycle_policy(struct planner *p)
{
    struct dataset_lifecycle l;
    struct buf text;
    json_t *wanted;

    if (!dataset_lifecycle(p->w->dataset, &l)) {
        return;
    }
    if (p->w->lifecycle == LIFECYCLE_NONE) {
        planner_line(
            p, &(struct plan_line){.verdict = PLAN_NOTE,
                   .subject = PLAN_LIFECYCLE,
                   .name = p->w->names.template_name,
                   .why = "this engine has neither ILM nor ISM: the dataset's "
                          "lifecycle is left out",
                   .documents = PLAN_DOCUMENTS_UNKNOWN});
        return;
    }
    buf_init(&text, 4096);
    describe(&l, &text);
    wanted = p->w->lifecycle == LIFECYCLE_ILM ? ilm_policy(p, &l)
                                              : ism_policy(p, &l);
    if (wanted == NULL) {
        p->plan->out_of_memory = true;
    } else {
        compare_policy(p, wanted, buf_str(&text));
    }
    json_decref(wanted);
    buf_fini(&text);
}

/* ISM's template counts for new indices; one that stands is told. */
void plan_followers(struct planner *p)
{
    const char *policy = p->w->names.template_name;
    const char *name;
    json_t *index;

    if (p->w->lifecycle != LIFECYCLE_ISM) {
        return;
    }
    json_object_foreach(p->state->indices, name, index)
    {
        struct index_step *step;

        if (!index_names_is_current(&p->w->names, name) ||
            json_object_get(p->state->followed, name) != NULL) {
            continue;
        }
        planner_say(p, PLAN_SAFE, PLAN_LIFECYCLE, policy, name,
            "the index does not follow it yet");
        step = planner_step(
            p, INDEX_UPDATE, "POST", json_pack("{ss}", "policy_id", policy));
        if (step != NULL) {
            (void)snprintf(
                step->what, sizeof(step->what), "index %s lifecycle", name);
            (void)snprintf(
                step->path, sizeof(step->path), "/_plugins/_ism/add/%s", name);
        }
    }
}
