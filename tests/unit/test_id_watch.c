/* Two rows of one id, wherever they stand in a moment. */
#include "replay/id_watch.h"

#include "tests/unit/small_dataset.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

struct watch {
    struct id_watch *ids;
    struct column_map map;
};

static int start(void **state)
{
    static struct watch w;
    const struct slice header[] = {
        slice_of("Volume"), slice_of("Code"), slice_of("Date")};
    struct column_choices choices = {0};
    struct error err;

    w.ids = id_watch_new(&small_dataset);
    *state = &w;
    return w.ids != NULL ? column_map_init(&w.map, &small_dataset, header, 3,
                               &choices, &err)
                         : -1;
}

static int stop(void **state)
{
    struct watch *w = *state;

    id_watch_free(w->ids);
    column_map_fini(&w->map);
    return 0;
}

static int add(struct watch *w, const char *code, int64_t event_ms,
    int64_t line, struct error *note)
{
    const struct slice fields[] = {
        slice_of("1"), slice_of(code), slice_of("2022-01-03")};
    const struct source_row row = {&w->map, fields, "a.csv", line, event_ms};

    return id_watch_add(w->ids, &row, note);
}

static void ids_are_known_again_in_their_moment(void **state)
{
    struct error note;

    assert_int_equal(add(*state, "A", 1, 2, &note), 0);
    assert_int_equal(add(*state, "B", 1, 3, &note), 0);
    assert_int_equal(add(*state, "A", 1, 4, &note), 1);
    assert_string_equal(note.text,
        "a.csv:4: Code A, Date 2022-01-03 is the id of a.csv:2, too");
    assert_int_equal(add(*state, "A", 1, 5, &note), 1);
    assert_int_equal(add(*state, "A", 2, 6, &note), 0); /* another day */
    assert_int_equal(add(*state, "B", 2, 7, &note), 0);
    assert_int_equal(add(*state, "", 2, 8, &note), 0);
    assert_int_equal(add(*state, "", 2, 9, &note), 1);
    id_watch_forget(((struct watch *)*state)->ids);
    assert_int_equal(add(*state, "A", 2, 6, &note), 0); /* another pass */
}

static void many_ids_are_all_known(void **state)
{
    struct error note;
    char code[16];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 20000; i++) {
            (void)snprintf(code, sizeof(code), "%06d", i);
            if (add(*state, code, 5, i, &note) != round) {
                fail_msg("round %d: %s", round, code);
            }
        }
    }
}

static void ids_without_the_time_are_not_watched(void **state)
{
    struct dataset other = small_dataset;

    (void)state;
    assert_true(id_watch_wanted(&other));
    other.id_has_time = false;
    assert_false(id_watch_wanted(&other));
    other.id_has_time = true;
    other.id_is_of_row = false;
    assert_false(id_watch_wanted(&other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            ids_are_known_again_in_their_moment, start, stop),
        cmocka_unit_test_setup_teardown(many_ids_are_all_known, start, stop),
        cmocka_unit_test(ids_without_the_time_are_not_watched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
