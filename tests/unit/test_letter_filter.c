/* Which letters a filter takes. */
#include "bridge/dlq/letter_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

static void each_filter_takes_what_it_says(void **state)
{
    const struct letter l = {.when_ms = 1000,
        .topic = {"Stock_Data", 10},
        .status = 400,
        .type = {"mapper_parsing_exception", 24},
        .reason = {"failed to parse field [Marcap] of type [long]", 45}};
    const struct {
        struct letter_filter filter;
        bool taken;
    } rows[] = {
        {{0}, true},
        {{.source = "Stock_Data"}, true},
        {{.source = "Stock"}, false},
        {{.type = "PARSING"}, true},
        {{.type = "mapper_parsing_exception"}, true},
        {{.type = "mapper_parsing_exceptions"}, false},
        {{.type = ""}, true},
        {{.reason = "type [LONG]"}, true},
        {{.reason = "type [double]"}, false},
        {{.field = "Marcap"}, true},
        {{.field = "marcap"}, false},
        {{.field = "Marc"}, false},
        {{.has_status = true, .status = 400}, true},
        {{.has_status = true, .status = 0}, false},
        {{.has_since = true, .since_ms = 1000}, true},
        {{.has_since = true, .since_ms = 1001}, false},
        {{.has_until = true, .until_ms = 1001}, true},
        {{.has_until = true, .until_ms = 1000}, false},
        {{.source = "Stock_Data", .field = "Marcap", .reason = "no"}, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (letter_filter_takes(&rows[i].filter, &l) != rows[i].taken) {
            fail_msg("row %zu", i);
        }
    }
}

static void a_letter_without_words_fits_no_word(void **state)
{
    const struct letter l = {.topic = {"t", 1}};

    (void)state;
    assert_true(letter_filter_takes(&(struct letter_filter){0}, &l));
    assert_false(letter_filter_takes(&(struct letter_filter){.type = "x"}, &l));
    assert_false(
        letter_filter_takes(&(struct letter_filter){.field = "x"}, &l));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_filter_takes_what_it_says),
        cmocka_unit_test(a_letter_without_words_fits_no_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
