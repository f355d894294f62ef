/* One element of a flow's XML, taken over into the flow. */
#ifndef NARU_BRIDGE_NIFI_FLOW_XML_TAKE_H
#define NARU_BRIDGE_NIFI_FLOW_XML_TAKE_H

#include "bridge/nifi/flow.h"
#include "bridge/nifi/xml_tree.h"
#include "common/attr.h"
#include "common/error.h"

#include <stdbool.h>

/* flow_xml_is_wanted(name): Does an element of this name, which stands where
 * components do, tell something of the flow? */
bool flow_xml_is_wanted(const char *name);

/*
 * flow_xml_take(f, group, n, err):
 * Take over n, which stands in group (NULL: in the file's root). Returns 0, or
 * -1 with err.
 */
int flow_xml_take(struct flow *f, struct flow_group *group,
    const struct xml_node *n, struct error *err) MUST_CHECK;

#endif
