/* Refusals counted by kind, and halves of surrogates made whole. */
#include "preflight/refusals.h"

#include "preflight/lone_surrogate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void add(struct refusals *r, enum refuser who, const char *field,
    const char *reason, const char *place)
{
    assert_int_equal(
        refusals_add(r, who, slice_of(field), reason, slice_of("12.5"), place),
        0);
}

static void a_record_counts_once_however_much_is_wrong(void **state)
{
    struct refusals r;

    (void)state;
    refusals_init(&r);
    refusals_begin(&r);
    add(&r, REFUSER_ENGINE, "Volume", "fraction", "t-0-0");
    add(&r, REFUSER_ENGINE, "Volume", "fraction", "t-0-0");
    add(&r, REFUSER_ENGINE, "Close", "string", "t-0-0");
    refusals_begin(&r);
    refusals_begin(&r);
    add(&r, REFUSER_ENGINE, "Volume", "fraction", "t-0-2");
    add(&r, REFUSER_BRIDGE, "id", "missing", "t-0-2");
    refusals_sort(&r);
    assert_int_equal(r.records, 3);
    assert_int_equal(r.refused, 2);
    assert_int_equal(r.n, 3);
    assert_int_equal(r.list[0].who, REFUSER_BRIDGE);
    assert_string_equal(r.list[1].field, "Volume");
    assert_int_equal(r.list[1].records, 2);
    assert_string_equal(r.list[1].place, "t-0-0");
    assert_string_equal(r.list[1].value, "12.5");
    assert_int_equal(r.places.n, 2);
    assert_string_equal(r.places.names[1], "t-0-2");
    refusals_fini(&r);
}

static void what_is_taken_is_not_refused(void **state)
{
    struct refusals r;

    (void)state;
    refusals_init(&r);
    refusals_begin(&r);
    add(&r, REFUSER_NOBODY, "Date", "shifted", "t-0-0");
    assert_int_equal(r.refused, 0);
    assert_int_equal(r.places.n, 0);
    assert_int_equal(r.n, 1);
    refusals_fini(&r);
}

static void endless_kinds_are_only_counted(void **state)
{
    struct refusals r;
    char field[16];

    (void)state;
    refusals_init(&r);
    for (int i = 0; i < REFUSALS_MOST_KINDS + 5; i++) {
        (void)snprintf(field, sizeof(field), "f%d", i);
        refusals_begin(&r);
        add(&r, REFUSER_ENGINE, field, "unknown", field);
    }
    assert_int_equal(r.n, REFUSALS_MOST_KINDS);
    assert_int_equal(r.beyond, 5);
    assert_int_equal(r.refused, REFUSALS_MOST_KINDS + 5);
    refusals_fini(&r);
}

static void values_are_cut_between_letters(void **state)
{
    struct refusals r;
    char value[200];

    (void)state;
    refusals_init(&r);
    refusals_begin(&r);
    value[0] = 'a';
    for (int i = 0; i < 30; i++) {
        memcpy(value + 1 + 3 * i, "가", 3);
    }
    assert_int_equal(refusals_add(&r, REFUSER_ENGINE, slice_of("f"), "r",
                         (struct slice){value, 91}, "p"),
        0);
    assert_int_equal(strlen(r.list[0].value), 1 + 3 * 15 + 3);
    assert_string_equal(r.list[0].value + 46, "...");
    assert_int_equal(refusals_add(&r, REFUSER_ENGINE, slice_of("g"), "r",
                         slice_of("\xff\n"), "p"),
        0);
    assert_string_equal(r.list[1].value, "? ");
    refusals_fini(&r);
}

static void halves_of_surrogates_are_replaced(void **state)
{
    static const struct {
        const char *json, *wanted;
    } cases[] = {{"{\"a\":\"b\"}", "{\"a\":\"b\"}"},
        {"\"\\ud83d\\ude00\"", "\"\\ud83d\\ude00\""},
        {"\"\\ud83d\"", "\"\\ufffd\""}, {"\"\\ude00x\"", "\"\\ufffdx\""},
        {"\"\\ud83d\\ud83d\\ude00\"", "\"\\ufffd\\ud83d\\ude00\""},
        {"\"\\\\ud83d\"", "\"\\\\ud83d\""}, {"\"\\u00e9\"", "\"\\u00e9\""},
        {"\"\\ud8", "\"\\ud8"}, {"\\", "\\"}};
    struct buf out;

    (void)state;
    buf_init(&out, 1024);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(
            lone_surrogate_replace(slice_of(cases[i].json), &out), 0);
        assert_string_equal(buf_str(&out), cases[i].wanted);
    }
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_counts_once_however_much_is_wrong),
        cmocka_unit_test(what_is_taken_is_not_refused),
        cmocka_unit_test(endless_kinds_are_only_counted),
        cmocka_unit_test(values_are_cut_between_letters),
        cmocka_unit_test(halves_of_surrogates_are_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
