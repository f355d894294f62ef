/* JSON members one after the other. */
#include "common/json_out.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void write_all(struct json_out *o)
{
    json_out_open(o, NULL, '{');
    json_out_text(o, "text", "a \"quoted\"\nword");
    json_out_text(o, "none", NULL);
    json_out_slice(o, "bytes",
        (struct slice){"a\xff"
                       "b",
            3});
    json_out_open(o, "list", '[');
    json_out_count(o, NULL, UINT64_MAX);
    json_out_number(o, NULL, -5);
    json_out_open(o, NULL, '{');
    json_out_close(o, '}');
    json_out_close(o, ']');
    json_out_bool(o, "yes", true);
    json_out_raw(o, "raw", "[1.5]");
    json_out_close(o, '}');
}

static void members_have_commas_between_them(void **state)
{
    struct buf b;
    struct json_out o;

    (void)state;
    buf_init(&b, 4096);
    o = json_out_of(&b);
    write_all(&o);
    assert_int_equal(json_out_end(&o), 0);
    assert_string_equal(buf_str(&b),
        "{\"text\":\"a \\\"quoted\\\"\\nword\",\"none\":null,"
        "\"bytes\":\"a?b\",\"list\":[18446744073709551615,-5,{}],"
        "\"yes\":true,\"raw\":[1.5]}");
    buf_fini(&b);
}

static void what_does_not_fit_is_told_at_the_end(void **state)
{
    struct buf whole;
    struct json_out o;

    (void)state;
    buf_init(&whole, 4096);
    o = json_out_of(&whole);
    write_all(&o);
    for (size_t most = 0; most < whole.len_bytes; most++) {
        struct buf b;

        buf_init(&b, most);
        o = json_out_of(&b);
        write_all(&o);
        assert_int_equal(json_out_end(&o), -1);
        buf_fini(&b);
    }
    buf_fini(&whole);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(members_have_commas_between_them),
        cmocka_unit_test(what_does_not_fit_is_told_at_the_end),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
