/*
 * The migration's loop: look at what stands, find the next step, do it, look
 * again. See migrate.h; the steps are in migrate_steps.c and migrate_writes.c.
 */
#include "mappings/migrate.h"

#include "mappings/engine_get.h"
#include "mappings/migrate_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Each step makes the next one possible; two runs at once may undo a hold. */
#define MOST_STEPS 50

void migrate_say(const struct migration *m, const char *fmt, ...)
{
    char line[1024];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof(line), fmt, ap);
    va_end(ap);
    m->o->report(line, m->o->arg);
}

/* What GET /NAME gives, for an index or all that an alias stands for. */
static int get_indices(
    struct migration *m, const char *name, json_t **out, struct error *err)
{
    char path[INDEX_PATH_BYTES];

    (void)snprintf(path, sizeof(path), "/%s?flat_settings=true%s", name,
        m->engine->include_type_name ? "&include_type_name=false" : "");
    return engine_get(m->endpoint, path, out, err);
}

static int get_index(
    struct migration *m, const char *name, json_t **out, struct error *err)
{
    json_t *found;

    if (get_indices(m, name, &found, err) != 0) {
        return -1;
    }
    *out = json_incref(json_object_get(found, name));
    json_decref(found);
    return 0;
}

static void forget(struct migrate_stand *stand)
{
    json_decref(stand->members);
    json_decref(stand->fresh);
    json_decref(stand->origin);
    *stand = (struct migrate_stand){.members = NULL};
}

int migrate_look(struct migration *m, struct error *err)
{
    const struct index_names *names = &m->wanted.names;
    struct migrate_stand *stand = &m->stand;
    const char *origin;

    forget(stand);
    if (get_indices(m, names->alias, &stand->members, err) != 0 ||
        get_index(m, names->index, &stand->fresh, err) != 0) {
        return -1;
    }
    origin = json_string_value(
        json_object_get(index_meta(stand->fresh), MIGRATE_ORIGIN));
    return origin != NULL ? get_index(m, origin, &stand->origin, err) : 0;
}

static const char *checksum(const struct migration *m)
{
    return json_string_value(json_object_get(
        json_object_get(json_object_get(m->wanted.body, "mappings"), "_meta"),
        "sha256"));
}

static int find_next(struct migration *m, struct error *err)
{
    if (migrate_look(m, err) != 0) {
        return -1;
    }
    return m->o->abort
               ? migrate_plan_back(&m->next, &m->stand, &m->wanted.names, err)
               : migrate_plan_next(&m->next, &m->stand, &m->wanted.names,
                     checksum(m), m->o->drop_old, err);
}

static int do_step(struct migration *m, struct error *err)
{
    switch (m->next.step) {
    case MIGRATE_NOTHING:
        return 0;
    case MIGRATE_CREATE:
        return migrate_create(m, err);
    case MIGRATE_COPY:
        return migrate_copy_all(m, err);
    case MIGRATE_SETTLE:
        return migrate_settle(m, err);
    case MIGRATE_HOLD:
        return migrate_hold(m, err);
    case MIGRATE_CATCH_UP:
        return migrate_catch_up(m, err);
    case MIGRATE_SWAP:
        return migrate_swap(m, err);
    case MIGRATE_FINISH:
        return migrate_finish(m, err);
    case MIGRATE_DROP_OLD:
        return migrate_drop_old(m, err);
    case MIGRATE_RELEASE:
        return migrate_release(m, err);
    case MIGRATE_DISCARD:
        return migrate_discard(m, err);
    }
    return -1;
}

/*
 * A step failed while writes are held: bridges shall not wait for a person.
 * Unless the alias has moved after all (its answer was lost): then go on.
 */
static int recover(struct migration *m, struct error *err)
{
    struct error why;
    enum migrate_step step = m->next.step;

    if (step != MIGRATE_CATCH_UP && step != MIGRATE_SWAP) {
        return -1;
    }
    if (migrate_look(m, &why) == 0 &&
        json_object_get(m->stand.members, m->wanted.names.index) != NULL) {
        return 0;
    }
    if (migrate_release(m, &why) != 0) {
        (void)error_prefix(err,
            "%s still takes no writes (%s), so run this again soon; "
            "what failed first: ",
            m->next.from, why.text);
    }
    return -1;
}

