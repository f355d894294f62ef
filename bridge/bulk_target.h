/*
 * Where the configuration wants records to be written: the encoder with
 * index, id and version of [bridge] or its dataset, and the path of the bulk
 * requests. One place for it, for the bridge and for naru dlq retry.
 */
#ifndef NARU_BRIDGE_BULK_TARGET_H
#define NARU_BRIDGE_BULK_TARGET_H

#include "bridge/bulk_request.h"
#include "common/attr.h"
#include "common/config.h"
#include "common/error.h"
#include "mappings/dataset.h"
#include "mappings/engine.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * bulk_target_index(config, dataset):
 * The pattern of the index to write to: [bridge]'s own, else what the dataset
 * (which may be NULL) writes to; NULL when neither names one. Borrowed from
 * them.
 */
const char *bulk_target_index(
    const struct config *config, const struct dataset *dataset);

/* bulk_target_reads_attributes(config): Has one of [bridge]'s patterns
 * %{attr:...} or %{_split}? */
bool bulk_target_reads_attributes(const struct config *config);

/*
 * bulk_target_names(config, dataset, text, escaped, size, err):
 * The same with a * for each %{...}: every index or alias that it can name, as
 * text and escaped for a path; both have room for size bytes. Returns 0; -1
 * with err when neither names one, or it is too long.
 */
int bulk_target_names(const struct config *config,
    const struct dataset *dataset, char *text, char *escaped, size_t size,
    struct error *err) MUST_CHECK;

/*
 * bulk_target_encoder(config, dataset, engine, err):
 * dataset may be NULL, and so may engine as long as it is not known. The caller
 * frees the encoder. A "_type" is put in by the engine's needs and bridge.type;
 * where that has to go, the log gets a notice. NULL with err.
 */
struct bulk_encoder *bulk_target_encoder(const struct config *config,
    const struct dataset *dataset, const struct engine *engine,
    struct error *err) MUST_CHECK;

/*
 * bulk_target_wants_alias(config, engine, index):
 * Must the engine refuse names that are no aliases? Not for a dataset's family
 * of indices (a pattern that is not [bridge]'s own): the engine makes them, by
 * the dataset's template. index is the encoder's, NULL for a pattern.
 */
bool bulk_target_wants_alias(const struct config *config,
    const struct engine *engine, const char *index);

/*
 * bulk_target_path(config, engine, encoder, out, size, err):
 * "/marcap/_bulk?..." when all records go to one index, else "/_bulk?...".
 * Returns 0; -1 with err when it is too long.
 */
int bulk_target_path(const struct config *config, const struct engine *engine,
    const struct bulk_encoder *encoder, char *out, size_t size,
    struct error *err) MUST_CHECK;

#endif
