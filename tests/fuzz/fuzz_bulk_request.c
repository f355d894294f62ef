/*
 * A record of any bytes to the bulk encoder: the first byte chooses an
 * encoder, the first line is the key, the next the headers, the rest the
 * value. What comes out is as many lines as there must be, the first of them
 * JSON with an id as it should be, whatever the record holds: one line too
 * many or too few and each record behind it is stored as another one.
 */
#include "tests/fuzz/fuzz_reference.h"

#include "bridge/attributes.h"
#include "bridge/batch.h"
#include "bridge/bulk_request.h"
#include "common/json_scan.h"

#define MOST_BYTES ((size_t)1 << 20)

static const struct {
    struct bulk_options options;
    const char *op;
} encoders[] = {
    {{"m", "%{_key}", "none", NULL, TOMBSTONE_DELETE}, "index"},
    {{"m", "%{_key}", "timestamp", "_doc", TOMBSTONE_SKIP}, "index"},
    {{"m", "%{Date}-%{Code}", "v", NULL, TOMBSTONE_SKIP}, "index"},
    {{"m-%{Date:%Y}", "%{Code}", "v", NULL, TOMBSTONE_DEAD_LETTER}, "delete"},
    {{"%{attr:i}", "%{_key}/%{_split}", "none", "%{attr:i}", 0}, "update"},
    {{"m", "%{attr:i}-%{a}", "none", NULL, 0}, "upsert"},
    {{"m", "%{_topic}-%{_partition}-%{_offset}", "none", NULL, 0}, "create"},
    {{"m", "%{_key}", "none", NULL, TOMBSTONE_DELETE}, "%{attr:i}"},
};
#define OF_PLACE 6 /* the one whose id is the record's place */
#define N_ENCODERS (sizeof(encoders) / sizeof(encoders[0]))

static struct bulk_encoder *encoder_at(size_t i)
{
    static struct bulk_encoder *made[N_ENCODERS];
    struct error err;

    if (made[i] == NULL) {
        made[i] = bulk_encoder_new(&encoders[i].options, &err);
        fuzz_require(made[i] != NULL);
        fuzz_require(bulk_encoder_use_op(made[i], encoders[i].op, &err) == 0);
    }
    return made[i];
}

static void check_action(
    const struct bulk_encoder *e, const struct buf *out, struct slice line)
{
    struct slice id = bulk_encoder_id(e, out);
    json_t *action = fuzz_reference(line);
    json_t *want = fuzz_reference_string(id);
    const json_t *inside;

    fuzz_require(
        id.len > 0 && id.p > line.p && id.p + id.len < line.p + line.len);
    fuzz_require(json_string_bytes(id) <= BULK_MAX_ID_BYTES);
    if (!fuzz_has_half_pair(line)) {
        fuzz_require(action != NULL && json_object_size(action) == 1);
        inside = json_object_iter_value(json_object_iter(action));
        fuzz_require(want != NULL);
        fuzz_require(json_equal(json_object_get(inside, "_id"), want));
        fuzz_require(json_string_length(want) == json_string_bytes(id));
    }
    json_decref(want);
    json_decref(action);
}

/* The document is the value's when that is JSON, and else none. */
static void check_document(struct slice line, struct slice value)
{
    json_t *given = fuzz_reference(value);
    json_t *sent = fuzz_reference(line);

    if (given == NULL) {
        fuzz_require(sent == NULL);
    } else {
        const json_t *inside = json_object_get(sent, "doc");

        fuzz_require(sent != NULL);
        fuzz_require(json_equal(sent, given) ||
                     (inside != NULL && json_equal(inside, given)));
    }
    json_decref(given);
    json_decref(sent);
}

static void check_lines(const struct bulk_encoder *e, const struct buf *out,
    const struct record *r, bool is_delete)
{
    struct slice rest = buf_slice(out);
    struct slice value = r->value;
    struct slice action, document;

    fuzz_require(rest.len > 0 && rest.p[rest.len - 1] == '\n');
    action = fuzz_take_line(&rest);
    check_action(e, out, action);
    if (is_delete) {
        fuzz_require(rest.len == 0);
        return;
    }
    document = fuzz_take_line(&rest);
    fuzz_require(rest.len == 0 && document.len > 0);
    if (value.len >= 3 && memcmp(value.p, "\xef\xbb\xbf", 3) == 0) {
        (void)slice_take(&value, 3);
    }
    check_document(document, value);
}

/* As a batch keeps it, the record comes back byte for byte. */
static void check_record(
    const struct bulk_encoder *e, const struct buf *out, const struct record *r)
{
    static char topic[] = "t";
    static struct partition home = {.topic = topic, .number = 3};
    struct batch *b = batch_new(MOST_BYTES);
    struct doc doc = {.partition = &home, .len_bytes = out->len_bytes};
    struct record back;

    fuzz_require(b != NULL && batch_reserve(b) == 0 &&
                 buf_append_slice(&b->body, buf_slice(out)) == 0);
    fuzz_require(batch_add(b, &doc, r, bulk_encoder_is_verbatim(e)) == 0);
    batch_record(b, 0, &back);
    fuzz_require(back.has_key == r->has_key && slice_eq(back.key, r->key) &&
                 back.has_value == r->has_value &&
                 slice_eq(back.value, r->value) &&
                 slice_eq(back.headers, r->headers));
    batch_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = fuzz_slice(data, size);
    struct bulk_encoder *e;
    struct attribute own = {{"i", 1}, {NULL, 0}};
    const struct attributes attributes = {&own, 1};
    struct record r = {.topic = "t",
        .partition = 3,
        .offset = 7,
        .timestamp_ms = 1641168000123,
        .attributes = &attributes};
    struct error why = {""};
    struct buf out;
    bool is_delete;

    if (size == 0) {
        return 0;
    }
    e = encoder_at((data[0] & 0x0f) % N_ENCODERS);
    r.partition = (data[0] & 0x10) != 0 ? 4 : 3;
    r.has_key = (data[0] & 0x20) == 0;
    r.has_value = (data[0] & 0x80) == 0;
    (void)slice_take(&rest, 1);
    r.key = fuzz_take_line(&rest);
    r.headers = fuzz_take_line(&rest);
    r.value = rest;
    own.value = r.headers;
    if (!r.has_key) {
        r.key.len = 0;
    }
    if (!r.has_value) {
        r.value.len = 0;
    }
    buf_init(&out, MOST_BYTES);
    switch (bulk_encode(e, &r, &out, &is_delete, &why)) {
    case BULK_ENCODED:
        if (e == encoder_at(OF_PLACE)) {
            fuzz_require(slice_is(bulk_encoder_id(e, &out),
                r.partition == 3 ? "t-3-7" : "t-4-7"));
        }
        check_lines(e, &out, &r, is_delete);
        check_record(e, &out, &r);
        break;
    case BULK_REFUSED:
        fuzz_require(why.text[0] != '\0' && out.len_bytes == 0);
        break;
    case BULK_SKIPPED:
    case BULK_FULL:
        fuzz_require(out.len_bytes == 0);
        break;
    }
    buf_fini(&out);
    return 0;
}
