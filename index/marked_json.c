/*
 * Marked JSON; see marked_json.h. The marking knows of JSON only where a string
 * begins and ends and what a number may be made of; what it lets through,
 * jansson or the reader of the number refuses. A key that was a number is known
 * by its mark.
 */
#include "index/marked_json.h"

#include "common/json_write.h"

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

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
            *to++ = MARKED_JSON_STRING;
            memcpy(to, text.p + i + 1, len);
            to += len;
            i += 1 + len;
            if (i < text.len) {
                *to++ = text.p[i++]; /* the closing quote */
            }
        } else if (starts_number(c)) {
            len = number_len(text, i);
            *to++ = '"';
            *to++ = MARKED_JSON_NUMBER;
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

json_t *marked_json_load(
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

struct slice marked_json_string(const json_t *v)
{
    return marked(v, MARKED_JSON_STRING);
}

struct slice marked_json_number(const json_t *v)
{
    return marked(v, MARKED_JSON_NUMBER);
}

static int write_members(struct buf *out, json_t *object)
{
    const char *key;
    json_t *member;
    const char *between = "{";

    json_object_foreach(object, key, member)
    {
        if (buf_append_str(out, between) != 0 ||
            json_write_string(out, slice_of(key + 1)) != 0 ||
            buf_append_char(out, ':') != 0 ||
            marked_json_write(out, member) != 0) {
            return -1;
        }
        between = ",";
    }
    return buf_append_str(out, json_object_size(object) > 0 ? "}" : "{}");
}

static int write_entries(struct buf *out, const json_t *array)
{
    if (buf_append_char(out, '[') != 0) {
        return -1;
    }
    for (size_t i = 0; i < json_array_size(array); i++) {
        if ((i > 0 && buf_append_char(out, ',') != 0) ||
            marked_json_write(out, json_array_get(array, i)) != 0) {
            return -1;
        }
    }
    return buf_append_char(out, ']');
}

int marked_json_write(struct buf *out, json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        return write_members(out, v);
    case JSON_ARRAY:
        return write_entries(out, v);
    case JSON_STRING:
        return marked_json_number(v).p != NULL
                   ? buf_append_slice(out, marked_json_number(v))
                   : json_write_string(out, marked_json_string(v));
    case JSON_TRUE:
        return buf_append_str(out, "true");
    case JSON_FALSE:
        return buf_append_str(out, "false");
    case JSON_NULL:
    case JSON_INTEGER: /* marked trees have neither of the two */
    case JSON_REAL:
        break;
    }
    return buf_append_str(out, "null");
}
