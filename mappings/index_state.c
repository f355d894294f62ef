/* Reading what stands; see index_state.h. A 404 means: nothing stands. */
#include "mappings/index_state.h"

#include "common/http_call.h"
#include "mappings/engine_answer.h"
#include "mappings/engine_get.h"

#include <stdio.h>
#include <string.h>

#define PATH_BYTES 1024
#define NO_TYPES "include_type_name=false"

/* {"index_templates":[{"name":...,"index_template":...}]} as name -> template,
 * as the old API has it. */
static json_t *by_name(const json_t *found)
{
    json_t *out = json_object();
    json_t *one;
    size_t i;

    json_array_foreach(json_object_get(found, "index_templates"), i, one)
    {
        const char *name = json_string_value(json_object_get(one, "name"));

        if (name != NULL && json_object_set(out, name,
                                json_object_get(one, "index_template")) != 0) {
            json_decref(out);
            return NULL;
        }
    }
    return out;
}

static int read_templates(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err)
{
    json_t *found;
    const char *path = engine->composable_templates ? "/_index_template"
                       : engine->include_type_name  ? "/_template?" NO_TYPES
                                                    : "/_template";

    if (engine_get(e, path, &found, err) != 0) {
        return -1;
    }
    state->others =
        engine->composable_templates ? by_name(found) : json_incref(found);
    json_decref(found);
    state->template_ =
        json_incref(json_object_get(state->others, names->template_name));
    (void)json_object_del(state->others, names->template_name);
    return 0;
}

/* An alias that bears the name of our index brings in an index of another. */
static int check_alias_name(const struct index_state *state,
    const struct index_names *names, struct error *err)
{
    const char *name;
    json_t *index;

    json_object_foreach(state->indices, name, index)
    {
        if (json_object_get(json_object_get(index, "aliases"), names->index) !=
            NULL) {
            return error_set(err,
                "%s, the name of naru's index, is an alias (of %s); nothing "
                "was changed. Remove the alias or give the dataset another "
                "index",
                names->index, name);
        }
    }
    return 0;
}

static int read_indices(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err)
{
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof(path), "/%s?flat_settings=true%s",
        names->pattern, engine->include_type_name ? "&" NO_TYPES : "");
    return engine_get(e, path, &state->indices, err) == 0
               ? check_alias_name(state, names, err)
               : -1;
}

static int read_alias(json_t **alias, const struct endpoint *e,
    const struct engine *engine, const char *name, struct error *err)
{
    char path[PATH_BYTES];

    (void)snprintf(path, sizeof(path), "/%s%s", name,
        engine->include_type_name ? "?" NO_TYPES : "");
    return engine_get(e, path, alias, err);
}

/* For the reader's eye alone, so a refusal is no failure. */
static void read_documents(struct index_state *state, const struct endpoint *e,
    const struct index_names *names)
{
    char path[PATH_BYTES];
    json_t *found, *index;
    const char *name;

    (void)snprintf(path, sizeof(path),
        "/%s/_stats/docs?filter_path=indices.*.primaries.docs.count",
        names->pattern);
    if (engine_get(e, path, &found, NULL) != 0) {
        return;
    }
    state->documents = json_object();
    json_object_foreach(json_object_get(found, "indices"), name, index)
    {
        json_t *docs =
            json_object_get(json_object_get(index, "primaries"), "docs");

        (void)json_object_set(
            state->documents, name, json_object_get(docs, "count"));
    }
    json_decref(found);
}

int index_state_read(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err)
{
    *state = (struct index_state){.template_ = NULL};
    if (read_templates(state, e, engine, names, err) != 0 ||
        read_indices(state, e, engine, names, err) != 0 ||
        read_alias(&state->alias, e, engine, names->alias, err) != 0) {
        return -1;
    }
    if (!names->is_family && read_alias(&state->write_alias, e, engine,
                                 names->writes_to, err) != 0) {
        return -1;
    }
    read_documents(state, e, names);
    return 0;
}

int index_state_read_indices(struct index_state *state,
    const struct endpoint *e, const struct engine *engine,
    const struct index_names *names, struct error *err)
{
    *state = (struct index_state){.template_ = NULL};
    if (names->is_family && read_templates(state, e, engine, names, err) != 0) {
        return -1;
    }
    return read_indices(state, e, engine, names, err);
}

int index_state_read_types(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err)
{
    char path[PATH_BYTES];
    json_t *found, *index;
    const char *name;

    if (!engine->takes_type) {
        return 0;
    }
    (void)snprintf(path, sizeof(path), "/%s/_mapping?include_type_name=true",
        names->pattern);
    if (engine_get(e, path, &found, err) != 0) {
        return -1;
    }
    state->types = json_object();
    json_object_foreach(found, name, index)
    {
        const char *type = json_object_iter_key(
            json_object_iter(json_object_get(index, "mappings")));

        if (type != NULL) {
            (void)json_object_set_new(state->types, name, json_string(type));
        }
    }
    json_decref(found);
    return 0;
}

