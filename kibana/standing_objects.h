/* Reading from a server what stands of our saved objects. Blocks. */
#ifndef NARU_KIBANA_STANDING_OBJECTS_H
#define NARU_KIBANA_STANDING_OBJECTS_H

#include "common/attr.h"
#include "common/error.h"
#include "kibana/kibana_server.h"

#include <jansson.h>

/*
 * standing_objects_read(link, server, ours, out, err):
 * *out is an array like ours: what stands under the same type and id, null
 * where nothing does. The caller releases it. Returns 0, or -1 with err.
 */
int standing_objects_read(const struct kibana_link *link,
    const struct kibana_server *server, const json_t *ours, json_t **out,
    struct error *err) MUST_CHECK;

#endif
