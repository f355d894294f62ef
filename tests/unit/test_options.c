/* Command lines by table: every form an option takes, and what is said of
 * those that are none. */
#include "common/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define MOST_ARGS 12

enum {
    OPT_PACE = 1,
    OPT_PARTITIONS,
    OPT_VERBOSE,
    OPT_TOPIC,
    OPT_HELP,
    OPT_LOOP
};

static const struct option_row rows[] = {
    {OPT_PACE, "pace", 'p', "PACE", "How fast.\nSecond line."},
    {OPT_PARTITIONS, "partitions", 0, "N", "How many."},
    {OPT_VERBOSE, "verbose", 'v', NULL, "Say more."},
    {OPT_TOPIC, "topic", 't', "NAME", "Where to."},
    {OPT_HELP, "help", 'h', NULL, "This text."},
};

static const struct option_table table = {"naru test",
    "naru test [OPTION]... FILE...\nnaru test --help", "Tests options.", rows,
    COUNT_OF(rows), "Exit codes: 0."};

/* What one pass saw, e.g. "1=fast 3 | a b"; "!text" ends it after an error. */
static const char *pass(const char *line)
{
    static char words[256], seen[ERROR_MAX_BYTES + 256];
    char *argv[MOST_ARGS + 1] = {"naru test"};
    struct options *o;
    struct error err;
    const char *value;
    int argc = 1, id;
    size_t n = 0;

    (void)snprintf(words, sizeof(words), "%s", line);
    for (char *w = strtok(words, " "); w != NULL; w = strtok(NULL, " ")) {
        argv[argc++] = strcmp(w, "''") == 0 ? w + 2 : w;
    }
    o = options_new(&table, argc, argv);
    assert_non_null(o);
    seen[0] = '\0';
    while ((id = options_next(o, &value, &err)) > 0) {
        n += (size_t)snprintf(seen + n, sizeof(seen) - n, "%d%s%s ", id,
            value != NULL ? "=" : "", value != NULL ? value : "");
    }
    if (id == OPTIONS_BAD) {
        (void)snprintf(seen + n, sizeof(seen) - n, "!%s", err.text);
        options_free(o);
        return seen;
    }
    assert_int_equal(id, OPTIONS_END);
    n += (size_t)snprintf(seen + n, sizeof(seen) - n, "|");
    for (int i = 0; i < options_operand_count(o); i++) {
        n += (size_t)snprintf(
            seen + n, sizeof(seen) - n, " %s", options_operands(o)[i]);
    }
    options_free(o);
    return seen;
}

struct pass_case {
    const char *line, *seen;
};

static void expect_all(const struct pass_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *seen = pass(cases[i].line);

        if (strcmp(seen, cases[i].seen) != 0) {
            fail_msg("%s\n  gives  %s\n  not    %s", cases[i].line, seen,
                cases[i].seen);
        }
    }
}

static void every_form_of_an_option_is_read(void **state)
{
    static const struct pass_case cases[] = {
        {"", "|"},
        {"--pace x60", "1=x60 |"},
        {"--pace=x60", "1=x60 |"},
        {"--pace=", "1= |"},
        {"--pace ''", "1= |"},
        {"--pace --verbose", "1=--verbose |"},
        {"--pace=a=b", "1=a=b |"},
        {"-p x60", "1=x60 |"},
        {"-px60", "1=x60 |"},
        {"-vp x60", "3 1=x60 |"},
        {"-v --topic T -t U", "3 4=T 4=U |"},
        {"--pac x", "1=x |"},
        {"--part=3", "2=3 |"},
        {"--verb", "3 |"},
    };

    (void)state;
    expect_all(cases, COUNT_OF(cases));
}

static void a_value_may_be_left_out_where_the_table_says_so(void **state)
{
    static const struct option_row loop_rows[] = {
        {OPT_LOOP, "loop", 0, "[=N]", "Again."}};
    static const struct option_table loops = {
        "naru test", "", "", loop_rows, 1, NULL};
    char *argv[] = {"naru test", "--loop", "3", "--loop=4", NULL};
    const char *value;
    struct error err;
    struct options *o = options_new(&loops, 4, argv);

    (void)state;
    assert_int_equal(options_next(o, &value, &err), OPT_LOOP);
    assert_null(value);
    assert_int_equal(options_next(o, &value, &err), OPT_LOOP);
    assert_string_equal(value, "4");
    assert_int_equal(options_next(o, &value, &err), OPTIONS_END);
    assert_string_equal(options_operands(o)[0], "3");
    options_free(o);
}

static void operands_stand_where_they_like(void **state)
{
    static const struct pass_case cases[] = {
        {"a b", "| a b"},
        {"a --verbose b", "3 | a b"},
        {"a --topic T b -v c", "4=T 3 | a b c"},
        {"-", "| -"},
        {"-- --pace -v", "| --pace -v"},
        {"a -v -- -p b", "3 | a -p b"},
    };

    (void)state;
    expect_all(cases, COUNT_OF(cases));
}

