/* The index that is written to, compared; see write_check.h. */
#include "mappings/write_check.h"

#include "mappings/engine_get.h"
#include "mappings/index_plan.h"
#include "mappings/index_state.h"

#include <stdio.h>
#include <string.h>

/* The member that takes an alias's writes; NULL when none can. */
static const char *find_writer(json_t *members, const char *alias)
{
    const char *name;
    json_t *member;

    json_object_foreach(members, name, member)
    {
        const json_t *own =
            json_object_get(json_object_get(member, "aliases"), alias);

        if (json_object_size(members) == 1 ||
            json_is_true(json_object_get(own, "is_write_index"))) {
            return name;
        }
    }
    return NULL;
}

/* Let names be those of the version that the write alias is at. Returns 1; 0
 * when nothing takes writes; -1 with err. */
static int follow_alias(struct index_names *names, const struct endpoint *e,
    const struct engine *engine, struct error *err)
{
    char path[INDEX_PATH_BYTES];
    json_t *members;
    const char *writer;

    (void)snprintf(path, sizeof(path), "/%s%s", names->writes_to,
        engine->include_type_name ? "?include_type_name=false" : "");
    if (engine_get(e, path, &members, err) != 0) {
        return -1;
    }
    writer = find_writer(members, names->writes_to);
    if (writer != NULL) {
        (void)snprintf(names->index, sizeof(names->index), "%s", writer);
    }
    json_decref(members);
    return writer != NULL;
}

static int compare(struct plan_lines *lines, const struct endpoint *e,
    const struct engine *engine, const struct dataset *ds,
    const struct index_names *names, const char *type, struct error *err)
{
    struct index_state state = {.template_ = NULL};
    struct index_wanted wanted = {.body = NULL};
    const char *analyzer;
    int rc = -1;

    if (index_state_read_indices(&state, e, engine, names, err) == 0 &&
        (type == NULL ||
            index_state_read_types(&state, e, engine, names, err) == 0) &&
        index_choose_analyzer(&state, e, ds, names, &analyzer, err) == 0 &&
        index_wanted_init(&wanted, ds, analyzer, err) == 0) {
        wanted.names = *names;
        wanted.type = type;
        rc = index_wanted_fit(&wanted, e, engine, err);
    }
    if (rc == 0) {
        index_plan_compare_indices(lines, &wanted, &state, engine);
        rc = lines->out_of_memory ? error_set(err, "out of memory") : 0;
    }
    index_wanted_fini(&wanted);
    index_state_fini(&state);
    return rc;
}

int write_check_read(struct plan_lines *lines, const struct endpoint *e,
    const struct engine *engine, const struct dataset *ds, const char *type,
    struct error *err)
{
    struct index_names names;
    int rc;

    *lines = (struct plan_lines){.items = NULL};
    if (index_names_init(&names, ds, err) != 0) {
        return -1;
    }
    rc = names.is_family ? 1 : follow_alias(&names, e, engine, err);
    return rc <= 0 ? rc : compare(lines, e, engine, ds, &names, type, err);
}
