/*
 * The load profile: indices of ours relaxed while very much is written to
 * them, and restored. No refresh and no replicas: what was written is seen by
 * readers, and is on a second node, only afterwards. The translog's durability
 * stays as it is, so what is acknowledged is on a disk.
 *
 * The settings as they were are a note in the index's _meta, written before
 * anything changes, so that whoever finds it can restore them, however the one
 * who relaxed them ended.
 */
#ifndef NARU_MAPPINGS_LOAD_PROFILE_H
#define NARU_MAPPINGS_LOAD_PROFILE_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/engine.h"

#include <jansson.h>
#include <stddef.h>

#define LOAD_PROFILE_NOTE "bulk_load"

/* One index was relaxed or restored. */
typedef void (*load_profile_fn)(const char *index, void *arg);

enum load_profile_result {
    LOAD_PROFILE_DONE,
    LOAD_PROFILE_REFUSED, /* an index is not naru's; none was changed */
    LOAD_PROFILE_FAILED   /* the engine does not answer or refuses */
};

/*
 * load_profile_relax(e, engine, names, report, arg, err):
 * Relax what names stands for, as it stands in a path: an index, an alias, a
 * pattern with *. Nothing stands there: nothing is done. What is relaxed
 * already keeps the note of the first time. err is set unless DONE. Blocks for
 * three requests and more.
 */
enum load_profile_result load_profile_relax(const struct endpoint *e,
    const struct engine *engine, const char *names, load_profile_fn report,
    void *arg, struct error *err) MUST_CHECK;

/*
 * load_profile_restore(e, engine, names, report, arg, err):
 * Restore those that have the note, and refresh them; the others are left
 * alone, whosever they are. Returns 0, or -1 with err: then the note stands and
 * it can be tried again.
 */
int load_profile_restore(const struct endpoint *e, const struct engine *engine,
    const char *names, load_profile_fn report, void *arg,
    struct error *err) MUST_CHECK;

/*
 * load_profile_originals(settings):
 * Of an index's flat settings those that relaxing changes, null where none
 * stands: what restores them with PUT /INDEX/_settings. A new reference, or
 * NULL out of memory. Pure.
 */
json_t *load_profile_originals(const json_t *settings) MUST_CHECK;

#endif
