/* Writing JSON (RFC 8259) into a struct buf. */
#ifndef NARU_COMMON_JSON_WRITE_H
#define NARU_COMMON_JSON_WRITE_H

#include "common/attr.h"
#include "common/buf.h"
#include "common/slice.h"

/* The most bytes that json_write_string adds for n bytes of text. */
#define JSON_STRING_MAX_BYTES(n) (6 * (n) + 2)

/*
 * json_write_string(b, text):
 * Append text as a JSON string in quotes. The quote, the backslash and the
 * control characters are escaped; all else stands as it is, so text must be
 * UTF-8 (see utf8_valid_bytes). Returns 0, or -1 when b cannot hold it.
 */
int json_write_string(struct buf *b, struct slice text) MUST_CHECK;

/*
 * json_put_string(at, text):
 * Write the same to at, where there is room for
 * JSON_STRING_MAX_BYTES(text.len). Returns what is behind it.
 */
char *json_put_string(char *at, struct slice text);

/* json_write_escaped(b, text): The same without the quotes around it. */
int json_write_escaped(struct buf *b, struct slice text) MUST_CHECK;

/*
 * json_write_words(b, text): As json_write_string, bytes that are not UTF-8 as
 * question marks: for words, not for data. 0 or -1; b may then hold a part.
 */
int json_write_words(struct buf *b, struct slice text) MUST_CHECK;

#endif
