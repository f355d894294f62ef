/* Several files as one stream, and the rows that are left out of it. */
#include "replay/row_source.h"

#include "common/buf.h"

#include "tests/unit/scratch_file.h"
#include "tests/unit/small_dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_FILES 4
#define HEADER "Code,Volume,Rank,Date\n"

static const struct row_choice everything = {.from_ms = INT64_MIN,
    .until_ms = ROW_CHOICE_EVER,
    .keep_zero_volume = true};

/*
 * The stream of files (NULL ends them) as "A1 B1 ": the code of each row, "!"
 * for a bad one, "X" for a failure. err is the last one; left_out as counted.
 */
static void stream_as(const char *const *texts, const struct row_choice *choice,
    size_t sort_bytes, struct buf *out, struct error *err,
    int64_t left_out[LEFT_REASONS])
{
    struct scratch_file files[MAX_FILES];
    char *paths[MAX_FILES];
    struct row_input input = {.paths = paths,
        .dataset = &small_dataset,
        .choice = *choice,
        .sort = sort_bytes > 0,
        .sort_bytes = sort_bytes};
    enum row_source_result result;
    struct row_source *s;
    struct source_row row;
    size_t n = 0;

    buf_clear(out);
    for (; texts[n] != NULL; n++) {
        scratch_file_write(&files[n], texts[n], strlen(texts[n]));
        paths[n] = files[n].path;
    }
    input.n_paths = n;
    s = row_source_open(&input, err);
    if (s == NULL) {
        assert_int_equal(buf_append_str(out, "refused"), 0);
    } else {
        while ((result = row_source_next(s, &row, err)) != ROW_SOURCE_END &&
               result != ROW_SOURCE_FAILED) {
            if (result == ROW_SOURCE_ROW) {
                assert_int_equal(
                    buf_append_slice(out, row.fields[row.map->key_slot]), 0);
            }
            assert_int_equal(
                buf_append_str(out, result == ROW_SOURCE_ROW ? " " : "! "), 0);
        }
        if (result == ROW_SOURCE_FAILED) {
            assert_int_equal(buf_append_char(out, 'X'), 0);
        }
        for (size_t i = 0; i < LEFT_REASONS; i++) {
            left_out[i] = row_source_left_out(s, (enum row_left_out)i);
        }
        row_source_free(s);
    }
    for (size_t i = 0; i < n; i++) {
        scratch_file_remove(&files[i]);
    }
}

static void stream(const char *const *texts, const struct row_choice *choice,
    struct buf *out, struct error *err, int64_t left_out[LEFT_REASONS])
{
    stream_as(texts, choice, 0, out, err, left_out);
}

static void files_merge_by_time_then_place_then_line(void **state)
{
    static const struct {
        const char *files[MAX_FILES + 1];
        const char *stream;
    } cases[] = {
        {{HEADER "A1,1,1,2022-01-03\nA2,1,2,2022-01-03\nA3,1,1,2022-01-05\n",
             HEADER "B1,1,1,2022-01-03\nB2,1,1,2022-01-04\n",
             "Date,Code,Volume\n2022-01-02,C1,1\n2022-01-05,C2,1\n", NULL},
            "C1 A1 A2 B1 B2 A3 C2 "},
        {{HEADER "A1,1,1,2022-01-03\n", HEADER, NULL}, "A1 "},
        {{HEADER, HEADER, NULL}, ""},
        {{HEADER, NULL}, ""},
        {{HEADER "A1,1,1,2023-01-03\n", HEADER "B1,1,1,2022-12-30\n", NULL},
            "B1 A1 "},
    };
    int64_t left_out[LEFT_REASONS];
    struct error err;
    struct buf got;

    (void)state;
    buf_init(&got, 4096);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        stream(cases[i].files, &everything, &got, &err, left_out);
        assert_string_equal(buf_str(&got), cases[i].stream);
    }
    buf_fini(&got);
}

/* The stream of files, and what the last error says. */
static void expect_trouble(const char *const *files,
    const struct row_choice *choice, const char *want, const char *why)
{
    int64_t left_out[LEFT_REASONS];
    struct error err;
    struct buf got;

    buf_init(&got, 4096);
    stream(files, choice, &got, &err, left_out);
    assert_string_equal(buf_str(&got), want);
    assert_non_null(strstr(err.text, why));
    buf_fini(&got);
}

