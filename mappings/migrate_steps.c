/* The steps that make the new index and fill it; see migrate_private.h. */
#include "mappings/migrate_private.h"

#include "common/clock.h"
#include "common/fault_point.h"
#include "mappings/engine_send.h"
#include "mappings/index_note.h"
#include "mappings/index_settings.h"
#include "mappings/plan_look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTE_EVERY_US 5000000
#define SHORT_PASS_US 1000000
/* When the writers are as quick as we are, going on gains nothing. */
#define MOST_VAIN_PASSES 3

int migrate_note(struct migration *m, enum migrate_step step, struct error *err)
{
    json_t *cursors =
        m->has_copy
            ? migrate_copy_cursors(&m->copy)
            : json_incref(json_object_get(
                  json_object_get(index_meta(m->stand.fresh), MIGRATE_NOTE),
                  "cursors"));
    json_t *note = json_pack("{ss,ss,so*}", "from", m->next.from, "step",
        migrate_step_name(step), "cursors", cursors);

    if (note == NULL) {
        return error_set(err, "out of memory");
    }
    m->noted_us = clock_mono_us();
    return index_note_put(m->endpoint, m->engine, m->wanted.names.index,
        m->stand.fresh, MIGRATE_NOTE, note, err);
}

int migrate_put_settings(
    struct migration *m, const char *index, json_t *settings, struct error *err)
{
    char path[INDEX_PATH_BYTES];

    (void)snprintf(path, sizeof(path), "/%s/_settings", index);
    return engine_send_json(
        m->endpoint, "PUT", path, settings, MIGRATE_PATIENCE_MS, err);
}

/* ---- create ---- */

/* The note is in it from the first moment, so that it is always known what the
 * index is for. It is not refreshed while nobody reads it. */
static int put_index(
    struct migration *m, const struct index_step *step, struct error *err)
{
    json_t *body = json_deep_copy(step->body);
    json_t *mappings = json_object_get(body, "mappings");
    json_t *typed =
        m->o->type != NULL ? json_object_get(mappings, m->o->type) : NULL;
    json_t *meta = json_object_get(typed != NULL ? typed : mappings, "_meta");

    if (json_object_set_new(meta, MIGRATE_NOTE,
            json_pack("{ss,ss}", "from", m->next.from, "step",
                migrate_step_name(MIGRATE_COPY))) != 0) {
        json_decref(body);
        return error_set(err, "out of memory");
    }
    if (engine_send_json(m->endpoint, step->method, step->path, body, 0, err) !=
        0) {
        return -1;
    }
    FAULT_POINT("migrate_created");
    return migrate_put_settings(m, m->wanted.names.index,
        json_pack("{ss}", "index.refresh_interval", "-1"), err);
}

/* What apply would make, but for the aliases, which stay where they are. */
static int make_all(
    struct migration *m, const struct index_plan *plan, struct error *err)
{
    char index[sizeof(plan->steps->what)];

    (void)snprintf(index, sizeof(index), "index %s", m->wanted.names.index);
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct index_step *step = &plan->steps[i];

