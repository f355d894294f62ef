/* Indices relaxed and restored; see load_profile.h. */
#include "mappings/load_profile.h"

#include "mappings/engine_get.h"
#include "mappings/engine_send.h"
#include "mappings/index_note.h"
#include "mappings/index_state.h"

#include <stdio.h>
#include <string.h>

#define PATIENCE_MS 10000
#define PATH_BYTES 1200

/* auto_expand_replicas would put replicas back by itself. */
static const char *const touched[] = {"index.refresh_interval",
    "index.number_of_replicas", "index.auto_expand_replicas"};

json_t *load_profile_originals(const json_t *settings)
{
    json_t *originals = json_object();

    for (size_t i = 0; i < sizeof(touched) / sizeof(*touched); i++) {
        json_t *value = json_object_get(settings, touched[i]);

        if (json_object_set_new(originals, touched[i],
                value != NULL ? json_incref(value) : json_null()) != 0) {
            json_decref(originals);
            return NULL;
        }
    }
    return originals;
}

/* Index name -> the index. NULL: nothing stands there. */
static int read_indices(const struct endpoint *e, const struct engine *engine,
    const char *names, json_t **out, struct error *err)
{
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof(path), "/%s?flat_settings=true%s", names,
        engine->include_type_name ? "&include_type_name=false" : "");
    return engine_get(e, path, out, err);
}

static int put_settings(const struct endpoint *e, const char *index,
    json_t *settings, struct error *err)
{
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof(path), "/%s/_settings", index);
    return engine_send_json(e, "PUT", path, settings, PATIENCE_MS, err);
}

static int relax_one(const struct endpoint *e, const struct engine *engine,
    const char *name, json_t *index, struct error *err)
{
    if (json_object_get(index_meta(index), LOAD_PROFILE_NOTE) == NULL) {
        json_t *note =
            load_profile_originals(json_object_get(index, "settings"));

        if (note == NULL) {
            return error_set(err, "out of memory");
        }
        if (index_note_put(
                e, engine, name, index, LOAD_PROFILE_NOTE, note, err) != 0) {
            return -1;
        }
    }
    return put_settings(e, name,
        json_pack("{ss,si,sb}", touched[0], "-1", touched[1], 0, touched[2], 0),
        err);
}

static int check_owners(json_t *indices, struct error *err)
{
    const char *name;
    json_t *index;

    json_object_foreach(indices, name, index)
    {
        if (strcmp(index_meta_text(index, "managed_by"), "naru") != 0) {
            return error_set(err,
                "--bulk-load: index %s was not made by naru mappings, and its "
                "settings are left alone; run without --bulk-load",
                name);
        }
    }
    return 0;
}

enum load_profile_result load_profile_relax(const struct endpoint *e,
    const struct engine *engine, const char *names, load_profile_fn report,
    void *arg, struct error *err)
{
    enum load_profile_result result = LOAD_PROFILE_DONE;
    json_t *indices, *index;
    const char *name;

    if (read_indices(e, engine, names, &indices, err) != 0) {
        return LOAD_PROFILE_FAILED;
    }
    if (check_owners(indices, err) != 0) {
        result = LOAD_PROFILE_REFUSED;
    }
    json_object_foreach(indices, name, index)
    {
        if (result != LOAD_PROFILE_DONE) {
            break;
        }
        if (relax_one(e, engine, name, index, err) == 0) {
            report(name, arg);
        } else {
            result = LOAD_PROFILE_FAILED;
        }
    }
    json_decref(indices);
    return result;
}

/* The note goes last: without it nobody would know. */
static int restore_one(const struct endpoint *e, const struct engine *engine,
    const char *name, json_t *index, struct error *err)
{
    char path[PATH_BYTES];
    struct http_answer answer;
    json_t *originals =
        json_incref(json_object_get(index_meta(index), LOAD_PROFILE_NOTE));
    int rc;

    (void)snprintf(path, sizeof(path), "/%s/_refresh", name);
    if (put_settings(e, name, originals, err) != 0 ||
        index_note_put(e, engine, name, index, LOAD_PROFILE_NOTE, NULL, err) !=
            0) {
        return -1;
    }
    /* The documents are stored; a refresh that fails comes by itself soon. */
    rc = engine_send(e, "POST", path, NULL, 0, &answer, NULL);
    (void)rc;
    http_answer_fini(&answer);
    return 0;
}

int load_profile_restore(const struct endpoint *e, const struct engine *engine,
    const char *names, load_profile_fn report, void *arg, struct error *err)
{
    json_t *indices, *index;
    const char *name;
    int rc = read_indices(e, engine, names, &indices, err);

    json_object_foreach(indices, name, index)
    {
        if (rc == 0 && json_is_object(json_object_get(
                           index_meta(index), LOAD_PROFILE_NOTE))) {
            rc = restore_one(e, engine, name, index, err);
            if (rc == 0) {
                report(name, arg);
            }
        }
    }
    json_decref(indices);
    return rc;
}
