/*
 * struct packed_body: bodies of bulk requests as gzip (RFC 1952) or Zstandard
 * (RFC 8878), for engines far away. Level 1 of either: market rows shrink to
 * about a sixth, and each level above costs more than it saves on a network of
 * today.
 */
#ifndef NARU_BRIDGE_PACKED_BODY_H
#define NARU_BRIDGE_PACKED_BODY_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

/* By the order of bridge.compression's choices. */
enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD };

/* packing_name(packing): As HTTP's Content-Encoding says it; NULL for none. */
const char *packing_name(enum packing packing);

struct packed_body;

/* packed_body_new(packing): For one of the two, about 270 kB (gzip) or 1 MB.
 * NULL out of memory. */
struct packed_body *packed_body_new(enum packing packing) MUST_CHECK;
void packed_body_free(struct packed_body *p);

/* packed_body_pack(p, body, out): body packed, whole, in out, whose content is
 * replaced. Returns 0, -1 out of memory. */
int packed_body_pack(
    struct packed_body *p, struct slice body, struct buf *out) MUST_CHECK;

#endif
