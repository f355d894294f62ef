/* What a terminal is shown of a text. */
#include "bridge/dlq/letter_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

static void cell_is(struct slice text, size_t most, size_t wide,
    const char *wanted, long columns)
{
    struct buf out;

    buf_init(&out, 1 << 10);
    assert_int_equal(letter_list_cell(&out, text, most, wide), columns);
    assert_string_equal(buf_str(&out), wanted);
    buf_fini(&out);
}

static void a_cell_is_cut_and_filled_up(void **state)
{
    (void)state;
    cell_is(slice_of("abc"), 0, 5, "abc  ", 5);
    cell_is(slice_of("abcdef"), 0, 3, "abcdef", 6);
    cell_is(slice_of("abcdef"), 6, 0, "abcdef", 6);
    cell_is(slice_of("abcdefg"), 6, 0, "abcde\xe2\x80\xa6", 6);
    cell_is(slice_of(""), 6, 2, "  ", 2);
}

static void korean_letters_take_two_columns(void **state)
{
    (void)state;
    cell_is(slice_of("삼성전자"), 0, 9, "삼성전자 ", 9);
    cell_is(slice_of("삼성전자"), 8, 0, "삼성전자", 8);
    cell_is(slice_of("삼성전자"), 7, 0, "삼성전\xe2\x80\xa6", 7);
    cell_is(slice_of("삼성전자"), 6, 0, "삼성\xe2\x80\xa6", 5);
}

static void nothing_reaches_the_terminal_but_letters(void **state)
{
    (void)state;
    cell_is(slice_of("a\x1b[31m\n\tb\x7f"), 0, 0, "a [31m  b ", 10);
    cell_is((struct slice){"a\0b", 3}, 0, 0, "a b", 3);
    cell_is(slice_of("\xff\xec\x82"), 0, 0, "???", 3);
    cell_is(slice_of("\xc2\x9b"
                     "1m"),
        0, 0, " 1m", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_is_cut_and_filled_up),
        cmocka_unit_test(korean_letters_take_two_columns),
        cmocka_unit_test(nothing_reaches_the_terminal_but_letters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
