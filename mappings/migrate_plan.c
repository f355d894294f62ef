/* What a migration does next; see migrate_plan.h. */
#include "mappings/migrate_plan.h"

#include "mappings/index_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const step_names[] = {
    [MIGRATE_NOTHING] = "nothing",
    [MIGRATE_CREATE] = "create",
    [MIGRATE_COPY] = "copy",
    [MIGRATE_SETTLE] = "settle",
    [MIGRATE_HOLD] = "hold",
    [MIGRATE_CATCH_UP] = "catch_up",
    [MIGRATE_SWAP] = "swap",
    [MIGRATE_FINISH] = "finish",
    [MIGRATE_DROP_OLD] = "drop_old",
    [MIGRATE_RELEASE] = "release",
    [MIGRATE_DISCARD] = "discard",
};

const char *migrate_step_name(enum migrate_step step)
{
    return step_names[step];
}

static const char *meta_text(const json_t *index, const char *key)
{
    const char *text =
        json_string_value(json_object_get(index_meta(index), key));

    return text != NULL ? text : "";
}

static const json_t *note_of(const json_t *index)
{
    return json_object_get(index_meta(index), MIGRATE_NOTE);
}

static const char *note_text(const json_t *index, const char *key)
{
    const char *text = json_string_value(json_object_get(note_of(index), key));

    return text != NULL ? text : "";
}

static bool is_of(const json_t *index, const struct index_names *names)
{
    return strcmp(meta_text(index, "managed_by"), "naru") == 0 &&
           strcmp(meta_text(index, "dataset"), names->dataset) == 0;
}

static bool is_held(const json_t *index)
{
    const char *text = json_string_value(json_object_get(
        json_object_get(index, "settings"), "index.blocks.write"));

    return text != NULL && strcmp(text, "true") == 0;
}

static long version_of(const json_t *index)
{
    return (long)json_integer_value(
        json_object_get(index_meta(index), "schema_version"));
}

/* The one index behind the alias. */
static int check_members(
    json_t *members, const struct index_names *names, struct error *err)
{
    const char *first = json_object_iter_key(json_object_iter(members));

    if (first == NULL) {
        return error_set(err,
            "there is no alias %s, so nothing to migrate; naru mappings apply "
            "puts it in place",
            names->alias);
    }
    if (json_object_get(members, names->alias) != NULL) {
        return error_set(err,
            "%s is an index, not an alias; migrate moves aliases. Give the "
            "dataset another index, or reindex %s under another name and "
            "delete it",
            names->alias, names->alias);
    }
    if (json_object_size(members) > 1) {
        return error_set(err,
            "alias %s stands for %zu indices (%s, %s...); migrate goes from "
            "one index to one. Take the others out of the alias",
            names->alias, json_object_size(members), first,
            json_object_iter_key(json_object_iter_next(
                members, json_object_iter_at(members, first))));
    }
    return 0;
}

/* Before the first step: is the old index one that we may move away from? */
static int check_old(const json_t *old, const char *name,
    const struct index_names *names, struct error *err)
{
    const char *wanted = strrchr(names->index, 'v');

    if (!is_of(old, names)) {
        return error_set(err,
            "%s, behind the alias %s, was not made by naru for dataset %s; it "
            "is left as it is",
            name, names->alias, names->dataset);
    }
    if (wanted != NULL && version_of(old) > strtol(wanted + 1, NULL, 10)) {
        return error_set(err,
            "alias %s is at %s already, a later version than the dataset's %s",
            names->alias, name, names->index);
    }
    return 0;
}

/* Nothing of the new index stands yet. */
static int begin(struct migrate_next *next, const json_t *old,
    const struct index_names *names, struct error *err)
{
    if (note_of(old) != NULL) {
        return error_set(err,
            "%s is not finished with its own migration; run naru mappings "
            "migrate with the dataset of its version first",
            next->from);
    }
    if (is_held(old)) {
        return error_set(err,
            "%s takes no writes (index.blocks.write), and migrate has not "
            "caused it; take that away first: PUT /%s/_settings "
            "{\"index.blocks.write\":null}",
            next->from, next->from);
    }
    (void)names;
    next->step = MIGRATE_CREATE;
    return 0;
}

