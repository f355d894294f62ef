/* Names of indices; see index_name.h. */
#include "cli/index_name.h"

#include <string.h>

int index_name_check(const char *what, const char *name, struct error *err)
{
    if (name[0] == '\0' || strpbrk(name, "/?#% <>\"\\") != NULL) {
        return error_set(err,
            "%s: '%s' is no name of an index, alias or pattern", what, name);
    }
    return 0;
}

int index_name_widen(const char *pattern, struct buf *out, struct error *err)
{
    while (*pattern != '\0') {
        const char *close =
            strncmp(pattern, "%{", 2) == 0 ? strchr(pattern, '}') : NULL;

        if (buf_append_char(out, close != NULL ? '*' : *pattern) != 0) {
            return error_set(err, "the index's name is too long");
        }
        pattern = close != NULL ? close + 1 : pattern + 1;
    }
    return 0;
}
