/*
 * struct text_lines: a byte source's text as UTF-8, a line at a time and
 * counted, without ever holding a whole line: a long one comes in parts. LF,
 * CRLF and CR end a line. A byte order mark at the very start is skipped.
 */
#ifndef NARU_REPLAY_TEXT_LINES_H
#define NARU_REPLAY_TEXT_LINES_H

#include "common/attr.h"
#include "common/error.h"
#include "common/slice.h"
#include "replay/byte_source.h"
#include "replay/text_decoder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_lines {
    struct text_decoder text;
    char *chunk;
    size_t chunk_bytes;
    size_t pos, len; /* what of the chunk is still to be given */
    size_t next_lf;  /* where the next LF is, len if nowhere */
    bool started;    /* the first chunk was read */
    int64_t line;    /* of the byte at pos */
    bool after_cr;   /* a LF at pos belongs to the break before it */
};

struct text_part {
    struct slice bytes; /* not empty; a line break stands only at its end */
    int64_t line;
    bool ends_line;
};

/*
 * text_lines_init(t, source, encoding, chunk_bytes):
 * Read source (taken over, also on failure) chunk_bytes at a time; 0 chooses.
 * Returns 0, or -1 without memory. text_lines_fini is safe after both.
 */
int text_lines_init(struct text_lines *t, struct byte_source *source,
    enum text_encoding encoding, size_t chunk_bytes) MUST_CHECK;
void text_lines_fini(struct text_lines *t);

/*
 * text_lines_next(t, part, err):
 * The next line or part of one, valid until the next call. The LF of a CRLF
 * comes as a part of its own, of the line that the CR ended. Returns 1, 0 at
 * the end, or -1 with err; then text.bad_text tells that the line at hand,
 * t->line, holds bytes that are no text.
 */
int text_lines_next(
    struct text_lines *t, struct text_part *part, struct error *err) MUST_CHECK;

#endif
