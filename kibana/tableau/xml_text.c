/* Escaping for XML; see xml_text.h. */
#include "kibana/tableau/xml_text.h"

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\'':
        return "&apos;";
    case '"':
        return "&quot;";
    default:
        return NULL;
    }
}

int xml_text_write(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char *escape = escape_of(text.p[i]);
        char c = (unsigned char)text.p[i] < ' ' ? ' ' : text.p[i];

        if ((escape != NULL ? buf_append_str(out, escape)
                            : buf_append_char(out, c)) != 0) {
            return -1;
        }
    }
    return 0;
}
