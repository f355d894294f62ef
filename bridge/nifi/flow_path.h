/*
 * The ways from a ConsumeKafka to an Elasticsearch writer, through processors,
 * funnels, ports and nested groups. A way visits nothing twice, so cycles end
 * by themselves; how many ways there are, and how long the search goes on, is
 * bounded. Pure.
 */
#ifndef NARU_BRIDGE_NIFI_FLOW_PATH_H
#define NARU_BRIDGE_NIFI_FLOW_PATH_H

#include "bridge/nifi/flow.h"

#define FLOW_MAX_PATHS 100
#define FLOW_MAX_HOPS 200

struct flow_hop {
    struct flow_component *at;
    struct flow_connection *in; /* by which it is reached; NULL: the source */
};

struct flow_path {
    struct flow_hop *hops; /* the source first, the writer last */
    size_t n_hops;
};

struct flow_paths {
    struct flow_path *items;
    size_t n, room;
    bool is_cut; /* there are more than were looked for */
};

/*
 * flow_find_paths(f, paths, err): In the order of the file; in f's memory.
 * Returns 0, or -1 with err.
 */
int flow_find_paths(
    struct flow *f, struct flow_paths *paths, struct error *err) MUST_CHECK;

#endif
