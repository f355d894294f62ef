/* Ticks and limits of the exchange, in a table of days and prices. */
#include "replay/krx_rules.h"

#include "common/civil.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka wants the three above first. */
#include <cmocka.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static int64_t day_of(const char *text)
{
    int64_t day = 0;

    assert_int_equal(civil_parse(slice_of(text), &day), 0);
    return day;
}

static void ticks_follow_price_market_and_day(void **state)
{
    static const struct {
        enum krx_market market;
        const char *date;
        int64_t price, tick;
    } cases[] = {
        {KRX_KOSPI, "2022-01-03", 999, 1},
        {KRX_KOSPI, "2022-01-03", 1000, 5},
        {KRX_KOSPI, "2022-01-03", 5000, 10},
        {KRX_KOSPI, "2022-01-03", 10000, 50},
        {KRX_KOSPI, "2022-01-03", 50000, 100},
        {KRX_KOSPI, "2022-01-03", 100000, 500},
        {KRX_KOSPI, "2022-01-03", 500000, 1000},
        {KRX_KOSDAQ, "2022-01-03", 49950, 50},
        {KRX_KOSDAQ, "2022-01-03", 500000, 100},
        {KRX_KONEX, "2022-01-03", 100000, 100},
        {KRX_KOSPI, "2023-01-24", 1999, 5},
        {KRX_KOSPI, "2023-01-25", 1999, 1},
        {KRX_KOSPI, "2023-01-25", 19990, 10},
        {KRX_KOSPI, "2023-01-25", 199900, 100},
        {KRX_KOSDAQ, "2023-01-25", 200000, 500},
        {KRX_KOSDAQ, "2023-01-25", 500000, 1000},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (krx_tick(cases[i].market, day_of(cases[i].date), cases[i].price) !=
            cases[i].tick) {
            fail_msg("case %zu: %s", i, cases[i].date);
        }
    }
}

static void limits_widen_on_their_days(void **state)
{
    static const struct {
        enum krx_market market;
        const char *date;
        int percent;
    } cases[] = {
        {KRX_KOSPI, "1995-05-02", 6},
        {KRX_KOSPI, "1996-11-24", 6},
        {KRX_KOSPI, "1996-11-25", 8},
        {KRX_KOSPI, "1998-03-01", 8},
        {KRX_KOSPI, "1998-03-02", 12},
        {KRX_KOSPI, "1998-12-06", 12},
        {KRX_KOSPI, "1998-12-07", 15},
        {KRX_KOSDAQ, "2015-06-14", 15},
        {KRX_KOSDAQ, "2015-06-15", 30},
        {KRX_KONEX, "2015-06-15", 15},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (krx_limit_percent(cases[i].market, day_of(cases[i].date)) !=
            cases[i].percent) {
            fail_msg("case %zu: %s", i, cases[i].date);
        }
    }
}

/*
 * Rows of the source with ChangeCode 4 or 5: one of the limits is the close.
 * The last base is made up: its upper limit lies where ticks are wider.
 */
static void limit_prices_are_those_of_the_source(void **state)
{
    static const struct {
        enum krx_market market;
        const char *date;
        int64_t base, lower, upper;
    } cases[] = {
        {KRX_KOSDAQ, "2022-01-03", 24700, 17300, 32100},
        {KRX_KOSDAQ, "2022-01-03", 3250, 2275, 4225},
        {KRX_KOSDAQ, "2022-01-03", 1435, 1005, 1865},
        {KRX_KONEX, "2023-01-02", 880, 748, 1010},
        {KRX_KOSDAQ, "2025-01-02", 162700, 113900, 211500},
        {KRX_KOSDAQ, "2025-01-02", 13400, 9380, 17420},
        {KRX_KOSPI, "2022-01-03", 9990, 7000, 12950},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct krx_limits l = krx_limits_of(
            cases[i].market, day_of(cases[i].date), cases[i].base);

        if (l.lower != cases[i].lower || l.upper != cases[i].upper) {
            fail_msg("base %d: %d to %d", (int)cases[i].base, (int)l.lower,
                (int)l.upper);
        }
    }
}

static void a_market_that_has_not_opened_is_kospi(void **state)
{
    (void)state;
    assert_int_equal(
        krx_market_on(KRX_KOSDAQ, day_of("1996-06-30")), KRX_KOSPI);
    assert_int_equal(
        krx_market_on(KRX_KOSDAQ, day_of("1996-07-01")), KRX_KOSDAQ);
    assert_int_equal(krx_market_on(KRX_KONEX, day_of("2013-06-30")), KRX_KOSPI);
    assert_int_equal(krx_market_on(KRX_KONEX, day_of("2013-07-01")), KRX_KONEX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_follow_price_market_and_day),
        cmocka_unit_test(limits_widen_on_their_days),
        cmocka_unit_test(limit_prices_are_those_of_the_source),
        cmocka_unit_test(a_market_that_has_not_opened_is_kospi),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
