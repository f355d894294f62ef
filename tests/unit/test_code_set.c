/* Lists of codes, on the line and in files. */
#include "replay/code_set.h"

#include "tests/unit/scratch_file.h"

static void codes_are_met_or_not(void **state)
{
    struct slice first = {"", 0};
    struct error err;
    struct code_set *s = code_set_new("005930, 000660,005930,0009", &err);

    (void)state;
    assert_non_null(s);
    assert_true(code_set_meet(s, slice_of("005930")));
    assert_true(code_set_meet(s, slice_of("0009")));
    assert_false(code_set_meet(s, slice_of("00093")));
    assert_false(code_set_meet(s, slice_of("000")));
    assert_false(code_set_meet(s, slice_of("")));
    assert_int_equal(code_set_unmet(s, &first), 1);
    assert_true(slice_is(first, "000660"));
    code_set_free(s);
}

static void a_file_has_lines_and_comments(void **state)
{
    static const char text[] =
        "# the two\r\n005930 # Samsung\r\n000660,\n\n373220";
    struct scratch_file f;
    char name[300];
    struct slice first;
    struct error err;
    struct code_set *s;

    (void)state;
    scratch_file_write(&f, text, strlen(text));
    (void)snprintf(name, sizeof(name), "@%s", f.path);
    s = code_set_new(name, &err);
    scratch_file_remove(&f);
    assert_non_null(s);
    assert_int_equal(code_set_unmet(s, &first), 3);
    assert_true(code_set_meet(s, slice_of("005930")));
    assert_true(code_set_meet(s, slice_of("000660")));
    assert_true(code_set_meet(s, slice_of("373220")));
    assert_false(code_set_meet(s, slice_of("Samsung")));
    code_set_free(s);
}

static void what_is_no_list_says_so(void **state)
{
    struct error err;

    (void)state;
    assert_null(code_set_new(" ,", &err));
    assert_string_equal(err.text, "--codes: there is no code in it");
    assert_null(code_set_new("@/nonexistent/codes", &err));
    assert_string_equal(
        err.text, "--codes: /nonexistent/codes: there is no such file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_met_or_not),
        cmocka_unit_test(a_file_has_lines_and_comments),
        cmocka_unit_test(what_is_no_list_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
