/* Growable bytes: the ceiling holds, and a failed append changes nothing. */
#include "common/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdint.h>
#include <string.h>

static void an_empty_buffer_reads_as_the_empty_string(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 8);
    assert_string_equal(buf_str(&b), "");
    assert_null(b.data);
    assert_int_equal(buf_append(&b, NULL, 0), 0);
    assert_int_equal(buf_slice(&b).len, 0);
    assert_string_equal(buf_str(&b), "");
    buf_fini(&b);
}

static void all_ways_to_append_add_up(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 64);
    assert_int_equal(buf_append(&b, "a\0b", 3), 0);
    assert_int_equal(buf_append_str(&b, "cd"), 0);
    assert_int_equal(buf_append_slice(&b, (struct slice){"efgh", 2}), 0);
    assert_int_equal(buf_append_char(&b, 'X'), 0);
    assert_int_equal(buf_printf(&b, "%d-%s", 42, "y"), 0);
    assert_int_equal(b.len_bytes, 12);
    assert_memory_equal(b.data, "a\0bcdefX42-y", 12);
    buf_fini(&b);
}

static void a_buffer_holds_its_ceiling_and_not_a_byte_more(void **state)
{
    struct buf b;

    (void)state;
    for (size_t max = 0; max < 1200; max += 7) {
        buf_init(&b, max);
        for (size_t i = 0; i < max; i++) {
            assert_int_equal(buf_append_char(&b, (char)('a' + i % 26)), 0);
            assert_true(b.cap_bytes > b.len_bytes); /* for buf_str's NUL */
        }
        assert_int_equal(buf_append_char(&b, 'z'), -1);
        assert_int_equal(b.len_bytes, max);
        assert_int_equal(strlen(buf_str(&b)), max);
        for (size_t i = 0; i < max; i++) {
            assert_int_equal(b.data[i], (char)('a' + i % 26));
        }
        buf_fini(&b);
    }
}

static void a_failed_append_leaves_the_contents(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 5);
    assert_int_equal(buf_append_str(&b, "abc"), 0);
    assert_int_equal(buf_append_str(&b, "def"), -1);
    assert_int_equal(buf_append(&b, "def", SIZE_MAX), -1);
    assert_int_equal(buf_printf(&b, "%s", "def"), -1);
    assert_int_equal(buf_reserve(&b, 3), -1);
    assert_string_equal(buf_str(&b), "abc");
    assert_int_equal(buf_printf(&b, "%d", 12), 0);
    assert_string_equal(buf_str(&b), "abc12");
    buf_fini(&b);
}

static void what_was_reserved_needs_no_more_memory(void **state)
{
    struct buf b;
    char *before;

    (void)state;
    buf_init(&b, 100000);
    assert_int_equal(buf_reserve(&b, 70000), 0);
    before = b.data;
    for (int i = 0; i < 70000; i++) {
        assert_int_equal(buf_append_char(&b, 'x'), 0);
    }
    assert_ptr_equal(b.data, before);
    buf_fini(&b);
}

static void growing_byte_by_byte_doubles(void **state)
{
    struct buf b;
    size_t growths = 0, cap = 0;

    (void)state;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 1 << 20; i++) {
        assert_int_equal(buf_append_char(&b, 'x'), 0);
        growths += b.cap_bytes != cap;
        cap = b.cap_bytes;
    }
    assert_in_range(growths, 1, 20);
    buf_fini(&b);
}

static void a_size_no_memory_has_is_refused_without_a_ceiling(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, SIZE_MAX);
    assert_int_equal(buf_reserve(&b, SIZE_MAX), -1);
    assert_int_equal(buf_append_str(&b, "abc"), 0);
    assert_int_equal(buf_reserve(&b, SIZE_MAX - 3), -1);
    assert_string_equal(buf_str(&b), "abc");
    buf_fini(&b);
}

static void clearing_keeps_the_memory_and_fini_the_ceiling(void **state)
{
    struct buf b;
    char *memory;

    (void)state;
    buf_init(&b, 300);
    assert_int_equal(buf_append_str(&b, "abc"), 0);
    memory = b.data;
    buf_clear(&b);
    assert_ptr_equal(b.data, memory);
    assert_string_equal(buf_str(&b), "");
    assert_int_equal(buf_append_str(&b, "d"), 0);
    assert_string_equal(buf_str(&b), "d");
    buf_fini(&b);
    assert_null(b.data);
    assert_int_equal(b.cap_bytes, 0);
    assert_int_equal(buf_reserve(&b, 301), -1);
    assert_int_equal(buf_append_str(&b, "again"), 0);
    assert_string_equal(buf_str(&b), "again");
    buf_fini(&b);
}

static void numbers_are_written_as_printf_does(void **state)
{
    static const int64_t numbers[] = {
        0, 7, 10, -1, 469224908430000, INT64_MAX, INT64_MIN, -9999999999};
    struct buf got, want;

    (void)state;
    buf_init(&got, 1000);
    buf_init(&want, 1000);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        assert_int_equal(buf_append_number(&got, numbers[i]), 0);
        assert_int_equal(buf_printf(&want, "%lld", (long long)numbers[i]), 0);
    }
    assert_string_equal(buf_str(&got), buf_str(&want));
    buf_fini(&got);
    buf_fini(&want);
    buf_init(&got, 3);
    assert_int_equal(buf_append_number(&got, -100), -1);
    assert_int_equal(buf_append_number(&got, 100), 0);
    buf_fini(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_reads_as_the_empty_string),
        cmocka_unit_test(all_ways_to_append_add_up),
        cmocka_unit_test(numbers_are_written_as_printf_does),
        cmocka_unit_test(a_buffer_holds_its_ceiling_and_not_a_byte_more),
        cmocka_unit_test(a_failed_append_leaves_the_contents),
        cmocka_unit_test(what_was_reserved_needs_no_more_memory),
        cmocka_unit_test(growing_byte_by_byte_doubles),
        cmocka_unit_test(a_size_no_memory_has_is_refused_without_a_ceiling),
        cmocka_unit_test(clearing_keeps_the_memory_and_fini_the_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