/* {"marcap-v1":{"index.plugins...policy_id":"naru-marcap",...},...} */
static int read_followed(struct index_state *state, const struct endpoint *e,
    const struct index_names *names, struct error *err)
{
    char path[PATH_BYTES];
    json_t *found, *one;
    const char *name;

    (void)snprintf(
        path, sizeof(path), "/_plugins/_ism/explain/%s", names->pattern);
    if (engine_get(e, path, &found, err) != 0) {
        return -1;
    }
    state->followed = json_object();
    json_object_foreach(found, name, one)
    {
        json_t *policy = json_object_get(
            one, "index.plugins.index_state_management.policy_id");

        if (json_is_string(policy)) {
            (void)json_object_set(state->followed, name, policy);
        }
    }
    json_decref(found);
    return 0;
}

int index_state_read_lifecycle(struct index_state *state,
    const struct endpoint *e, enum engine_lifecycle lifecycle,
    const struct index_names *names, struct error *err)
{
    char path[PATH_BYTES];
    json_t *found;

    if (lifecycle == LIFECYCLE_NONE) {
        return 0;
    }
    (void)snprintf(path, sizeof(path), "/%s/%s",
        lifecycle == LIFECYCLE_ILM ? "_ilm/policy" : "_plugins/_ism/policies",
        names->template_name);
    if (engine_get(e, path, &found, err) != 0) {
        return -1;
    }
    if (lifecycle == LIFECYCLE_ILM) {
        state->policy =
            json_incref(json_object_get(found, names->template_name));
        json_decref(found);
        return 0;
    }
    state->policy = found;
    return read_followed(state, e, names, err);
}

void index_state_fini(struct index_state *state)
{
    json_decref(state->template_);
    json_decref(state->others);
    json_decref(state->indices);
    json_decref(state->alias);
    json_decref(state->write_alias);
    json_decref(state->documents);
    json_decref(state->types);
    json_decref(state->policy);
    json_decref(state->followed);
    *state = (struct index_state){.template_ = NULL};
}

const json_t *index_meta(const json_t *standing)
{
    const json_t *own = json_object_get(standing, "_meta");
    const json_t *inner = json_object_get(standing, "template");

    if (own != NULL) {
        return own;
    }
    if (inner == NULL) {
        inner = standing;
    }
    return json_object_get(json_object_get(inner, "mappings"), "_meta");
}

const char *index_meta_text(const json_t *standing, const char *key)
{
    const char *text =
        json_string_value(json_object_get(index_meta(standing), key));

    return text != NULL ? text : "";
}

/* 1 when the engine knows the analyzer, 0 when not, -1 with err. */
static int knows_analyzer(
    const struct endpoint *e, const char *name, struct error *err)
{
    struct http_answer answer;
    char body[128];
    int rc = -1;

    (void)snprintf(body, sizeof(body),
        "{\"analyzer\":\"%s\",\"text\":\"\xec\x82\xbc\xec\x84\xb1\"}", name);
    if (http_call(e, "POST", "/_analyze", body, &answer, err) == 0) {
        if (answer.status == 200) {
            rc = 1;
        } else if (answer.status == 400) {
            rc = 0; /* failed to find global analyzer [nori] */
        } else {
            (void)engine_answer_explain("POST", "/_analyze", answer.status,
                buf_slice(&answer.body), err);
        }
    }
    http_answer_fini(&answer);
    return rc;
}

static const char *analyzer_of_standing(
    const struct index_state *state, const struct index_names *names)
{
    const char *name;
    json_t *index;

    json_object_foreach(state->indices, name, index)
    {
        const char *analyzer = index_meta_text(index, "korean_analyzer");

        if (analyzer[0] != '\0' && index_names_is_current(names, name)) {
            return analyzer;
        }
    }
    return NULL;
}

int index_choose_analyzer(const struct index_state *state,
    const struct endpoint *e, const struct dataset *ds,
    const struct index_names *names, const char **name, struct error *err)
{
    static const char *const candidates[] = {"nori", "cjk"};

    *name = analyzer_of_standing(state, names);
    if (*name != NULL) {
        return 0;
    }
    for (size_t i = 0; dataset_wants_korean(ds) && i < 2; i++) {
        int known = knows_analyzer(e, candidates[i], err);

        if (known < 0) {
            return -1;
        }
        if (known == 1) {
            *name = candidates[i];
            return 0;
        }
    }
    *name = "standard";
    return 0;
}
