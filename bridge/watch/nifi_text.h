/*
 * Numbers as NiFi writes them (FormatUtils): "1,500", "300 KB", "1,500 (300
 * KB)", "00:00:01.234". Pure. Each appends to out and returns 0, or -1 when
 * out is full.
 */
#ifndef NARU_BRIDGE_WATCH_NIFI_TEXT_H
#define NARU_BRIDGE_WATCH_NIFI_TEXT_H

#include "common/attr.h"
#include "common/buf.h"

#include <stdint.h>

/* "1,500" */
int nifi_text_count(struct buf *out, uint64_t n) MUST_CHECK;

/* "300 KB": in the largest unit of which there is more than one, with at most
 * two decimals, half to even. */
int nifi_text_size(struct buf *out, uint64_t bytes) MUST_CHECK;

/* "1,500 (300 KB)" */
int nifi_text_amount(struct buf *out, uint64_t n, uint64_t bytes) MUST_CHECK;

/* "00:00:01.234"; hours may have more digits. */
int nifi_text_duration(struct buf *out, uint64_t nanos) MUST_CHECK;

/* "09:15:27 UTC" */
int nifi_text_clock(struct buf *out, int64_t wall_ms) MUST_CHECK;

#endif
