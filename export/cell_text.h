/* One value in a row of CSV, by RFC 4180. */
#ifndef NARU_EXPORT_CELL_TEXT_H
#define NARU_EXPORT_CELL_TEXT_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

/*
 * cell_text_write(out, value):
 * Append value: as it is, or in double quotes, with those in it doubled, when
 * it holds a comma, a quote or a line break, or begins or ends with a space
 * (some readers trim). A value without bytes is "" when its p is not NULL: an
 * empty text, and not an absent one. Returns 0, or -1 when out is full. Pure.
 */
int cell_text_write(struct buf *out, struct slice value) MUST_CHECK;

#endif
