/* One sentence on one line, whatever goes into it. */
#include "common/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

static void setting_says_minus_one_and_keeps_the_sentence(void **state)
{
    struct error err;

    (void)state;
    assert_int_equal(error_set(&err, "line %d: '%s' is bad", 7, "x"), -1);
    assert_string_equal(err.text, "line 7: 'x' is bad");
}

static void nobody_listening_is_fine(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, "%s", "x"), -1);
    assert_int_equal(error_prefix(NULL, "%s", "x"), -1);
}

static void line_breaks_become_spaces(void **state)
{
    struct error err;

    (void)state;
    (void)error_set(&err, "a\nb\r\nc%s", "\n");
    assert_string_equal(err.text, "a b  c ");
    (void)error_prefix(&err, "x\n%s", "y\r");
    assert_string_equal(err.text, "x y a b  c ");
}

static void the_arguments_may_be_the_text_itself(void **state)
{
    struct error err;

    (void)state;
    (void)error_set(&err, "inner");
    (void)error_set(&err, "outer: %s; again %s", err.text, err.text);
    assert_string_equal(err.text, "outer: inner; again inner");
    (void)error_prefix(&err, "%s | ", err.text);
    assert_string_equal(
        err.text, "outer: inner; again inner | outer: inner; again inner");
}

static void a_prefix_goes_in_front(void **state)
{
    struct error err;

    (void)state;
    (void)error_set(&err, "no such setting");
    assert_int_equal(error_prefix(&err, "%s:%d: ", "naru.conf", 3), -1);
    assert_string_equal(err.text, "naru.conf:3: no such setting");
}

static void longer_text_is_cut_at_the_end(void **state)
{
    char longer[3 * ERROR_MAX_BYTES];
    struct error err;

    (void)state;
    memset(longer, 'x', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    (void)error_set(&err, "a%s", longer);
    assert_int_equal(strlen(err.text), ERROR_MAX_BYTES - 1);
    assert_int_equal(err.text[0], 'a');
    (void)error_prefix(&err, "bc");
    assert_int_equal(strlen(err.text), ERROR_MAX_BYTES - 1);
    assert_memory_equal(err.text, "bcaxx", 5);
    (void)error_prefix(&err, "%s", longer);
    assert_int_equal(strlen(err.text), ERROR_MAX_BYTES - 1);
    assert_memory_equal(err.text, "xxxxx", 5);
}

static void a_cut_leaves_no_half_of_a_letter(void **state)
{
    /* A Hangul syllable takes three bytes, so two of three cuts hit one. */
    char longer[ERROR_MAX_BYTES + 3];
    struct error err;

    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        size_t n = shift;

        memset(longer, 'x', shift);
        while (n + 3 < sizeof(longer)) {
            memcpy(longer + n, "\xEC\x82\xBC", 3);
            n += 3;
        }
        longer[n] = '\0';
        (void)error_set(&err, "%s", longer);
        n = strlen(err.text);
        assert_in_range(n, ERROR_MAX_BYTES - 3, ERROR_MAX_BYTES - 1);
        assert_int_equal((n - shift) % 3, 0);
        (void)error_prefix(&err, "ab");
        assert_int_equal((strlen(err.text) - 2 - shift) % 3, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_says_minus_one_and_keeps_the_sentence),
        cmocka_unit_test(nobody_listening_is_fine),
        cmocka_unit_test(line_breaks_become_spaces),
        cmocka_unit_test(the_arguments_may_be_the_text_itself),
        cmocka_unit_test(a_prefix_goes_in_front),
        cmocka_unit_test(longer_text_is_cut_at_the_end),
        cmocka_unit_test(a_cut_leaves_no_half_of_a_letter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
