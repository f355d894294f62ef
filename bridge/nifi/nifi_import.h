/*
 * A NiFi flow's file, its paths, and what naru makes of each: what naru nifi
 * and naru bridge --nifi share.
 */
#ifndef NARU_BRIDGE_NIFI_NIFI_IMPORT_H
#define NARU_BRIDGE_NIFI_NIFI_IMPORT_H

#include "bridge/nifi/plan.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"

#include <stdio.h>

struct nifi_import {
    const char *source; /* what the file is called; borrowed */
    struct flow *flow;
    struct flow_paths paths;
    struct plan *plans[FLOW_MAX_PATHS]; /* of each path, in their order */
};

/*
 * nifi_import_open(i, path, options, err):
 * Read the file ("-": standard input) and translate all of its paths. Returns
 * 0, or -1 with err; nifi_import_close is due after both.
 */
int nifi_import_open(struct nifi_import *i, const char *path,
    const struct plan_options *options, struct error *err) MUST_CHECK;
void nifi_import_close(struct nifi_import *i);

/*
 * nifi_import_choose(i, number, err):
 * The plan of path number (from 1), or of the only one when it is 0. NULL with
 * err: no such path, several and none chosen, or none at all.
 */
const struct plan *nifi_import_choose(
    const struct nifi_import *i, size_t number, struct error *err) MUST_CHECK;

/*
 * nifi_import_check_plan(plan, err): Can it be imported? Returns 0, or -1 with
 * err, which tells the first of what naru cannot do and how much more.
 */
int nifi_import_check_plan(
    const struct plan *plan, struct error *err) MUST_CHECK;

/* nifi_import_take(plan, source, c, err): The plan's settings into c, as those
 * of a file. Returns 0, or -1 with err. */
int nifi_import_take(const struct plan *plan, const char *source,
    struct config *c, struct error *err) MUST_CHECK;

/*
 * nifi_import_print(i, only, to), nifi_import_print_json(i, only, to):
 * All that is known: the paths' tables and findings; only is a path's number,
 * or 0 for all. The JSON form returns -1 out of memory.
 */
void nifi_import_print(const struct nifi_import *i, size_t only, FILE *to);
int nifi_import_print_json(
    const struct nifi_import *i, size_t only, FILE *to) MUST_CHECK;

/* nifi_import_print_findings(plan, to): What its user must know of a plan. */
void nifi_import_print_findings(const struct plan *plan, FILE *to);

/* nifi_import_is_fine(i, only): Is there a path, and can all (or that one) be
 * imported? */
bool nifi_import_is_fine(const struct nifi_import *i, size_t only);

#endif
