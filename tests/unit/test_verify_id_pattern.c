/* Document ids from patterns. */
#include "verify/id_pattern.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct origin place = {.topic = {"ticks", 5},
    .partition = 3,
    .offset = 9007199254740993,
    .timestamp_ms = 1641168000000,
    .has_key = true,
    .key = {"005930", 6}};

static void fill(struct content *c)
{
    assert_int_equal(
        content_add_string(c, slice_of("Date"), slice_of("2022-01-03")), 0);
    assert_int_equal(
        content_add_string(c, slice_of("Code"), slice_of("005930")), 0);
    assert_int_equal(
        content_add_number(c, slice_of("Seq"), slice_of("17.0")), 0);
    assert_int_equal(content_add_other(c, slice_of("Tags"), slice_of("[]")), 0);
}

static const char *expand(const char *text, const struct origin *origin,
    struct buf *out, struct error *err)
{
    struct id_pattern *p = id_pattern_new(text, err);
    struct content c;
    int rc = -1;

    content_init(&c);
    fill(&c);
    if (p != NULL) {
        rc = id_pattern_expand(p, &c, origin, out, err);
    }
    content_fini(&c);
    id_pattern_free(p);
    return rc == 0 ? buf_str(out) : err->text;
}

static void patterns_are_filled_in(void **state)
{
    static const struct {
        const char *pattern, *id;
    } cases[] = {
        {"%{Date}-%{Code}", "2022-01-03-005930"},
        {"%{Date:%Y%m%d}/%{Code}", "20220103/005930"},
        {"%{Date:%d.%m.%%}", "03.01.%"},
        {"x", "x"},
        {"%{Seq}", "17.0"},
        {"100%-%{Code}", "100%-005930"},
        {"%{_topic}-%{_partition}-%{_offset}", "ticks-3-9007199254740993"},
        {"%{_key}@%{_timestamp}", "005930@1641168000000"},
        {"%{Nil}", "no field Nil"},
        {"%{Tags}", "field Tags cannot be part of an id"},
        {"%{Code:%Y}", "field Code is no date"},
        {"%{Seq:%Y}", "field Seq cannot be part of an id"},
        {"a%{Code", "id pattern: \"%{Code\" lacks its }"},
        {"%{}", "id pattern: %{} names no field"},
        {"%{Date:%H}", "id pattern: '%H' is not made of %Y, %m and %d"},
        {"%{Date:%}", "id pattern: '%' is not made of %Y, %m and %d"},
    };
    struct error err;
    struct buf out;

    (void)state;
    buf_init(&out, 1024);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(
            expand(cases[i].pattern, &place, &out, &err), cases[i].id);
    }
    buf_fini(&out);
}

static void a_record_without_a_key_has_no_id_by_key(void **state)
{
    struct origin origin = place;
    struct error err;
    struct buf out;

    (void)state;
    buf_init(&out, 1024);
    origin.has_key = false;
    assert_string_equal(expand("%{_key}", &origin, &out, &err), "no key");
    buf_fini(&out);
}

static void a_row_of_csv_has_no_place_in_a_topic(void **state)
{
    static const struct {
        const char *pattern;
        bool needs;
    } cases[] = {{"%{Date}-%{_key}", false}, {"%{Code}-%{_offset}", true},
        {"%{_topic}", true}, {"%{_partition}", true}, {"%{_timestamp}", true}};
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct id_pattern *p = id_pattern_new(cases[i].pattern, &err);

        assert_non_null(p);
        assert_int_equal(id_pattern_needs_record(p), cases[i].needs);
        id_pattern_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_are_filled_in),
        cmocka_unit_test(a_record_without_a_key_has_no_id_by_key),
        cmocka_unit_test(a_row_of_csv_has_no_place_in_a_topic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
