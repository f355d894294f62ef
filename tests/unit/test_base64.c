/* Base64 there and back, and what is none. */
#include "bridge/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

static void write_is(const char *bytes, size_t n, const char *wanted)
{
    struct buf out, back;

    buf_init(&out, 1 << 10);
    buf_init(&back, 1 << 10);
    assert_int_equal(base64_write(&out, (struct slice){bytes, n}), 0);
    assert_string_equal(buf_str(&out), wanted);
    assert_int_equal(base64_read(buf_slice(&out), &back), 0);
    assert_int_equal(back.len_bytes, n);
    assert_true(n == 0 || memcmp(back.data, bytes, n) == 0);
    buf_fini(&out);
    buf_fini(&back);
}

/* RFC 4648, section 10. */
static void the_standard_s_examples_hold(void **state)
{
    (void)state;
    write_is("", 0, "");
    write_is("f", 1, "Zg==");
    write_is("fo", 2, "Zm8=");
    write_is("foo", 3, "Zm9v");
    write_is("foob", 4, "Zm9vYg==");
    write_is("fooba", 5, "Zm9vYmE=");
    write_is("foobar", 6, "Zm9vYmFy");
    write_is("\0\xff\xfe", 3, "AP/+");
    write_is("\0", 1, "AA==");
}

static void more_than_one_piece_comes_back_whole(void **state)
{
    const size_t n = (6u << 20) + 7;
    char *bytes = test_malloc(n);
    struct buf out, back;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        bytes[i] = (char)(i * 31 + i / 251);
    }
    buf_init(&out, 2 * n);
    buf_init(&back, 2 * n);
    assert_int_equal(base64_write(&out, (struct slice){bytes, n}), 0);
    assert_int_equal(out.len_bytes, (n + 2) / 3 * 4);
    assert_int_equal(base64_read(buf_slice(&out), &back), 0);
    assert_int_equal(back.len_bytes, n);
    assert_memory_equal(back.data, bytes, n);
    buf_fini(&out);
    buf_fini(&back);
    test_free(bytes);
}

static void what_is_no_base64_is_refused(void **state)
{
    static const char *const bad[] = {"Z", "Zg", "Zg=", "Zg==\n",
        " Zg=", "Z===", "Zm9v====", "Zg==Zg==", "Zm-v", "Zm_v", "Z\xffm9"};
    struct buf out;

    (void)state;
    buf_init(&out, 1 << 10);
    assert_int_equal(buf_append_str(&out, "kept"), 0);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(base64_read(slice_of(bad[i]), &out), -1);
        assert_string_equal(buf_str(&out), "kept");
    }
    buf_fini(&out);
}

static void without_room_nothing_is_written(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 6);
    assert_int_equal(base64_write(&out, slice_of("foobar")), -1);
    assert_int_equal(out.len_bytes, 0);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standard_s_examples_hold),
        cmocka_unit_test(more_than_one_piece_comes_back_whole),
        cmocka_unit_test(what_is_no_base64_is_refused),
        cmocka_unit_test(without_room_nothing_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
