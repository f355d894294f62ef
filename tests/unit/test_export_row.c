/* Documents as rows of CSV. */
#include "export/export_row.h"

#include "index/marked_json.h"
#include "tests/unit/small_dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

/* Code, Name, Close, Volume, Date of small_dataset, Date first. */
static const size_t columns[] = {7, 0, 1, 3, 4};

struct scene {
    struct export_row row;
    struct buf marked, out;
    json_t *source;
};

static int set_up(void **state)
{
    static struct scene scene;
    struct error err;

    scene = (struct scene){.source = NULL};
    buf_init(&scene.marked, 1 << 16);
    buf_init(&scene.out, 1 << 16);
    *state = &scene;
    return export_row_init(&scene.row, &small_dataset, columns, 5, "\n", &err);
}

static int tear_down(void **state)
{
    struct scene *s = *state;

    json_decref(s->source);
    export_row_fini(&s->row);
    buf_fini(&s->marked);
    buf_fini(&s->out);
    return 0;
}

static void take(struct scene *s, const char *document)
{
    struct error err;

    json_decref(s->source);
    s->source = marked_json_load(slice_of(document), &s->marked, &err);
    assert_non_null(s->source);
    assert_int_equal(export_row_take(&s->row, s->source), 0);
}

static void assert_row(
    struct scene *s, const char *document, const char *wanted)
{
    take(s, document);
    buf_clear(&s->out);
    assert_int_equal(export_row_write(&s->row, &s->out), 0);
    assert_string_equal(buf_str(&s->out), wanted);
}

static void the_header_is_in_the_order_of_the_columns(void **state)
{
    struct scene *s = *state;

    assert_int_equal(export_row_header(&s->row, &s->out), 0);
    assert_string_equal(buf_str(&s->out), "Date,Code,Name,Close,Volume\n");
}

static void numbers_keep_every_digit(void **state)
{
    struct scene *s = *state;

    assert_row(s,
        "{\"Close\":12.50,\"Code\":\"005930\",\"Volume\":469224908430001,"
        "\"Date\":\"2022-01-03\",\"Name\":\"Samsung\"}",
        "2022-01-03,005930,Samsung,12.50,469224908430001\n");
    assert_row(s, "{\"Close\":0.10000000000000000001,\"Volume\":7.86e4}",
        ",,,0.10000000000000000001,7.86e4\n");
}

static void what_is_not_there_is_empty(void **state)
{
    struct scene *s = *state;

    assert_row(s, "{\"Close\":null,\"Name\":\"\"}", ",,\"\",,\n");
    assert_row(s, "{}", ",,,,\n");
}

static void other_values_are_json(void **state)
{
    struct scene *s = *state;

    assert_row(s,
        "{\"Name\":[ \"a\" , 1.50 ],\"Code\":{\"b\":[true,null,{}],\"c\":"
        "\"q\\\"\"},\"Close\":false}",
        ",\"{\"\"b\"\":[true,null,{}],\"\"c\"\":\"\"q\\\"\"\"\"}\","
        "\"[\"\"a\"\",1.50]\",false,\n");
}

static void a_condition_is_judged_by_the_fields(void **state)
{
    struct scene *s = *state;
    struct error err;
    struct where *w =
        where_new("Volume > 100 and Dept = ''", &small_dataset, &err);

    assert_non_null(w);
    take(s, "{\"Volume\":101}");
    assert_int_equal(export_row_holds(&s->row, w, &err), 1);
    take(s, "{\"Volume\":100}");
    assert_int_equal(export_row_holds(&s->row, w, &err), 0);
    take(s, "{\"Volume\":101,\"Dept\":\"x\"}");
    assert_int_equal(export_row_holds(&s->row, w, &err), 0);
    take(s, "{\"Volume\":\"many\"}");
    assert_int_equal(export_row_holds(&s->row, w, &err), -1);
    assert_non_null(strstr(err.text, "Volume: "));
    where_free(w);
}

static void fields_that_are_left_are_counted(void **state)
{
    struct scene *s = *state;

    s->row.counts_left = true;
    take(s, "{\"Code\":\"1\",\"Dept\":\"x\",\"Rank\":null}");
    take(s, "{\"Code\":\"1\",\"Dept\":\"y\",\"extra\":1}");
    take(s, "{\"Code\":\"1\"}");
    assert_int_equal(s->row.n_left, 2);
    assert_string_equal(s->row.left[0].name, "Dept");
    assert_int_equal(s->row.left[0].documents, 2);
    assert_string_equal(s->row.left[1].name, "extra");
    assert_int_equal(s->row.left[1].documents, 1);
    for (int i = 0; i < 20; i++) {
        char document[32];

        (void)snprintf(document, sizeof(document), "{\"f%d\":1}", i);
        take(s, document);
    }
    assert_int_equal(s->row.n_left, EXPORT_LEFT_NAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_header_is_in_the_order_of_the_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            numbers_keep_every_digit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_not_there_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            other_values_are_json, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_condition_is_judged_by_the_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            fields_that_are_left_are_counted, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
