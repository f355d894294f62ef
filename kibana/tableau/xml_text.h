/* Text put into XML 1.0. */
#ifndef NARU_KIBANA_TABLEAU_XML_TEXT_H
#define NARU_KIBANA_TABLEAU_XML_TEXT_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

/*
 * xml_text_write(out, text):
 * Append text (UTF-8) as the inside of an element or of an attribute in either
 * kind of quotes. What XML 1.0 has no way to write (control characters) becomes
 * a space. Returns 0, or -1 when out is full. Pure.
 */
int xml_text_write(struct buf *out, struct slice text) MUST_CHECK;

#endif
