/* Points in time as people write them. */
#include "bridge/dlq/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

#define NOW INT64_C(1641211200000) /* 2022-01-03T12:00:00Z */
#define MIDNIGHT INT64_C(1641168000000)

static void each_form_is_read(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"2022-01-03", MIDNIGHT},
        {"2022-01-03T09:30", MIDNIGHT + 34200000},
        {"2022-01-03 09:30", MIDNIGHT + 34200000},
        {"2022-01-03T09:30Z", MIDNIGHT + 34200000},
        {"2022-01-03T09:30+09:00", MIDNIGHT + 1800000},
        {"2022-01-03T09:30:15+0900", MIDNIGHT + 1815000},
        {"2022-01-03T00:00:00-05:30", MIDNIGHT + 19800000},
        {"2022-01-03T09:30:15.25Z", MIDNIGHT + 34215250},
        {"2022-01-03T09:30:15.2509999", MIDNIGHT + 34215250},
        {"1970-01-01", 0},
        {"1969-12-31T23:59:59.999Z", -1},
        {"0s", NOW},
        {"90s", NOW - 90000},
        {"15m", NOW - 900000},
        {"36h", NOW - 129600000},
        {"7d", NOW - 604800000},
        {"1641168000000", MIDNIGHT},
        {"1641168000", 1641168000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct error err = {""};
        int64_t ms = -7;

        if (time_text_read(rows[i].text, NOW, &ms, &err) != 0 ||
            ms != rows[i].ms) {
            fail_msg("%s: %lld %s", rows[i].text, (long long)ms, err.text);
        }
    }
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const bad[] = {"", "yesterday", "2022", "2022-1-3",
        "2022-02-30", "2022-01-03T", "2022-01-03T9:30", "2022-01-03T24:00",
        "2022-01-03T09:60", "2022-01-03T09:30:60", "2022-01-03T09:30:15.",
        "2022-01-03T09:30+", "2022-01-03T09:30+9", "2022-01-03T09:30Zx",
        "2022-01-03x", "7", "7w", "7 d", "-1d", "1dd", "123456789",
        "9999999999999d", "99999999999999999999"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct error err = {""};
        int64_t ms;

        if (time_text_read(bad[i], NOW, &ms, &err) == 0) {
            fail_msg("'%s' was taken for %lld", bad[i], (long long)ms);
        }
        assert_non_null(strstr(err.text, "36h"));
    }
}

static void times_are_written(void **state)
{
    char text[TIME_TEXT_BYTES];

    (void)state;
    time_text_write(MIDNIGHT + 34215250, text);
    assert_string_equal(text, "2022-01-03T09:30:15.250Z");
    time_text_write(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    time_text_write(INT64_MAX, text);
    assert_string_equal(text, "-");
    time_text_write(INT64_MIN, text);
    assert_string_equal(text, "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_read),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(times_are_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
