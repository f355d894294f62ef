/*
 * A record's headers packed into bytes, so that they can be kept beside it
 * without an allocation each. Only for this process's memory: the form depends
 * on the machine.
 */
#ifndef NARU_BRIDGE_PACKED_HEADERS_H
#define NARU_BRIDGE_PACKED_HEADERS_H

#include "bridge/letter.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

#include <stdbool.h>

/* packed_headers_add(packed, header): Append one, of less than 4 GiB. Returns
 * 0, -1 when packed has no room. */
int packed_headers_add(
    struct buf *packed, const struct letter_header *header) MUST_CHECK;

/* packed_headers_next(rest, header): Take the first from *rest; it is borrowed
 * from there. False when none is left. */
bool packed_headers_next(struct slice *rest, struct letter_header *header);

#endif
