/*
 * struct gzip_body: bodies of bulk requests as gzip (RFC 1952), for engines
 * far away. Level 1 of zlib: market rows shrink to about a sixth, and each
 * level above costs more than it saves on a network of today.
 */
#ifndef NARU_BRIDGE_GZIP_BODY_H
#define NARU_BRIDGE_GZIP_BODY_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

struct gzip_body;

/* gzip_body_new(): About 270 kB. NULL out of memory. */
struct gzip_body *gzip_body_new(void) MUST_CHECK;
void gzip_body_free(struct gzip_body *g);

/* gzip_body_pack(g, body, out): body as one gzip member in out, whose content
 * is replaced. Returns 0, -1 out of memory. */
int gzip_body_pack(
    struct gzip_body *g, struct slice body, struct buf *out) MUST_CHECK;

#endif
