/* A dataset file's "clean": what is done to values before their types. */
#include "mappings/dataset_private.h"

#include "mappings/shape.h"

#include <stdlib.h>
#include <string.h>

static const struct shape_key clean_keys[] = {
    {"absent", SHAPE_LIST, false},
    {"trim", SHAPE_FLAG, false},
    {"thousands", SHAPE_FLAG, false},
};

static int read_absent(
    const json_t *list, struct dataset_clean *clean, struct error *err)
{
    size_t n = json_array_size(list);
    const char **texts = calloc(n + 1, sizeof(*texts));

    if (texts == NULL) {
        return error_set(err, "out of memory");
    }
    clean->absent = texts;
    clean->n_absent = n;
    for (size_t i = 0; i < n; i++) {
        size_t bytes;

        texts[i] = json_string_value(json_array_get(list, i));
        if (texts[i] == NULL || texts[i][0] == '\0') {
            return error_set(err,
                "clean.absent[%zu] must be a text that is not empty (an empty "
                "value is absent anyway)",
                i);
        }
        bytes = strlen(texts[i]);
        if (bytes > clean->longest_absent_bytes) {
            clean->longest_absent_bytes = bytes;
        }
    }
    return 0;
}

int dataset_read_clean(
    json_t *json, struct dataset_clean *clean, struct error *err)
{
    if (json == NULL) {
        return 0;
    }
    if (shape_check(json, "clean", clean_keys,
            sizeof(clean_keys) / sizeof(clean_keys[0]), err) != 0) {
        return -1;
    }
    clean->trim = shape_flag(json, "trim");
    clean->thousands = shape_flag(json, "thousands");
    return read_absent(json_object_get(json, "absent"), clean, err);
}
