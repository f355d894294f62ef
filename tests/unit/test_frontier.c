/* Records that end in any order; the frontier moves without a gap. */
#include "replay/frontier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

static void add(struct frontier *f, int64_t wanted)
{
    int64_t number;

    assert_int_equal(
        frontier_add(f, "a.csv", wanted + 2, (uint32_t)wanted * 7, &number), 0);
    assert_int_equal(number, wanted);
}

static void it_moves_only_behind_all_that_have_ended(void **state)
{
    struct frontier f;

    (void)state;
    frontier_init(&f);
    for (int64_t i = 0; i < 4; i++) {
        add(&f, i);
    }
    frontier_end(&f, 2);
    frontier_end(&f, 1);
    assert_int_equal(f.first, 0);
    frontier_end(&f, 0);
    assert_int_equal(f.first, 3);
    assert_int_equal(f.last.line, 4);
    assert_int_equal(f.last.chain, 14);
    add(&f, 4);
    frontier_end(&f, 4);
    assert_int_equal(f.first, 3);
    frontier_end(&f, 3);
    assert_int_equal(f.first, 5);
    assert_int_equal(f.last.line, 6);
    frontier_fini(&f);
}

static void it_grows_and_goes_round(void **state)
{
    struct frontier f;
    int64_t sent = 0;

    (void)state;
    frontier_init(&f);
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 700; i++) {
            add(&f, sent++);
        }
        for (int64_t i = f.next - 1; i >= f.first + 100 + round; i--) {
            frontier_end(&f, i);
        }
        while (f.first < f.next - 150) {
            assert_string_equal(frontier_at(&f, f.first)->path, "a.csv");
            assert_int_equal(frontier_at(&f, f.first)->line, f.first + 2);
            frontier_end(&f, f.first);
        }
    }
    assert_int_equal(f.next, 35000);
    frontier_fini(&f);
}

static void what_was_not_sent_is_dropped(void **state)
{
    struct frontier f;

    (void)state;
    frontier_init(&f);
    add(&f, 0);
    add(&f, 1);
    frontier_drop(&f);
    frontier_end(&f, 0);
    assert_int_equal(f.first, 1);
    add(&f, 1);
    frontier_end(&f, 1);
    assert_int_equal(f.first, 2);
    frontier_fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_moves_only_behind_all_that_have_ended),
        cmocka_unit_test(it_grows_and_goes_round),
        cmocka_unit_test(what_was_not_sent_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
