/*
 * Carrying a plan out; see apply.h. Creations ask the engine to refuse what is
 * there already, so that two appliers at once cannot overwrite each other: the
 * one that comes second looks again and finds the first one's work. It may lose
 * each creation once, hence the bounded loop.
 */
#include "mappings/apply.h"

#include "common/http_call.h"
#include "mappings/engine_answer.h"
#include "mappings/plan_look.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each creation can be lost once to another applier. */
#define MOST_LOOKS 8

enum outcome { DONE, LOST_RACE, FAILED };

struct applier {
    const struct endpoint *endpoint;
    const struct engine *engine;
    const struct dataset *dataset;
    const struct mappings_apply_options *o;
};

static void report_step(const struct applier *a, const struct index_step *step)
{
    static const char *const words[] = {"unchanged", "created", "updated"};
    char line[sizeof(step->what) + 16];

    if (a->o->report != NULL) {
        (void)snprintf(
            line, sizeof(line), "%s %s", step->what, words[step->action]);
        a->o->report(line, a->o->arg);
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
            "%s cannot be changed so; raise schema_version in the dataset and "
            "naru mappings migrate. The engine says: ",
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

/* What keeps the plan from being carried out, in one line. */
static int say_obstacle(const struct index_plan *plan, struct error *err)
{
    const struct plan_line *line = index_plan_obstacle(plan);
    size_t n = plan_lines_count(&plan->lines, PLAN_FORBIDDEN) +
               plan_lines_count(&plan->lines, PLAN_NEW_INDEX);
    struct buf text, verdict;

    if (line == NULL) {
        return 0;
    }
    buf_init(&text, ERROR_MAX_BYTES);
    buf_init(&verdict, ERROR_MAX_BYTES);
    if (plan_line_say(line, &text) != 0 ||
        plan_line_verdict(line, &verdict) != 0) {
        (void)error_set(err, "out of memory");
    } else {
        (void)error_set(err, "nothing was changed: %s: %s", buf_str(&verdict),
            buf_str(&text));
        if (n > 1) {
            size_t len = strlen(err->text);

            (void)snprintf(err->text + len, sizeof(err->text) - len,
                " (and %zu more; naru mappings plan shows all)", n - 1);
        }
    }
    buf_fini(&text);
    buf_fini(&verdict);
    return -1;
}

static int check_fingerprint(
    const struct applier *a, const struct index_plan *plan, struct error *err)
{
    const char *wanted = a->o->fingerprint;

    if (wanted == NULL ||
        strncmp(plan->fingerprint, wanted, strlen(wanted)) == 0) {
        return 0;
    }
    return error_set(err,
        "nothing was changed: the cluster or the dataset is not what plan "
        "%.16s was made of; look at naru mappings plan again (now it is "
        "%.16s)",
        wanted, plan->fingerprint);
}

/* Look, plan, do. */
static enum outcome apply_once(const struct applier *a, struct error *err)
{
    struct plan_look look;
    enum outcome outcome = FAILED;

    if (plan_look_at(
            &look, a->endpoint, a->engine, a->dataset, a->o->type, err) == 0 &&
        check_fingerprint(a, &look.plan, err) == 0 &&
        say_obstacle(&look.plan, err) == 0) {
        outcome = run_plan(a, &look.plan, err);
    }
    plan_look_fini(&look);
    return outcome;
}

int mappings_apply(const struct endpoint *e, const struct engine *engine,
    const struct dataset *ds, const struct mappings_apply_options *o,
    struct error *err)
{
    const struct applier a = {e, engine, ds, o};
    enum outcome outcome = LOST_RACE;

    for (int i = 0; outcome == LOST_RACE && i < MOST_LOOKS; i++) {
        outcome = apply_once(&a, err);
    }
    return outcome == DONE ? 0 : -1;
}
