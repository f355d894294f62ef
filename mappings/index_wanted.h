/* What should be there of a dataset, as this engine would have it. */
#ifndef NARU_MAPPINGS_INDEX_WANTED_H
#define NARU_MAPPINGS_INDEX_WANTED_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"
#include "mappings/index_names.h"

#include <jansson.h>

struct index_wanted {
    struct index_names names;
    const struct dataset *dataset; /* borrowed */
    json_t *body;                  /* owned: {"settings":...,"mappings":...} */
    json_t *mappings; /* owned: body's, as the engine itself would write them;
                         NULL when it was not asked */
    struct error refusal; /* the engine would not take body, because...; "" */
    enum engine_lifecycle lifecycle; /* how the dataset's is done here */
    const char *type; /* of the documents, bridge.type; borrowed, or NULL */
};

/*
 * index_wanted_init(w, ds, korean_analyzer, err):
 * Asks no engine. ds is borrowed for as long as w lives. Returns 0 or -1 with
 * err; index_wanted_fini is safe in both cases.
 */
int index_wanted_init(struct index_wanted *w, const struct dataset *ds,
    const char *korean_analyzer, struct error *err) MUST_CHECK;

/*
 * index_wanted_fit(w, e, engine, err):
 * Ask the engine: how it would write the mappings (by a simulated template,
 * where it has that), and what lifecycle management it has when the dataset
 * wants one, whose setting then joins body. Up to two requests. Returns 0 or
 * -1 with err; that the engine refuses the mappings is not a failure here.
 */
int index_wanted_fit(struct index_wanted *w, const struct endpoint *e,
    const struct engine *engine, struct error *err) MUST_CHECK;
void index_wanted_fini(struct index_wanted *w);

/* index_wanted_mappings(w): As the engine writes them, where it was asked, else
 * as the dataset has them. Borrowed. */
const json_t *index_wanted_mappings(const struct index_wanted *w);

#endif
