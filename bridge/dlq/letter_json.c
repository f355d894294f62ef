/* Reading the lines that bridge/letter writes; see letter_json.h. */
#include "bridge/dlq/letter_json.h"

#include "bridge/base64.h"
#include "bridge/letter_file.h"

#include "common/json_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void letter_json_init(struct letter_json *j)
{
    *j = (struct letter_json){0};
    buf_init(&j->decoded, SIZE_MAX / 2);
}

static void forget(struct letter_json *j)
{
    json_decref(j->root);
    free(j->headers);
    j->root = NULL;
    j->headers = NULL;
    buf_clear(&j->decoded);
}

void letter_json_fini(struct letter_json *j)
{
    forget(j);
    buf_fini(&j->decoded);
}

static struct slice text_of(const json_t *value)
{
    return (struct slice){json_string_value(value), json_string_length(value)};
}

static int read_number(const json_t *object, const char *name, int64_t min,
    int64_t max, int64_t *out, struct error *err)
{
    const json_t *value = json_object_get(object, name);

    if (!json_is_integer(value) || json_integer_value(value) < min ||
        json_integer_value(value) > max) {
        return error_set(err, "\"%s\" is not a number as it should be", name);
    }
    *out = json_integer_value(value);
    return 0;
}

static int read_text(const json_t *object, const char *name, struct slice *out,
    struct error *err)
{
    const json_t *value = json_object_get(object, name);

    if (!json_is_string(value)) {
        return error_set(err, "\"%s\" is not a text", name);
    }
    *out = text_of(value);
    return 0;
}

/* name as text or null, or name_base64. */
static int read_bytes(struct letter_json *j, const json_t *object,
    const char *name, bool *is_there, struct slice *out, struct error *err)
{
    const json_t *value = json_object_get(object, name);
    size_t start = j->decoded.len_bytes;
    char coded[32];

    *is_there = true;
    if (json_is_string(value)) {
        *out = text_of(value);
        return 0;
    }
    if (json_is_null(value)) {
        *is_there = false;
        return 0;
    }
    (void)snprintf(coded, sizeof(coded), "%s_base64", name);
    value = json_object_get(object, coded);
    if (!json_is_string(value) ||
        base64_read(text_of(value), &j->decoded) != 0) {
        return error_set(
            err, "neither \"%s\" nor \"%s\" is as it should be", name, coded);
    }
    *out =
        (struct slice){j->decoded.data + start, j->decoded.len_bytes - start};
    return 0;
}

static int read_headers(
    struct letter_json *j, struct letter *l, struct error *err)
{
    const json_t *list = json_object_get(j->root, "headers");
    bool has_name;

    if (!json_is_array(list)) {
        return error_set(err, "\"headers\" is not a list");
    }
    j->headers = calloc(json_array_size(list) + 1, sizeof(*j->headers));
    if (j->headers == NULL) {
        return error_set(err, "out of memory");
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct letter_header *h = &j->headers[i];
        const json_t *one = json_array_get(list, i);

        if (read_bytes(j, one, "name", &has_name, &h->name, err) != 0 ||
            read_bytes(j, one, "value", &h->has_value, &h->value, err) != 0) {
            return error_prefix(err, "header %zu: ", i + 1);
        }
    }
    l->headers = j->headers;
    l->n_headers = json_array_size(list);
    return 0;
}

static int read_origin(const json_t *root, struct letter *l, struct error *err)
{
    int64_t partition = 0;

    if (read_text(root, "topic", &l->topic, err) != 0 ||
        read_number(root, "partition", 0, INT32_MAX, &partition, err) != 0 ||
        read_number(root, "offset", 0, INT64_MAX, &l->offset, err) != 0) {
        return -1;
    }
    l->partition = (int32_t)partition;
    return 0;
}

static int read_letter(
    struct letter_json *j, struct letter *l, struct error *err)
{
    int64_t status = 0, attempts = 0;

    if (read_number(j->root, "when", 0, INT64_MAX, &l->when_ms, err) != 0 ||
        read_number(
            j->root, "timestamp", -1, INT64_MAX, &l->timestamp_ms, err) != 0 ||
        read_bytes(j, j->root, "key", &l->has_key, &l->key, err) != 0 ||
        read_bytes(j, j->root, "value", &l->has_value, &l->value, err) != 0 ||
        read_headers(j, l, err) != 0 ||
        read_number(j->root, "status", 0, 999, &status, err) != 0 ||
        read_number(j->root, "attempts", 0, UINT32_MAX, &attempts, err) != 0 ||
        read_text(j->root, "type", &l->type, err) != 0) {
        return -1;
    }
    l->status = (int)status;
    l->attempts = (unsigned)attempts;
    return read_text(j->root, "reason", &l->reason, err);
}

int letter_json_read(struct letter_json *j, struct slice line,
    struct stored_letter *to, struct error *err)
{
    json_error_t why;

    forget(j);
    *to = (struct stored_letter){0};
    /* All that is decoded fits, so that what points there stays true. */
    if (buf_reserve(&j->decoded, line.len + 4) != 0) {
        return error_set(err, "out of memory");
    }
    j->root = json_loadb(line.p, line.len, JSON_ALLOW_NUL, &why);
    if (j->root == NULL) {
        return error_set(err, "it is not JSON: %s", why.text);
    }
    if (read_origin(j->root, &to->letter, err) != 0) {
        return -1;
    }
    to->is_mark = json_object_get(j->root, "when") == NULL;
    return to->is_mark ? read_number(j->root, "retried", 0, INT64_MAX,
                             &to->letter.when_ms, err)
                       : read_letter(j, &to->letter, err);
}

int letter_json_write_mark(
    struct buf *out, int64_t when_ms, const struct letter *l)
{
    if (buf_printf(
            out, LETTER_FILE_MARK "%lld,\"topic\":", (long long)when_ms) != 0 ||
        json_write_words(out, l->topic) != 0) {
        return -1;
    }
    return buf_printf(out, ",\"partition\":%d,\"offset\":%lld}\n",
        (int)l->partition, (long long)l->offset);
}
