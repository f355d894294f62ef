/* Generating rows and cutting them into columns, for the generator's tests. */
#ifndef NARU_TESTS_UNIT_GENERATED_ROWS_H
#define NARU_TESTS_UNIT_GENERATED_ROWS_H

#include "common/civil.h"
#include "replay/generator.h"
#include "replay/trading_calendar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>
#include <string.h>

#define BUF_MAX_BYTES (64 * 1024 * 1024)

static inline int64_t day_of(const char *text)
{
    int64_t day = 0;

    assert_int_equal(civil_parse(slice_of(text), &day), 0);
    return day;
}

static inline struct generator_options options_of(
    const char *from, const char *to, uint32_t n_stocks, uint64_t seed)
{
    return (struct generator_options){.first_day = day_of(from),
        .last_day = day_of(to),
        .n_stocks = n_stocks,
        .seed = seed};
}

/* All rows of the options, without the header, in out. */
static inline void generate(const struct generator_options *o, struct buf *out)
{
    struct generator *g = generator_new(o);
    int64_t day;

    assert_non_null(g);
    while (generator_next_day(g, &day)) {
        assert_true(trading_calendar_is_open(day));
        assert_int_equal(generator_write_day(g, out), 0);
    }
    generator_free(g);
}

/* Cut the next column off, which must be quoted or not as said. */
static inline char *take_column(char **at, bool quoted)
{
    char *start = *at;
    char *end = start + strcspn(start, ",\n");

    assert_true(*end != '\0');
    *at = end + 1;
    *end = '\0';
    assert_int_equal(*start == '"', quoted);
    if (quoted) {
        assert_int_equal(end[-1], '"');
        end[-1] = '\0';
        return start + 1;
    }
    return start;
}

#endif
