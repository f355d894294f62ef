/*
 * Bulk bodies; see bulk_lines.h. An action line is taken apart as far as the
 * bridges' own lines need it: {"index":{..."_id":"..."...}}, with or without
 * spaces, ids without escaped quotes.
 */
#include "tests/bench/bulk_lines.h"

#include <string.h>

#define LINE_MOST_BYTES (64u << 10)

const char *const bulk_op_names[4] = {"index", "create", "update", "delete"};

void bulk_lines_init(struct bulk_lines *b, bulk_item_fn item, void *arg)
{
    *b = (struct bulk_lines){.item = item, .arg = arg};
    buf_init(&b->part, LINE_MOST_BYTES);
}

void bulk_lines_fini(struct bulk_lines *b)
{
    buf_fini(&b->part);
}

void bulk_lines_restart(struct bulk_lines *b)
{
    b->in_document = false;
    buf_clear(&b->part);
}

static const char *skip_spaces(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) {
        p++;
    }
    return p;
}

/* From p on: spaces, then c. Returns what follows, or NULL. */
static const char *skip_char(const char *p, const char *end, char c)
{
    p = skip_spaces(p, end);
    return p < end && *p == c ? p + 1 : NULL;
}

static int read_op(const char **p, const char *end, enum bulk_op *op)
{
    const char *at = skip_char(*p, end, '{');

    if (at == NULL || (at = skip_char(at, end, '"')) == NULL) {
        return -1;
    }
    for (size_t i = 0; i < 4; i++) {
        size_t n = strlen(bulk_op_names[i]);

        if ((size_t)(end - at) > n && memcmp(at, bulk_op_names[i], n) == 0 &&
            at[n] == '"') {
            *op = (enum bulk_op)i;
            *p = at + n + 1;
            return 0;
        }
    }
    return -1;
}

/* The string after "_id":, empty when there is none. */
static struct slice find_id(const char *p, const char *end)
{
    const char *at = memmem(p, (size_t)(end - p), "\"_id\"", 5);
    const char *quote;

    if (at == NULL || (at = skip_char(at + 5, end, ':')) == NULL ||
        (at = skip_char(at, end, '"')) == NULL) {
        return (struct slice){"", 0};
    }
    quote = memchr(at, '"', (size_t)(end - at));
    return (struct slice){at, quote != NULL ? (size_t)(quote - at) : 0};
}

static int read_action(struct bulk_lines *b, struct slice line)
{
    const char *p = line.p;
    const char *end = line.p + line.len;
    enum bulk_op op;

    if (skip_spaces(p, end) == end) {
        return 0; /* the engines let empty lines between items pass */
    }
    if (read_op(&p, end, &op) != 0) {
        return -1;
    }
    b->in_document = op != BULK_OP_DELETE;
    b->at_line_start = true;
    return b->item(b->arg, op, find_id(p, end));
}

/* A whole action line is at hand, or its rest. */
static int end_action(struct bulk_lines *b, struct slice piece)
{
    int rc;

    if (b->part.len_bytes == 0) {
        return read_action(b, piece);
    }
    if (buf_append_slice(&b->part, piece) != 0) {
        return -1;
    }
    rc = read_action(b, buf_slice(&b->part));
    buf_clear(&b->part);
    return rc;
}

int bulk_lines_read(struct bulk_lines *b, struct slice piece)
{
    const char *p = piece.p;
    const char *end = piece.p + piece.len;

    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        struct slice line = {p, (size_t)((nl != NULL ? nl : end) - p)};

        if (b->in_document) {
            if (b->at_line_start && *p != '{') {
                return -1;
            }
            b->at_line_start = false;
            b->in_document = nl == NULL;
        } else if (nl == NULL) {
            return buf_append_slice(&b->part, line);
        } else if (end_action(b, line) != 0) {
            return -1;
        }
        if (nl == NULL) {
            return 0;
        }
        p = nl + 1;
    }
    return 0;
}

bool bulk_lines_are_whole(const struct bulk_lines *b)
{
    return !b->in_document && b->part.len_bytes == 0;
}
