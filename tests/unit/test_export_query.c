/* An export's search, as the engine is asked. */
#include "export/export_query.h"

#include "tests/unit/small_dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

#define MS_PER_DAY INT64_C(86400000)
#define SEOUL_MS (9 * INT64_C(3600000))

static const struct row_choice all = {
    .from_ms = INT64_MIN, .until_ms = ROW_CHOICE_EVER};

static void assert_query(const struct dataset *ds,
    const struct row_choice *choice, const char *wanted)
{
    struct buf out;
    struct error err = {""};

    buf_init(&out, 1 << 16);
    if (export_query_write(ds, choice, &out, &err) != 0) {
        fail_msg("%s", err.text);
    }
    assert_string_equal(buf_str(&out), wanted);
    buf_fini(&out);
}

static void all_rows_take_no_query(void **state)
{
    (void)state;
    assert_query(&small_dataset, &all, "");
}

/* 2022-01-03 is day 18995; its midnight in Seoul is nine hours earlier. */
static void days_are_those_of_the_datasets_zone(void **state)
{
    struct row_choice c = all;

    (void)state;
    c.from_ms = 18995 * MS_PER_DAY - SEOUL_MS;
    assert_query(&small_dataset, &c,
        "{\"bool\":{\"filter\":[ {\"range\":{\"Date\":{\"format\":"
        "\"strict_date\",\"gte\":\"2022-01-03\"}}}]}}");
    c.until_ms = 18996 * MS_PER_DAY - SEOUL_MS;
    assert_query(&small_dataset, &c,
        "{\"bool\":{\"filter\":[ {\"range\":{\"Date\":{\"format\":"
        "\"strict_date\",\"gte\":\"2022-01-03\",\"lt\":\"2022-01-04\"}}}]}}");
}

static void days_before_1970_are_days(void **state)
{
    struct row_choice c = all;

    (void)state;
    c.from_ms = -MS_PER_DAY - SEOUL_MS;
    assert_query(&small_dataset, &c,
        "{\"bool\":{\"filter\":[ {\"range\":{\"Date\":{\"format\":"
        "\"strict_date\",\"gte\":\"1969-12-31\"}}}]}}");
}

static void instants_are_milliseconds(void **state)
{
    struct dataset ticks = small_dataset;
    struct row_choice c = all;

    (void)state;
    ticks.time_column = 6; /* Seen, epoch_ms */
    c.until_ms = 1641168000001;
    assert_query(&ticks, &c,
        "{\"bool\":{\"filter\":[ {\"range\":{\"Seen\":{\"format\":"
        "\"epoch_millis\",\"lt\":1641168000001}}}]}}");
}

static void codes_and_ranks_are_filters(void **state)
{
    struct row_choice c = all;
    struct error err;

    (void)state;
    c.codes = code_set_new("b\"x,a,b\"x", &err);
    assert_non_null(c.codes);
    c.top = 20;
    assert_query(&small_dataset, &c,
        "{\"bool\":{\"filter\":[ {\"terms\":{\"Code\":[\"a\",\"b\\\"x\"]}},"
        "{\"range\":{\"Rank\":{\"lte\":20}}}]}}");
    code_set_free(c.codes);
}

static void too_many_codes_are_refused(void **state)
{
    struct row_choice c = all;
    struct buf list, out;
    struct error err;

    (void)state;
    buf_init(&list, 1 << 20);
    buf_init(&out, 1 << 20);
    for (int i = 0; i <= EXPORT_MAX_CODES; i++) {
        assert_int_equal(buf_printf(&list, "%06d,", i), 0);
    }
    c.codes = code_set_new(buf_str(&list), &err);
    assert_non_null(c.codes);
    assert_int_equal(export_query_write(&small_dataset, &c, &out, &err), -1);
    assert_non_null(strstr(err.text, "--codes: 65537 codes"));
    code_set_free(c.codes);
    buf_fini(&list);
    buf_fini(&out);
}

static void the_order_is_time_then_key(void **state)
{
    struct dataset prose = small_dataset;
    struct buf out;

    (void)state;
    buf_init(&out, 1 << 16);
    assert_int_equal(export_query_sort(&small_dataset, &out), 0);
    assert_string_equal(buf_str(&out),
        "{\"Date\":{\"order\":\"asc\"}},{\"Code\":{\"order\":\"asc\"}}");
    prose.key_column = 1; /* Name, text */
    assert_int_equal(export_query_sort(&prose, &out), 0);
    assert_string_equal(buf_str(&out), "{\"Date\":{\"order\":\"asc\"}}");
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_rows_take_no_query),
        cmocka_unit_test(days_are_those_of_the_datasets_zone),
        cmocka_unit_test(days_before_1970_are_days),
        cmocka_unit_test(instants_are_milliseconds),
        cmocka_unit_test(codes_and_ranks_are_filters),
        cmocka_unit_test(too_many_codes_are_refused),
        cmocka_unit_test(the_order_is_time_then_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
