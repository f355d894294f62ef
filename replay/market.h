/*
 * struct market: an invented stock market, one trading day after another: N
 * listed companies whose prices walk at random inside the exchange's rules.
 * Integer arithmetic only, so that a seed gives the same quotes on any
 * machine. What happens on a day depends on the seed, N and the days traded
 * before it, and a company's own moves not even on N.
 *
 * A few companies of a long list (slots from COMPANY_LARGE_SLOTS on) are
 * suspended for some weeks, about 4 % at any time, or leave the list for a new
 * one in the same slot. A list of COMPANY_LARGE_SLOTS or fewer has neither.
 */
#ifndef NARU_REPLAY_MARKET_H
#define NARU_REPLAY_MARKET_H

#include "common/attr.h"
#include "replay/company.h"
#include "replay/krx_rules.h"

#include <stdint.h>

/* As the source's ChangeCode. */
enum quote_change {
    QUOTE_SUSPENDED = 0,
    QUOTE_UP = 1,
    QUOTE_DOWN = 2,
    QUOTE_UNCHANGED = 3,
    QUOTE_UPPER_LIMIT = 4,
    QUOTE_LOWER_LIMIT = 5
};

/*
 * One company on one day. Prices in won; when suspended, close is the base and
 * open, high, low, volume and amount are 0. Otherwise low <= open, close <=
 * high, all whole ticks inside the limits around base, and
 * low * volume <= amount <= high * volume.
 */
struct quote {
    int64_t base; /* the close before, or the price of the listing */
    int64_t open, high, low, close;
    int64_t volume; /* shares */
    int64_t amount; /* won */
    int64_t marcap; /* close * stocks, exactly */
    enum krx_market market;
    enum quote_change change;
};

struct market; /* opaque */

/*
 * market_new(seed, n_stocks):
 * A market before its first day. n_stocks is 1 to COMPANY_MAX_SLOTS
 * (asserted). NULL out of memory. The caller frees it with market_free.
 */
struct market *market_new(uint64_t seed, uint32_t n_stocks) MUST_CHECK;
void market_free(struct market *m);

/*
 * market_trade(m, day):
 * Go through one trading day; days must rise. Never allocates.
 */
void market_trade(struct market *m, int64_t day);

/*
 * market_rank(m):
 * The slots by market cap, the largest first, equals by code: n_stocks numbers,
 * valid until the next call. Quick when called day after day, because the order
 * changes little.
 */
const uint32_t *market_rank(struct market *m);

/* The company in a slot and its last day; valid until market_trade. */
const struct company *market_company(const struct market *m, uint32_t slot);
const struct quote *market_quote(const struct market *m, uint32_t slot);

#endif
