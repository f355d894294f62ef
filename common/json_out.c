/* JSON members one after the other; see json_out.h. */
#include "common/json_out.h"

#include "common/json_write.h"

void json_out_failed(struct json_out *o, int rc)
{
    o->failed |= rc != 0;
}

void json_out_key(struct json_out *o, const char *key)
{
    if (o->has_before) {
        json_out_failed(o, buf_append_char(o->to, ','));
    }
    if (key != NULL) {
        json_out_failed(o, buf_printf(o->to, "\"%s\":", key));
    }
    o->has_before = true;
}

void json_out_open(struct json_out *o, const char *key, char bracket)
{
    json_out_key(o, key);
    json_out_failed(o, buf_append_char(o->to, bracket));
    o->has_before = false;
}

void json_out_close(struct json_out *o, char bracket)
{
    json_out_failed(o, buf_append_char(o->to, bracket));
    o->has_before = true;
}

void json_out_raw(struct json_out *o, const char *key, const char *json)
{
    json_out_key(o, key);
    json_out_failed(o, buf_append_str(o->to, json));
}

void json_out_slice(struct json_out *o, const char *key, struct slice value)
{
    json_out_key(o, key);
    json_out_failed(o, json_write_words(o->to, value));
}

void json_out_text(struct json_out *o, const char *key, const char *value)
{
    if (value == NULL) {
        json_out_raw(o, key, "null");
    } else {
        json_out_slice(o, key, slice_of(value));
    }
}

void json_out_count(struct json_out *o, const char *key, uint64_t n)
{
    json_out_key(o, key);
    json_out_failed(o, buf_printf(o->to, "%llu", (unsigned long long)n));
}

void json_out_number(struct json_out *o, const char *key, int64_t n)
{
    json_out_key(o, key);
    json_out_failed(o, buf_printf(o->to, "%lld", (long long)n));
}

void json_out_bool(struct json_out *o, const char *key, bool value)
{
    json_out_raw(o, key, value ? "true" : "false");
}

int json_out_end(const struct json_out *o)
{
    return o->failed ? -1 : 0;
}
