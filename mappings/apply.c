/*
 * Carrying a plan out; see apply.h. Creations ask the engine to refuse what is
 * there already, so that two appliers at once cannot overwrite each other: the
 * one that comes second looks again and finds the first one's work. It may lose
 * each creation once, hence the bounded loop.
 */
#include "mappings/apply.h"

#include "common/http_call.h"
#include "mappings/engine.h"
#include "mappings/engine_answer.h"
#include "mappings/index_plan.h"
#include "mappings/index_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum outcome { DONE, LOST_RACE, FAILED };

struct applier {
    const struct endpoint *endpoint;
    const struct dataset *dataset;
    struct index_names names;
    struct engine engine;
    mappings_report_fn report; /* may be NULL */
    void *arg;
};

static void report_step(const struct applier *a, const struct index_step *step)
{
    static const char *const words[] = {"unchanged", "created", "updated"};
    char line[sizeof(step->what) + 16];

    if (a->report != NULL) {
        (void)snprintf(
            line, sizeof(line), "%s %s", step->what, words[step->action]);
        a->report(line, a->arg);
    }
}

static enum outcome judge(const struct index_step *step,
    struct http_answer *answer, struct error *err)
{
    if (answer->status >= 200 && answer->status < 300) {
        return DONE;
    }
    (void)engine_answer_explain(step->method, step->path, answer->status,
        buf_slice(&answer->body), err);
    if (answer->status != 400) {
        return FAILED;
    }
    if (step->on_index) {
        (void)error_prefix(err,
            "%s cannot be changed so; raise schema_version in the dataset for "
            "a new index. The engine says: ",
            step->what);
    }
    /* In the words of Elasticsearch and OpenSearch for index and template. */
    return step->action == INDEX_CREATE &&
                   strstr(buf_str(&answer->body), "already exists") != NULL
               ? LOST_RACE
               : FAILED;
}

static enum outcome carry_out(
    const struct applier *a, const struct index_step *step, struct error *err)
{
    char *body = json_dumps(step->body, JSON_COMPACT);
    struct http_answer answer;
    enum outcome outcome = FAILED;

    if (body == NULL) {
        (void)error_set(err, "out of memory");
        return FAILED;
    }
    if (http_call(a->endpoint, step->method, step->path, body, &answer, err) ==
        0) {
        outcome = judge(step, &answer, err);
    }
    http_answer_fini(&answer);
    free(body);
    return outcome;
}

static enum outcome run_plan(
    const struct applier *a, const struct index_plan *plan, struct error *err)
{
    for (size_t i = 0; i < plan->n_steps; i++) {
        const struct index_step *step = &plan->steps[i];
        enum outcome outcome =
            step->method == NULL ? DONE : carry_out(a, step, err);

        if (outcome != DONE) {
            return outcome;
        }
        report_step(a, step);
    }
    return DONE;
}

/* Look, plan, do. */
static enum outcome apply_once(const struct applier *a, struct error *err)
{
    struct index_state state;
    struct index_wanted wanted = {.body = NULL};
    struct index_plan plan = {.n_steps = 0};
    const char *analyzer;
    enum outcome outcome = FAILED;

    if (index_state_read(&state, a->endpoint, &a->engine, &a->names, err) ==
            0 &&
        index_choose_analyzer(
            &state, a->endpoint, a->dataset, &analyzer, err) == 0 &&
        index_wanted_init(&wanted, a->dataset, analyzer, err) == 0 &&
        index_plan_make(&plan, &wanted, &state, &a->engine, err) == 0) {
        outcome = run_plan(a, &plan, err);
    }
    index_plan_fini(&plan);
    index_wanted_fini(&wanted);
    index_state_fini(&state);
    return outcome;
}

int mappings_apply(const struct endpoint *e, const struct dataset *ds,
    mappings_report_fn report, void *arg, struct error *err)
{
    struct applier a = {
        .endpoint = e, .dataset = ds, .report = report, .arg = arg};
    enum outcome outcome = LOST_RACE;

    if (index_names_init(&a.names, ds, err) != 0 ||
        engine_probe(e, &a.engine, err) != 0) {
        return -1;
    }
    for (int i = 0; outcome == LOST_RACE && i <= INDEX_PLAN_MAX_STEPS; i++) {
        outcome = apply_once(&a, err);
    }
    return outcome == DONE ? 0 : -1;
}