static void what_is_wrong_is_named_with_what_was_meant(void **state)
{
    static const struct pass_case cases[] = {
        {"--pase x", "!unknown option --pase; did you mean --pace? see naru "
                     "test --help"},
        {"--tpoic=Stock_Data", "!unknown option --tpoic; did you mean "
                               "--topic? see naru test --help"},
        {"--zzz", "!unknown option --zzz; see naru test --help"},
        {"-v --zzz", "3 !unknown option --zzz; see naru test --help"},
        {"-z", "!unknown option -z; see naru test --help"},
        {"-zv", "!unknown option -z; see naru test --help"},
        {"--topic T -vzq", "4=T 3 !unknown option -z; see naru test --help"},
        {"--verbose -zq", "3 !unknown option -z; see naru test --help"},
        {"--pa x", "!option --pa is ambiguous; see naru test --help"},
        {"--verbose=2", "!option --verbose takes no value; see naru test "
                        "--help"},
        {"--pace", "!option --pace needs a value; see naru test --help"},
        {"a --pace", "!option --pace needs a value; see naru test --help"},
        {"-p", "!option -p needs a value; see naru test --help"},
        {"-v -p", "3 !option -p needs a value; see naru test --help"},
        {"-vp", "3 !option -p needs a value; see naru test --help"},
    };

    (void)state;
    expect_all(cases, COUNT_OF(cases));
}

static void a_pass_left_early_does_not_disturb_the_next(void **state)
{
    char *argv[] = {"naru test", "-vvv", "a", "b", NULL};
    struct options *o = options_new(&table, 4, argv);
    const char *value;
    struct error err;

    (void)state;
    assert_int_equal(options_next(o, &value, &err), OPT_VERBOSE);
    options_free(o);
    assert_string_equal(pass("-t X c"), "4=X | c");
    options_free(NULL);
}

static void numbers_are_whole_and_in_range(void **state)
{
    static const struct {
        const char *text;
        int64_t min, max;
        int rc;
        int64_t value;
    } cases[] = {
        {"0", 0, 10, 0, 0},
        {"10", 0, 10, 0, 10},
        {"11", 0, 10, -1, 0},
        {"-1", 0, 10, -1, 0},
        {"-1", -1, 10, 0, -1},
        {"007", 0, 10, 0, 7},
        {"", 0, 10, -1, 0},
        {"x", 0, 10, -1, 0},
        {"5x", 0, 10, -1, 0},
        {"5 ", 0, 10, -1, 0},
        {" 5", 0, 10, -1, 0},
        {"0x5", 0, 10, -1, 0},
        {"5.0", 0, 10, -1, 0},
        {"1e1", 0, 10, -1, 0},
        {"9223372036854775807", 0, INT64_MAX, 0, INT64_MAX},
        {"9223372036854775808", 0, INT64_MAX, -1, 0},
        {"-9223372036854775808", INT64_MIN, 0, 0, INT64_MIN},
        {"-9223372036854775809", INT64_MIN, 0, -1, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct error err = {""};
        int64_t n = 4711;
        int rc = options_number(
            "--rows", cases[i].text, cases[i].min, cases[i].max, &n, &err);

        if (rc != cases[i].rc || n != (rc == 0 ? cases[i].value : 4711) ||
            (rc != 0) != (err.text[0] != '\0')) {
            fail_msg("'%s': %d, %lld, %s", cases[i].text, rc, (long long)n,
                err.text);
        }
    }
}

static void a_bad_number_is_told_with_its_range(void **state)
{
    struct error err;
    int64_t n;

    (void)state;
    assert_int_equal(options_number("--rows", "abc", 1, 99, &n, &err), -1);
    assert_string_equal(
        err.text, "--rows: 'abc' is not a whole number from 1 to 99");
}

static void help_shows_every_option_with_its_lines_aligned(void **state)
{
    static char text[4096];
    int saved = dup(STDOUT_FILENO);
    FILE *file = tmpfile();
    size_t n;

    (void)state;
    assert_non_null(file);
    (void)fflush(stdout);
    (void)dup2(fileno(file), STDOUT_FILENO);
    options_print_help(&table);
    (void)fflush(stdout);
    (void)dup2(saved, STDOUT_FILENO);
    (void)close(saved);
    rewind(file);
    n = fread(text, 1, sizeof(text) - 1, file);
    text[n] = '\0';
    (void)fclose(file);
    assert_string_equal(text, "Usage: naru test [OPTION]... FILE...\n"
                              "       naru test --help\n"
                              "\n"
                              "Tests options.\n"
                              "\n"
                              "Options:\n"
                              "  -p, --pace PACE             How fast.\n"
                              "                              Second line.\n"
                              "      --partitions N          How many.\n"
                              "  -v, --verbose               Say more.\n"
                              "  -t, --topic NAME            Where to.\n"
                              "  -h, --help                  This text.\n"
                              "\n"
                              "Exit codes: 0.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_an_option_is_read),
        cmocka_unit_test(a_value_may_be_left_out_where_the_table_says_so),
        cmocka_unit_test(operands_stand_where_they_like),
        cmocka_unit_test(what_is_wrong_is_named_with_what_was_meant),
        cmocka_unit_test(a_pass_left_early_does_not_disturb_the_next),
        cmocka_unit_test(numbers_are_whole_and_in_range),
        cmocka_unit_test(a_bad_number_is_told_with_its_range),
        cmocka_unit_test(help_shows_every_option_with_its_lines_aligned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
