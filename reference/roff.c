/* Text into man(7); see roff.h. */
#include "reference/roff.h"

#include "common/utf8.h"
#include "reference/lines.h"

#include <ctype.h>
#include <stdbool.h>

void roff_head(FILE *to, const char *page, char section, const char *date,
    const char *source)
{
    (void)fprintf(to, ".TH ");
    for (; *page != '\0'; page++) {
        (void)fprintf(to, "%s%c", *page == '-' ? "\\" : "",
            toupper((unsigned char)*page));
    }
    /* Words are not broken, and spaces are not widened: options and names of
     * files and variables are to be read and copied. HY is groff's own
     * register, since its macros turn hyphenation on again. */
    (void)fprintf(to, " %c \"%s\" \"%s\" \"naru\"\n.nr HY 0\n.ad l\n", section,
        date, source);
}

void roff_section(FILE *to, const char *title)
{
    (void)fprintf(to, ".SH %s\n", title);
}

void roff_subsection(FILE *to, const char *title)
{
    (void)fprintf(to, ".SS %s\n", title);
}

/* One character beyond ASCII as \[uXXXX]; returns its bytes. */
static size_t put_wide(FILE *to, struct slice s)
{
    static const unsigned char lead_bits[] = {0, 0, 0x1f, 0x0f, 0x07};
    unsigned char first = (unsigned char)s.p[0];
    size_t n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    unsigned code;

    if (n > s.len || utf8_valid_bytes((struct slice){s.p, n}) != n) {
        (void)fputc('?', to);
        return 1;
    }
    code = first & lead_bits[n];
    for (size_t i = 1; i < n; i++) {
        code = code << 6 | ((unsigned char)s.p[i] & 0x3f);
    }
    (void)fprintf(to, "\\[u%04X]", code);
    return n;
}

/* Does a hyphen here begin an option, or stand alone? */
static bool is_dash(struct slice s, size_t i)
{
    return i == 0 || i + 1 == s.len || strchr(" (-[|", s.p[i - 1]) != NULL ||
           s.p[i + 1] == '-';
}

static void put(FILE *to, struct slice s, bool literal)
{
    size_t i = 0;

    while (i < s.len) {
        char c = s.p[i];

        if ((unsigned char)c >= 0x80) {
            i += put_wide(to, (struct slice){s.p + i, s.len - i});
            continue;
        }
        if (c == '\\') {
            (void)fputs("\\e", to);
        } else if (c == '-' && (literal || is_dash(s, i))) {
            (void)fputs("\\-", to);
        } else if (c == '\'') {
            (void)fputs("\\(aq", to);
        } else if (c == '`') {
            (void)fputs("\\(ga", to);
        } else if (c == '^') {
            (void)fputs("\\(ha", to);
        } else if (c == '~') {
            (void)fputs("\\(ti", to);
        } else {
            (void)fputc(c, to);
        }
        i++;
    }
}

void roff_text(FILE *to, struct slice s)
{
    put(to, s, false);
}

void roff_literal(FILE *to, struct slice s)
{
    put(to, s, true);
}

/* A line that roff may not take for a request, with its end. */
static void put_line(FILE *to, struct slice line, bool literal)
{
    if (line.len > 0 && line.p[0] == '.') {
        (void)fputs("\\&", to);
    }
    put(to, line, literal);
    (void)fputc('\n', to);
}

void roff_lines(FILE *to, struct slice s)
{
    (void)fputs(".EX\n", to);
    while (s.len > 0) {
        struct slice line = lines_take(&s);

        if (line.len == 0) {
            (void)fputs(".sp\n", to);
        } else {
            put_line(to, line, true);
        }
    }
    (void)fputs(".EE\n", to);
}

/* The lines from *rest on that stay as they are. */
static void put_block(FILE *to, struct slice *rest)
{
    struct slice ahead = *rest;

    (void)fputs(".EX\n", to);
    while (ahead.len > 0) {
        struct slice line = lines_take(&ahead);

        if (!lines_keep(line)) {
            break;
        }
        *rest = ahead;
        put_line(to, line, true);
    }
    (void)fputs(".EE\n", to);
}

void roff_prose(FILE *to, struct slice s)
{
    bool begins = false; /* the heading has begun the first paragraph */

    while (s.len > 0) {
        struct slice before = s;
        struct slice line = lines_take(&s);

        if (line.len == 0) {
            begins = true;
            continue;
        }
        if (begins) {
            (void)fputs(".PP\n", to);
        }
        begins = lines_keep(line);
        if (begins) {
            s = before;
            put_block(to, &s);
        } else {
            put_line(to, line, false);
        }
    }
}
