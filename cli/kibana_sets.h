/*
 * What naru kibana's actions do to a server with each of the sets that are
 * named, and how they end when several fail.
 */
#ifndef NARU_CLI_KIBANA_SETS_H
#define NARU_CLI_KIBANA_SETS_H

#include "cli/kibana_options.h"
#include "kibana/kibana_server.h"

/* What is done with the set name. Returns an exit code, with err unless 0. */
typedef int (*kibana_set_fn)(const struct kibana_options *o,
    const struct kibana_link *link, const struct kibana_server *server,
    const char *name, struct error *err);

/* kibana_sets_prepare: what is looked at before a server is asked; NULL: none.
 * Returns 0 or -1 with err. */
typedef int (*kibana_sets_prepare_fn)(
    const struct kibana_options *o, struct error *err);

/*
 * kibana_sets_run(o, prepare, each, err):
 * Wait for the server that o names, and call each for every set, also behind
 * one that fails. Returns 0, or the largest exit code with err, which is the
 * last failure; those before it are told on standard error. 2 when a setting
 * or prepare fails.
 */
int kibana_sets_run(const struct kibana_options *o,
    kibana_sets_prepare_fn prepare, kibana_set_fn each,
    struct error *err) MUST_CHECK;

#endif
