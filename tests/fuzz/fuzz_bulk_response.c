/*
 * Any bytes as a bulk answer. One that counts has so many items as it says;
 * where jansson takes it, it sees the same items with the same statuses and
 * types; and cut anywhere it counts no more.
 */
#include "tests/fuzz/fuzz_reference.h"

#include "bridge/bulk_response.h"

static bool is_inside(struct slice part, struct slice whole)
{
    return part.len == 0 ||
           (part.p >= whole.p && part.p + part.len <= whole.p + whole.len);
}

/* The item's own object in {"index":{...}}. */
static const json_t *inside_of(const json_t *item)
{
    return json_object_iter_value(json_object_iter((json_t *)(uintptr_t)item));
}

static void compare_item(const struct item_answer *item, const json_t *element)
{
    const json_t *inside = inside_of(element);
    const json_t *error = json_object_get(inside, "error");
    const json_t *type = json_object_get(error, "type");
    json_t *ours;

    fuzz_require(json_object_size(element) == 1);
    fuzz_require(
        json_integer_value(json_object_get(inside, "status")) == item->status);
    if (item->error_type.len == 0) {
        return;
    }
    ours = fuzz_reference_string(item->error_type);
    fuzz_require(json_equal(ours, reference_kind(error) == 's' ? error : type));
    json_decref(ours);
}

static void read_items(struct slice body, long n, const json_t *items)
{
    struct bulk_response r;
    struct item_answer item;
    char text[256];

    fuzz_require(bulk_response_open(&r, body) == 0);
    for (long i = 0; i < n; i++) {
        enum outcome outcome = OUTCOME_RELEASED;

        fuzz_require(bulk_response_next(&r, &item) == 1);
        fuzz_require(item.status > 0 && item.status < 1000);
        fuzz_require(is_inside(item.error_type, body) &&
                     is_inside(item.error_reason, body) &&
                     is_inside(item.error_cause, body));
        item_reason(&item, text, sizeof(text));
        fuzz_require((verdict_of_item(&item, &outcome) == ITEM_DONE) ==
                     (outcome != OUTCOME_RELEASED));
        if (items != NULL) {
            compare_item(&item, json_array_get(items, (size_t)i));
        }
    }
    fuzz_require(bulk_response_next(&r, &item) == 0);
}

/* By runs it is the same, and no two runs are one. */
static void read_runs(struct slice body, long n)
{
    struct bulk_response by_run, one_by_one;
    struct item_answer item, one;
    long left = n, run;

    fuzz_require(bulk_response_open(&by_run, body) == 0);
    fuzz_require(bulk_response_open(&one_by_one, body) == 0);
    for (; left > 0; left -= run) {
        run = bulk_response_run(&by_run, &item);
        fuzz_require(run > 0 && run <= left);
        for (long i = 0; i < run; i++) {
            fuzz_require(bulk_response_next(&one_by_one, &one) == 1);
            fuzz_require(one.status == item.status &&
                         one.is_delete == item.is_delete &&
                         one.is_update == item.is_update &&
                         slice_eq(one.error_type, item.error_type) &&
                         slice_eq(one.error_reason, item.error_reason));
        }
        fuzz_require(by_run.at.at == one_by_one.at.at);
    }
    fuzz_require(bulk_response_run(&by_run, &item) == 0);
}

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\r' || ch == '\t';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = fuzz_slice(data, size);
    long n = bulk_response_count(body);
    json_t *reference;
    const json_t *items;

    (void)verdict_of_request(400, body);
    if (n < 0) {
        return 0;
    }
    reference = fuzz_reference(body);
    items = json_object_get(reference, "items");
    fuzz_require(reference == NULL || json_array_size(items) == (size_t)n);
    read_items(body, n, items);
    read_runs(body, n);
    json_decref(reference);
    while (body.len > 0 && is_space(body.p[body.len - 1])) {
        body.len--;
    }
    for (size_t cut = 1; cut <= 64 && cut <= body.len; cut *= 2) {
        fuzz_require(
            bulk_response_count((struct slice){body.p, body.len - cut}) == -1);
    }
    return 0;
}
