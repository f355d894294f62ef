/* What should be there; see index_wanted.h. */
#include "mappings/index_wanted.h"

#include "common/http_call.h"
#include "mappings/engine_answer.h"

#include <stdlib.h>

#define SIMULATE_PATH "/_index_template/_simulate"
/* No template of anybody's has it: two of one priority would be refused. */
#define SIMULATED_PRIORITY 1999999973

int index_wanted_init(struct index_wanted *w, const struct dataset *ds,
    const char *korean_analyzer, struct error *err)
{
    char *text;

    *w = (struct index_wanted){.dataset = ds};
    if (index_names_init(&w->names, ds, err) != 0 ||
        dataset_create_body(ds, korean_analyzer, &text, err) != 0) {
        return -1;
    }
    w->body = json_loads(text, 0, NULL);
    free(text);
    return w->body != NULL ? 0 : error_set(err, "out of memory");
}

void index_wanted_fini(struct index_wanted *w)
{
    json_decref(w->body);
    json_decref(w->mappings);
    w->body = NULL;
    w->mappings = NULL;
}

static int fit_lifecycle(struct index_wanted *w, const struct endpoint *e,
    const struct engine *engine, struct error *err)
{
    struct dataset_lifecycle l;

    if (!dataset_lifecycle(w->dataset, &l)) {
        return 0;
    }
    if (engine_find_lifecycle(e, engine, &w->lifecycle, err) != 0) {
        return -1;
    }
    if (w->lifecycle == LIFECYCLE_ILM &&
        json_object_set_new(json_object_get(w->body, "settings"),
            "index.lifecycle.name", json_string(w->names.template_name)) != 0) {
        return error_set(err, "out of memory");
    }
    return 0;
}

/* The answer holds settings, mappings and aliases under "template". */
static int take_simulated(
    struct index_wanted *w, struct http_answer *answer, struct error *err)
{
    json_t *found =
        json_loadb(answer->body.data, answer->body.len_bytes, 0, NULL);

    w->mappings = json_incref(
        json_object_get(json_object_get(found, "template"), "mappings"));
    json_decref(found);
    return w->mappings != NULL
               ? 0
               : error_set(err,
                     "POST " SIMULATE_PATH ": the answer holds no mappings");
}

static int fit_mappings(
    struct index_wanted *w, const struct endpoint *e, struct error *err)
{
    json_t *asked =
        json_pack("{s[s],si,sO}", "index_patterns", "naru-simulated-*",
            "priority", SIMULATED_PRIORITY, "template", w->body);
    char *body = json_dumps(asked, JSON_COMPACT);
    struct http_answer answer;
    int rc = -1;

    json_decref(asked);
    if (body == NULL) {
        return error_set(err, "out of memory");
    }
    if (http_call(e, "POST", SIMULATE_PATH, body, &answer, err) == 0) {
        rc = 0;
        if (answer.status == 200) {
            rc = take_simulated(w, &answer, err);
        } else if (answer.status == 400) {
            (void)engine_answer_explain("POST", SIMULATE_PATH, answer.status,
                buf_slice(&answer.body), &w->refusal);
        } /* else we may not ask: compared as written then */
    }
    http_answer_fini(&answer);
    free(body);
    return rc;
}

int index_wanted_fit(struct index_wanted *w, const struct endpoint *e,
    const struct engine *engine, struct error *err)
{
    if (fit_lifecycle(w, e, engine, err) != 0) {
        return -1;
    }
    return engine->simulate_template ? fit_mappings(w, e, err) : 0;
}

const json_t *index_wanted_mappings(const struct index_wanted *w)
{
    return w->mappings != NULL ? w->mappings
                               : json_object_get(w->body, "mappings");
}