        if (step->method == NULL || strncmp(step->what, "alias ", 6) == 0) {
            continue;
        }
        if (strcmp(step->what, index) == 0) {
            FAULT_POINT("migrate_template");
            if (put_index(m, step, err) != 0) {
                return -1;
            }
        } else if (engine_send_json(m->endpoint, step->method, step->path,
                       json_incref(step->body), MIGRATE_PATIENCE_MS,
                       err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int check_forbidden(const struct index_plan *plan, struct error *err)
{
    const struct plan_line *line = index_plan_obstacle(plan);
    struct buf text;

    if (line == NULL || line->verdict != PLAN_FORBIDDEN) {
        return 0;
    }
    buf_init(&text, ERROR_MAX_BYTES);
    if (plan_line_say(line, &text) == 0) {
        (void)error_set(err, "nothing was changed: %s", buf_str(&text));
    } else {
        (void)error_set(err, "out of memory");
    }
    buf_fini(&text);
    return -1;
}

static void say_other_aliases(const struct migration *m)
{
    json_t *aliases = json_object_get(
        json_object_get(m->stand.members, m->next.from), "aliases");
    const char *name;
    json_t *value;

    json_object_foreach(aliases, name, value)
    {
        if (strcmp(name, m->wanted.names.alias) != 0 &&
            strcmp(name, m->wanted.names.writes_to) != 0) {
            migrate_say(m,
                "notice: %s has the alias %s too, which is not naru's and "
                "stays there; move it when this is done",
                m->next.from, name);
        }
    }
}

int migrate_create(struct migration *m, struct error *err)
{
    struct plan_look look;
    int rc = -1;

    if (plan_look_at(
            &look, m->endpoint, m->engine, m->dataset, m->o->type, err) == 0 &&
        check_forbidden(&look.plan, err) == 0) {
        rc = make_all(m, &look.plan, err);
    }
    if (rc == 0) {
        migrate_say(m, "index %s created; %s stays behind the alias for now",
            m->wanted.names.index, m->next.from);
        say_other_aliases(m);
    }
    plan_look_fini(&look);
    return rc;
}

/* ---- copy ---- */

size_t migrate_shards_of(const json_t *index)
{
    const char *text = json_string_value(json_object_get(
        json_object_get(index, "settings"), "index.number_of_shards"));

    return text != NULL ? strtoul(text, NULL, 10) : 1;
}

/* After each page. */
static int on_page(void *arg, struct error *err)
{
    struct migration *m = arg;
    int64_t done = migrate_copy_done(&m->copy);

    if (m->o->stop(m->o->arg)) {
        return error_set(err,
            "stopped; naru mappings migrate goes on from here, with --abort it "
            "goes back");
    }
    m->o->progress(m->copy.docs,
        done < m->goal ? (unsigned)(100 * done / m->goal) : 100, m->o->arg);
    /* A cursor that is kept is not gone behind again, and a conflict is to be
     * seen again. While writes are held there is no time for it. */
    if (m->held_us == 0 && json_array_size(m->copy.conflicts) == 0 &&
        clock_mono_us() - m->noted_us > NOTE_EVERY_US) {
        return migrate_note(m, MIGRATE_COPY, err);
    }
    return 0;
}

int migrate_open_copy(struct migration *m, struct error *err)
{
    const json_t *note =
        json_object_get(index_meta(m->stand.fresh), MIGRATE_NOTE);

    if (m->has_copy) {
        return 0;
    }
    m->copy = (struct migrate_copy){.endpoint = m->endpoint,
        .engine = m->engine,
        .from = m->next.from,
        .to = m->wanted.names.index,
        .type = engine_bulk_type(m->engine, m->o->type, NULL),
        .on_page = on_page,
        .arg = m};
    m->has_copy = true;
    m->started_us = m->noted_us = clock_mono_us();
    return migrate_copy_init(&m->copy,
        migrate_shards_of(json_object_get(m->stand.members, m->next.from)),
        json_object_get(note, "cursors"), err);
}

int migrate_pass(
    struct migration *m, const struct migrate_ends *ends, struct error *err)
{
    m->goal = migrate_copy_done(&m->copy) + ends->left;
    return migrate_copy_pass(&m->copy, ends, err);
}

/* Pass after pass, each over what came during the one before, until one was
 * short, for so long writes will be held, or they get shorter no more. */
static int copy_until_little(
    struct migration *m, struct migrate_ends *ends, struct error *err)
{
    int64_t least_us = INT64_MAX;
    int vain = 0;

    while (vain < MOST_VAIN_PASSES) {
        int64_t begun_us = clock_mono_us(), took_us;

        if (migrate_copy_look(&m->copy, ends, err) != 0 ||
            migrate_pass(m, ends, err) != 0) {
            return -1;
        }
        took_us = clock_mono_us() - begun_us;
        if (took_us < SHORT_PASS_US) {
            return 0;
        }
        vain = took_us < least_us - least_us / 4 ? 0 : vain + 1;
        least_us = took_us < least_us ? took_us : least_us;
    }
    migrate_say(m,
        "notice: %s changes as quickly as it is copied, so writes will be held "
        "for some %.0f s",
        m->next.from, (double)least_us / 1e6);
    return 0;
}

int migrate_copy_all(struct migration *m, struct error *err)
{
    struct migrate_ends *ends = calloc(1, sizeof(*ends));
    int rc = -1;

    if (ends == NULL) {
        return error_set(err, "out of memory");
    }
    if (migrate_open_copy(m, err) == 0 &&
        copy_until_little(m, ends, err) == 0) {
        FAULT_POINT("migrate_copied");
        rc = migrate_note(m, MIGRATE_SETTLE, err);
    }
    free(ends);
    if (rc != 0 && m->has_copy && json_array_size(m->copy.conflicts) == 0) {
        struct error why; /* what failed first is said */
        int kept = migrate_note(m, MIGRATE_COPY, &why);

        (void)kept;
    }
    if (rc == 0) {
        migrate_say(m, "%llu documents copied in %.1f s",
            (unsigned long long)m->copy.docs,
            (double)(clock_mono_us() - m->started_us) / 1e6);
    }
    return rc;
}

/* ---- settle ---- */

/* What was set otherwise for the copying, as the dataset wants it. */
int migrate_settle(struct migration *m, struct error *err)
{
    json_t *settings = json_pack("{sn}", "index.refresh_interval");
    json_t *wanted =
        index_settings_diff(json_object_get(m->wanted.body, "settings"),
            json_object_get(m->stand.fresh, "settings"));

    if (settings == NULL || wanted == NULL ||
        json_object_update(settings, wanted) != 0) {
        json_decref(settings);
        json_decref(wanted);
        return error_set(err, "out of memory");
    }
    json_decref(wanted);
    if (migrate_put_settings(m, m->wanted.names.index, settings, err) != 0) {
        return -1;
    }
    FAULT_POINT("migrate_settled");
    return migrate_note(m, MIGRATE_HOLD, err);
}
