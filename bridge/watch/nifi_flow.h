/*
 * struct nifi_flow: the bridge as NiFi would draw it: processors in a row with
 * connections between them, from ConsumeKafka over the steps of [transform] to
 * the one that writes to Elasticsearch, what logs behind it, and the dead
 * letters. Names and ids are those of the imported flow, if [nifi] has them,
 * else made from the bridge's own names, the same at each start. Pure: the
 * numbers are filled in by the caller.
 */
#ifndef NARU_BRIDGE_WATCH_NIFI_FLOW_H
#define NARU_BRIDGE_WATCH_NIFI_FLOW_H

#include "common/attr.h"
#include "common/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NIFI_ID_BYTES 64
#define NIFI_NAME_BYTES 200
#define NIFI_TYPE_BYTES 200
#define NIFI_PARTS_MOST 64

enum nifi_role {
    NIFI_CONSUME,
    NIFI_STEP, /* one of [transform] */
    NIFI_PUT,
    NIFI_AFTER, /* what logs the documents that were stored */
    NIFI_DEAD   /* dead letters */
};

/* Of the last five minutes. */
struct nifi_numbers {
    uint64_t in, in_bytes, out, out_bytes;
    uint64_t read_bytes, written_bytes;
    uint64_t received, received_bytes, sent, sent_bytes;
    uint64_t tasks, nanos;
    unsigned active_threads; /* now */
};

struct nifi_part {
    enum nifi_role role;
    size_t step; /* of STEP: its place in [transform], from 0 */
    char id[NIFI_ID_BYTES];
    char name[NIFI_NAME_BYTES];
    char type[NIFI_TYPE_BYTES]; /* the class's full name */
    struct nifi_numbers numbers;
};

struct nifi_link {
    size_t from, to; /* places in parts */
    char id[NIFI_ID_BYTES];
    char name[NIFI_NAME_BYTES];

    uint64_t in, in_bytes, out, out_bytes;
    uint64_t queued, queued_bytes; /* now */
    uint64_t queued_most, queued_bytes_most;
};

struct nifi_flow {
    char id[NIFI_ID_BYTES];
    char name[NIFI_NAME_BYTES];
    struct nifi_part parts[NIFI_PARTS_MOST];
    size_t n_parts;
    struct nifi_link links[NIFI_PARTS_MOST];
    size_t n_links;
    bool is_running;
    int64_t wall_ms; /* when the numbers were filled in */
};

/* nifi_flow_role(type): What a class is in a flow, by its name: ConsumeKafka
 * and its kin, PutElasticsearch and its kin; STEP for all others. */
enum nifi_role nifi_flow_role(const char *type);

/*
 * nifi_flow_add(flow, role, type, name):
 * One more part behind the others, with an id of its own made from the flow's
 * and its place. NULL when there are NIFI_PARTS_MOST.
 */
struct nifi_part *nifi_flow_add(struct nifi_flow *flow, enum nifi_role role,
    const char *type, const char *name);

/* nifi_flow_link(flow, from, to, name): The same for a connection. */
struct nifi_link *nifi_flow_link(
    struct nifi_flow *flow, size_t from, size_t to, const char *name);

/* nifi_flow_make_id(seed, id): An id in the form of a UUID (version 8, RFC
 * 9562) that depends on seed alone. */
void nifi_flow_make_id(const char *seed, char id[NIFI_ID_BYTES]);

/* nifi_flow_simple_type(type): The class's last word. */
const char *nifi_flow_simple_type(const char *type);

#endif
