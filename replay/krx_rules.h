/*
 * The Korean exchange's rules about prices: tick sizes and daily limits.
 * Prices are whole won, above 0.
 *
 * Tick sizes are those in force until and since 2023-01-25; the older table is
 * used for all years before, though details differed until 2010. Limits are
 * the KOSPI's in all markets but KONEX, which has 15 % throughout. Compared
 * with the source's files of 2022, 2023 and 2025: ticks and limits hold for
 * every traded row but the first days of a listing and the last before a
 * delisting, which have limits of their own.
 */
#ifndef NARU_REPLAY_KRX_RULES_H
#define NARU_REPLAY_KRX_RULES_H

#include <stdint.h>

enum krx_market { KRX_KOSPI, KRX_KOSDAQ, KRX_KONEX };

/* The first and last price allowed in a day; both are whole ticks. */
struct krx_limits {
    int64_t lower;
    int64_t upper;
};

/* krx_market_on(home, day): home, or KOSPI while home has not opened yet. */
enum krx_market krx_market_on(enum krx_market home, int64_t day);

/* krx_tick(market, day, price): The tick size at a price, in won. */
int64_t krx_tick(enum krx_market market, int64_t day, int64_t price);

/* krx_limit_percent(market, day): How far a close may be from the base. */
int krx_limit_percent(enum krx_market market, int64_t day);

/*
 * krx_limits_of(market, day, base):
 * The limits around a base price (the close before). The distance is cut to
 * the base's tick, the limits towards the base to their own tick.
 */
struct krx_limits krx_limits_of(
    enum krx_market market, int64_t day, int64_t base);

#endif
