/* The figures of a manifest, against sums made by another program. */
#include "replay/manifest.h"

#include "tests/unit/scratch_file.h"

#include <jansson.h>

static void add(
    struct manifest *m, const char *key, const char *value, int64_t event_ms)
{
    const struct out_record record = {
        .key = slice_of(key), .value = slice_of(value), .event_ms = event_ms};

    assert_int_equal(manifest_add(m, &record), 0);
}

/* The written manifest, to be freed with json_decref. */
static json_t *written(struct manifest *m, bool complete)
{
    struct scratch_file f;
    struct error err;
    json_t *root;

    scratch_file_write(&f, "", 0);
    assert_int_equal(manifest_write(m, f.path, "marcap", complete, &err), 0);
    root = json_load_file(f.path, 0, NULL);
    scratch_file_remove(&f);
    assert_non_null(root);
    return root;
}

static const char *text(json_t *root, const char *name)
{
    return json_string_value(json_object_get(root, name));
}

/* python3 -c 'import hashlib,struct; print(hashlib.sha256(b"".join(
 * struct.pack(">I",len(x))+x for x in [b"005930",b"{}",b"",b"{\"a\":1}"])
 * ).hexdigest())' */
#define SUM "31fdec8ce436dcdc70628e8bfff4d44899019591cd4976cbf0105512d83ef60a"

static void keys_and_values_are_summed_in_order(void **state)
{
    struct manifest *m = manifest_new();
    json_t *root;

    (void)state;
    assert_non_null(m);
    add(m, "005930", "{}", INT64_C(1641135600123));
    add(m, "", "{\"a\":1}", -1);
    root = written(m, true);
    assert_string_equal(text(root, "dataset"), "marcap");
    assert_true(json_is_true(json_object_get(root, "complete")));
    assert_int_equal(json_integer_value(json_object_get(root, "records")), 2);
    assert_int_equal(json_integer_value(json_object_get(root, "key_bytes")), 6);
    assert_int_equal(
        json_integer_value(json_object_get(root, "value_bytes")), 9);
    assert_string_equal(text(root, "first_event"), "1969-12-31T23:59:59.999Z");
    assert_string_equal(text(root, "last_event"), "2022-01-02T15:00:00.123Z");
    assert_string_equal(text(root, "sha256"), SUM);
    json_decref(root);
    manifest_free(m);
}

static void what_is_moved_from_key_to_value_changes_the_sum(void **state)
{
    struct manifest *a = manifest_new(), *b = manifest_new();
    json_t *x, *y;

    (void)state;
    add(a, "00", "5930", 0);
    add(b, "005", "930", 0);
    x = written(a, true);
    y = written(b, true);
    assert_string_not_equal(text(x, "sha256"), text(y, "sha256"));
    json_decref(x);
    json_decref(y);
    manifest_free(a);
    manifest_free(b);
}

static void nothing_sent_is_a_manifest_too(void **state)
{
    struct manifest *m = manifest_new();
    json_t *root = written(m, false);

    (void)state;
    assert_true(json_is_false(json_object_get(root, "complete")));
    assert_true(json_is_null(json_object_get(root, "first_event")));
    assert_string_equal(text(root, "sha256"),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    json_decref(root);
    manifest_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_values_are_summed_in_order),
        cmocka_unit_test(what_is_moved_from_key_to_value_changes_the_sum),
        cmocka_unit_test(nothing_sent_is_a_manifest_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
