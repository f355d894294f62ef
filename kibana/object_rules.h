/*
 * Saved objects checked against what Kibana and OpenSearch Dashboards ask of
 * them, before any server sees them. Pure.
 *
 *   ids are texts, unique by type, and begin with "naru-"; titles are there
 *   each object states its type's version, at or under the portable floor, and
 *   no version of the newer kind (typeMigrationVersion, coreMigrationVersion)
 *   attributes that hold JSON as text hold JSON
 *   references have unique names and lead to objects of the set; every name
 *   that a text refers to is among them
 *   dashboards state their time range; their panels lie in 48 columns and do
 *   not overlap
 *   Vega specs state a schema that Kibana 7.12 can draw; a data URL asks for
 *   the data view's index, and has a query of its own or %context%, not both
 *   (Kibana refuses that, EsQueryParser.parseUrl)
 *   every field that a panel asks for is one of the dataset's, and declared in
 *   the panel's source
 */
#ifndef NARU_KIBANA_OBJECT_RULES_H
#define NARU_KIBANA_OBJECT_RULES_H

#include "kibana/sources.h"
#include "mappings/dataset.h"

#include <jansson.h>
#include <stddef.h>

/* One breach, for a person: "visualization naru-x: ...", no newline. */
typedef void (*object_rules_fn)(const char *line, void *arg);

/*
 * object_rules_check(objects, ds, found, arg):
 * Check portable objects (or those for Kibana 8). ds: whose fields they may
 * ask for. found runs for each breach. Returns how many there were.
 */
size_t object_rules_check(const json_t *objects, const struct dataset *ds,
    object_rules_fn found, void *arg);

/*
 * object_rules_check_declared(s, objects, found, arg):
 * Does each panel of s declare the fields that its object asks for? Returns
 * how many breaches there were.
 */
size_t object_rules_check_declared(const struct sources *s,
    const json_t *objects, object_rules_fn found, void *arg);

#endif