static void describe(const struct migration *m, enum migrate_step step)
{
    const char *to = m->wanted.names.index, *from = m->next.from;

    switch (step) {
    case MIGRATE_NOTHING:
        break;
    case MIGRATE_CREATE:
        migrate_say(m,
            "template %s and index %s are made; nobody reads or writes there "
            "yet",
            m->wanted.names.template_name, to);
        break;
    case MIGRATE_COPY:
        migrate_say(m,
            "the documents of %s are copied, and what changes meanwhile again",
            from);
        break;
    case MIGRATE_SETTLE:
        migrate_say(m, "%s gets the dataset's settings", to);
        break;
    case MIGRATE_HOLD:
        migrate_say(m,
            "%s takes no writes from here on: bridges wait and keep their "
            "place",
            from);
        break;
    case MIGRATE_CATCH_UP:
        migrate_say(m, "the rest is copied, and both are counted");
        break;
    case MIGRATE_SWAP:
        migrate_say(m, "alias %s moves from %s to %s in one request",
            m->wanted.names.alias, from, to);
        break;
    case MIGRATE_FINISH:
        migrate_say(m,
            m->o->drop_old ? "index %s is deleted"
                           : "%s stays, without writes, until "
                             "--drop-old",
            from);
        break;
    case MIGRATE_DROP_OLD:
        migrate_say(m, "index %s is deleted", from);
        break;
    case MIGRATE_RELEASE:
        migrate_say(m, "%s takes writes again", from);
        break;
    case MIGRATE_DISCARD:
        migrate_say(m, "index %s is deleted", to);
        break;
    }
}

/* The steps stand in their order in the enum, those of going back behind. */
static void describe_all(const struct migration *m)
{
    enum migrate_step last = m->o->abort ? MIGRATE_DISCARD : MIGRATE_FINISH;

    for (enum migrate_step s = m->next.step; s <= last; s++) {
        describe(m, s);
    }
    if (m->next.step == MIGRATE_DROP_OLD) {
        describe(m, MIGRATE_DROP_OLD);
    }
}

static void say_nothing_to_do(const struct migration *m)
{
    if (m->o->abort) {
        migrate_say(m, "there is no migration to %s to go back from",
            m->wanted.names.index);
    } else if (m->o->drop_old) {
        migrate_say(m, "alias %s is at %s, and there is no old index to drop",
            m->wanted.names.alias, m->wanted.names.index);
    } else {
        migrate_say(m, "alias %s is at %s: nothing to do",
            m->wanted.names.alias, m->wanted.names.index);
    }
}

static int run(struct migration *m, struct error *err)
{
    for (int i = 0; i < MOST_STEPS; i++) {
        if (find_next(m, err) != 0) {
            return -1;
        }
        if (m->next.step == MIGRATE_NOTHING) {
            if (i == 0) {
                say_nothing_to_do(m);
            }
            return 0;
        }
        if (m->o->dry_run) {
            describe_all(m);
            return 0;
        }
        if (do_step(m, err) != 0 && recover(m, err) != 0) {
            return -1;
        }
    }
    return error_set(err,
        "%s is held and released again and again; is another naru mappings "
        "migrate running?",
        m->next.from);
}

int mappings_migrate(const struct endpoint *e, const struct engine *engine,
    const struct dataset *ds, const struct migrate_options *o,
    struct error *err)
{
    struct migration m = {
        .endpoint = e, .engine = engine, .dataset = ds, .o = o};
    int rc = -1;

    if (ds->is_family) {
        return error_set(err,
            "dataset %s has an index per period (%s); migrate moves datasets "
            "of one index",
            ds->name, ds->index);
    }
    /* The analyzer is chosen when the index is made; it is in no checksum. */
    if (index_wanted_init(&m.wanted, ds, "standard", err) == 0) {
        rc = run(&m, err);
    }
    if (m.has_copy) {
        migrate_copy_fini(&m.copy);
    }
    forget(&m.stand);
    index_wanted_fini(&m.wanted);
    return rc;
}
