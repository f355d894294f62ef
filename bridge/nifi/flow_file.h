/*
 * A flow read from a file, whatever its form: it is found by content, gzip or
 * not. Size, depth and number of elements are bounded, and a file that is none
 * of NiFi's, or broken, is an error that says where.
 */
#ifndef NARU_BRIDGE_NIFI_FLOW_FILE_H
#define NARU_BRIDGE_NIFI_FLOW_FILE_H

#include "bridge/nifi/flow.h"
#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"

/* Of a file, packed and unpacked: the largest real ones have some ten. */
#define FLOW_FILE_MAX_BYTES ((size_t)64 << 20)

/* flow_read(path, err): The flow in a file ("-": standard input), linked. NULL
 * with err, which names the file. The caller frees it with flow_free. */
struct flow *flow_read(const char *path, struct error *err) MUST_CHECK;

/* flow_from_bytes(bytes, err): The same of bytes in memory; pure. */
struct flow *flow_from_bytes(struct slice bytes, struct error *err) MUST_CHECK;

/* The readers of the two families; f is new. Each returns 0, or -1 with err. */
int flow_xml_read(
    struct flow *f, struct slice text, struct error *err) MUST_CHECK;
int flow_json_read(
    struct flow *f, struct slice text, struct error *err) MUST_CHECK;

#endif
