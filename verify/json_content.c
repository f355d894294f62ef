/*
 * The content of a marked JSON object; see json_content.h. Numbers inside of
 * arrays and objects are given one spelling, too.
 */
#include "verify/json_content.h"

#include "index/marked_json.h"
#include "verify/decimal.h"

#include <stdlib.h>

#define NUMBER_MAX_BYTES 4096

/* Give a number inside of an array or object its canonical text. */
static int canon_number(json_t *v)
{
    struct buf text;
    int rc;

    buf_init(&text, NUMBER_MAX_BYTES);
    rc = buf_append_char(&text, MARKED_JSON_NUMBER) == 0 &&
                 decimal_canon(marked_json_number(v), &text) == 0 &&
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
            if (key[0] != MARKED_JSON_STRING || canon_inside(member) != 0) {
                return -1;
            }
        }
    } else if (marked_json_number(v).p != NULL) {
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
    struct slice text = marked_json_string(v);

    if (json_is_null(v)) {
        return 0;
    }
    if (text.p != NULL) {
        return content_add_string(c, name, text);
    }
    text = marked_json_number(v);
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
        if (key[0] != MARKED_JSON_STRING ||
            add_member(c, slice_of(key + 1), member) != 0) {
            return -1;
        }
    }
    return 0;
}
