/* Quoting by RFC 4180, section 2, rules 5 to 7; see cell_text.h. */
#include "export/cell_text.h"

#include <stdbool.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool needs_quotes(struct slice value)
{
    if (value.len == 0) {
        return value.p != NULL;
    }
    if (is_blank(value.p[0]) || is_blank(value.p[value.len - 1])) {
        return true;
    }
    for (size_t i = 0; i < value.len; i++) {
        char c = value.p[i];

        if (c == ',' || c == '"' || c == '\n' || c == '\r') {
            return true;
        }
    }
    return false;
}

/* At most each byte is a quote, and doubled. */
int cell_text_write(struct buf *out, struct slice value)
{
    char *to;

    if (!needs_quotes(value)) {
        return buf_append_slice(out, value);
    }
    if (buf_reserve(out, 2 * value.len + 2) != 0) {
        return -1;
    }
    to = out->data + out->len_bytes;
    *to++ = '"';
    for (size_t i = 0; i < value.len; i++) {
        if (value.p[i] == '"') {
            *to++ = '"';
        }
        *to++ = value.p[i];
    }
    *to++ = '"';
    out->len_bytes = (size_t)(to - out->data);
    return 0;
}
