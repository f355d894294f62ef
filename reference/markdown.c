/* Text into Markdown; see markdown.h. */
#include "reference/markdown.h"

#include "common/ascii.h"
#include "reference/lines.h"

#include <stdbool.h>
#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* ---- words ---- */

/* Is there a dot between letters, as in a setting or a file's name? */
static bool has_inner_dot(struct slice s)
{
    for (size_t i = 1; i + 1 < s.len; i++) {
        if (s.p[i] == '.' && is_letter(s.p[i - 1]) && is_letter(s.p[i + 1])) {
            return !slice_is(s, "e.g") && !slice_is(s, "i.e");
        }
    }
    return false;
}

/* Is it something that is typed? A sign alone is not. */
static bool is_typed(struct slice s)
{
    bool has_name = false, has_sign = false;

    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '`') {
            return false;
        }
        has_name = has_name || is_letter(s.p[i]) || ascii_is_digit(s.p[i]);
        has_sign = has_sign || is_one_of(s.p[i], "_*<>{}|[]=$@\\~^");
    }
    return has_name && (has_sign || s.p[0] == '/' ||
                           (s.p[0] == '-' && !ascii_is_digit(s.p[1])) ||
                           memcmp(s.p, "./", 2) == 0 || has_inner_dot(s));
}

static void put_code(FILE *to, struct slice s, bool in_cell)
{
    /* A fence that is longer than what is in it. */
    const char *fence = memchr(s.p, '`', s.len) != NULL ? "``" : "`";
    const char *gap = fence[1] != '\0' ? " " : "";

    (void)fprintf(to, "%s%s", fence, gap);
    for (size_t i = 0; i < s.len; i++) {
        if (in_cell && s.p[i] == '|') {
            (void)fputc('\\', to);
        }
        (void)fputc(s.p[i], to);
    }
    (void)fprintf(to, "%s%s", gap, fence);
}

static void put_plain(FILE *to, struct slice s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_one_of(s.p[i], "\\`*_<>[]|~&")) {
            (void)fputc('\\', to);
        }
        (void)fputc(s.p[i], to);
    }
}

/* What stands around a typed word: a sentence's signs. */
static void put_word(FILE *to, struct slice word, bool in_cell)
{
    size_t before = 0, behind = 0;
    struct slice core;

    while (before < word.len && is_one_of(word.p[before], "(\"'")) {
        before++;
    }
    while (before + behind < word.len &&
           is_one_of(word.p[word.len - 1 - behind], ".,;:)\"'?!")) {
        behind++;
    }
    core = (struct slice){word.p + before, word.len - before - behind};
    put_plain(to, (struct slice){word.p, before});
    if (core.len > 1 && is_typed(core)) {
        put_code(to, core, in_cell);
    } else {
        put_plain(to, core);
    }
    put_plain(to, (struct slice){word.p + word.len - behind, behind});
}

/* At the start of a line these would begin a list, a heading or a rule. */
static void guard_start(FILE *to, struct slice *rest)
{
    struct slice line = *rest;
    size_t digits = 0;

    while (digits < line.len && ascii_is_digit(line.p[digits])) {
        digits++;
    }
    if (digits > 0 && digits + 1 < line.len &&
        is_one_of(line.p[digits], ".)") && line.p[digits + 1] == ' ') {
        struct slice number = slice_take(rest, digits);

        (void)fprintf(to, SLICE_FMT "\\", SLICE_ARG(number));
    } else if (line.len > 0 && (is_one_of(line.p[0], "#=") ||
                                   (is_one_of(line.p[0], "+-") &&
                                       (line.len == 1 || line.p[1] == ' ')))) {
        (void)fputc('\\', to);
    }
}

static void put_line(FILE *to, struct slice line, bool in_cell)
{
    while (line.len > 0) {
        size_t n = 0;

        while (n < line.len && line.p[n] != ' ' && line.p[n] != '\n') {
            n++;
        }
        put_word(to, slice_take(&line, n), in_cell);
        if (line.len > 0) {
            (void)fputc(' ', to);
            (void)slice_take(&line, 1);
        }
    }
}

void markdown_text(FILE *to, struct slice s)
{
    put_line(to, s, false);
}

void markdown_cell(FILE *to, struct slice s)
{
    put_line(to, s, true);
}

void markdown_code(FILE *to, struct slice s)
{
    put_code(to, s, false);
}

void markdown_cell_code(FILE *to, struct slice s)
{
    put_code(to, s, true);
}

/* ---- blocks ---- */

void markdown_heading(FILE *to, int level, const char *text)
{
    (void)fprintf(to, "\n%.*s ", level, "######");
    markdown_text(to, slice_of(text));
    (void)fputs("\n\n", to);
}

static void put_fenced(FILE *to, struct slice s, const char *indent)
{
    (void)fprintf(to, "%s```\n", indent);
    while (s.len > 0) {
        struct slice line = lines_take(&s);

        (void)fprintf(to, "%s" SLICE_FMT "\n", line.len > 0 ? indent : "",
            SLICE_ARG(line));
    }
    (void)fprintf(to, "%s```\n", indent);
}

void markdown_lines(FILE *to, struct slice s)
{
    put_fenced(to, s, "");
}

/* A block's lines from *rest on, up to the first that does not stay; so much
 * is the layout of all of them that it need not be shown. */
static void put_block(FILE *to, struct slice *rest)
{
    struct slice ahead = *rest, block = {rest->p, 0};

    while (ahead.len > 0) {
        struct slice line = lines_take(&ahead);

        if (!lines_keep(line)) {
            break;
        }
        block.len = (size_t)(line.p + line.len - block.p);
        *rest = ahead;
    }
    put_fenced(to, block, "");
}

void markdown_prose(FILE *to, struct slice s)
{
    bool is_apart = true; /* from what stands before */

    while (s.len > 0) {
        struct slice before = s, line = lines_take(&s);

        if (line.len == 0) {
            if (!is_apart) {
                (void)fputc('\n', to);
            }
            is_apart = true;
            continue;
        }
        if (lines_keep(line)) {
            (void)fputs(is_apart ? "" : "\n", to);
            s = before;
            put_block(to, &s);
            (void)fputs(s.len > 0 ? "\n" : "", to);
            is_apart = true;
            continue;
        }
        guard_start(to, &line);
        put_line(to, line, false);
        (void)fputc('\n', to);
        is_apart = false;
    }
}

void markdown_item(FILE *to, struct slice s)
{
    if (s.len > 1 && strstr(s.p, "  ") != NULL) {
        (void)fputs("\n\n", to);
        put_fenced(to, s, "  ");
        return;
    }
    (void)fputs("\\\n", to);
    while (s.len > 0) {
        struct slice line = lines_take(&s);

        (void)fputs("  ", to);
        guard_start(to, &line);
        put_line(to, line, false);
        (void)fputc('\n', to);
    }
}
