/*
 * The actions of naru kibana. Each takes its own argv (argv[0] is its name) and
 * returns the exit code, with its errors on standard error.
 */
#ifndef NARU_CLI_KIBANA_ACTIONS_H
#define NARU_CLI_KIBANA_ACTIONS_H

#include "common/attr.h"
#include "common/error.h"
#include "kibana/saved_objects.h"
#include "kibana/sources.h"
#include "mappings/dataset.h"

#include <jansson.h>

int kibana_check(int argc, char **argv);
int kibana_import(int argc, char **argv);
int kibana_show(int argc, char **argv);
int kibana_tableau(int argc, char **argv);

extern const struct option_table kibana_check_option_table;
extern const struct option_table kibana_import_option_table;
extern const struct option_table kibana_show_option_table;
extern const struct option_table kibana_tableau_option_table;

/* What an action works on: a set, its dataset, its assembled objects. */
struct kibana_set {
    struct sources sources;
    struct dataset *dataset;
    json_t *objects;
    const char *index; /* that its data view asks */
};

/*
 * kibana_set_load(set, name, index, target, err):
 * Load and assemble a set, and check it against the rules of saved objects;
 * breaches are printed to standard error. Returns 0, or -1 with err;
 * kibana_set_fini is safe in both cases.
 */
int kibana_set_load(struct kibana_set *set, const char *name, const char *index,
    enum saved_objects_target target, struct error *err) MUST_CHECK;
void kibana_set_fini(struct kibana_set *set);

/* kibana_print(line, arg): A line to standard output; a kibana_report_fn. */
void kibana_print(const char *line, void *arg);

#endif
