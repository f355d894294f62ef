/* A panel's source as a saved object: a visualization, or a lens. Pure. */
#ifndef NARU_KIBANA_PANEL_OBJECT_H
#define NARU_KIBANA_PANEL_OBJECT_H

#include "common/attr.h"

#include <jansson.h>

struct panel_context {
    const char *data_view_id;
    const char *title; /* of the data view, as the sources name it */
    const char *index; /* what stands in its place */
};

/*
 * panel_object(panel, context):
 * The saved object of a checked source; the caller releases it. NULL out of
 * memory.
 */
json_t *panel_object(
    const json_t *panel, const struct panel_context *context) MUST_CHECK;

#endif
