/* A look at the engine; see plan_look.h. */
#include "mappings/plan_look.h"

/* What the engine must be asked before it is known what is wanted of it. */
static int fit(struct plan_look *look, const struct endpoint *e,
    const struct dataset *ds, const char *type, struct error *err)
{
    const struct index_names *names = &look->wanted.names;
    const char *analyzer;

    if (index_choose_analyzer(&look->state, e, ds, names, &analyzer, err) !=
        0) {
        return -1;
    }
    index_wanted_fini(&look->wanted);
    if (index_wanted_init(&look->wanted, ds, analyzer, err) != 0) {
        return -1;
    }
    look->wanted.type = type;
    return index_wanted_fit(&look->wanted, e, &look->engine, err);
}

int plan_look_at(struct plan_look *look, const struct endpoint *e,
    const struct engine *engine, const struct dataset *ds, const char *type,
    struct error *err)
{
    struct index_names names;

    *look = (struct plan_look){.engine = *engine};
    if (type != NULL && engine->takes_type) {
        /* A composable template gives every index it meets the type _doc. */
        look->engine.composable_templates = false;
    }
    engine = &look->engine;
    if (index_names_init(&names, ds, err) != 0 ||
        index_state_read(&look->state, e, engine, &names, err) != 0) {
        return -1;
    }
    look->wanted.names = names;
    if (fit(look, e, ds, type, err) != 0 ||
        (type != NULL && index_state_read_types(
                             &look->state, e, engine, &names, err) != 0) ||
        index_state_read_lifecycle(
            &look->state, e, look->wanted.lifecycle, &names, err) != 0) {
        return -1;
    }
    return index_plan_make(
        &look->plan, &look->wanted, &look->state, engine, err);
}

void plan_look_fini(struct plan_look *look)
{
    index_plan_fini(&look->plan);
    index_wanted_fini(&look->wanted);
    index_state_fini(&look->state);
}
