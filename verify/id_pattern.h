/*
 * Document ids by the dataset's pattern, filled in from a row's content and
 * its record's place. Made for the proof alone: the bridge has its own.
 *
 *   %{Field}                    a string's text, or a number as it is written
 *   %{Field:%Y}                 a date's %Y, %m and %d; %% is a per cent sign
 *   %{_topic} %{_partition} %{_offset} %{_key} %{_timestamp}   the record's
 */
#ifndef NARU_VERIFY_ID_PATTERN_H
#define NARU_VERIFY_ID_PATTERN_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"
#include "verify/content.h"

#include <stdbool.h>
#include <stdint.h>

/* Where a row came from; a CSV row has a key and nothing else. */
struct origin {
    struct slice topic;
    int32_t partition;
    int64_t offset;
    int64_t timestamp_ms;
    bool has_key;
    struct slice key;
    const char *file; /* of a CSV row, with its line; else NULL */
    int64_t line;
};

struct id_pattern; /* opaque */

/* id_pattern_new(text, err): Compile; text is copied. NULL with err. */
struct id_pattern *id_pattern_new(
    const char *text, struct error *err) MUST_CHECK;
void id_pattern_free(struct id_pattern *p);

/*
 * id_pattern_needs_record(p): Is a part of it known only of a record in a
 * topic, so that a CSV row has no id?
 */
bool id_pattern_needs_record(const struct id_pattern *p);

/*
 * id_pattern_expand(p, c, origin, out, err):
 * Put the id into out (cleared first). Returns 0, or -1 with err: a field or
 * the key is missing, is neither string nor number, or no date.
 */
int id_pattern_expand(const struct id_pattern *p, const struct content *c,
    const struct origin *origin, struct buf *out, struct error *err) MUST_CHECK;

#endif
