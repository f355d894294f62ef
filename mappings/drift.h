/*
 * Drift: what stands in the engine, compared with the dataset. For naru
 * mappings check, which wants all of it, and for the bridge at its start, which
 * wants to know one thing: may it write there?
 */
#ifndef NARU_MAPPINGS_DRIFT_H
#define NARU_MAPPINGS_DRIFT_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"
#include "mappings/plan_line.h"

#include <stddef.h>

/*
 * drift_read_indices(lines, e, engine, ds, type, err):
 * For the bridge (type: its bridge.type, or NULL): the standing indices of ds
 * (that of its schema_version; of a family all members), their fields and
 * settings compared with the dataset's, and, for a family, whether the template
 * is there that new members are made by. Only lines that are not in place are
 * put into *lines, which the caller releases with plan_lines_fini, also after
 * failure; those that contradict come first. Nothing stands at all: no lines
 * (the bridge holds and says so itself), but for the family's missing template.
 * Blocks for two or three GET requests, which need the privilege to read index
 * metadata. Returns 0 however great the drift is; -1 with err when it cannot be
 * found out.
 */
int drift_read_indices(struct plan_lines *lines, const struct endpoint *e,
    const struct engine *engine, const struct dataset *ds, const char *type,
    struct error *err) MUST_CHECK;

/*
 * drift_contradictions(lines):
 * How many lines make writing wrong: a field's type or date format differs, a
 * field is missing where unknown ones are refused or guessed, fractions would
 * be cut off or bad values dropped in silence, the index is not naru's.
 */
size_t drift_contradictions(const struct plan_lines *lines);

/*
 * drift_read(lines, e, engine, ds, type, err):
 * For check: all of it. Lines as above, of indices, templates (ours and those
 * that shadow it), aliases and lifecycle.
 */
int drift_read(struct plan_lines *lines, const struct endpoint *e,
    const struct engine *engine, const struct dataset *ds, const char *type,
    struct error *err) MUST_CHECK;

#endif