static void a_file_out_of_order_fails_in_its_place(void **state)
{
    static const char *const files[] = {HEADER
        "A1,1,1,2022-01-04\nA2,1,1,2022-01-03\nA3,1,1,2022-01-05\n",
        HEADER "B1,1,1,2022-01-03\nB2,1,1,2022-01-09\n", NULL};

    (void)state;
    expect_trouble(files, &everything, "B1 A1 X",
        ":3: Date: 2022-01-03 comes after 2022-01-04; a file must be in time "
        "order: sort it first, or use --sort");
}

static void bad_rows_come_in_their_place_and_can_be_passed(void **state)
{
    static const char *const files[] = {HEADER
        "A1,1,1,2022-01-04\nA2,1,1\nA3,1,1,2022-13-01\n"
        "A4,1,1,2022-01-06\n",
        HEADER "B1,1,1,2022-01-03\nB2,1,1,2022-01-05\n", NULL};

    (void)state;
    expect_trouble(files, &everything, "B1 A1 ! ! B2 A4 ",
        ":4: Date: '2022-13-01' is not a date that exists");
}

static void rows_are_left_out_for_one_reason_each(void **state)
{
    static const char *const files[] = {HEADER "A1,1,1,2022-01-03\n"
                                               "A2,1,1,2022-01-04\n"
                                               "A3,0,1,2022-01-04\n"
                                               "A4,0.0,9,2022-01-04\n"
                                               "A5,,2,2022-01-04\n"
                                               "A6,1,3,2022-01-04\n"
                                               "A7,1,2,2022-01-05\n",
        NULL};
    /* 2022-01-04 in Seoul, whose midnight is 15:00 UTC of the day before. */
    const struct row_choice choice = {.from_ms = INT64_C(1641222000000),
        .until_ms = INT64_C(1641308400000),
        .top = 2};
    int64_t left_out[LEFT_REASONS];
    struct error err;
    struct buf got;

    (void)state;
    buf_init(&got, 4096);
    stream(files, &choice, &got, &err, left_out);
    assert_string_equal(buf_str(&got), "A2 A5 ");
    assert_int_equal(left_out[LEFT_BY_DATE], 2);
    assert_int_equal(left_out[LEFT_BY_VOLUME], 2);
    assert_int_equal(left_out[LEFT_BY_RANK], 1);
    buf_fini(&got);
}

static void sorting_takes_files_in_any_order(void **state)
{
    static const char *const files[] = {HEADER
        "A1,1,1,2022-01-05\nA2,1,1,2022-01-03\nA3,1,1,bad\n"
        "A4,1,1,2022-01-04\nA5,1,1,2022-01-03\n",
        "Date,Code,Volume\n2022-01-04,B1,1\n2022-01-02,B2,1\n"
        "2022-01-03,B3,1\n",
        NULL};
    int64_t left_out[LEFT_REASONS];
    struct error err;
    struct buf got;

    (void)state;
    buf_init(&got, 4096);
    /* Memory for all, for some, and for one row a run. */
    for (size_t bytes = 1 << 20; bytes >= 100; bytes /= 4) {
        stream_as(files, &everything, bytes, &got, &err, left_out);
        assert_string_equal(buf_str(&got), "! B2 A2 A5 B3 A4 B1 A1 ");
    }
    stream_as(files, &everything, 60, &got, &err, left_out);
    assert_non_null(strstr(err.text, ":2: a row too large to be sorted"));
    buf_fini(&got);
}

