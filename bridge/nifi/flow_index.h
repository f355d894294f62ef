/* struct flow_index: components by id. One id may stand for several: copies
 * of one versioned group share their ids in flow.json. */
#ifndef NARU_BRIDGE_NIFI_FLOW_INDEX_H
#define NARU_BRIDGE_NIFI_FLOW_INDEX_H

#include "bridge/nifi/flow.h"

struct flow_index_entry;

/* flow_index_new(f): Of all components, in f's arena; NULL out of memory. */
struct flow_index *flow_index_new(struct flow *f) MUST_CHECK;

/*
 * flow_index_each(index, id, cursor):
 * The next component of that id or instance id, in the order of the file, or
 * NULL. *cursor is NULL before the first.
 */
struct flow_component *flow_index_each(const struct flow_index *index,
    const char *id, const struct flow_index_entry **cursor);

#endif
