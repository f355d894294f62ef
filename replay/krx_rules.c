/*
 * Tick sizes, daily limits and opening dates of the markets; see krx_rules.h.
 * Dates are day numbers, compared as such: these functions run for each row.
 */
#include "replay/krx_rules.h"

#include <stddef.h>

#define KOSDAQ_OPENED 9678   /* 1996-07-01 */
#define LIMIT_8_FROM 9825    /* 1996-11-25 */
#define LIMIT_12_FROM 10287  /* 1998-03-02 */
#define LIMIT_15_FROM 10567  /* 1998-12-07 */
#define KONEX_OPENED 15887   /* 2013-07-01 */
#define LIMIT_30_FROM 16601  /* 2015-06-15 */
#define NEW_TICKS_FROM 19382 /* 2023-01-25 */
#define KONEX_LIMIT_PERCENT 15

enum krx_market krx_market_on(enum krx_market home, int64_t day)
{
    if ((home == KRX_KOSDAQ && day < KOSDAQ_OPENED) ||
        (home == KRX_KONEX && day < KONEX_OPENED)) {
        return KRX_KOSPI;
    }
    return home;
}

static int64_t new_tick(int64_t price)
{
    return price < 2000     ? 1
           : price < 5000   ? 5
           : price < 20000  ? 10
           : price < 50000  ? 50
           : price < 200000 ? 100
           : price < 500000 ? 500
                            : 1000;
}

static int64_t old_tick(int64_t price, enum krx_market market)
{
    if (price < 50000) {
        return price < 1000 ? 1 : price < 5000 ? 5 : price < 10000 ? 10 : 50;
    }
    if (market != KRX_KOSPI) {
        return 100;
    }
    return price < 100000 ? 100 : price < 500000 ? 500 : 1000;
}

int64_t krx_tick(enum krx_market market, int64_t day, int64_t price)
{
    return day >= NEW_TICKS_FROM ? new_tick(price) : old_tick(price, market);
}

int krx_limit_percent(enum krx_market market, int64_t day)
{
    if (market == KRX_KONEX) {
        return KONEX_LIMIT_PERCENT;
    }
    return day >= LIMIT_30_FROM   ? 30
           : day >= LIMIT_15_FROM ? 15
           : day >= LIMIT_12_FROM ? 12
           : day >= LIMIT_8_FROM  ? 8
                                  : 6;
}

struct krx_limits krx_limits_of(
    enum krx_market market, int64_t day, int64_t base)
{
    int64_t distance = base * krx_limit_percent(market, day) / 100;
    int64_t tick;
    struct krx_limits l;

    distance -= distance % krx_tick(market, day, base);
    l.upper = base + distance;
    l.upper -= l.upper % krx_tick(market, day, l.upper);
    l.lower = base - distance;
    tick = krx_tick(market, day, l.lower);
    l.lower = (l.lower + tick - 1) / tick * tick;
    return l;
}
