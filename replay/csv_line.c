/* Simple rows; see csv_line.h. A third of libcsv's work a byte, and no copy. */
#include "replay/csv_line.h"

/* The end of the quoted field that begins at p, its quote; NULL if not one. */
static const char *quoted_end(const char *p, const char *end)
{
    const char *q = memchr(p + 1, '"', (size_t)(end - p - 1));

    return q != NULL && (q + 1 == end || q[1] == ',') ? q : NULL;
}

/* The end of the bare field at p; NULL when there is a quote in it. */
static const char *bare_end(const char *p, const char *end)
{
    while (p < end && *p != ',') {
        if (*p == '"') {
            return NULL;
        }
        p++;
    }
    return p;
}

size_t csv_line_cut(struct slice line, struct slice *fields, size_t cap)
{
    const char *p = line.p;
    const char *end = line.p + line.len;

    for (size_t n = 0; n < cap;) {
        const char *stop;

        if (p < end && *p == '"') {
            stop = quoted_end(p, end);
            if (stop == NULL) {
                return 0;
            }
            fields[n++] = (struct slice){p + 1, (size_t)(stop - p - 1)};
            p = stop + 1;
        } else {
            stop = bare_end(p, end);
            if (stop == NULL) {
                return 0;
            }
            fields[n++] = (struct slice){p, (size_t)(stop - p)};
            p = stop;
        }
        if (p == end) {
            return n;
        }
        p++; /* the comma; behind the last one is an empty field */
    }
    return 0;
}
