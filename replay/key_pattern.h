/*
 * struct key_pattern: a record's key made of a row's columns, for --key: a
 * column's name, or text with %{Column} in it, such as "%{Market}-%{Code}".
 */
#ifndef NARU_REPLAY_KEY_PATTERN_H
#define NARU_REPLAY_KEY_PATTERN_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"
#include "common/slice.h"
#include "mappings/dataset.h"
#include "replay/column_map.h"

struct key_pattern; /* opaque */

/* key_pattern_new(text, dataset, err): Compile; text is borrowed. NULL with
 * err when it names no column. */
struct key_pattern *key_pattern_new(const char *text,
    const struct dataset *dataset, struct error *err) MUST_CHECK;
void key_pattern_free(struct key_pattern *k);

/*
 * key_pattern_expand(k, map, fields, out, err):
 * Append the row's key to out. Returns 0, or -1 with err ("COLUMN: why") when
 * a column is empty or absent, or memory is short.
 */
int key_pattern_expand(const struct key_pattern *k,
    const struct column_map *map, const struct slice *fields, struct buf *out,
    struct error *err) MUST_CHECK;

#endif
