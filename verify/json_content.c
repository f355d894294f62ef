/*
 * Marked JSON; see json_content.h. The marking knows of JSON only where a
 * string begins and ends and what a number may be made of; what it lets
 * through, jansson or decimal_canon refuses. A key that was a number is known
 * by its mark.
 */
#include "verify/json_content.h"

#include "verify/decimal.h"

#include <stdlib.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
#define NUMBER_MAX_BYTES 4096

static bool starts_number(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

static bool in_number(char c)
{
    return starts_number(c) || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* How long the string's inside is, from behind its opening quote. */
static size_t string_len(struct slice text, size_t from)
{
    size_t i = from;

    while (i < text.len && text.p[i] != '"') {
        i += text.p[i] == '\\' ? 2 : 1;
    }
    return (i < text.len ? i : text.len) - from;
}

static size_t number_len(struct slice text, size_t from)
{
    size_t i = from;

    while (i < text.len && in_number(text.p[i])) {
        i++;
    }
    return i - from;
}

/* At most one byte in two is a number of one digit, which gets three more. */
static int mark(struct slice text, struct buf *out)
{
    size_t i = 0, len;
    char *to;

    buf_clear(out);
    if (buf_reserve(out, 4 * text.len + 4) != 0) {
        return -1;
    }
    to = out->data;
    while (i < text.len) {
        char c = text.p[i];

        if (c == '"') {
            len = string_len(text, i + 1);
            *to++ = '"';
            *to++ = JSON_MARK_STRING;
            memcpy(to, text.p + i + 1, len);
            to += len;
            i += 1 + len;
            if (i < text.len) {
                *to++ = text.p[i++]; /* the closing quote */
            }
        } else if (starts_number(c)) {
            len = number_len(text, i);
            *to++ = '"';
            *to++ = JSON_MARK_NUMBER;
            memcpy(to, text.p + i, len);
            to += len;
            *to++ = '"';
            i += len;
        } else {
            *to++ = c;
            i++;
        }
    }
    out->len_bytes = (size_t)(to - out->data);
    return 0;
}

json_t *json_marked_load(
    struct slice text, struct buf *scratch, struct error *err)
{
    json_error_t why;
    json_t *tree;

    if (text.len >= 3 && memcmp(text.p, BYTE_ORDER_MARK, 3) == 0) {
        text.p += 3;
        text.len -= 3;
    }
    if (mark(text, scratch) != 0) {
        (void)error_set(err, "%zu bytes of JSON are too many", text.len);
        return NULL;
    }
    if (scratch->len_bytes == 0) {
        (void)error_set(err, "empty");
        return NULL;
    }
    tree = json_loadb(scratch->data, scratch->len_bytes,
        JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &why);
    if (tree == NULL) {
        (void)error_set(err, "not JSON: %s", why.text);
    }
    return tree;
}

static struct slice marked(const json_t *v, char mark_wanted)
{
    const char *text = json_string_value(v);

    if (text == NULL || text[0] != mark_wanted) {
        return (struct slice){NULL, 0};
    }
    return (struct slice){text + 1, json_string_length(v) - 1};
}

struct slice json_marked_string(const json_t *v)
{
    return marked(v, JSON_MARK_STRING);
}

struct slice json_marked_number(const json_t *v)
{
    return marked(v, JSON_MARK_NUMBER);
}

/* Give a number inside of an array or object its canonical text. */
static int canon_number(json_t *v)
{
    struct buf text;
    int rc;

    buf_init(&text, NUMBER_MAX_BYTES);
    rc = buf_append_char(&text, JSON_MARK_NUMBER) == 0 &&
                 decimal_canon(json_marked_number(v), &text) == 0 &&
                 json_string_setn(v, text.data, text.len_bytes) == 0
             ? 0
             : -1;
    buf_fini(&text);
    return rc;
}

/* As deep as jansson reads, which is 2048 levels. */
static int canon_inside(json_t *v)
{
    const char *key;
    json_t *member;
    size_t i;

    if (json_is_array(v)) {
        json_array_foreach(v, i, member)
        {
            if (canon_inside(member) != 0) {
                return -1;
            }
        }
    } else if (json_is_object(v)) {
        json_object_foreach(v, key, member)
        {
            if (key[0] != JSON_MARK_STRING || canon_inside(member) != 0) {
                return -1;
            }
        }
    } else if (json_marked_number(v).p != NULL) {
        return canon_number(v);
    }
    return 0;
}

static int add_other(struct content *c, struct slice name, json_t *v)
{
    char *text;
    int rc;

    if (canon_inside(v) != 0) {
        return -1;
    }
    text = json_dumps(v, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    if (text == NULL) {
        return -1;
    }
    rc = content_add_other(c, name, slice_of(text));
    free(text);
    return rc;
}

static int add_member(struct content *c, struct slice name, json_t *v)
{
    struct slice text = json_marked_string(v);

    if (json_is_null(v)) {
        return 0;
    }
    if (text.p != NULL) {
        return content_add_string(c, name, text);
    }
    text = json_marked_number(v);
    if (text.p != NULL) {
        return content_add_number(c, name, text);
    }
    return add_other(c, name, v);
}

int json_content(json_t *object, struct content *c)
{
    const char *key;
    json_t *member;

    content_clear(c);
    if (!json_is_object(object)) {
        return -1;
    }
    json_object_foreach(object, key, member)
    {
        if (key[0] != JSON_MARK_STRING ||
            add_member(c, slice_of(key + 1), member) != 0) {
            return -1;
        }
    }
    return 0;
}
