/* Bytes to UTF-8; see text_decoder.h. The only user of iconv. */
#include "replay/text_decoder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RAW_BYTES ((size_t)16 * 1024)
#define TEXT_BYTES (2 * RAW_BYTES) /* two bytes become three at most */

int text_encoding_parse(
    const char *word, enum text_encoding *encoding, struct error *err)
{
    static const char *const words[] = {"auto", "utf-8", "cp949"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(words[i], word) == 0) {
            *encoding = (enum text_encoding)i;
            return 0;
        }
    }
    return error_set(err,
        "--encoding: '%s' is none of auto, utf-8 and cp949 (which EUC-KR is a "
        "part of)",
        word);
}

void text_decoder_init(struct text_decoder *d, struct byte_source *source,
    enum text_encoding encoding)
{
    *d = (struct text_decoder){.source = source, .encoding = encoding};
}

void text_decoder_fini(struct text_decoder *d)
{
    byte_source_free(d->source);
    if (d->name != NULL) {
        (void)iconv_close(d->converter);
    }
    free(d->raw);
    free(d->text);
    *d = (struct text_decoder){0};
}

/* Convert from name on, beginning with the n bytes at first. */
static int start_converting(struct text_decoder *d, const char *name,
    const char *first, size_t n, struct error *err)
{
    d->converter = iconv_open("UTF-8", name);
    if (d->converter == (iconv_t)-1) {
        return error_set(err, "this system's iconv cannot read %s", name);
    }
    d->name = name;
    d->raw = malloc(RAW_BYTES);
    d->text = malloc(TEXT_BYTES);
    if (d->raw == NULL || d->text == NULL) {
        return error_set(err, "out of memory");
    }
    memcpy(d->raw, first, n);
    d->raw_len = n;
    return 0;
}

/* The first bytes decide how the rest is read; 0, or -1 with err. */
static int look_at_start(
    struct text_decoder *d, const char *first, size_t n, struct error *err)
{
    static const char utf8_mark[] = "\xEF\xBB\xBF";

    d->started = true;
    if (d->encoding == TEXT_CP949) {
        if (n >= 3 && memcmp(first, utf8_mark, 3) == 0) {
            return error_set(err,
                "begins with the byte order mark of UTF-8, so it is not "
                "CP949; leave --encoding cp949 out");
        }
        return start_converting(d, "CP949", first, n, err);
    }
    if (d->encoding == TEXT_AUTO && n >= 2) {
        if (memcmp(first, "\xFF\xFE", 2) == 0) {
            return start_converting(d, "UTF-16LE", first + 2, n - 2, err);
        }
        if (memcmp(first, "\xFE\xFF", 2) == 0) {
            return start_converting(d, "UTF-16BE", first + 2, n - 2, err);
        }
    }
    return 0;
}

static int refuse_bytes(struct text_decoder *d, struct error *err)
{
    const unsigned char *at = (const unsigned char *)d->raw + d->raw_pos;

    d->bad_text = true;
    if (d->raw_len - d->raw_pos < 2) {
        return error_set(
            err, "byte 0x%02X is not %s text", (unsigned)at[0], d->name);
    }
    return error_set(err, "bytes 0x%02X 0x%02X are not %s text",
        (unsigned)at[0], (unsigned)at[1], d->name);
}

/* Move what is left to the front, and read more behind it. */
static int fill_raw(struct text_decoder *d, struct error *err)
{
    ssize_t got;

    memmove(d->raw, d->raw + d->raw_pos, d->raw_len - d->raw_pos);
    d->raw_len -= d->raw_pos;
    d->raw_pos = 0;
    got = byte_source_read(
        d->source, d->raw + d->raw_len, RAW_BYTES - d->raw_len, err);
    if (got < 0) {
        return -1;
    }
    d->raw_end = got == 0;
    d->raw_len += (size_t)got;
    return 0;
}

/* Convert all that can be; the rest is half a character, or no text. */
static int fill_text(struct text_decoder *d, struct error *err)
{
    char *in = d->raw + d->raw_pos;
    size_t in_left = d->raw_len - d->raw_pos;
    char *out = d->text;
    size_t out_left = TEXT_BYTES;
    size_t done = iconv(d->converter, &in, &in_left, &out, &out_left);
    bool bad = done == (size_t)-1 &&
               (errno == EILSEQ || (errno == EINVAL && d->raw_end));

    d->raw_pos = d->raw_len - in_left;
    d->text_pos = 0;
    d->text_len = TEXT_BYTES - out_left;
    return bad && d->text_len == 0 ? refuse_bytes(d, err) : 0;
}

static ssize_t read_converted(
    struct text_decoder *d, char *to, size_t n, struct error *err)
{
    size_t part;

    while (d->text_pos == d->text_len) {
        bool bare = d->raw_len - d->raw_pos < 4; /* than a character has */

        if (bare && !d->raw_end && fill_raw(d, err) != 0) {
            return -1;
        }
        if (d->raw_pos == d->raw_len && d->raw_end) {
            return 0;
        }
        if (fill_text(d, err) != 0) {
            return -1;
        }
    }
    part = d->text_len - d->text_pos;
    part = part < n ? part : n;
    memcpy(to, d->text + d->text_pos, part);
    d->text_pos += part;
    return (ssize_t)part;
}

/* The first read: 3 bytes tell how to go on. */
static ssize_t read_first(
    struct text_decoder *d, char *to, size_t n, struct error *err)
{
    ssize_t first =
        byte_source_read(d->source, to, TEXT_DECODER_FIRST_BYTES, err);
    ssize_t more = 0;

    if (first < 0 || look_at_start(d, to, (size_t)first, err) != 0) {
        return -1;
    }
    if (d->name != NULL) {
        return read_converted(d, to, n, err);
    }
    if (first == TEXT_DECODER_FIRST_BYTES && n > (size_t)first) {
        more = byte_source_read(d->source, to + first, n - (size_t)first, err);
    }
    /* What is wrong behind them is told by the next read. */
    return more < 0 ? first : first + more;
}

ssize_t text_decoder_read(
    struct text_decoder *d, void *to, size_t n, struct error *err)
{
    if (!d->started) {
        return read_first(d, to, n, err);
    }
    return d->name != NULL ? read_converted(d, to, n, err)
                           : byte_source_read(d->source, to, n, err);
}
