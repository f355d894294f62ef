/* Reading from the engine what stands of a dataset. */
#ifndef NARU_MAPPINGS_INDEX_STATE_H
#define NARU_MAPPINGS_INDEX_STATE_H

#include "common/attr.h"
#include "common/endpoint.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"
#include "mappings/index_names.h"

#include <jansson.h>

/* What is there. All owned; NULL where nothing is, or was not asked for. */
struct index_state {
    /* {"index_patterns":...,"template" or "mappings":...}: naru-<dataset> */
    json_t *template_;
    /* All other templates of its kind: name -> the same. */
    json_t *others;
    /* name -> {"aliases":...,"mappings":...,"settings":flat}: indices of
     * every version, and aliases' indices whose alias has such a name. */
    json_t *indices;
    /* Index name -> the same, of all that the alias to read from points to; or
     * of the concrete index that bears its name. And of the one to write to. */
    json_t *alias, *write_alias;
    json_t *documents; /* index name -> how many */
    json_t *types;     /* index name -> the "_type" of its documents */
    /* The lifecycle policy as the engine shows it, and for OpenSearch index
     * name -> the policy it follows. */
    json_t *policy, *followed;
};

/*
 * index_state_read(state, e, engine, names, err):
 * Templates, indices, aliases and counts of documents: five GET requests.
 * Counts stay NULL where our user may not ask for them. Returns 0, or -1 with
 * err; index_state_fini is safe in both cases.
 */
int index_state_read(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err) MUST_CHECK;

/* index_state_read_indices(...): The indices alone; and the template too when
 * they are a family, whose members it makes. */
int index_state_read_indices(struct index_state *state,
    const struct endpoint *e, const struct engine *engine,
    const struct index_names *names, struct error *err) MUST_CHECK;

/* index_state_read_types(...): Add types; nothing where the engine has none. */
int index_state_read_types(struct index_state *state, const struct endpoint *e,
    const struct engine *engine, const struct index_names *names,
    struct error *err) MUST_CHECK;

/* index_state_read_lifecycle(...): Add policy and followed. */
int index_state_read_lifecycle(struct index_state *state,
    const struct endpoint *e, enum engine_lifecycle lifecycle,
    const struct index_names *names, struct error *err) MUST_CHECK;
void index_state_fini(struct index_state *state);

/*
 * index_meta(standing):
 * The "_meta" of an index or template as it stands, wherever the engine keeps
 * it; NULL when it has none. Borrowed.
 */
const json_t *index_meta(const json_t *standing);

/* index_meta_text(standing, key): A text in it; "" when it is not there. */
const char *index_meta_text(const json_t *standing, const char *key);

/*
 * index_choose_analyzer(state, e, ds, names, name, err):
 * What stands for "@korean": what a standing index of this schema_version was
 * made with, else the first of nori (a plug-in), cjk and standard that the
 * engine knows. *name is static or borrowed from state. Returns 0 or -1 with
 * err.
 */
int index_choose_analyzer(const struct index_state *state,
    const struct endpoint *e, const struct dataset *ds,
    const struct index_names *names, const char **name,
    struct error *err) MUST_CHECK;

#endif
