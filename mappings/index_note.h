/*
 * A note in an index's "_meta", beside what says whose it is: what naru has
 * begun with the index and must end, kept in the engine so that whoever comes
 * next finds it. An index whose mapping was made by naru has such a "_meta".
 */
#ifndef NARU_MAPPINGS_INDEX_NOTE_H
#define NARU_MAPPINGS_INDEX_NOTE_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/engine.h"

#include <jansson.h>

/*
 * index_note_put(e, engine, index, standing, key, note, err):
 * Set key of the "_meta" to note, or take it out when note is NULL. standing is
 * the index as the engine gave it; its "_meta" is changed too. note is taken
 * over. One request (engines replace "_meta" as a whole). Returns 0 or -1 with
 * err.
 */
int index_note_put(const struct endpoint *e, const struct engine *engine,
    const char *index, json_t *standing, const char *key, json_t *note,
    struct error *err) MUST_CHECK;

#endif
