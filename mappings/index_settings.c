/* Settings compared; see index_settings.h. */
#include "mappings/index_settings.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MAX_NAME_BYTES 256

/* Elasticsearch gives settings back flat and as texts: {"index.x":"2"}. */
static bool setting_stands(
    const json_t *flat, const char *name, const json_t *wanted)
{
    const json_t *value = json_object_get(flat, name);
    const char *text = json_string_value(value);
    char number[32];

    if (text == NULL) {
        return value != NULL && json_equal(value, wanted);
    }
    if (json_is_string(wanted)) {
        return strcmp(text, json_string_value(wanted)) == 0;
    }
    if (json_is_boolean(wanted)) {
        return strcmp(text, json_is_true(wanted) ? "true" : "false") == 0;
    }
    (void)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
        json_integer_value(wanted));
    return json_is_integer(wanted) && strcmp(text, number) == 0;
}

/*
 * Put into out, flat, the settings below prefix that do not stand as wanted.
 * "index" may be left out of their names. Returns 0, or -1 out of memory.
 */
static int collect(
    json_t *wanted, const char *prefix, const json_t *flat, json_t *out)
{
    const char *key;
    json_t *value;

    json_object_foreach(wanted, key, value)
    {
        bool whole =
            strcmp(key, "index") == 0 || strncmp(key, "index.", 6) == 0;
        char name[MAX_NAME_BYTES], deeper[MAX_NAME_BYTES + 1];

        (void)snprintf(name, sizeof(name), "%s%s", whole ? "" : prefix, key);
        (void)snprintf(deeper, sizeof(deeper), "%s.", name);
        if (json_is_object(value)) {
            if (collect(value, deeper, flat, out) != 0) {
                return -1;
            }
        } else if (!setting_stands(flat, name, value) &&
                   json_object_set(out, name, value) != 0) {
            return -1;
        }
    }
    return 0;
}

json_t *index_settings_diff(json_t *wanted, const json_t *standing)
{
    json_t *out = json_object();

    if (out != NULL && collect(wanted, "index.", standing, out) != 0) {
        json_decref(out);
        return NULL;
    }
    return out;
}
