/* What a table of options says between the lines. */
#include "reference/usage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const struct option_row rows[] = {
    {1, "topic", 't', "NAME", "where to"},
    {2, "to", 0, "topic|index", "retry: back to the topic"},
    {3, "values", 0, NULL, "list: the values alone"},
    {4, "wait", 0, "SECONDS", "list, retry and mend: how long to wait"},
    {5, "pace", 'p', "PACE", "of two kinds: slow and fast"},
    {6, "loop", 0, "[=N]", "so often\nlist: a second line is no heading"},
    {7, "mind", 0, NULL, "list, mind: mind is no action, so a sentence"},
};

static struct option_table of(const char *usage)
{
    return (struct option_table){.command = "naru test",
        .usage = usage,
        .about = "",
        .rows = rows,
        .n_rows = COUNT_OF(rows)};
}

static void actions_are_the_small_words_behind_the_command(void **state)
{
    static const struct {
        const char *usage, *actions;
    } cases[] = {
        {"naru test FILE... --topic NAME [OPTIONS]", ""},
        {"naru test [-c FILE] [--until-end]", ""},
        {"naru test", ""},
        {"naru test --out -", ""},
        {"naru test list [FILTERS]\nnaru test retry --to topic|index",
            "list retry "},
        {"naru test list A\nnaru test list B\nnaru test mend", "list mend "},
        {"naru test bash|zsh", "bash zsh "},
        {"naru test import-all FLOW", "import-all "},
        {"naru test list FLOW\n            or so\nnaru test mend",
            "list mend "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct option_table t = of(cases[i].usage);
        struct slice found[USAGE_MOST_ACTIONS];
        size_t n = usage_actions(&t, found);
        char text[256] = "";

        for (size_t k = 0; k < n; k++) {
            (void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
                SLICE_FMT " ", SLICE_ARG(found[k]));
        }
        assert_string_equal(text, cases[i].actions);
    }
}

static void more_actions_than_there_is_room_for_are_left_out(void **state)
{
    struct option_table t = of("naru test a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r");
    struct slice found[USAGE_MOST_ACTIONS];

    (void)state;
    assert_int_equal(usage_actions(&t, found), USAGE_MOST_ACTIONS);
    assert_true(slice_is(found[USAGE_MOST_ACTIONS - 1], "p"));
}

static void operands_are_told_from_the_values_of_options(void **state)
{
    static const struct {
        const char *usage;
        bool file, dataset;
    } cases[] = {
        {"naru test FILE... --topic NAME [OPTIONS]", true, false},
        {"naru test --topic FILE", false, false},
        {"naru test -t FILE [OPTIONS]", false, false},
        {"naru test [--topic FILE]", false, false},
        {"naru test --loop FILE", true, false},
        {"naru test --values [FILE]", true, false},
        {"naru test list [DATASET] [OPTIONS]", false, true},
        {"naru test list FLOW", true, false},
        {"naru test list [INDEX] [--topic FILE]", false, false},
        {"naru test list [DATASET]\n           [--values] [FILE]", true, true},
        {"naru test list [FILTERS]\nnaru test mend DATASET FILE", true, true},
        {"naru test - [OPTIONS] | naru replay FILE", false, false},
        {"naru test list [--json | --values] FILE", true, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct option_table t = of(cases[i].usage);

        if (usage_takes(&t, VALUE_FILE) != cases[i].file ||
            usage_takes(&t, VALUE_DATASET) != cases[i].dataset) {
            fail_msg("%s", cases[i].usage);
        }
    }
}

static void the_name_of_a_value_tells_what_it_is(void **state)
{
    static const struct {
        const char *arg;
        enum value_kind kind;
    } cases[] = {
        {NULL, VALUE_NONE},
        {"N", VALUE_ANY},
        {"[=N]", VALUE_ANY},
        {"NAME=VALUE", VALUE_ANY},
        {"FILE", VALUE_FILE},
        {"FLOW", VALUE_FILE},
        {"PATH", VALUE_FILE},
        {"DIR", VALUE_FOLDER},
        {"DATASET", VALUE_DATASET},
        {"SECTION.KEY=VALUE", VALUE_SETTING},
        {"S.KEY=VALUE", VALUE_SETTING},
        {"text|json", VALUE_WORDS},
        {"auto|utf-8|cp949", VALUE_WORDS},
        {"2022|2023", VALUE_WORDS},
        {"text", VALUE_ANY},
        {"P|Q", VALUE_ANY},
        {"", VALUE_ANY},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(usage_value_kind(cases[i].arg), cases[i].kind);
    }
}

static void words_are_taken_one_by_one(void **state)
{
    struct slice word;

    (void)state;
    assert_true(usage_word("none|id", 0, &word));
    assert_true(slice_is(word, "none"));
    assert_true(usage_word("none|id", 1, &word));
    assert_true(slice_is(word, "id"));
    assert_false(usage_word("none|id", 2, &word));
    assert_false(usage_word("", 0, &word));
}

static void an_option_is_for_the_actions_that_begin_its_help(void **state)
{
    struct option_table t = of("naru test list\nnaru test retry\n"
                               "naru test mend");
    static const struct {
        size_t row;
        bool list, retry;
    } cases[] = {{0, true, true}, {1, false, true}, {2, true, false},
        {3, true, true}, {4, true, true}, {5, true, true}, {6, true, true}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct option_row *row = &rows[cases[i].row];

        assert_int_equal(
            usage_is_for(&t, row, slice_of("list")), cases[i].list);
        assert_int_equal(
            usage_is_for(&t, row, slice_of("retry")), cases[i].retry);
    }
    assert_true(usage_is_for(&t, &rows[3], slice_of("mend")));
    assert_false(usage_is_for(&t, &rows[2], slice_of("mend")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(actions_are_the_small_words_behind_the_command),
        cmocka_unit_test(more_actions_than_there_is_room_for_are_left_out),
        cmocka_unit_test(operands_are_told_from_the_values_of_options),
        cmocka_unit_test(the_name_of_a_value_tells_what_it_is),
        cmocka_unit_test(words_are_taken_one_by_one),
        cmocka_unit_test(an_option_is_for_the_actions_that_begin_its_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
