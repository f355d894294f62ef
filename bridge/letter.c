/* A dead letter as one JSON object; see letter.h. */
#include "bridge/letter.h"

#include "bridge/base64.h"
#include "common/json_write.h"
#include "common/utf8.h"

/* "name":"text", "name_base64":"..." or "name":null, a comma before it. */
static int write_bytes(
    struct buf *out, const char *name, bool is_there, struct slice bytes)
{
    if (!is_there) {
        return buf_printf(out, ",\"%s\":null", name);
    }
    if (utf8_is_valid(bytes)) {
        return buf_printf(out, ",\"%s\":", name) != 0
                   ? -1
                   : json_write_string(out, bytes);
    }
    if (buf_printf(out, ",\"%s_base64\":\"", name) != 0 ||
        base64_write(out, bytes) != 0) {
        return -1;
    }
    return buf_append_char(out, '"');
}

static int write_header(
    struct buf *out, const struct letter_header *h, bool is_first)
{
    size_t start;

    if (!is_first && buf_append_char(out, ',') != 0) {
        return -1;
    }
    start = out->len_bytes;
    if (write_bytes(out, "name", true, h->name) != 0) {
        return -1;
    }
    out->data[start] = '{'; /* the comma's place */
    if (write_bytes(out, "value", h->has_value, h->value) != 0) {
        return -1;
    }
    return buf_append_char(out, '}');
}

static int write_headers(struct buf *out, const struct letter *l)
{
    if (buf_append_str(out, ",\"headers\":[") != 0) {
        return -1;
    }
    for (size_t i = 0; i < l->n_headers; i++) {
        if (write_header(out, &l->headers[i], i == 0) != 0) {
            return -1;
        }
    }
    return buf_append_char(out, ']');
}

int letter_write_members(struct buf *out, const struct letter *l)
{
    if (buf_printf(out, "{\"when\":%lld,\"topic\":", (long long)l->when_ms) !=
            0 ||
        json_write_words(out, l->topic) != 0 ||
        buf_printf(out, ",\"partition\":%d,\"offset\":%lld,\"timestamp\":%lld",
            (int)l->partition, (long long)l->offset,
            (long long)l->timestamp_ms) != 0 ||
        write_bytes(out, "key", l->has_key, l->key) != 0 ||
        write_bytes(out, "value", l->has_value, l->value) != 0 ||
        write_headers(out, l) != 0 ||
        buf_printf(out, ",\"status\":%d,\"type\":", l->status) != 0 ||
        json_write_words(out, l->type) != 0 ||
        buf_append_str(out, ",\"reason\":") != 0 ||
        json_write_words(out, l->reason) != 0) {
        return -1;
    }
    return buf_printf(out, ",\"attempts\":%u", l->attempts);
}

int letter_write_json(struct buf *out, const struct letter *l)
{
    return letter_write_members(out, l) != 0 ? -1 : buf_append_char(out, '}');
}
