/*
 * struct text_decoder: a byte source's bytes as UTF-8. UTF-8 passes through
 * unchecked (what is written into JSON is checked there, column by column);
 * CP949 and UTF-16 are converted by iconv.
 */
#ifndef NARU_REPLAY_TEXT_DECODER_H
#define NARU_REPLAY_TEXT_DECODER_H

#include "common/attr.h"
#include "common/error.h"
#include "replay/byte_source.h"

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The least that may be read at first: what a byte order mark takes. */
#define TEXT_DECODER_FIRST_BYTES 3

enum text_encoding {
    TEXT_AUTO, /* UTF-16 where a byte order mark says so, else UTF-8 */
    TEXT_UTF8,
    TEXT_CP949 /* Korean; EUC-KR is a part of it */
};

struct text_decoder {
    struct byte_source *source; /* owned */
    enum text_encoding encoding;
    const char *name; /* of what is converted from; NULL: nothing is */
    iconv_t converter;
    bool started;
    bool bad_text; /* the last read failed on bytes that are no text */
    bool raw_end;

    char *raw; /* still to be converted */
    size_t raw_pos, raw_len;
    char *text; /* converted, still to be given */
    size_t text_pos, text_len;
};

/*
 * text_encoding_parse(word, encoding, err):
 * "auto", "utf-8" or "cp949", as --encoding has it. Returns 0, or -1 with err.
 */
int text_encoding_parse(const char *word, enum text_encoding *encoding,
    struct error *err) MUST_CHECK;

/* text_decoder_init(d, source, encoding): Decode source, which is taken over.
 * text_decoder_fini is due, also after failed reads. */
void text_decoder_init(struct text_decoder *d, struct byte_source *source,
    enum text_encoding encoding);
void text_decoder_fini(struct text_decoder *d);

/*
 * text_decoder_read(d, to, n, err):
 * Read up to n bytes of text, the first time at least
 * TEXT_DECODER_FIRST_BYTES. Returns how many, 0 at the end, or -1 with err;
 * bytes that are no text fail only once all text before them was given.
 */
ssize_t text_decoder_read(
    struct text_decoder *d, void *to, size_t n, struct error *err) MUST_CHECK;

#endif
