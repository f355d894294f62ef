/* struct letter_json: a line of a dead letter file, read back. */
#ifndef NARU_DLQ_LETTER_JSON_H
#define NARU_DLQ_LETTER_JSON_H

#include "bridge/dlq/letter_source.h"
#include "common/attr.h"
#include "common/buf.h"
#include "common/error.h"

#include <jansson.h>

/* What the last line read is made of; owned. */
struct letter_json {
    json_t *root;
    struct letter_header *headers;
    struct buf decoded; /* what stood as base64 */
};

void letter_json_init(struct letter_json *j);
void letter_json_fini(struct letter_json *j);

/*
 * letter_json_read(j, line, to, err):
 * Read one line, a letter or a mark; *to points into j until the next read.
 * slot and place are left to the caller. Returns 0; -1 with err when the line
 * is neither.
 */
int letter_json_read(struct letter_json *j, struct slice line,
    struct stored_letter *to, struct error *err) MUST_CHECK;

/* letter_json_write_mark(out, when_ms, l): The line that says that the letter
 * of l's origin was retried. 0 or -1. */
int letter_json_write_mark(
    struct buf *out, int64_t when_ms, const struct letter *l) MUST_CHECK;

#endif
