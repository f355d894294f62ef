/* What stands, compared; see drift.h. */
#include "mappings/drift.h"

#include "mappings/index_plan.h"
#include "mappings/plan_look.h"

/* Of all lines those that drift, the contradictions first. */
static int keep_drifting(
    struct plan_lines *out, const struct plan_lines *all, struct error *err)
{
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < all->n; i++) {
            const struct plan_line *line = &all->items[i];

            if (line->drifts && line->contradicts == (pass == 0)) {
                plan_lines_add(out, line);
            }
        }
    }
    return out->out_of_memory || all->out_of_memory
               ? error_set(err, "out of memory")
               : 0;
}

int drift_read(struct plan_lines *lines, const struct endpoint *e,
    const struct engine *engine, const struct dataset *ds, const char *type,
    struct error *err)
{
    struct plan_look look;
    int rc = plan_look_at(&look, e, engine, ds, type, err);

    *lines = (struct plan_lines){.items = NULL};
    if (rc == 0) {
        rc = keep_drifting(lines, &look.plan.lines, err);
    }
    plan_look_fini(&look);
    return rc;
}

static int compare_indices(struct plan_lines *lines, const struct endpoint *e,
    const struct engine *engine, const struct index_state *state,
    const struct dataset *ds, const char *type, const char *analyzer,
    struct error *err)
{
    struct index_wanted wanted;
    struct plan_lines all = {.items = NULL};
    int rc = index_wanted_init(&wanted, ds, analyzer, err);

    wanted.type = type;
    if (rc == 0) {
        rc = index_wanted_fit(&wanted, e, engine, err);
    }
    if (rc == 0) {
        index_plan_compare_indices(&all, &wanted, state, engine);
        rc = keep_drifting(lines, &all, err);
    }
    plan_lines_fini(&all);
    index_wanted_fini(&wanted);
    return rc;
}

int drift_read_indices(struct plan_lines *lines, const struct endpoint *e,
    const struct engine *engine, const struct dataset *ds, const char *type,
    struct error *err)
{
    struct index_state state = {.template_ = NULL};
    struct index_names names;
    const char *analyzer;
    int rc = -1;

    *lines = (struct plan_lines){.items = NULL};
    if (index_names_init(&names, ds, err) == 0 &&
        index_state_read_indices(&state, e, engine, &names, err) == 0 &&
        (type == NULL ||
            index_state_read_types(&state, e, engine, &names, err) == 0) &&
        index_choose_analyzer(&state, e, ds, &names, &analyzer, err) == 0) {
        rc = compare_indices(lines, e, engine, &state, ds, type, analyzer, err);
    }
    index_state_fini(&state);
    return rc;
}

size_t drift_contradictions(const struct plan_lines *lines)
{
    size_t n = 0;

    for (size_t i = 0; i < lines->n; i++) {
        n += lines->items[i].contradicts;
    }
    return n;
}
