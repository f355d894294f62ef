/* A line as a pattern, the next as the key, the rest as the document: what is
 * filled in stands between quotes as JSON, whatever they hold. */
#include "tests/fuzz/fuzz_reference.h"

#include "bridge/attributes.h"
#include "bridge/pattern.h"

#define MOST_FIELDS 64

static void fill(const struct pattern *p, struct slice key, struct slice value)
{
    const struct attribute own[] = {{{"a", 1}, key}, {{"v", 1}, value}};
    const struct attributes attributes = {own, 2};
    struct record r = {.topic = "t",
        .offset = 7,
        .timestamp_ms = -1,
        .has_key = true,
        .key = key,
        .has_value = true,
        .value = value,
        .attributes = &attributes};
    struct json_field fields[MOST_FIELDS];
    size_t n = pattern_field_count(p), bad_at;
    struct error err = {""};
    struct buf out;

    if (n > MOST_FIELDS) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        fields[i] = (struct json_field){.name = pattern_field(p, i)};
    }
    if (json_find_fields(value, fields, n, &bad_at) != 0) {
        return;
    }
    buf_init(&out, 100000);
    if (pattern_expand(p, &r, fields, &out, &err) != 0) {
        fuzz_require(err.text[0] != '\0');
    } else if (!fuzz_has_half_pair(buf_slice(&out))) {
        json_t *text = fuzz_reference_string(buf_slice(&out));

        fuzz_require(text != NULL);
        json_decref(text);
    }
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = fuzz_slice(data, size);
    char *text = fuzz_text(fuzz_take_line(&rest));
    struct slice key = fuzz_take_line(&rest);
    struct error err = {""};
    struct pattern *p = pattern_new(text, &err);

    fuzz_require(p != NULL || err.text[0] != '\0');
    if (p != NULL) {
        fuzz_require(!pattern_is_constant(p) || pattern_field_count(p) == 0);
        fill(p, key, rest);
    }
    pattern_free(p);
    free(text);
    return 0;
}
