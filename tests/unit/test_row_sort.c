/* Rows in order, whatever memory there is. */
#include "replay/row_sort.h"

#include "replay/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#define ROWS 3000

static bool in_order(const struct sorted_row *a, const struct sorted_row *b)
{
    if (a->event_ms != b->event_ms) {
        return a->event_ms < b->event_ms;
    }
    return a->file != b->file ? a->file < b->file : a->line < b->line;
}

/* Rows at random, whose one field says what they are. */
static void add_rows(struct row_sort *s)
{
    struct random_source random = {7};
    struct error err;

    for (int64_t i = 0; i < ROWS; i++) {
        char text[300];
        int64_t event_ms = random_between(&random, 0, 50) - 25;
        int64_t pad = random_below(&random, 200);
        struct slice fields[2] = {{text, 0}, {"", 0}};
        const struct sorted_row row = {
            event_ms, i, (uint32_t)random_below(&random, 3), 2, fields};

        fields[0].len = (size_t)snprintf(text, sizeof(text), "%lld/%u/%0*lld",
            (long long)event_ms, row.file, (int)pad, (long long)i);
        assert_int_equal(row_sort_add(s, &row, &err), 0);
    }
}

static void check_order(struct row_sort *s)
{
    struct sorted_row row, last = {INT64_MIN, 0, 0, 0, NULL};
    struct error err;

    for (int i = 0; i < ROWS; i++) {
        long long event_ms, line;
        unsigned file;
        char text[300];

        assert_int_equal(row_sort_next(s, &row, &err), 1);
        assert_true(in_order(&last, &row));
        assert_int_equal(row.n_fields, 2);
        assert_int_equal(row.fields[1].len, 0);
        (void)snprintf(text, sizeof(text), "%.*s", (int)row.fields[0].len,
            row.fields[0].p);
        assert_int_equal(
            sscanf(text, "%lld/%u/%lld", &event_ms, &file, &line), 3);
        assert_int_equal(event_ms, row.event_ms);
        assert_int_equal(file, row.file);
        assert_int_equal(line, row.line);
        last = row;
    }
    assert_int_equal(row_sort_next(s, &row, &err), 0);
}

static void rows_come_in_order_once_and_again(void **state)
{
    static const size_t memory[] = {400, 4096, 100000, 16 << 20};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++) {
        struct row_sort *s = row_sort_new(memory[i]);

        assert_non_null(s);
        add_rows(s);
        for (int pass = 0; pass < 2; pass++) {
            assert_int_equal(row_sort_start(s, &err), 0);
            check_order(s);
        }
        row_sort_free(s);
    }
}

static void a_folder_that_cannot_be_written_says_so(void **state)
{
    struct row_sort *s = row_sort_new(400);
    struct slice field = {"x", 1};
    const struct sorted_row row = {0, 0, 0, 1, &field};
    struct error err = {""};
    const char *folder = getenv("TMPDIR");
    char *before = folder != NULL ? strdup(folder) : NULL;
    int result = 0;

    (void)state;
    assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
    for (int i = 0; i < 100 && result == 0; i++) {
        result = row_sort_add(s, &row, &err);
    }
    assert_int_equal(result, -1);
    assert_non_null(strstr(err.text, "no file can be made in /nonexistent"));
    if (before != NULL) {
        (void)setenv("TMPDIR", before, 1);
    } else {
        (void)unsetenv("TMPDIR");
    }
    free(before);
    row_sort_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_order_once_and_again),
        cmocka_unit_test(a_folder_that_cannot_be_written_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
