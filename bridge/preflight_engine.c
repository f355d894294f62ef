/* What a bridge would find; see preflight.h. This part: the engine and the
 * indices. */
#include "bridge/preflight.h"

#include "bridge/bulk_target.h"
#include "common/endpoint.h"
#include "mappings/engine_get.h"
#include "mappings/write_check.h"

#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 1024

struct look {
    struct preflight *f;
    const struct endpoint *endpoint;
    struct engine engine;
    long long data_nodes;
    bool wants_alias;
    char name[NAME_BYTES]; /* the index or alias, or with * what may be one */
    char subject[NAME_BYTES + 8];
};

static json_t *get(const struct look *l, const char *path, bool *failed)
{
    struct error err;
    json_t *found = NULL;

    *failed = engine_get(l->endpoint, path, &found, &err) != 0;
    if (*failed) {
        preflight_tell(l->f, FINDING_WARNING, l->subject,
            "cannot be looked at: %s", err.text);
    }
    return found;
}

static void check_health(struct look *l)
{
    bool failed;
    json_t *health = get(l, "/_cluster/health", &failed);
    const char *status = json_string_value(json_object_get(health, "status"));

    l->data_nodes =
        json_integer_value(json_object_get(health, "number_of_data_nodes"));
    if (status != NULL && strcmp(status, "red") == 0) {
        preflight_tell(l->f, FINDING_WARNING, l->subject,
            "the cluster's health is red: some index has no primary shard and "
            "takes nothing");
    }
    json_decref(health);
}

/* With flat_settings: what is set, else the engine's default. */
static const char *setting(json_t *index, const char *name)
{
    const char *set = json_string_value(
        json_object_get(json_object_get(index, "settings"), name));

    return set != NULL ? set
                       : json_string_value(json_object_get(
                             json_object_get(index, "defaults"), name));
}

static void check_index(const struct look *l, const char *name, json_t *index)
{
    const char *durability = setting(index, "index.translog.durability");
    const char *interval = setting(index, "index.translog.sync_interval");
    const char *replicas = setting(index, "index.number_of_replicas");
    char subject[NAME_BYTES];

    (void)snprintf(subject, sizeof(subject), "index %s", name);
    preflight_tell(l->f, FINDING_OK, subject, "is there");
    if (durability != NULL && strcasecmp(durability, "async") == 0) {
        preflight_tell(l->f, FINDING_WARNING, subject,
            "index.translog.durability is async: what it acknowledged in the "
            "last %s is lost when its node is, though naru has committed it",
            interval != NULL ? interval : "5s");
    }
    if (replicas != NULL && strcmp(replicas, "0") == 0) {
        preflight_tell(l->f, FINDING_WARNING, subject,
            l->data_nodes > 1
                ? "index.number_of_replicas is 0: a shard's documents are "
                  "lost with its node, though there are others"
                : "index.number_of_replicas is 0, on the only data node: its "
                  "disk is the one place where the documents are");
    }
}

/* Which of several indices behind an alias is written to. */
static void check_alias(const struct look *l)
{
    char path[NAME_BYTES + 16];
    size_t indices, writable = 0;
    bool failed;
    const char *name;
    json_t *found, *one;

    (void)snprintf(path, sizeof(path), "/_alias/%s", l->name);
    found = get(l, path, &failed);
    if (failed) {
        return;
    }
    indices = json_object_size(found);
    json_object_foreach(found, name, one)
    {
        json_t *alias =
            json_object_get(json_object_get(one, "aliases"), l->name);

        writable += json_is_true(json_object_get(alias, "is_write_index"));
    }
    if (found == NULL && l->wants_alias) {
        preflight_tell(l->f, FINDING_ERROR, l->subject,
            "is an index, not an alias; make an alias (naru mappings apply "
            "does), or set bridge.require_alias = false");
    } else if (indices > 1 && writable != 1) {
        preflight_tell(l->f, FINDING_ERROR, l->subject,
            "stands for %zu indices, and none of them is its write index",
            indices);
    }
    json_decref(found);
}

