/* Lines out of chunks; see text_lines.h. */
#include "replay/text_lines.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)128 * 1024)
#define NOT_SEARCHED SIZE_MAX

static const char byte_order_mark[] = "\xEF\xBB\xBF";
#define MARK_BYTES (sizeof(byte_order_mark) - 1)

int text_lines_init(struct text_lines *t, struct byte_source *source,
    enum text_encoding encoding, size_t chunk_bytes)
{
    *t = (struct text_lines){.line = 1};
    text_decoder_init(&t->text, source, encoding);
    t->chunk_bytes = chunk_bytes != 0 ? chunk_bytes : CHUNK_BYTES;
    t->chunk = malloc(t->chunk_bytes + MARK_BYTES);
    return t->chunk != NULL ? 0 : -1;
}

void text_lines_fini(struct text_lines *t)
{
    text_decoder_fini(&t->text);
    free(t->chunk);
    *t = (struct text_lines){0};
}

/* Read the next chunk. The first is large enough for a byte order mark. */
static int read_chunk(struct text_lines *t, struct error *err)
{
    size_t want = t->chunk_bytes;
    ssize_t got;

    if (!t->started && want < MARK_BYTES) {
        want = MARK_BYTES;
    }
    got = text_decoder_read(&t->text, t->chunk, want, err);
    if (got < 0) {
        return -1;
    }
    t->pos = 0;
    t->len = (size_t)got;
    t->next_lf = NOT_SEARCHED;
    if (!t->started && t->len >= MARK_BYTES &&
        memcmp(t->chunk, byte_order_mark, MARK_BYTES) == 0) {
        t->pos = MARK_BYTES;
    }
    t->started = true;
    return 0;
}

/*
 * How many bytes at pos belong to its line, the one that ends it included. The
 * search for LF is kept, so that a file of CR alone does not search each chunk
 * anew for each line.
 */
static size_t part_bytes(struct text_lines *t)
{
    const char *from = t->chunk + t->pos;
    const char *cr;
    size_t n;

    if (t->next_lf == NOT_SEARCHED || t->next_lf < t->pos) {
        const char *lf = memchr(from, '\n', t->len - t->pos);

        t->next_lf = lf != NULL ? (size_t)(lf - t->chunk) : t->len;
    }
    n = t->next_lf - t->pos;
    cr = memchr(from, '\r', n);
    if (cr != NULL) {
        return (size_t)(cr - from) + 1;
    }
    return t->next_lf < t->len ? n + 1 : n;
}

int text_lines_next(
    struct text_lines *t, struct text_part *part, struct error *err)
{
    bool paired;
    char last;

    while (t->pos == t->len) {
        if (read_chunk(t, err) != 0) {
            return -1;
        }
        if (t->len == 0) {
            return 0;
        }
    }
    part->bytes = (struct slice){t->chunk + t->pos, part_bytes(t)};
    last = part->bytes.p[part->bytes.len - 1];
    paired = t->after_cr && part->bytes.len == 1 && last == '\n';
    part->line = paired ? t->line - 1 : t->line;
    part->ends_line = last == '\n' || last == '\r';
    t->pos += part->bytes.len;
    t->after_cr = last == '\r';
    if (part->ends_line && !paired) {
        t->line++;
    }
    return 1;
}
