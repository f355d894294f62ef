/* Differences and their verdicts; see plan_line.h. */
#include "mappings/plan_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A NULL text stays NULL; a copy that failed marks the list. */
static const char *copy(struct plan_lines *lines, const char *text)
{
    char *own = text != NULL ? strdup(text) : NULL;

    lines->out_of_memory =
        lines->out_of_memory || (text != NULL && own == NULL);
    return own;
}

void plan_lines_add(struct plan_lines *lines, const struct plan_line *line)
{
    struct plan_line *items =
        realloc(lines->items, (lines->n + 1) * sizeof(*items));
    struct plan_line *own;

    if (items == NULL) {
        lines->out_of_memory = true;
        return;
    }
    lines->items = items;
    own = &items[lines->n++];
    *own = *line;
    own->name = copy(lines, line->name);
    own->path = copy(lines, line->path);
    own->standing = copy(lines, line->standing);
    own->wanted = copy(lines, line->wanted);
    own->why = copy(lines, line->why);
}

void plan_lines_fini(struct plan_lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        struct plan_line *line = &lines->items[i];

        free((void *)(uintptr_t)line->name);
        free((void *)(uintptr_t)line->path);
        free((void *)(uintptr_t)line->standing);
        free((void *)(uintptr_t)line->wanted);
        free((void *)(uintptr_t)line->why);
    }
    free(lines->items);
    *lines = (struct plan_lines){.items = NULL};
}

size_t plan_lines_count(
    const struct plan_lines *lines, enum plan_verdict verdict)
{
    size_t n = 0;

    for (size_t i = 0; i < lines->n; i++) {
        n += lines->items[i].verdict == verdict;
    }
    return n;
}

const char *plan_verdict_name(enum plan_verdict verdict)
{
    switch (verdict) {
    case PLAN_IN_PLACE:
        return "in place";
    case PLAN_SAFE:
        return "safe";
    case PLAN_NEW_INDEX:
        return "needs a new index";
    case PLAN_FORBIDDEN:
        return "forbidden";
    case PLAN_NOTE:
        return "note";
    }
    return "";
}

const char *plan_subject_name(enum plan_subject subject)
{
    switch (subject) {
    case PLAN_TEMPLATE:
        return "template";
    case PLAN_INDEX:
        return "index";
    case PLAN_ALIAS:
        return "alias";
    case PLAN_LIFECYCLE:
        return "lifecycle";
    case PLAN_FIELDS:
        return "fields";
    case PLAN_SQL:
        return "sql";
    }
    return "";
}

/* 233425 as 233,425. */
static int put_count(struct buf *out, int64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%lld", (long long)n);

    for (int i = 0; i < len; i++) {
        if ((i > 0 && (len - i) % 3 == 0 && buf_append_char(out, ',') != 0) ||
            buf_append_char(out, digits[i]) != 0) {
            return -1;
        }
    }
    return 0;
}

int plan_line_verdict(const struct plan_line *line, struct buf *out)
{
    int rc = buf_append_str(out, plan_verdict_name(line->verdict));

    if (rc != 0 || line->verdict != PLAN_NEW_INDEX) {
        return rc;
    }
    if (line->documents < 0) {
        return buf_append_str(out, " (moves its documents)");
    }
    return buf_append_str(out, " (moves ") != 0 ||
                   put_count(out, line->documents) != 0 ||
                   buf_append_str(out,
                       line->documents == 1 ? " document)" : " documents)") != 0
               ? -1
               : 0;
}

/* "Marcap.type: long -> double", "+ Sector: keyword", "- ..." */
static int put_change(const struct plan_line *line, struct buf *out)
{
    if (line->standing != NULL && line->wanted != NULL) {
        return buf_printf(out, "%s%s%s -> %s", line->path ? line->path : "",
            line->path ? ": " : "", line->standing, line->wanted);
    }
    if (line->path != NULL && line->wanted != NULL) {
        return buf_printf(out, "+ %s: %s", line->path, line->wanted);
    }
    if (line->path != NULL && line->standing != NULL) {
        return buf_printf(out, "%s: %s", line->path, line->standing);
    }
    if (line->path != NULL) {
        return buf_append_str(out, line->path);
    }
    return line->wanted != NULL     ? buf_append_str(out, line->wanted)
           : line->standing != NULL ? buf_append_str(out, line->standing)
                                    : 0;
}

int plan_line_change(const struct plan_line *line, struct buf *out)
{
    size_t at;

    if (buf_append_str(out, plan_subject_name(line->subject)) != 0 ||
        (line->name != NULL && (buf_append_char(out, ' ') != 0 ||
                                   buf_append_str(out, line->name) != 0)) ||
        buf_append_str(out, ": ") != 0) {
        return -1;
    }
    at = out->len_bytes;
    if (put_change(line, out) != 0) {
        return -1;
    }
    if (out->len_bytes == at) {
        out->len_bytes = at - 2; /* nothing behind the colon */
    }
    return 0;
}

int plan_line_say(const struct plan_line *line, struct buf *out)
{
    bool bare =
        line->path == NULL && line->standing == NULL && line->wanted == NULL;

    if (plan_line_change(line, out) != 0) {
        return -1;
    }
    if (line->why == NULL) {
        return 0;
    }
    /* "index marcap-v1 is missing", "alias marcap: it covers ..." */
    return buf_printf(out, "%s%s",
        line->subject == PLAN_SQL           ? ": "
        : !bare                             ? "; "
        : strncmp(line->why, "is ", 3) == 0 ? " "
                                            : ": ",
        line->why);
}
