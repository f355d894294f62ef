/* What is packed comes out again, in order and to the byte. */
#include "bridge/packed_headers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

static void headers_come_out_as_they_went_in(void **state)
{
    const struct letter_header all[] = {
        {slice_of("source"), true, slice_of("marcap")},
        {slice_of(""), true, {"a\0b", 3}},
        {slice_of("empty"), true, {"", 0}},
        {slice_of("none"), false, {NULL, 0}},
        {slice_of("source"), true, slice_of("again")},
    };
    const size_t n = sizeof(all) / sizeof(all[0]);
    struct letter_header h;
    struct slice rest;
    struct buf packed;

    (void)state;
    buf_init(&packed, 1 << 10);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(packed_headers_add(&packed, &all[i]), 0);
    }
    rest = buf_slice(&packed);
    for (size_t i = 0; i < n; i++) {
        assert_true(packed_headers_next(&rest, &h));
        assert_true(slice_eq(h.name, all[i].name));
        assert_int_equal(h.has_value, all[i].has_value);
        assert_true(slice_eq(h.value, all[i].value));
    }
    assert_false(packed_headers_next(&rest, &h));
    buf_fini(&packed);
}

static void what_finds_no_room_leaves_nothing(void **state)
{
    const struct letter_header h = {slice_of("name"), true, slice_of("value")};
    struct buf packed;

    (void)state;
    for (size_t most = 0; most < 20; most++) {
        buf_init(&packed, most);
        assert_int_equal(packed_headers_add(&packed, &h), -1);
        assert_int_equal(packed.len_bytes, 0);
        buf_fini(&packed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_come_out_as_they_went_in),
        cmocka_unit_test(what_finds_no_room_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
