/* The steps around the moment when writers change over; see migrate_private.h.
 */
#include "mappings/migrate_private.h"

#include "common/clock.h"
#include "common/fault_point.h"
#include "mappings/engine_send.h"
#include "mappings/index_note.h"
#include "mappings/migrate_sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BLOCK "index.blocks.write"
#define UNDER_WAY_MS 30000

/* ---- hold ---- */

/* _block returns when no write is under way any more; the setting alone says
 * so to nobody, and catch_up looks itself. */
int migrate_hold(struct migration *m, struct error *err)
{
    char path[INDEX_PATH_BYTES];
    struct http_answer answer;
    int rc;

    FAULT_POINT("migrate_holding");
    m->held_us = clock_mono_us();
    if (!m->engine->write_block) {
        rc = migrate_put_settings(
            m, m->next.from, json_pack("{sb}", BLOCK, 1), err);
    } else {
        (void)snprintf(path, sizeof(path), "/%s/_block/write", m->next.from);
        rc = engine_send(
            m->endpoint, "PUT", path, NULL, MIGRATE_PATIENCE_MS, &answer, err);
        http_answer_fini(&answer);
    }
    if (rc == 0) {
        FAULT_POINT("migrate_held");
        migrate_say(m, "%s takes no writes: bridges wait", m->next.from);
    }
    return rc;
}

int migrate_release(struct migration *m, struct error *err)
{
    m->held_us = 0;
    if (migrate_put_settings(m, m->next.from, json_pack("{sn}", BLOCK), err) !=
        0) {
        return -1;
    }
    FAULT_POINT("migrate_released");
    migrate_say(m, "%s takes writes again", m->next.from);
    /* So that the next run copies what comes now before it holds again. */
    return m->o->abort ? 0 : migrate_note(m, MIGRATE_COPY, err);
}

/* ---- catch up ---- */

/* Until the shards have ended what was under way when the hold began. */
static int look_when_quiet(
    struct migration *m, struct migrate_ends *ends, struct error *err)
{
    const struct timespec pause = {0, 50000000L};
    int64_t until_us = clock_mono_us() + UNDER_WAY_MS * 1000;

    for (;;) {
        if (migrate_copy_look(&m->copy, ends, err) != 0) {
            return -1;
        }
        if (!ends->under_way) {
            return 0;
        }
        if (clock_mono_us() > until_us) {
            return error_set(err,
                "%s has writes under way that do not end; run this again later",
                m->next.from);
        }
        (void)nanosleep(&pause, NULL);
    }
}

/* migrate_sweep's: is the alias still at the old index? */
static int check_alias(void *arg, struct error *err)
{
    struct migration *m = arg;

    if (migrate_look(m, err) != 0) {
        return -1;
    }
    return json_object_get(m->stand.members, m->next.from) != NULL
               ? 0
               : error_set(err,
                     "another naru mappings migrate has moved the alias "
                     "meanwhile");
}

static int count_both(
    struct migration *m, int64_t *from, int64_t *to, struct error *err)
{
    return migrate_copy_count(&m->copy, m->next.from, from, err) == 0 &&
                   migrate_copy_count(
                       &m->copy, m->wanted.names.index, to, err) == 0
               ? 0
               : -1;
}

static int compare(struct migration *m, struct error *err)
{
    int64_t from, to;
    uint64_t removed = 0;

    if (count_both(m, &from, &to, err) != 0) {
        return -1;
    }
    if (to > from) {
        if (migrate_sweep(&m->copy, migrate_shards_of(m->stand.fresh),
                check_alias, m, &removed, err) != 0 ||
            count_both(m, &from, &to, err) != 0) {
            return -1;
        }
        migrate_say(m, "%llu documents that were deleted meanwhile deleted",
            (unsigned long long)removed);
    }
    if (to != from) {
        return error_set(err,
            "%s holds %lld documents and %s %lld, though no write is under "
            "way; the alias stays where it is. naru mappings migrate --abort, "
            "then migrate anew",
            m->next.from, (long long)from, m->wanted.names.index,
            (long long)to);
    }
    migrate_say(m, "%s and %s hold %lld documents each", m->next.from,
        m->wanted.names.index, (long long)to);
    return 0;
}

int migrate_catch_up(struct migration *m, struct error *err)
{
    struct migrate_ends *ends = calloc(1, sizeof(*ends));
    int rc = -1;

    if (ends == NULL) {
        return error_set(err, "out of memory");
    }
    m->held_us = m->held_us != 0 ? m->held_us : clock_mono_us();
    if (migrate_open_copy(m, err) == 0 && look_when_quiet(m, ends, err) == 0 &&
        migrate_pass(m, ends, err) == 0 &&
        migrate_sweep_conflicts(&m->copy, err) == 0 && compare(m, err) == 0) {
        FAULT_POINT("migrate_caught_up");
        rc = migrate_note(m, MIGRATE_SWAP, err);
    }
    free(ends);
    return rc;
}

