/* Reading what stands; see index_state.h. A 404 means: nothing stands. */
#include "mappings/index_state.h"

#include "common/http_call.h"
#include "mappings/engine_answer.h"
#include "mappings/engine_get.h"

#include <stdio.h>

#define NO_TYPES "include_type_name=false"

/* Both APIs answer a list or an object of one; take the one out. */
static int read_template(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err)
{
    char path[INDEX_PATH_BYTES];
    json_t *found, *inner;

    (void)snprintf(path, sizeof(path), "/%s/%s%s",
        engine->composable_templates ? "_index_template" : "_template",
        names->template_name, engine->include_type_name ? "?" NO_TYPES : "");
    if (engine_get(e, path, &found, err) != 0) {
        return -1;
    }
    if (engine->composable_templates) {
        inner = json_object_get(
            json_array_get(json_object_get(found, "index_templates"), 0),
            "index_template");
    } else {
        inner = json_object_iter_value(json_object_iter(found));
    }
    state->template_ = json_incref(inner);
    json_decref(found);
    return 0;
}

static int read_index(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err)
{
    char path[INDEX_PATH_BYTES];
    json_t *found;

    (void)snprintf(path, sizeof(path), "/%s?flat_settings=true%s", names->index,
        engine->include_type_name ? "&" NO_TYPES : "");
    if (engine_get(e, path, &found, err) != 0) {
        return -1;
    }
    state->index = json_incref(json_object_get(found, names->index));
    if (found != NULL && state->index == NULL) {
        (void)error_set(err,
            "%s, the name of naru's index, is an alias; nothing was changed. "
            "Remove the alias or give the dataset another index",
            names->index);
    }
    json_decref(found);
    return found != NULL && state->index == NULL ? -1 : 0;
}

static int read_alias(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err)
{
    char path[INDEX_PATH_BYTES];

    (void)snprintf(path, sizeof(path), "/%s%s", names->alias,
        engine->include_type_name ? "?" NO_TYPES : "");
    return engine_get(e, path, &state->alias, err);
}

int index_state_read(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err)
{
    *state = (struct index_state){0};
    if (read_template(state, e, engine, names, err) != 0 ||
        read_index(state, e, engine, names, err) != 0) {
        return -1;
    }
    return read_alias(state, e, engine, names, err);
}

void index_state_fini(struct index_state *state)
{
    json_decref(state->template_);
    json_decref(state->index);
    json_decref(state->alias);
    *state = (struct index_state){0};
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

int index_choose_analyzer(const struct index_state *state,
    const struct endpoint *e, const struct dataset *ds, const char **name,
    struct error *err)
{
    static const char *const candidates[] = {"nori", "cjk"};

    *name = json_string_value(
        json_object_get(index_meta(state->index), "korean_analyzer"));
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