static void a_source_begins_again_when_rewound(void **state)
{
    static const char text[] = HEADER "A1,1,1,2022-01-03\nA2,1,1,2022-01-04\n";
    struct scratch_file f;
    char *paths[] = {f.path};
    struct row_input input = {.paths = paths,
        .n_paths = 1,
        .dataset = &small_dataset,
        .choice = everything};
    struct source_row row;
    struct error err;

    (void)state;
    scratch_file_write(&f, text, strlen(text));
    for (int sort = 0; sort < 2; sort++) {
        struct row_source *s;

        input.sort = sort == 1;
        input.sort_bytes = sort == 1 ? 100 : 0;
        s = row_source_open(&input, &err);
        assert_non_null(s);
        for (int pass = 0; pass < 3; pass++) {
            assert_int_equal(row_source_next(s, &row, &err), ROW_SOURCE_ROW);
            assert_true(slice_is(row.fields[0], "A1"));
            assert_int_equal(row_source_next(s, &row, &err), ROW_SOURCE_ROW);
            assert_true(slice_is(row.fields[0], "A2"));
            assert_int_equal(row_source_next(s, &row, &err), ROW_SOURCE_END);
            assert_int_equal(row_source_rewind(s, &err), 0);
        }
        assert_true(row_source_share(s) > 0.99);
        row_source_free(s);
    }
    scratch_file_remove(&f);
}

static void twins_give_the_value_that_is_there(void **state)
{
    static const char *const files[] = {
        "Code,Symbol,Volume,Date\nA1,,1,2022-01-03\n,A2,1,2022-01-03\n"
        "A3,A3,1,2022-01-03\nnan,A4,1,2022-01-03\nA5,A6,1,2022-01-03\n",
        NULL};

    (void)state;
    expect_trouble(files, &everything, "A1 A2 A3 A4 ! ",
        ":6: Code: column 1 says 'A5' and column 2 'A6'; both are names of "
        "it");
}

static void a_rank_that_is_no_number_is_a_bad_row(void **state)
{
    static const char *const files[] = {HEADER
        "A1,1,,2022-01-03\nA2,1,x,2022-01-03\nA3,1,1,2022-01-03\n",
        NULL};
    struct row_choice choice = everything;

    (void)state;
    choice.top = 5;
    expect_trouble(
        files, &choice, "! ! A3 ", ":3: Rank: 'x' is not a whole number");
}

static void codes_and_conditions_choose_too(void **state)
{
    static const char *const files[] = {HEADER
        "A1,5,1,2022-01-03\nA2,5,1,2022-01-03\nA3,0,1,2022-01-03\n"
        "A4,50,1,2022-01-03\nA5,x,1,2022-01-03\n",
        NULL};
    int64_t left_out[LEFT_REASONS];
    struct row_choice choice = everything;
    struct slice unmet = {"", 0};
    struct error err;
    struct buf got;

    (void)state;
    buf_init(&got, 4096);
    choice.codes = code_set_new("A1,A3,A4,A5,A9", &err);
    choice.where = where_new("Volume < 10", &small_dataset, &err);
    choice.keep_zero_volume = false;
    stream(files, &choice, &got, &err, left_out);
    assert_string_equal(buf_str(&got), "A1 ! ");
    assert_non_null(strstr(err.text, ":6: Volume: 'x' is not a number"));
    assert_int_equal(left_out[LEFT_BY_CODE], 1);
    assert_int_equal(left_out[LEFT_BY_VOLUME], 1);
    assert_int_equal(left_out[LEFT_BY_WHERE], 1);
    assert_int_equal(code_set_unmet(choice.codes, &unmet), 1);
    assert_true(slice_is(unmet, "A9"));
    code_set_free(choice.codes);
    where_free((struct where *)(uintptr_t)choice.where);
    buf_fini(&got);
}

static void top_needs_a_rank_column(void **state)
{
    static const char *const files[] = {"Code,Volume,Date\n", NULL};
    struct row_choice choice = everything;

    (void)state;
    choice.top = 5;
    expect_trouble(files, &choice, "refused", "has no rank column");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_merge_by_time_then_place_then_line),
        cmocka_unit_test(a_file_out_of_order_fails_in_its_place),
        cmocka_unit_test(bad_rows_come_in_their_place_and_can_be_passed),
        cmocka_unit_test(rows_are_left_out_for_one_reason_each),
        cmocka_unit_test(sorting_takes_files_in_any_order),
        cmocka_unit_test(a_source_begins_again_when_rewound),
        cmocka_unit_test(twins_give_the_value_that_is_there),
        cmocka_unit_test(a_rank_that_is_no_number_is_a_bad_row),
        cmocka_unit_test(codes_and_conditions_choose_too),
        cmocka_unit_test(top_needs_a_rank_column),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
