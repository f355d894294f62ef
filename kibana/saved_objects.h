/*
 * The saved objects of a set of sources, as Kibana and OpenSearch Dashboards
 * import them: a JSON array of {"type","id","attributes","references",
 * "migrationVersion"}. Pure.
 *
 * They state the versions of the portable floor: what Kibana 7.11 and every
 * OpenSearch Dashboards knows (a version above a server's own is refused with
 * 422, none at all is taken for the oldest). Newer servers migrate them.
 */
#ifndef NARU_KIBANA_SAVED_OBJECTS_H
#define NARU_KIBANA_SAVED_OBJECTS_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "kibana/sources.h"

#include <jansson.h>
#include <stdbool.h>

#define SAVED_OBJECTS_DATA_VIEW_VERSION "7.6.0"
#define SAVED_OBJECTS_VISUALIZATION_VERSION "7.10.0"
#define SAVED_OBJECTS_DASHBOARD_VERSION "7.9.3"
#define SAVED_OBJECTS_LENS_VERSION "7.12.0" /* Kibana 8+ only */

/* The most bytes of a set as one file; Kibana takes 25 MB. */
#define SAVED_OBJECTS_MOST_BYTES (25u << 20)

/* Before the checksum in the name of the reference that marks our objects. */
#define SAVED_OBJECTS_MARK "naru:"

/* Who is to import them. */
enum saved_objects_target {
    SAVED_OBJECTS_LEGACY,   /* Kibana 6: see legacy.h */
    SAVED_OBJECTS_PORTABLE, /* Kibana 7.11+ and OpenSearch Dashboards */
    SAVED_OBJECTS_KIBANA8   /* ... and the panels for kibana8+ */
};

/*
 * saved_objects_build(s, index, target, err):
 * The objects, data view first, each before those that refer to it. index
 * stands in the place of the data view's title, in panels too; NULL leaves it.
 * Panels that the target cannot show are left out, of dashboards too. The
 * caller releases the array (json_decref). NULL with err.
 */
json_t *saved_objects_build(const struct sources *s, const char *index,
    enum saved_objects_target target, struct error *err) MUST_CHECK;

/*
 * saved_objects_write(objects, to):
 * One line of JSON for each, as the import API wants them. Returns 0, or -1
 * when to cannot hold them.
 */
int saved_objects_write(const json_t *objects, struct buf *to) MUST_CHECK;

#endif
