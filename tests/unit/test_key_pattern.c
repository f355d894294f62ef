/* Keys of one column and of several. */
#include "replay/key_pattern.h"

#include "tests/unit/small_dataset.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* The key of a row "005930", "", "2022-01-03"; Rank is not in the file. */
static int expand(const char *pattern, struct buf *out, struct error *err)
{
    const struct slice header[] = {
        slice_of("Code"), slice_of("Volume"), slice_of("Date")};
    const struct slice fields[] = {
        slice_of("005930"), slice_of(""), slice_of("2022-01-03")};
    struct column_choices choices = {0};
    struct key_pattern *k = key_pattern_new(pattern, &small_dataset, err);
    struct column_map map;
    int result;

    if (k == NULL) {
        return -2;
    }
    buf_clear(out);
    assert_int_equal(
        column_map_init(&map, &small_dataset, header, 3, &choices, err), 0);
    result = key_pattern_expand(k, &map, fields, out, err);
    column_map_fini(&map);
    key_pattern_free(k);
    return result;
}

static void keys_are_made_of_columns(void **state)
{
    static const char *const cases[][2] = {
        {"Code", "005930"},
        {"%{Code}", "005930"},
        {"%{Symbol}", "005930"},
        {"%{Date}-%{Code}", "2022-01-03-005930"},
        {"krx/%{Code}!", "krx/005930!"},
        {"%{Code}%{Code}", "005930005930"},
        {"100%%{Code}", "100%005930"},
    };
    struct error err;
    struct buf got;

    (void)state;
    buf_init(&got, 256);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(expand(cases[i][0], &got, &err), 0);
        assert_string_equal(buf_str(&got), cases[i][1]);
    }
    buf_fini(&got);
}

static void what_makes_no_key_says_so(void **state)
{
    static const struct {
        const char *pattern;
        int result;
        const char *says;
    } cases[] = {
        {"Codes", -2, "--key: dataset small has no column 'Codes'"},
        {"%{Codes}", -2, "--key: dataset small has no column 'Codes'"},
        {"x%{Code", -2, "--key: '%{Code' lacks its }"},
        {"", -2, "--key: dataset small has no column ''"},
        {"%{Volume}", -1, "Volume: empty, and it is part of the key"},
        {"%{Rank}", -1, "Rank: empty, and it is part of the key"},
    };
    struct error err;
    struct buf got;

    (void)state;
    buf_init(&got, 256);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(expand(cases[i].pattern, &got, &err), cases[i].result);
        if (strncmp(err.text, cases[i].says, strlen(cases[i].says)) != 0) {
            fail_msg("%s: %s", cases[i].pattern, err.text);
        }
    }
    buf_fini(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_made_of_columns),
        cmocka_unit_test(what_makes_no_key_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
