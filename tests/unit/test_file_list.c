/* Names on a command line, and the files they mean. */
#include "cli/file_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static const char *const made[] = {"b.csv", "a.csv", "c.txt", "odd[1].csv"};

static int make_folder(void **state)
{
    static char folder[] = "/tmp/naru_test.XXXXXX";

    *state = mkdtemp(folder);
    if (*state == NULL || chdir(folder) != 0) {
        return -1;
    }
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        FILE *f = fopen(made[i], "w");

        if (f == NULL || fclose(f) != 0) {
            return -1;
        }
    }
    return 0;
}

static int remove_folder(void **state)
{
    for (size_t i = 0; i < COUNT_OF(made); i++) {
        (void)unlink(made[i]);
    }
    return chdir("/") == 0 ? rmdir(*state) : -1;
}

static void names_and_patterns_become_files(void **state)
{
    static const struct {
        const char *names[4];
        const char *list; /* or the error */
        int result;
    } cases[] = {
        {{"b.csv", "a.csv"}, "b.csv a.csv ", 0},
        {{"*.csv"}, "a.csv b.csv odd[1].csv ", 0},
        {{"c.txt", "[ab].csv", "-"}, "c.txt a.csv b.csv - ", 0},
        {{"odd[1].csv"}, "odd[1].csv ", 0}, /* there is such a file */
        {{"none.csv"}, "none.csv ", 0},     /* its reader will tell */
        {{"*.gz"}, "*.gz: no file matches the pattern", -1},
        {{"a.csv", "?.csv"}, "a.csv is named twice", -1},
        {{"-", "-"}, "- (standard input) is named twice", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *names[4];
        char text[256] = "";
        struct file_list l;
        struct error err;
        size_t n = 0;

        for (; n < 4 && cases[i].names[n] != NULL; n++) {
            names[n] = strdup(cases[i].names[n]);
        }
        assert_int_equal(file_list_fill(&l, names, n, &err), cases[i].result);
        for (size_t p = 0; cases[i].result == 0 && p < l.n; p++) {
            (void)strcat(strcat(text, l.paths[p]), " ");
        }
        assert_string_equal(
            cases[i].result == 0 ? text : err.text, cases[i].list);
        file_list_fini(&l);
        while (n > 0) {
            free(names[--n]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_patterns_become_files),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
