/* Simple lines are cut; all others are left to libcsv. */
#include "replay/csv_line.h"

#include "common/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define CAP 4

static void simple_lines_are_cut_and_others_left(void **state)
{
    static const struct {
        const char *line, *fields; /* NULL: not simple */
    } cases[] = {
        {"a", "a|"},
        {"a,b,c", "a|b|c|"},
        {",", "||"},
        {"a,", "a||"},
        {",a", "|a|"},
        {" a , b", " a | b|"},
        {"\"a\"", "a|"},
        {"\"\"", "|"},
        {"\"\",\"\"", "||"},
        {"\"a,b\",c", "a,b|c|"},
        {"a,\"b\"", "a|b|"},
        {"a,b,c,d", "a|b|c|d|"},
        {"a,b,c,", "a|b|c||"},
        {"a,b,c,d,", NULL}, /* no room: a fifth field */
        {"a,b,c,d,e", NULL},
        {"\"a\"\"b\"", NULL},
        {"\"a", NULL},
        {"\"a\"b", NULL},
        {"\"a\" ,b", NULL},
        {"a\"", NULL},
        {"a,b\"c", NULL},
        {"\"", NULL},
        {"a,\"", NULL},
        {"\"\"\"\"", NULL},
    };
    struct slice fields[CAP];
    struct buf got;

    (void)state;
    buf_init(&got, 256);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t n = csv_line_cut(slice_of(cases[i].line), fields, CAP);

        buf_clear(&got);
        for (size_t f = 0; f < n; f++) {
            assert_int_equal(buf_append_slice(&got, fields[f]), 0);
            assert_int_equal(buf_append_char(&got, '|'), 0);
        }
        if (strcmp(buf_str(&got),
                cases[i].fields != NULL ? cases[i].fields : "") != 0) {
            fail_msg("%s: %s", cases[i].line, buf_str(&got));
        }
    }
    buf_fini(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_lines_are_cut_and_others_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
