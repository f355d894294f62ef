/*
 * The bodies of NiFi's status endpoints (the client DTOs of 1.9.2), written
 * from a nifi_flow whose numbers are filled in. Pure. Each appends one JSON
 * object to out and returns 0, or -1 when out is full.
 */
#ifndef NARU_BRIDGE_WATCH_NIFI_BODY_H
#define NARU_BRIDGE_WATCH_NIFI_BODY_H

#include "bridge/watch/nifi_flow.h"
#include "common/attr.h"
#include "common/buf.h"

/* A property of a processor's configuration; value NULL: null. */
struct nifi_property {
    const char *name;
    const char *value;
};

/* GET /nifi-api/flow/status */
int nifi_body_controller(
    struct buf *out, const struct nifi_flow *flow) MUST_CHECK;

/* GET /nifi-api/flow/about; base is "http://host:port". */
int nifi_body_about(struct buf *out, const char *base) MUST_CHECK;

/* GET /nifi-api/flow/processors/{id}/status */
int nifi_body_processor_status(struct buf *out, const struct nifi_flow *flow,
    const struct nifi_part *part) MUST_CHECK;

/* GET /nifi-api/flow/connections/{id}/status */
int nifi_body_connection_status(struct buf *out, const struct nifi_flow *flow,
    const struct nifi_link *link) MUST_CHECK;

/* GET /nifi-api/flow/process-groups/{id}/status */
int nifi_body_group_status(
    struct buf *out, const struct nifi_flow *flow) MUST_CHECK;

/* GET /nifi-api/processors/{id}; properties are those of its configuration. */
int nifi_body_processor(struct buf *out, const struct nifi_flow *flow,
    const struct nifi_part *part, const char *base,
    const struct nifi_property *properties, size_t n_properties) MUST_CHECK;

#endif
