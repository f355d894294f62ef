/* Conditions: what they mean, and what is said of those that mean nothing. */
#include "replay/where.h"

#include "tests/unit/small_dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* The row that all are asked about; Rank is not in its file. */
static const char *const names[] = {
    "Code", "Name", "Dept", "Close", "Volume", "Seen", "Date"};
static const char *const values[] = {"005930", "삼성'전자", "", "78600.5",
    "9223372036854775807", "", "2022-01-03"};
#define FIELDS COUNT_OF(names)

/* 1, 0 or -1 with err, as where_holds; -2 with err when it does not compile. */
static int ask(const char *text, struct error *err)
{
    struct column_choices choices = {0};
    struct slice header[FIELDS], fields[FIELDS];
    struct where *w = where_new(text, &small_dataset, err);
    struct column_map map;
    int result;

    if (w == NULL) {
        return -2;
    }
    for (size_t i = 0; i < FIELDS; i++) {
        header[i] = slice_of(names[i]);
        fields[i] = slice_of(values[i]);
    }
    assert_int_equal(
        column_map_init(&map, &small_dataset, header, FIELDS, &choices, err),
        0);
    result = where_holds(w, &map, fields, err);
    column_map_fini(&map);
    where_free(w);
    return result;
}

static void conditions_hold_or_do_not(void **state)
{
    static const struct {
        const char *text;
        int holds;
    } cases[] = {
        {"Code = '005930'", 1},
        {"Code == \"005930\"", 1},
        {"Symbol = '005930'", 1}, /* an alias */
        {"`Code` = '005930'", 1},
        {"'005930' = Code", 1},
        {"Code != '005930'", 0},
        {"Code <> '000660'", 1},
        {"Code < '01'", 1},
        {"Code < '005930'", 0},
        {"Code <= '005930'", 1},
        {"Name = \"삼성'전자\"", 1},
        {"Close = 78600.5", 1},
        {"Close = 78600.50", 1},
        {"Close = 7.86005e4", 1},
        {"Close > 78600.4999999999", 1},
        {"Close >= 78600.5", 1},
        {"Close < -78600.5", 0},
        {"100000 > Close", 1},
        {"Volume = 9223372036854775807", 1},
        {"Volume = 9223372036854775806", 0},
        {"Volume > 9223372036854775806", 1},
        {"Volume > Close", 1},
        {"Close > Volume", 0},
        {"Date = '2022-01-03'", 1},
        {"Date >= '2021-12-31' and Date < '2022-01-04'", 1},
        /* What is absent. */
        {"Dept = ''", 1},
        {"Dept != ''", 0},
        {"Dept = 'x'", 0},
        {"Dept != 'x'", 1},
        {"Seen = ''", 1},
        {"Seen > 0", 0},
        {"Seen <= 0", 0},
        {"not Seen > 0", 1},
        {"Rank = ''", 1},
        {"Rank != 1", 0},
        {"Code != ''", 1},
        {"Date = ''", 0},
        /* Lists. */
        {"Code in ('000660', '005930')", 1},
        {"Code in ('000660')", 0},
        {"Code not in ('000660')", 1},
        {"Close IN (1, 78600.5)", 1},
        {"Dept in ('a', '')", 1},
        /* Joined: and before or, not before both. */
        {"Code = 'x' and Code = 'x' or Code = '005930'", 1},
        {"Code = '005930' or Code = 'x' and Code = 'x'", 1},
        {"(Code = '005930' or Code = 'x') and Code = 'x'", 0},
        {"not Code = 'x' and Code = '005930'", 1},
        {"not (Code = '005930' and Close > 1)", 0},
        {"NOT NOT Code = '005930'", 1},
        {"((((Code='005930'))))AND(Close>1)", 1},
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int got = ask(cases[i].text, &err);

        if (got != cases[i].holds) {
            fail_msg("%s: %d %s", cases[i].text, got, got < 0 ? err.text : "");
        }
    }
}

static void slips_are_named_with_their_place(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "column 1: a column or a value is missing at the end"},
        {"Close >", "column 8: a column or a value is missing at the end"},
        {"Close", "column 6: a comparison such as = or >= is missing"},
        {"Clos > 1", "column 1: dataset small has no column Clos (did you mean "
                     "Close?)"},
        {"Close > 1 2", "column 11: and, or, or the end was expected, not 2"},
        {"(Close > 1", "column 11: ) is missing at the end"},
        {"Close > 1)", "column 10: and, or, or the end was expected, not )"},
        {"Close > 'x'", "column 9: Close is a number, and is compared with one "
                        "without quotes"},
        {"Code = 5930", "column 8: Code is no number, and is compared with a "
                        "text in quotes"},
        {"Code = 005930", "column 8: 005930 is not a number; codes stand in "
                          "quotes"},
        {"Code > Close", "column 8: Code is no number"},
        {"1 < 2", "column 5: two values are compared, and no column"},
        {"Close > ''", "column 9: '' is the absent value"},
        {"Date = '2022-02-30'", "column 8: '2022-02-30' is not a date"},
        {"Code = 'x", "column 8: the quote opened here is not closed"},
        {"Close ~ 1", "column 7: '~' means nothing here"},
        {"Code not = 'x'", "column 10: in was expected, not ="},
        {"Code in 'x'", "column 9: ( was expected"},
        {"Code in ('x' 'y')", "column 14: a comma or ) was expected"},
        {"Code in ()", "column 10: a column or a value was expected"},
        {"Code in ('x',", "column 14: a column or a value is missing"},
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (ask(cases[i].text, &err) != -2 ||
            strncmp(err.text, "--where, ", 9) != 0 ||
            strncmp(err.text + 9, cases[i].says, strlen(cases[i].says)) != 0) {
            fail_msg("%s: %s", cases[i].text, err.text);
        }
    }
}

static void a_bracket_too_many_is_refused_and_not_followed(void **state)
{
    char *text = calloc(1, 100001);
    struct error err;

    (void)state;
    assert_non_null(text);
    memset(text, '(', 100000);
    assert_int_equal(ask(text, &err), -2);
    assert_non_null(strstr(err.text, "too deep a condition"));
    memset(text, 0, 100001);
    for (int i = 0; i < 400; i++) {
        (void)strcat(text, i > 0 ? " or Close > 1" : "Close > 1");
    }
    assert_int_equal(ask(text, &err), -2);
    assert_non_null(strstr(err.text, "too long a condition"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_hold_or_do_not),
        cmocka_unit_test(slips_are_named_with_their_place),
        cmocka_unit_test(a_bracket_too_many_is_refused_and_not_followed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
