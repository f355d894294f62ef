/* Paragraphs behind the options; see notes.h. */
#include "reference/notes.h"

#include <string.h>

/* The next paragraph of *rest: up to an empty line. */
static bool take_paragraph(struct slice *rest, struct slice *paragraph)
{
    const char *end;

    while (rest->len > 0 && rest->p[0] == '\n') {
        (void)slice_take(rest, 1);
    }
    for (size_t i = 0; i + 1 < rest->len; i++) {
        end = rest->p + i;
        if (end[0] == '\n' && end[1] == '\n') {
            *paragraph = slice_take(rest, i);
            return true;
        }
    }
    *paragraph = slice_take(rest, rest->len);
    return paragraph->len > 0;
}

static bool begins(struct slice s, const char *with)
{
    size_t n = strlen(with);

    return s.len >= n && memcmp(s.p, with, n) == 0;
}

/* Paragraphs that go on with lines of examples belong to them. */
static enum notes_part part_of(struct slice paragraph, enum notes_part before)
{
    if (begins(paragraph, "Example")) {
        return NOTES_EXAMPLES;
    }
    if (begins(paragraph, "Exit codes:")) {
        return NOTES_EXIT;
    }
    return before == NOTES_EXAMPLES && paragraph.p[0] == ' ' ? NOTES_EXAMPLES
                                                             : NOTES_TEXT;
}

bool notes_next(
    struct slice *rest, enum notes_part *part, struct slice *paragraph)
{
    static const char *const headings[NOTES_PARTS] = {
        "", "Examples:\n", "Exit codes: "};

    if (!take_paragraph(rest, paragraph)) {
        return false;
    }
    *part = part_of(*paragraph, *part);
    if (*part == NOTES_EXAMPLES && begins(*paragraph, "Example:\n")) {
        (void)slice_take(paragraph, strlen("Example:\n"));
    } else if (begins(*paragraph, headings[*part])) {
        (void)slice_take(paragraph, strlen(headings[*part]));
    }
    return true;
}
