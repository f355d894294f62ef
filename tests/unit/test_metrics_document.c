/* The bridge's metrics as a document: the two lines, and dataset metrics. */
#include "bridge/metrics_document.h"

#include "mappings/dataset.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct metrics_sample sample = {.at_ms = 1641168000123,
    .host = "h\"1",
    .instance = "h\"1-42",
    .group = "ferry",
    .phase = "running",
    .blocked = "waiting",
    .counts = {.consumed = 100, .ended = {10, 11, 12, 13, 14, 15, 16}},
    .pending = 9,
    .lost = 1,
    .lag = 500000000000000,
    .per_s = 1234.5678,
    .in_flight = 3,
    .window = 4,
    .batch_bytes = 5242880,
    .held_bytes = 77,
    .latency_ms = 12.25,
    .requests = 20,
    .refused = 2,
    .sent_again = 6};

/* The action and the source of a written document. */
static void write_and_read(const char *type, json_t **action, json_t **source)
{
    struct buf out;
    const char *text, *second;

    buf_init(&out, 1 << 16);
    assert_int_equal(
        metrics_document_write(&sample, "naru_metrics", type, &out), 0);
    text = buf_str(&out);
    assert_int_equal(text[out.len_bytes - 1], '\n');
    second = strchr(text, '\n') + 1;
    assert_ptr_equal(strchr(second, '\n'), text + out.len_bytes - 1);
    *action = json_loadb(text, (size_t)(second - text), 0, NULL);
    *source = json_loads(second, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(*action);
    assert_non_null(*source);
    buf_fini(&out);
}

static void the_action_names_index_type_and_id(void **state)
{
    static const char *const types[] = {NULL, "_doc"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        json_t *action, *source, *wanted;

        write_and_read(types[i], &action, &source);
        wanted = json_pack("{s{ss,ss*,ss}}", "index", "_index", "naru_metrics",
            "_type", types[i], "_id", "h\"1-42-1641168000123");
        assert_true(json_equal(action, wanted));
        json_decref(action);
        json_decref(source);
        json_decref(wanted);
    }
}

static void every_field_is_of_the_dataset_and_every_column_is_written(
    void **state)
{
    struct error err;
    struct dataset *ds = dataset_load("metrics", &err);
    json_t *action, *source, *value;
    const char *field;

    (void)state;
    assert_non_null(ds);
    write_and_read(NULL, &action, &source);
    json_object_foreach(source, field, value)
    {
        struct slice name = slice_of(field);
        size_t i = dataset_find_column(ds, name);

        if (i == DATASET_NO_COLUMN) {
            fail_msg("dataset metrics has no %s", field);
            return;
        }
        /* A long that were written as 1.0 would be refused: coerce is off. */
        assert_int_equal(ds->columns[i].type == COLUMN_LONG ||
                             ds->columns[i].type == COLUMN_EPOCH_MS,
            json_is_integer(value));
        assert_int_equal(
            ds->columns[i].type == COLUMN_DOUBLE, json_is_real(value));
    }
    for (size_t i = 0; i < ds->n_columns; i++) {
        if (json_object_get(source, ds->columns[i].name) == NULL) {
            fail_msg("%s is not written", ds->columns[i].name);
        }
    }
    json_decref(action);
    json_decref(source);
    dataset_free(ds);
}

static void numbers_are_those_of_the_sample(void **state)
{
    static const struct {
        const char *field;
        json_int_t number;
    } wanted[] = {{"@timestamp", 1641168000123}, {"consumed", 100},
        {"created", 10}, {"updated", 11}, {"duplicates", 12}, {"deleted", 13},
        {"dead_lettered", 14}, {"skipped", 15}, {"released", 16},
        {"pending", 9}, {"lost", 1}, {"lag", 500000000000000}, {"in_flight", 3},
        {"window", 4}, {"batch_bytes", 5242880}, {"held_bytes", 77},
        {"requests", 20}, {"refused", 2}, {"sent_again", 6}};
    json_t *action, *source;

    (void)state;
    write_and_read(NULL, &action, &source);
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        assert_int_equal(
            json_integer_value(json_object_get(source, wanted[i].field)),
            wanted[i].number);
    }
    assert_true(json_real_value(json_object_get(source, "per_s")) == 1234.568);
    assert_string_equal(
        json_string_value(json_object_get(source, "blocked")), "waiting");
    json_decref(action);
    json_decref(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_action_names_index_type_and_id),
        cmocka_unit_test(
            every_field_is_of_the_dataset_and_every_column_is_written),
        cmocka_unit_test(numbers_are_those_of_the_sample),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
