/* Values of CSV in quotes where RFC 4180 asks for them. */
#include "export/cell_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

static void assert_written(struct slice value, const char *wanted)
{
    struct buf out;

    buf_init(&out, 1024);
    assert_int_equal(cell_text_write(&out, value), 0);
    assert_string_equal(buf_str(&out), wanted);
    buf_fini(&out);
}

static void plain_values_stand_as_they_are(void **state)
{
    static const char *const values[] = {
        "005930", "78600.0", "-1.91", "삼성전자", "SK 하이닉스", "a;b", "'"};

    (void)state;
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        assert_written(slice_of(values[i]), values[i]);
    }
}

static void what_would_break_a_row_is_quoted(void **state)
{
    static const struct {
        const char *value, *wanted;
    } cases[] = {{"a,b", "\"a,b\""}, {"say \"no\"", "\"say \"\"no\"\"\""},
        {"\"", "\"\"\"\""}, {"two\nlines", "\"two\nlines\""},
        {"cr\rhere", "\"cr\rhere\""}, {" led", "\" led\""},
        {"trailed ", "\"trailed \""}, {"\ttab", "\"\ttab\""}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_written(slice_of(cases[i].value), cases[i].wanted);
    }
}

static void an_empty_text_is_not_an_absent_one(void **state)
{
    (void)state;
    assert_written((struct slice){NULL, 0}, "");
    assert_written(slice_of(""), "\"\"");
}

static void a_full_buffer_is_left_as_it_was(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 4);
    assert_int_equal(buf_append_str(&out, "ab"), 0);
    assert_int_equal(cell_text_write(&out, slice_of("\"\"\"")), -1);
    assert_int_equal(cell_text_write(&out, slice_of("abcdef")), -1);
    assert_string_equal(buf_str(&out), "ab");
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_values_stand_as_they_are),
        cmocka_unit_test(what_would_break_a_row_is_quoted),
        cmocka_unit_test(an_empty_text_is_not_an_absent_one),
        cmocka_unit_test(a_full_buffer_is_left_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
