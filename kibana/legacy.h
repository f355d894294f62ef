/*
 * The form of Kibana 6 (the seed's 6.2.1), for its
 * POST /api/kibana/dashboards/import: no references, a dashboard's panels and
 * a search's data view named by id; a grid of 12 columns. Pure.
 */
#ifndef NARU_KIBANA_LEGACY_H
#define NARU_KIBANA_LEGACY_H

#include <jansson.h>

/* legacy_convert(objects): Turn portable objects into that form, in place. */
void legacy_convert(json_t *objects);

#endif
