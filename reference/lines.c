/* Lines of a text; see lines.h. */
#include "reference/lines.h"

#include <string.h>

struct slice lines_take(struct slice *rest)
{
    const char *end = memchr(rest->p, '\n', rest->len);
    size_t n = end != NULL ? (size_t)(end - rest->p) : rest->len;
    struct slice line = slice_take(rest, n);

    if (rest->len > 0) {
        (void)slice_take(rest, 1);
    }
    return line;
}

static bool has_columns(struct slice line)
{
    for (size_t i = 1; i + 2 < line.len; i++) {
        if (line.p[i] == ' ' && line.p[i + 1] == ' ' && line.p[i + 2] == ' ') {
            return true;
        }
    }
    return false;
}

bool lines_keep(struct slice line)
{
    return line.len > 0 && (line.p[0] == ' ' || has_columns(line));
}
