/* What became of letters: marks behind them, and the same letter again. */
#include "bridge/dlq/letter_index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

static struct stored_letter at(int32_t slot, int64_t place, int64_t when_ms,
    const char *topic, int64_t offset)
{
    return (struct stored_letter){.slot = slot,
        .place = place,
        .letter = {
            .when_ms = when_ms, .topic = slice_of(topic), .offset = offset}};
}

static struct stored_letter mark(int32_t slot, int64_t place, int64_t when_ms,
    const char *topic, int64_t offset)
{
    struct stored_letter s = at(slot, place, when_ms, topic, offset);

    s.is_mark = true;
    return s;
}

static void note(struct letter_index *ix, struct stored_letter s)
{
    assert_int_equal(letter_index_note(ix, &s), 0);
}

static enum letter_state state_of(
    const struct letter_index *ix, struct stored_letter s)
{
    int64_t retried_ms = -1;
    enum letter_state state = letter_index_state(ix, &s, &retried_ms);

    assert_int_equal(retried_ms >= 0, state == LETTER_RETRIED);
    return state;
}

static void a_mark_behind_a_letter_ends_it(void **state)
{
    struct letter_index *ix = letter_index_new();

    (void)state;
    note(ix, at(0, 0, 10, "a", 1));
    note(ix, at(0, 1, 10, "a", 2));
    note(ix, mark(0, 2, 20, "a", 1));
    note(ix, at(0, 3, 10, "b", 1));
    assert_int_equal(state_of(ix, at(0, 0, 10, "a", 1)), LETTER_RETRIED);
    assert_int_equal(state_of(ix, at(0, 1, 10, "a", 2)), LETTER_OPEN);
    assert_int_equal(state_of(ix, at(0, 3, 10, "b", 1)), LETTER_OPEN);
    letter_index_free(ix);
}

static void a_letter_behind_its_mark_is_open_again(void **state)
{
    struct letter_index *ix = letter_index_new();

    (void)state;
    note(ix, at(0, 0, 10, "a", 1));
    note(ix, mark(0, 1, 20, "a", 1));
    note(ix, at(0, 2, 30, "a", 1));
    assert_int_equal(state_of(ix, at(0, 0, 10, "a", 1)), LETTER_REPEATED);
    assert_int_equal(state_of(ix, at(0, 2, 30, "a", 1)), LETTER_OPEN);
    letter_index_free(ix);
}

static void a_letter_stored_twice_counts_once(void **state)
{
    struct letter_index *ix = letter_index_new();

    (void)state;
    note(ix, at(0, 0, 10, "a", 1));
    note(ix, at(0, 5, 10, "a", 1));
    assert_int_equal(state_of(ix, at(0, 0, 10, "a", 1)), LETTER_REPEATED);
    assert_int_equal(state_of(ix, at(0, 5, 10, "a", 1)), LETTER_OPEN);
    note(ix, mark(0, 6, 20, "a", 1));
    assert_int_equal(state_of(ix, at(0, 5, 10, "a", 1)), LETTER_RETRIED);
    letter_index_free(ix);
}

static void across_slots_the_time_decides(void **state)
{
    struct letter_index *ix = letter_index_new();

    (void)state;
    note(ix, at(0, 100, 10, "a", 1));
    note(ix, mark(1, 0, 20, "a", 1));
    note(ix, at(0, 101, 30, "a", 2));
    note(ix, mark(1, 1, 20, "a", 2));
    assert_int_equal(state_of(ix, at(0, 100, 10, "a", 1)), LETTER_RETRIED);
    assert_int_equal(state_of(ix, at(0, 101, 30, "a", 2)), LETTER_OPEN);
    letter_index_free(ix);
}

static void many_letters_keep_apart(void **state)
{
    struct letter_index *ix = letter_index_new();

    (void)state;
    for (int64_t i = 0; i < 20000; i++) {
        note(ix, at(0, i, 10, i % 2 == 0 ? "a" : "b", i / 2));
    }
    for (int64_t i = 0; i < 20000; i += 3) {
        note(ix, mark(0, 20000 + i, 20, i % 2 == 0 ? "a" : "b", i / 2));
    }
    for (int64_t i = 0; i < 20000; i++) {
        assert_int_equal(
            state_of(ix, at(0, i, 10, i % 2 == 0 ? "a" : "b", i / 2)),
            i % 3 == 0 ? LETTER_RETRIED : LETTER_OPEN);
    }
    letter_index_free(ix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_behind_a_letter_ends_it),
        cmocka_unit_test(a_letter_behind_its_mark_is_open_again),
        cmocka_unit_test(a_letter_stored_twice_counts_once),
        cmocka_unit_test(across_slots_the_time_decides),
        cmocka_unit_test(many_letters_keep_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
