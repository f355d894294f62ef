/* Headers bound to a dataset, and what is said of those that do not fit. */
#include "replay/column_map.h"

#include "tests/unit/small_dataset.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_COLUMNS 16

/* "a,b,c" cut at its commas. */
static size_t cut(const char *text, struct slice out[MAX_COLUMNS])
{
    size_t n = 0;

    for (;;) {
        size_t len = strcspn(text, ",");

        out[n++] = (struct slice){text, len};
        if (text[len] == '\0') {
            return n;
        }
        text += len + 1;
    }
}

static int bind(struct column_map *map, const char *header,
    const struct column_choices *choices, struct error *err)
{
    struct slice fields[MAX_COLUMNS];
    size_t n = cut(header, fields);

    return column_map_init(map, &small_dataset, fields, n, choices, err);
}

static void columns_are_found_by_name_in_any_order(void **state)
{
    struct column_choices choices = {0};
    struct column_map map;
    struct error err;

    (void)state;
    assert_int_equal(
        bind(&map, "Date,Dept,Volume,Symbol,Rank", &choices, &err), 0);
    assert_int_equal(map.time_slot, 0);
    assert_int_equal(map.volume_slot, 2);
    assert_int_equal(map.key_slot, 3);
    assert_int_equal(map.rank_slot, 4);
    assert_false(map.slots[1].written);
    assert_true(slice_is(map.slots[0].label, ",\"Date\":"));
    assert_true(slice_is(map.slots[3].label, ",\"Code\":"));
    column_map_fini(&map);
}

static void an_optional_column_may_be_missing(void **state)
{
    struct column_choices choices = {0};
    struct column_map map;
    struct error err;

    (void)state;
    assert_int_equal(bind(&map, "Code,Volume,Date", &choices, &err), 0);
    assert_int_equal(map.rank_slot, COLUMN_MAP_NO_SLOT);
    column_map_fini(&map);
}

static void headers_that_do_not_fit_are_refused(void **state)
{
    static const struct {
        const char *header, *says;
    } cases[] = {
        {"Code,Volume,Day",
            "header has no column Date, which dataset small needs; it has: "
            "Code, Volume, Day"},
        {"Code,Date", "header has no column Volume"},
        {"Code,Volume,Date,Code",
            "header has column Code twice, as column 1 and column 4"},
        {"Code,Volume,Date,Clos",
            "header has column Clos, which dataset small does not know (did "
            "you mean Close?); leave it out with --ignore-extra-columns"},
        {"Code,Volume,Date,", "header has no name for column 4"},
        {"code,Volume,Date", "header has no column Code"},
    };
    struct column_choices choices = {0};
    struct column_map map;
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(bind(&map, cases[i].header, &choices, &err), -1);
        column_map_fini(&map);
        if (strncmp(err.text, cases[i].says, strlen(cases[i].says)) != 0) {
            fail_msg("%s: %s", cases[i].header, err.text);
        }
    }
}

static void two_names_of_one_column_are_twins(void **state)
{
    struct column_choices choices = {0};
    struct column_map map;
    struct error err;

    (void)state;
    assert_int_equal(bind(&map, "Code,Volume,Date,Symbol", &choices, &err), 0);
    assert_int_equal(map.n_twins, 1);
    assert_int_equal(map.twins[0].slot, 0);
    assert_int_equal(map.twins[0].other, 3);
    assert_false(map.slots[3].written);
    column_map_fini(&map);
}

static void only_columns_asked_for_and_required_ones_are_written(void **state)
{
    static const char *const only[] = {"Close", "Dept"};
    static const char *const unknown[] = {"Clos"};
    struct column_choices choices = {.only = only, .n_only = 2};
    struct column_map map;
    struct error err;

    (void)state;
    assert_int_equal(column_choices_check(&choices, &small_dataset, &err), 0);
    assert_int_equal(
        bind(&map, "Code,Name,Dept,Close,Volume,Date", &choices, &err), 0);
    assert_true(map.slots[0].written); /* the key */
    assert_false(map.slots[1].written);
    assert_true(map.slots[2].written);
    assert_true(map.slots[3].written);
    assert_false(map.slots[4].written);
    assert_true(map.slots[5].written); /* the time */
    column_map_fini(&map);
    choices.only = unknown;
    choices.n_only = 1;
    assert_int_equal(column_choices_check(&choices, &small_dataset, &err), -1);
    assert_string_equal(err.text,
        "--columns Clos: dataset small has no column Clos; did you mean "
        "Close?");
}

static void unknown_columns_can_be_ignored(void **state)
{
    struct column_choices choices = {.ignore_extra = true};
    struct column_map map;
    struct error err;

    (void)state;
    assert_int_equal(bind(&map, "Note,Code,Volume,Date", &choices, &err), 0);
    assert_null(map.slots[0].column);
    assert_false(map.slots[0].written);
    column_map_fini(&map);
}

static void a_dropped_column_can_be_kept(void **state)
{
    static const char *const with[] = {"Dept"};
    struct column_choices choices = {.with = with, .n_with = 1};
    struct column_map map;
    struct error err;

    (void)state;
    assert_int_equal(column_choices_check(&choices, &small_dataset, &err), 0);
    assert_int_equal(bind(&map, "Code,Dept,Volume,Date", &choices, &err), 0);
    assert_true(map.slots[1].written);
    column_map_fini(&map);
}

static void with_must_name_a_dropped_column(void **state)
{
    static const char *const unknown[] = {"Depth"};
    static const char *const kept[] = {"Close"};
    struct column_choices choices = {.with = unknown, .n_with = 1};
    struct error err;

    (void)state;
    assert_int_equal(column_choices_check(&choices, &small_dataset, &err), -1);
    choices.with = kept;
    assert_int_equal(column_choices_check(&choices, &small_dataset, &err), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_by_name_in_any_order),
        cmocka_unit_test(an_optional_column_may_be_missing),
        cmocka_unit_test(headers_that_do_not_fit_are_refused),
        cmocka_unit_test(two_names_of_one_column_are_twins),
        cmocka_unit_test(only_columns_asked_for_and_required_ones_are_written),
        cmocka_unit_test(unknown_columns_can_be_ignored),
        cmocka_unit_test(a_dropped_column_can_be_kept),
        cmocka_unit_test(with_must_name_a_dropped_column),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