/* ---- swap ---- */

/* Move one alias with whatever it has: a filter, a routing, the writes. */
static int add_actions(
    const struct migration *m, const char *alias, bool writes, json_t *actions)
{
    const json_t *old = json_object_get(
        json_object_get(
            json_object_get(m->stand.members, m->next.from), "aliases"),
        alias);
    json_t *add = old != NULL ? json_deep_copy(old) : json_object();
    int rc =
        json_object_set_new(add, "index", json_string(m->wanted.names.index));

    rc |= json_object_set_new(add, "alias", json_string(alias));
    if (writes) {
        rc |= json_object_set_new(add, "is_write_index", json_true());
    }
    if (old != NULL) {
        rc |= json_array_append_new(
            actions, json_pack("{s{ss,ss}}", "remove", "index", m->next.from,
                         "alias", alias));
    }
    return rc | json_array_append_new(actions, json_pack("{so}", "add", add));
}

/* Engines do the actions of one request as one change of the cluster's state:
 * no reader sees the alias without an index, or with two. */
int migrate_swap(struct migration *m, struct error *err)
{
    const struct index_names *names = &m->wanted.names;
    json_t *actions = json_array();
    json_t *body = json_pack("{so}", "actions", actions);

    if (add_actions(m, names->alias, false, actions) != 0 ||
        add_actions(m, names->writes_to, true, actions) != 0) {
        json_decref(body);
        return error_set(err, "out of memory");
    }
    if (engine_send_json(m->endpoint, "POST", "/_aliases", body, 0, err) != 0) {
        return -1;
    }
    FAULT_POINT("migrate_swapped");
    if (m->held_us != 0) {
        migrate_say(m, "alias %s -> %s; writes were held for %.1f s",
            m->wanted.names.alias, m->wanted.names.index,
            (double)(clock_mono_us() - m->held_us) / 1e6);
    } else {
        migrate_say(
            m, "alias %s -> %s", m->wanted.names.alias, m->wanted.names.index);
    }
    return 0;
}

int migrate_finish(struct migration *m, struct error *err)
{
    json_t *meta =
        json_object_get(json_object_get(m->stand.fresh, "mappings"), "_meta");

    (void)json_object_del(meta, MIGRATE_NOTE);
    if (index_note_put(m->endpoint, m->engine, m->wanted.names.index,
            m->stand.fresh, MIGRATE_ORIGIN, json_string(m->next.from),
            err) != 0) {
        return -1;
    }
    FAULT_POINT("migrate_finished");
    if (!m->o->drop_old) {
        migrate_say(m,
            "%s stays, without writes; naru mappings migrate --drop-old "
            "deletes it",
            m->next.from);
    }
    return 0;
}

/* ---- what goes ---- */

static int delete_index(
    struct migration *m, const char *index, struct error *err)
{
    char path[INDEX_PATH_BYTES];
    struct http_answer answer;
    int rc;

    (void)snprintf(path, sizeof(path), "/%s", index);
    rc = engine_send(
        m->endpoint, "DELETE", path, NULL, MIGRATE_PATIENCE_MS, &answer, err);
    if (rc != 0 && answer.status == 404) {
        rc = 0; /* by a try whose answer was lost */
    }
    http_answer_fini(&answer);
    if (rc == 0) {
        migrate_say(m, "index %s deleted", index);
    }
    return rc;
}

/* Nothing that somebody still reads by another name, or made. */
int migrate_drop_old(struct migration *m, struct error *err)
{
    json_t *aliases = json_object_get(m->stand.origin, "aliases");
    const json_t *meta = index_meta(m->stand.origin);
    const char *owner = json_string_value(json_object_get(meta, "managed_by"));
    const char *dataset = json_string_value(json_object_get(meta, "dataset"));

    if (json_object_size(aliases) > 0) {
        return error_set(err,
            "%s still has the alias %s; take it away first, then --drop-old",
            m->next.from, json_object_iter_key(json_object_iter(aliases)));
    }
    if (owner == NULL || strcmp(owner, "naru") != 0 || dataset == NULL ||
        strcmp(dataset, m->wanted.names.dataset) != 0) {
        return error_set(err,
            "%s is no longer an index that naru made for dataset %s; it is "
            "left as it is",
            m->next.from, m->wanted.names.dataset);
    }
    return delete_index(m, m->next.from, err);
}

int migrate_discard(struct migration *m, struct error *err)
{
    if (delete_index(m, m->wanted.names.index, err) != 0) {
        return -1;
    }
    migrate_say(m,
        "alias %s is at %s as before; naru mappings apply with the dataset of "
        "its version puts its template back",
        m->wanted.names.alias, m->next.from);
    return 0;
}
