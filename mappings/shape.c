/* Checking a JSON object against a table of keys; see shape.h. */
#include "mappings/shape.h"

#include "common/suggest.h"

#include <stdint.h>
#include <string.h>

static bool kind_fits(const json_t *value, enum shape_kind kind)
{
    switch (kind) {
    case SHAPE_TEXT:
        return json_is_string(value) && json_string_length(value) > 0;
    case SHAPE_COUNT:
        return json_is_integer(value) && json_integer_value(value) >= 1 &&
               json_integer_value(value) <= INT32_MAX;
    case SHAPE_PLACE:
        return json_is_integer(value) && json_integer_value(value) >= 0 &&
               json_integer_value(value) <= INT32_MAX;
    case SHAPE_FLAG:
        return json_is_boolean(value);
    case SHAPE_LIST:
        return json_is_array(value);
    case SHAPE_OBJECT:
        return json_is_object(value);
    }
    return false;
}

static const char *kind_name(enum shape_kind kind)
{
    switch (kind) {
    case SHAPE_TEXT:
        return "a text that is not empty";
    case SHAPE_COUNT:
        return "a whole number from 1";
    case SHAPE_PLACE:
        return "a whole number from 0";
    case SHAPE_FLAG:
        return "true or false";
    case SHAPE_LIST:
        return "a list, [...]";
    case SHAPE_OBJECT:
        return "an object, {...}";
    }
    return "something else";
}

static const char *dot_after(const char *path)
{
    return path[0] == '\0' ? "" : ".";
}

static int unknown_key(const char *key, const char *path,
    const struct shape_key *keys, size_t n, struct error *err)
{
    struct suggest s;
    const char *best;

    suggest_start(&s, key);
    for (size_t i = 0; i < n; i++) {
        suggest_offer(&s, keys[i].name);
    }
    best = suggest_best(&s);
    if (best != NULL) {
        return error_set(err, "unknown key %s%s%s; did you mean \"%s\"?", path,
            dot_after(path), key, best);
    }
    (void)error_set(err, "unknown key %s%s%s; the keys there are", path,
        dot_after(path), key);
    for (size_t i = 0; i < n; i++) {
        (void)error_set(
            err, "%s%s %s", err->text, i > 0 ? "," : "", keys[i].name);
    }
    return -1;
}

static const struct shape_key *find_key(
    const struct shape_key *keys, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(keys[i].name, name) == 0) {
            return &keys[i];
        }
    }
    return NULL;
}

int shape_check(json_t *value, const char *path, const struct shape_key *keys,
    size_t n, struct error *err)
{
    const char *name;
    json_t *member;

    if (!json_is_object(value)) {
        return error_set(
            err, "%s must be an object, {...}", path[0] ? path : "a dataset");
    }
    json_object_foreach(value, name, member)
    {
        const struct shape_key *key = find_key(keys, n, name);

        if (key == NULL) {
            return unknown_key(name, path, keys, n, err);
        }
        if (!kind_fits(member, key->kind)) {
            return error_set(err, "%s%s%s must be %s", path, dot_after(path),
                name, kind_name(key->kind));
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (keys[i].needed && json_object_get(value, keys[i].name) == NULL) {
            return error_set(
                err, "%s%s%s is missing", path, dot_after(path), keys[i].name);
        }
    }
    return 0;
}

const char *shape_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

bool shape_flag(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}