static void check_indices(struct look *l, bool is_pattern)
{
    char path[NAME_BYTES + 160];
    const char *name;
    json_t *found, *index;
    bool failed;

    (void)snprintf(path, sizeof(path),
        "/%s/_settings?flat_settings=true&include_defaults=true", l->name);
    found = get(l, path, &failed);
    if (failed) {
        return;
    }
    if (json_object_size(found) == 0) {
        preflight_tell(l->f, is_pattern ? FINDING_OK : FINDING_ERROR,
            l->subject,
            is_pattern ? "nothing of that name yet; indices will be made as "
                         "templates say"
                       : "there is no such index or alias; naru mappings apply "
                         "puts a dataset's in place");
    }
    json_object_foreach(found, name, index)
    {
        check_index(l, name, index);
    }
    if (json_object_size(found) > 0 && !is_pattern) {
        check_alias(l);
    }
    json_decref(found);
}

static int name_of(struct look *l, const struct config *config,
    const struct dataset *ds, struct error *err)
{
    char text[NAME_BYTES];

    if (bulk_target_names(config, ds, text, l->name, NAME_BYTES, err) != 0) {
        return -1;
    }
    (void)snprintf(l->subject, sizeof(l->subject), "index %s", text);
    return 0;
}

/* What the start would end at, see index_care.h. */
static void check_mapping(
    const struct look *l, const struct config *config, const struct dataset *ds)
{
    struct plan_lines lines;
    struct buf text;
    struct error why;

    buf_init(&text, ERROR_MAX_BYTES);
    if (write_check_read(&lines, l->endpoint, &l->engine, ds,
            config_text(config, "bridge.type"), &why) != 0) {
        preflight_tell(l->f, FINDING_WARNING, l->subject,
            "cannot be compared with the dataset: %s", why.text);
    }
    for (size_t i = 0; i < lines.n; i++) {
        buf_clear(&text);
        if (lines.items[i].contradicts &&
            plan_line_say(&lines.items[i], &text) == 0) {
            preflight_tell(l->f, FINDING_ERROR, "dataset",
                "contradicted by the mapping: %s", buf_str(&text));
        }
    }
    buf_fini(&text);
    plan_lines_fini(&lines);
}

static int look_at_target(
    struct look *l, const struct config *config, struct error *err)
{
    const char *path = config_text(config, "bridge.dataset");
    struct dataset *ds = path != NULL ? dataset_load(path, err) : NULL;
    struct bulk_encoder *encoder = NULL;
    int rc = path != NULL && ds == NULL ? -1 : 0;

    if (rc == 0) {
        encoder = bulk_target_encoder(config, ds, NULL, err);
        rc = encoder != NULL ? name_of(l, config, ds, err) : -1;
    }
    if (rc == 0 && l->engine.name[0] != '\0') {
        l->wants_alias = bulk_target_wants_alias(
            config, &l->engine, bulk_encoder_index(encoder));
        check_indices(l, bulk_encoder_index(encoder) == NULL);
        if (ds != NULL && config_text(config, "bridge.index") == NULL) {
            check_mapping(l, config, ds);
        }
    }
    bulk_encoder_free(encoder);
    dataset_free(ds);
    return rc;
}

int preflight_engine(
    struct preflight *f, const struct config *config, struct error *err)
{
    struct look l = {.f = f, .subject = "engine"};
    struct endpoint *endpoint = endpoint_new(config, err);
    struct error why;
    int rc;

    if (endpoint == NULL) {
        return -1;
    }
    l.endpoint = endpoint;
    if (engine_probe(endpoint, &l.engine, &why) != 0) {
        preflight_tell(f, FINDING_ERROR, l.subject, "%s", why.text);
        l.engine.name[0] = '\0';
    } else {
        preflight_tell(f, FINDING_OK, l.subject, "%s", l.engine.name);
        check_health(&l);
    }
    rc = look_at_target(&l, config, err);
    endpoint_free(endpoint);
    return rc;
}
