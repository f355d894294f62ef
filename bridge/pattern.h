/*
 * struct pattern: a text with %{...} in it, compiled once, filled in for each
 * record: document ids and index names.
 *
 *   %{Field}            the document's top-level field, a string or a number
 *   %{Field:%Y}         its date (YYYY-MM-DD...) as %Y, %m and %d
 *   %{_topic} %{_partition} %{_offset} %{_key} %{_timestamp}   the record's
 *   %{attr:NAME}        its attribute, see transform/README.md
 *   %{_split}           its number among the documents of its record, from 0
 *
 * Pure. The result is the inside of a JSON string: a field's text is copied
 * with the escapes it had, a key is escaped. It is sound JSON whatever the
 * record holds, because one bad action line makes the engine refuse the whole
 * bulk request.
 */
#ifndef NARU_BRIDGE_PATTERN_H
#define NARU_BRIDGE_PATTERN_H

#include "bridge/record.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/json_scan.h"

#include <stddef.h>

struct pattern;

/* pattern_new(text, err): Compile. NULL with err naming the bad place. */
struct pattern *pattern_new(const char *text, struct error *err) MUST_CHECK;
void pattern_free(struct pattern *p);

/* pattern_is_constant(p): Has it no %{...} at all? */
bool pattern_is_constant(const struct pattern *p);

/* pattern_reads_attributes(p): Has it %{attr:...} or %{_split}? */
bool pattern_reads_attributes(const struct pattern *p);

/*
 * pattern_field_count(p), pattern_field(p, i): the document fields it needs,
 * each once, so that a caller can look all of them up in one pass.
 */
size_t pattern_field_count(const struct pattern *p);
struct slice pattern_field(const struct pattern *p, size_t i);

/*
 * pattern_expand(p, record, fields, out, err):
 * Append the filled-in text to out. fields[i] is what was found for
 * pattern_field(p, i). Returns 0; -1 with err when a field is missing, has no
 * text form (null, object, array) or a text that JSON does not allow, an
 * attribute is missing or not UTF-8, the record has no key, the key is not
 * UTF-8 or a date cannot be read; 1 with err when out is full. What stands in
 * out is then of no use. p keeps the last partition's part of the text, so one
 * thread at a time may use it.
 */
int pattern_expand(const struct pattern *p, const struct record *record,
    const struct json_field *fields, struct buf *out,
    struct error *err) MUST_CHECK;

#endif
