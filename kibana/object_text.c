/* JSON inside of JSON texts; see object_text.h. */
#include "kibana/object_text.h"

#include <stdlib.h>

const char *object_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

json_t *object_text_parse(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? json_loads(text, 0, NULL) : NULL;
}

static json_t *text_of(json_t *tree, size_t flags)
{
    char *text = json_dumps(tree, flags | OBJECT_TEXT_REALS | JSON_ENCODE_ANY);
    json_t *out = text != NULL ? json_string(text) : NULL;

    free(text);
    json_decref(tree);
    return out;
}

json_t *object_text_of(json_t *tree)
{
    return text_of(tree, JSON_COMPACT);
}

void object_text_set(json_t *object, const char *key, json_t *tree)
{
    (void)json_object_set_new(object, key, text_of(tree, JSON_COMPACT));
}

void object_text_set_indented(json_t *object, const char *key, json_t *tree)
{
    (void)json_object_set_new(object, key, text_of(tree, JSON_INDENT(2)));
}
