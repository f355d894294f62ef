/*
 * The aliases: one that readers ask and one that the bridge writes to, on one
 * index; of a family one to read, over all members. An alias is never moved
 * off an index that holds documents: that is what migrate is for.
 */
#include "mappings/index_plan_private.h"

#include <stdio.h>
#include <string.h>

#define MIGRATES "naru mappings migrate moves it when the documents are moved"

static json_t *add_action(const char *index, const char *alias, bool writes)
{
    return writes
               ? json_pack("{s{ss,ss,sb}}", "add", "index", index, "alias",
                     alias, "is_write_index", 1)
               : json_pack("{s{ss,ss}}", "add", "index", index, "alias", alias);
}

/* actions is taken over; NULL: nothing to do. */
static void add_step(struct planner *p, enum index_action action,
    const char *what, json_t *actions)
{
    struct index_step *step = planner_step(p, action,
        action == INDEX_KEEP ? NULL : "POST",
        action == INDEX_KEEP ? NULL : json_pack("{so}", "actions", actions));

    if (step != NULL) {
        (void)snprintf(step->what, sizeof(step->what), "alias %s", what);
        (void)snprintf(step->path, sizeof(step->path), "/_aliases");
    }
}

static bool is_of_naru(const json_t *index)
{
    return strcmp(index_meta_text(index, "managed_by"), OWNER) == 0;
}

/* The name is a concrete index's: nobody's fault but the name's. */
static bool is_an_index(
    struct planner *p, const char *alias, const json_t *members)
{
    struct error why;

    if (json_object_get(members, alias) == NULL) {
        return false;
    }
    (void)error_set(&why,
        "%s is an index, and naru needs that name for its alias. Give the "
        "dataset another index, or reindex %s under another name and delete "
        "it",
        alias, alias);
    planner_line(p, &(struct plan_line){.verdict = PLAN_FORBIDDEN,
                        .subject = PLAN_ALIAS,
                        .drifts = true,
                        .contradicts = true,
                        .name = alias,
                        .why = why.text,
                        .documents = PLAN_DOCUMENTS_UNKNOWN});
    return true;
}

/* It points to none of our indices of this version, but to others. */
static void refuse(struct planner *p, const char *alias, const char *what,
    const char *member, const json_t *index)
{
    struct error why;

    if (is_of_naru(index)) {
        planner_line(p, &(struct plan_line){.verdict = PLAN_NEW_INDEX,
                            .subject = PLAN_ALIAS,
                            .drifts = true,
                            .name = alias,
                            .path = "index",
                            .standing = member,
                            .wanted = p->w->names.index,
                            .why = MIGRATES,
                            .documents = planner_documents(p, member)});
        return;
    }
    (void)error_set(&why,
        "alias %s points to %s, which was not made by naru; it is left alone. "
        "Remove the alias or give the dataset another index",
        alias, member);
    planner_say(p, PLAN_FORBIDDEN, PLAN_ALIAS, what, NULL, why.text);
}

/* Members beside ours: readers see more than the dataset. */
static void note_strangers(
    struct planner *p, const char *alias, json_t *members)
{
    const char *name;
    json_t *index;

    json_object_foreach(members, name, index)
    {
        bool is_ours = is_of_naru(index);
        bool is_known = is_ours && p->w->names.is_family &&
                        index_names_is_ours(&p->w->names, name);
        struct error why;

        if (index_names_is_current(&p->w->names, name) || is_known) {
            continue;
        }
        (void)error_set(&why,
            is_ours ? "it covers %s too, of another schema_version: a document "
                      "may be seen twice"
                    : "it covers %s too, which was not made by naru",
            name);
        planner_say(p, PLAN_NOTE, PLAN_ALIAS, alias, NULL, why.text);
    }
}