/* A migration was begun: by us, with this dataset, from this index? */
static int check_begun(const struct migrate_next *next, const json_t *fresh,
    const struct index_names *names, const char *sha256, struct error *err)
{
    if (!is_of(fresh, names) || note_of(fresh) == NULL) {
        return error_set(err,
            "%s is there already, and no migration made it; nothing was "
            "changed. Delete it, or raise schema_version once more",
            names->index);
    }
    if (strcmp(note_text(fresh, "from"), next->from) != 0) {
        return error_set(err,
            "%s was begun from %s, but alias %s is at %s; naru mappings "
            "migrate --abort first",
            names->index, note_text(fresh, "from"), names->alias, next->from);
    }
    if (strcmp(meta_text(fresh, "sha256"), sha256) != 0) {
        return error_set(err,
            "%s was begun with another text of the dataset; naru mappings "
            "migrate --abort first, then migrate anew",
            names->index);
    }
    return 0;
}

/* The old index must be held from hold on; somebody may have released it. */
static int go_on(struct migrate_next *next, const json_t *old,
    const json_t *fresh, struct error *err)
{
    const char *step = note_text(fresh, "step");

    if (strcmp(step, step_names[MIGRATE_COPY]) == 0) {
        next->step = MIGRATE_COPY;
    } else if (strcmp(step, step_names[MIGRATE_SETTLE]) == 0) {
        next->step = MIGRATE_SETTLE;
    } else if (strcmp(step, step_names[MIGRATE_HOLD]) == 0) {
        next->step = is_held(old) ? MIGRATE_CATCH_UP : MIGRATE_HOLD;
    } else if (strcmp(step, step_names[MIGRATE_SWAP]) == 0) {
        next->step = is_held(old) ? MIGRATE_SWAP : MIGRATE_HOLD;
    } else {
        return error_set(err,
            "the note in %s's _meta is of a step '%s' that this naru does not "
            "know; naru mappings migrate --abort first",
            next->from, step);
    }
    return 0;
}

/* The alias is where it should be. */
static void round_off(struct migrate_next *next,
    const struct migrate_stand *stand, const json_t *fresh, bool drop_old)
{
    const char *from = note_of(fresh) != NULL
                           ? note_text(fresh, "from")
                           : meta_text(fresh, MIGRATE_ORIGIN);

    (void)snprintf(next->from, sizeof(next->from), "%s", from);
    if (note_of(fresh) != NULL) {
        next->step = MIGRATE_FINISH;
    } else if (drop_old && stand->origin != NULL) {
        next->step = MIGRATE_DROP_OLD;
    } else {
        next->step = MIGRATE_NOTHING;
    }
}

int migrate_plan_next(struct migrate_next *next,
    const struct migrate_stand *stand, const struct index_names *names,
    const char *sha256, bool drop_old, struct error *err)
{
    const char *at;
    const json_t *old;

    *next = (struct migrate_next){.step = MIGRATE_NOTHING};
    if (check_members(stand->members, names, err) != 0) {
        return -1;
    }
    at = json_object_iter_key(json_object_iter(stand->members));
    old = json_object_get(stand->members, at);
    if (check_old(old, at, names, err) != 0) {
        return -1;
    }
    if (strcmp(at, names->index) == 0) {
        round_off(next, stand, old, drop_old);
        return 0;
    }
    (void)snprintf(next->from, sizeof(next->from), "%s", at);
    if (stand->fresh == NULL) {
        return begin(next, old, names, err);
    }
    if (check_begun(next, stand->fresh, names, sha256, err) != 0) {
        return -1;
    }
    return go_on(next, old, stand->fresh, err);
}

int migrate_plan_back(struct migrate_next *next,
    const struct migrate_stand *stand, const struct index_names *names,
    struct error *err)
{
    const char *step = note_text(stand->fresh, "step");
    const json_t *old;

    *next = (struct migrate_next){.step = MIGRATE_NOTHING};
    if (json_object_get(stand->members, names->index) != NULL) {
        return error_set(err,
            "alias %s is at %s already, and what was written since is only "
            "there: there is no going back%s",
            names->alias, names->index,
            note_of(stand->fresh) != NULL
                ? ". naru mappings migrate ends what is left to do"
                : "");
    }
    if (stand->fresh == NULL || note_of(stand->fresh) == NULL ||
        !is_of(stand->fresh, names)) {
        return 0;
    }
    (void)snprintf(
        next->from, sizeof(next->from), "%s", note_text(stand->fresh, "from"));
    old = json_object_get(stand->members, next->from);
    next->step = MIGRATE_DISCARD;
    if (is_held(old) && (strcmp(step, step_names[MIGRATE_HOLD]) == 0 ||
                            strcmp(step, step_names[MIGRATE_SWAP]) == 0)) {
        next->step = MIGRATE_RELEASE;
    }
    return 0;
}
