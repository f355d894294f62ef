/* One setting's text by its type. */
#include "common/config_value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct config_key count_key = {
    "s.count", CONFIG_COUNT, NULL, -5, 100, NULL, 0, ""};
static const struct config_key wide_key = {
    "s.wide", CONFIG_COUNT, NULL, INT64_MIN, INT64_MAX, NULL, 0, ""};
static const struct config_key bytes_key = {
    "s.bytes", CONFIG_BYTES, NULL, 10, INT64_C(1) << 40, NULL, 0, ""};
static const struct config_key ms_key = {
    "s.ms", CONFIG_MS, NULL, 0, 7200000, NULL, 0, ""};
static const struct config_key bool_key = {
    "s.bool", CONFIG_BOOL, NULL, 0, 0, NULL, 0, ""};
static const struct config_key choice_key = {
    "s.choice", CONFIG_CHOICE, NULL, 0, 0, "skip|delete|dead_letter", 0, ""};
static const struct config_key text_key = {
    "s.text", CONFIG_TEXT, NULL, 0, 0, NULL, 0, ""};

struct value_case {
    const struct config_key *key;
    const char *text;
    int64_t value;
};

static void right_values_are_read_in_the_unit_of_their_type(void **state)
{
    static const struct value_case cases[] = {
        {&count_key, "0", 0},
        {&count_key, "-5", -5},
        {&count_key, "100", 100},
        {&wide_key, "9223372036854775807", INT64_MAX},
        {&wide_key, "-9223372036854775808", INT64_MIN},
        {&bytes_key, "10", 10},
        {&bytes_key, "10b", 10},
        {&bytes_key, "1k", 1024},
        {&bytes_key, "1K", 1024},
        {&bytes_key, "2kb", 2048},
        {&bytes_key, "5m", 5242880},
        {&bytes_key, "5MB", 5242880},
        {&bytes_key, "3g", INT64_C(3221225472)},
        {&bytes_key, "3 GB", INT64_C(3221225472)},
        {&bytes_key, "1024g", INT64_C(1) << 40},
        {&ms_key, "0", 0},
        {&ms_key, "250", 250},
        {&ms_key, "250ms", 250},
        {&ms_key, "5s", 5000},
        {&ms_key, "5 s", 5000},
        {&ms_key, "2m", 120000},
        {&ms_key, "2h", 7200000},
        {&bool_key, "true", 1},
        {&bool_key, "YES", 1},
        {&bool_key, "on", 1},
        {&bool_key, "1", 1},
        {&bool_key, "False", 0},
        {&bool_key, "no", 0},
        {&bool_key, "off", 0},
        {&bool_key, "0", 0},
        {&choice_key, "skip", 0},
        {&choice_key, "delete", 1},
        {&choice_key, "dead_letter", 2},
        {&text_key, "", 0},
        {&text_key, "anything = at ; all", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = {""};
        int64_t value = 4711;

        if (config_value_read(cases[i].key, cases[i].text, &value, &err) != 0 ||
            value != cases[i].value) {
            fail_msg("%s = '%s': %lld %s", cases[i].key->name, cases[i].text,
                (long long)value, err.text);
        }
        assert_int_equal(
            config_value_read(cases[i].key, cases[i].text, NULL, NULL), 0);
    }
}

static void wrong_values_are_refused_and_told_what_is_right(void **state)
{
    static const struct {
        const struct config_key *key;
        const char *text, *says;
    } cases[] = {
        {&count_key, "", "'' is not a whole number"},
        {&count_key, "x", "'x' is not a whole number"},
        {&count_key, "5x", "'5x' is not a whole number"},
        {&count_key, "5k", "'5k' is not a whole number"},
        {&count_key, "1.5", "'1.5' is not a whole number"},
        {&count_key, "0x10", "'0x10' is not a whole number"},
        {&count_key, "5 6", "'5 6' is not a whole number"},
        {&count_key, "101", "'101' is out of range: from -5 to 100"},
        {&count_key, "-6", "'-6' is out of range: from -5 to 100"},
        {&wide_key, "9223372036854775808",
            "'9223372036854775808' is not a whole number"},
        {&bytes_key, "9",
            "'9' is out of range: from 10 to 1099511627776 bytes"},
        {&bytes_key, "1025g",
            "'1025g' is out of range: from 10 to 1099511627776 bytes"},
        {&bytes_key, "9223372036854775807k",
            "'9223372036854775807k' is out of range: from 10 to "
            "1099511627776 bytes"},
        {&bytes_key, "5s",
            "'5s' is not a number of bytes such as 5m, 512k or 1048576"},
        {&bytes_key, "m",
            "'m' is not a number of bytes such as 5m, 512k or 1048576"},
        {&ms_key, "-1s", "'-1s' is out of range: from 0 to 7200000 ms"},
        {&ms_key, "7200001", "'7200001' is out of range: from 0 to 7200000 ms"},
        {&ms_key, "3h", "'3h' is out of range: from 0 to 7200000 ms"},
        {&ms_key, "5k", "'5k' is not a duration such as 500ms, 5s or 2m"},
        {&ms_key, "5sec", "'5sec' is not a duration such as 500ms, 5s or 2m"},
        {&bool_key, "", "'' is neither true nor false"},
        {&bool_key, "2", "'2' is neither true nor false"},
        {&bool_key, "truee", "'truee' is neither true nor false"},
        {&choice_key, "", "'' is not one of skip|delete|dead_letter"},
        {&choice_key, "ski", "'ski' is not one of skip|delete|dead_letter"},
        {&choice_key, "skipp", "'skipp' is not one of skip|delete|dead_letter"},
        {&choice_key, "skip|delete",
            "'skip|delete' is not one of skip|delete|dead_letter"},
        {&choice_key, "dead", "'dead' is not one of skip|delete|dead_letter"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = {""};
        int64_t value = 4711;

        if (config_value_read(cases[i].key, cases[i].text, &value, &err) !=
                -1 ||
            value != 4711 || strcmp(err.text, cases[i].says) != 0) {
            fail_msg(
                "%s = '%s': %s", cases[i].key->name, cases[i].text, err.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_values_are_read_in_the_unit_of_their_type),
        cmocka_unit_test(wrong_values_are_refused_and_told_what_is_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