/* A filter or a routing on it: readers would see a part. */
static void note_filter(struct planner *p, const char *alias, json_t *members)
{
    const char *name, *key;
    json_t *index, *value;

    json_object_foreach(members, name, index)
    {
        json_object_foreach(
            json_object_get(json_object_get(index, "aliases"), alias), key,
            value)
        {
            if (strcmp(key, "is_write_index") != 0) {
                planner_line(p,
                    &(struct plan_line){.verdict = PLAN_NOTE,
                        .subject = PLAN_ALIAS,
                        .drifts = true,
                        .name = alias,
                        .path = key,
                        .why = "was put on it in the engine: what is read or "
                               "written through it is not the whole index",
                        .documents = PLAN_DOCUMENTS_UNKNOWN});
            }
        }
    }
}

static bool writes_to(json_t *member, const char *alias)
{
    return json_is_true(json_object_get(
        json_object_get(json_object_get(member, "aliases"), alias),
        "is_write_index"));
}

/* The member that takes the alias's writes; NULL when none can. */
static const char *find_writer(json_t *members, const char *alias)
{
    const char *name;
    json_t *member;

    json_object_foreach(members, name, member)
    {
        if (writes_to(member, alias) || json_object_size(members) == 1) {
            return name;
        }
    }
    return NULL;
}

/* One alias of the one index: to read, or to write. */
static void plan_one(
    struct planner *p, const char *alias, json_t *members, bool writes)
{
    const char *index = p->w->names.index;
    const char *holder = writes ? find_writer(members, alias)
                         : json_object_get(members, index) != NULL
                             ? index
                             : json_object_iter_key(json_object_iter(members));
    char what[2 * INDEX_NAME_BYTES - 8];
    json_t *actions;

    (void)snprintf(what, sizeof(what), "%.200s -> %.200s", alias, index);
    if (is_an_index(p, alias, members)) {
        return;
    }
    if (holder != NULL && strcmp(holder, index) != 0) {
        refuse(p, alias, what, holder, json_object_get(members, holder));
        return;
    }
    if (holder != NULL) {
        planner_say(p, PLAN_IN_PLACE, PLAN_ALIAS, what, NULL, NULL);
        add_step(p, INDEX_KEEP, what, NULL);
    } else {
        planner_say(p, PLAN_SAFE, PLAN_ALIAS, what, NULL,
            members == NULL ? "is missing" : "none of its indices is written");
        actions = json_pack("[o]", add_action(index, alias, writes));
        add_step(
            p, members == NULL ? INDEX_CREATE : INDEX_UPDATE, what, actions);
    }
    note_strangers(p, alias, members);
    note_filter(p, alias, members);
}

static void plan_family(struct planner *p)
{
    const char *alias = p->w->names.alias;
    json_t *actions = json_array();
    char what[2 * INDEX_NAME_BYTES - 8];
    const char *name;
    json_t *index;

    (void)snprintf(
        what, sizeof(what), "%.200s -> %.200s", alias, p->w->names.index);
    if (is_an_index(p, alias, p->state->alias)) {
        json_decref(actions);
        return;
    }
    json_object_foreach(p->state->indices, name, index)
    {
        char one[2 * INDEX_NAME_BYTES];

        if (index_names_is_current(&p->w->names, name) &&
            json_object_get(p->state->alias, name) == NULL) {
            (void)snprintf(one, sizeof(one), "%.200s -> %.200s", alias, name);
            planner_say(p, PLAN_SAFE, PLAN_ALIAS, one, NULL, "is missing");
            (void)json_array_append_new(
                actions, add_action(name, alias, false));
        }
    }
    note_strangers(p, alias, p->state->alias);
    note_filter(p, alias, p->state->alias);
    if (json_array_size(actions) == 0) {
        planner_say(p, PLAN_IN_PLACE, PLAN_ALIAS, what,
            "each index gets it as it is made", NULL);
        add_step(p, INDEX_KEEP, what, NULL);
        json_decref(actions);
    } else {
        add_step(p, INDEX_UPDATE, what, actions);
    }
}

void plan_aliases(struct planner *p)
{
    const struct index_names *names = &p->w->names;

    if (names->is_family) {
        plan_family(p);
        return;
    }
    plan_one(p, names->alias, p->state->alias, false);
    plan_one(p, names->writes_to, p->state->write_alias, true);
}
