/* Base64 (RFC 4648, section 4, with padding), over libcrypto. */
#ifndef NARU_BRIDGE_BASE64_H
#define NARU_BRIDGE_BASE64_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

/* base64_write(out, bytes): Append bytes as base64. 0 or -1 without room. */
int base64_write(struct buf *out, struct slice bytes) MUST_CHECK;

/*
 * base64_read(text, out):
 * Append the bytes that text stands for. Returns 0; -1 when text is no base64
 * or out has no room, and out is as it was.
 */
int base64_read(struct slice text, struct buf *out) MUST_CHECK;

#endif
