/* A set of saved objects made ready for an action; see kibana_actions.h. */
#include "cli/kibana_actions.h"

#include "kibana/object_rules.h"

#include <stdio.h>

void kibana_print(const char *line, void *arg)
{
    (void)arg;
    (void)printf("%s\n", line);
    (void)fflush(stdout);
}

static void complain(const char *line, void *arg)
{
    (void)arg;
    (void)fprintf(stderr, "naru kibana: %s\n", line);
}

/* The rules are for the portable form; what is legacy was made of it. */
static int check_rules(
    const struct kibana_set *set, const char *name, struct error *err)
{
    json_t *objects = saved_objects_build(
        &set->sources, set->index, SAVED_OBJECTS_KIBANA8, err);
    size_t n;

    if (objects == NULL) {
        return -1;
    }
    n = object_rules_check(objects, set->dataset, complain, NULL) +
        object_rules_check_declared(&set->sources, objects, complain, NULL);
    json_decref(objects);
    return n == 0 ? 0
                  : error_set(err,
                        "%s: %zu breach%s of the rules for saved objects; "
                        "nothing was sent",
                        name, n, n == 1 ? "" : "es");
}

int kibana_set_load(struct kibana_set *set, const char *name, const char *index,
    enum saved_objects_target target, struct error *err)
{
    *set = (struct kibana_set){.objects = NULL};
    if (sources_load(&set->sources, name, err) != 0) {
        return -1;
    }
    set->dataset = dataset_load(sources_dataset(&set->sources), err);
    if (set->dataset == NULL) {
        return error_prefix(err, "%s: data_view.json: ", name);
    }
    set->index =
        index != NULL ? index : sources_text(set->sources.data_view, "title");
    if (check_rules(set, name, err) != 0) {
        return -1;
    }
    set->objects = saved_objects_build(&set->sources, index, target, err);
    return set->objects != NULL ? 0 : -1;
}

void kibana_set_fini(struct kibana_set *set)
{
    json_decref(set->objects);
    dataset_free(set->dataset);
    sources_fini(&set->sources);
}
