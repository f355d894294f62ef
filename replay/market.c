/*
 * The invented market; see market.h. A day's move of a price is the market's
 * move, shared by all, plus the company's own, plus a pull towards an anchor:
 * the price of its listing carried along by the market's level. Without the
 * pull, thirty years of a random walk end in prices of pennies and of billions.
 *
 * Moves are in millionths (ppm) of the base price.
 */
#include "replay/market.h"

#include "replay/random.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define PPM 1000000

#define MARKET_DRIFT_PPM 150
#define MARKET_MOVE_PPM 9000 /* standard deviation */
#define MARKET_PULL_PPM 4000 /* of the distance to the anchor, per day */
#define LEVEL_ONE (1 << 20)  /* the level of the first day */
#define LEVEL_MIN (LEVEL_ONE / 2)
#define LEVEL_MAX (LEVEL_ONE * 6)

#define PRICE_MIN 100  /* below, a limit is hardly a tick wide */
#define THIN_VOLUME 10 /* so few shares change hands at one price */

/* Of 2^32 a day. 1/600 falls, 1/25 rises again: 4 % are down at any time. */
#define SUSPEND_CHANCE (UINT32_MAX / 600)
#define RESUME_CHANCE (UINT32_MAX / 25)
#define LEAVE_CHANCE (UINT32_MAX / 6000)

#define MARKET_STREAM (UINT64_MAX - 2)
#define SLOT_STREAMS (UINT64_C(1) << 32) /* beyond those of company_make */

struct listing {
    struct company company;
    struct quote quote;
    struct random_source random;
    uint32_t generation;
    bool suspended;
};

struct ranked {
    int64_t marcap;
    uint32_t slot;
};

struct market {
    uint64_t seed;
    uint32_t n_stocks;
    int64_t level; /* in 1/LEVEL_ONE */
    struct random_source random;
    struct listing *listings;
    struct ranked *ranked; /* in the order of the last market_rank */
    uint32_t *order;
};

/* The rules that hold for one company on one day. */
struct session {
    enum krx_market market;
    int64_t day;
    struct krx_limits limits;
};

static int64_t round_to_tick(enum krx_market market, int64_t day, int64_t price)
{
    int64_t tick = krx_tick(market, day, price);

    return (price + tick / 2) / tick * tick;
}

static void list_company(struct market *m, uint32_t slot, uint32_t generation)
{
    struct listing *l = &m->listings[slot];

    l->company = company_make(m->seed, slot, generation);
    l->generation = generation;
    l->suspended = false;
    l->quote.close = l->company.price * m->level / LEVEL_ONE;
}

struct market *market_new(uint64_t seed, uint32_t n_stocks)
{
    struct market *m = calloc(1, sizeof(*m));

    assert(n_stocks >= 1 && n_stocks <= COMPANY_MAX_SLOTS);
    if (m == NULL) {
        return NULL;
    }
    m->seed = seed;
    m->n_stocks = n_stocks;
    m->level = LEVEL_ONE;
    m->random = random_fork(seed, MARKET_STREAM);
    m->listings = calloc(n_stocks, sizeof(*m->listings));
    m->ranked = calloc(n_stocks, sizeof(*m->ranked));
    m->order = calloc(n_stocks, sizeof(*m->order));
    if (m->listings == NULL || m->ranked == NULL || m->order == NULL) {
        market_free(m);
        return NULL;
    }
    for (uint32_t i = 0; i < n_stocks; i++) {
        m->listings[i].random = random_fork(seed, SLOT_STREAMS + i);
        m->ranked[i].slot = i;
        list_company(m, i, 0);
    }
    return m;
}

void market_free(struct market *m)
{
    if (m != NULL) {
        free(m->listings);
        free(m->ranked);
        free(m->order);
        free(m);
    }
}

/* The nearest tick to base moved by ppm, kept inside the day's limits. */
static int64_t price_at(const struct session *s, int64_t base, int64_t ppm)
{
    int64_t price = base + base * ppm / PPM;

    if (price <= s->limits.lower || price < PRICE_MIN) {
        return s->limits.lower > PRICE_MIN ? s->limits.lower : PRICE_MIN;
    }
    if (price >= s->limits.upper) {
        return s->limits.upper;
    }
    /* The limits are whole ticks of any band below, so rounding stays inside.
     */
    return round_to_tick(s->market, s->day, price);
}

static int64_t draw_move(struct listing *l, int64_t market_ppm, int64_t anchor)
{
    int64_t base = l->quote.base;
    int64_t larger = base > anchor ? base : anchor;
    int64_t sd = l->company.volatility_ppm;
    int64_t news = random_below(&l->random, 512);

    /* Rare news move a price several times as far, up to the limits. */
    if (news < 8) {
        sd *= news == 0 ? 12 : 3;
    }
    return market_ppm + random_bell(random_next(&l->random), sd) +
           (anchor - base) * MARKET_PULL_PPM / larger;
}

/* bits as a fraction of most, small ones more often. */
static int64_t draw_reach(uint64_t bits, int64_t most)
{
    int64_t u = (int64_t)(bits & 0xffff);

    return (u * u >> 16) * most >> 16;
}

static void set_prices(
    struct listing *l, const struct session *s, int64_t move_ppm)
{
    uint64_t bits = random_next(&l->random);
    int64_t sd = l->company.volatility_ppm;
    int64_t open_ppm = move_ppm * (int64_t)(bits & 0xffff) / 0x20000 +
                       ((int64_t)(bits >> 16 & 0xffff) - 0x8000) * sd / 0x20000;
    int64_t above = move_ppm > open_ppm ? move_ppm : open_ppm;
    int64_t below = move_ppm < open_ppm ? move_ppm : open_ppm;
    struct quote *q = &l->quote;

    above += draw_reach(bits >> 32, sd);
    below -= draw_reach(bits >> 48, sd);
    q->open = price_at(s, q->base, open_ppm);
    q->close = price_at(s, q->base, move_ppm);
    q->high = price_at(s, q->base, above);
    q->low = price_at(s, q->base, below);
}

/* Turnover as usual times 0.3 to 1.3, and more the more the price moves. */
static void set_volume(struct listing *l, uint32_t bits, int64_t move_ppm)
{
    const struct company *c = &l->company;
    struct quote *q = &l->quote;
    int64_t usual = c->stocks * c->turnover_ppm / PPM;
    int64_t distance = move_ppm < 0 ? -move_ppm : move_ppm;
    int64_t factor =
        77 + random_scale(bits, 256) + distance * 100 / c->volatility_ppm;

    q->volume = usual * factor / 256;
    if (q->volume < 1) {
        q->volume = 1;
    }
    if (q->volume < THIN_VOLUME) {
        q->open = q->high = q->low = q->close;
    }
    q->amount = q->volume * (q->open + q->high + q->low + q->close) / 4;
}

static enum quote_change judge_change(
    const struct quote *q, const struct krx_limits *limits)
{
    if (q->close == q->base) {
        return QUOTE_UNCHANGED;
    }
    if (q->close > q->base) {
        return q->close == limits->upper ? QUOTE_UPPER_LIMIT : QUOTE_UP;
    }
    return q->close == limits->lower ? QUOTE_LOWER_LIMIT : QUOTE_DOWN;
}

static void suspend_quote(struct quote *q)
{
    q->open = q->high = q->low = q->volume = q->amount = 0;
    q->change = QUOTE_SUSPENDED;
}

/* Let companies fall silent, speak again, or make room for others. */
static void change_standing(struct market *m, uint32_t slot)
{
    struct listing *l = &m->listings[slot];
    uint64_t bits;

    if (slot < COMPANY_LARGE_SLOTS) {
        return;
    }
    bits = random_next(&l->random);
    if (l->suspended) {
        l->suspended = (uint32_t)bits >= RESUME_CHANCE;
    } else {
        l->suspended = (uint32_t)bits < SUSPEND_CHANCE;
    }
    if (bits >> 32 < LEAVE_CHANCE && l->company.can_leave &&
        l->generation + 1 < COMPANY_MAX_GENERATIONS) {
        list_company(m, slot, l->generation + 1);
    }
}

static void trade_company(
    struct market *m, uint32_t slot, int64_t day, int64_t market_ppm)
{
    struct listing *l = &m->listings[slot];
    struct quote *q = &l->quote;
    struct session s;
    int64_t move_ppm;

    change_standing(m, slot);
    s.day = day;
    s.market = krx_market_on(l->company.home, day);
    q->market = s.market;
    q->base = q->close;
    if (l->suspended) {
        suspend_quote(q);
    } else {
        s.limits = krx_limits_of(s.market, day, q->base);
        move_ppm =
            draw_move(l, market_ppm, l->company.price * m->level / LEVEL_ONE);
        set_prices(l, &s, move_ppm);
        set_volume(l, (uint32_t)random_next(&l->random), move_ppm);
        q->change = judge_change(q, &s.limits);
    }
    q->marcap = q->close * l->company.stocks;
}

void market_trade(struct market *m, int64_t day)
{
    int64_t market_ppm = MARKET_DRIFT_PPM +
                         random_bell(random_next(&m->random), MARKET_MOVE_PPM);

    m->level += m->level * market_ppm / PPM;
    if (m->level < LEVEL_MIN || m->level > LEVEL_MAX) {
        m->level = m->level < LEVEL_MIN ? LEVEL_MIN : LEVEL_MAX;
    }
    for (uint32_t i = 0; i < m->n_stocks; i++) {
        trade_company(m, i, day, market_ppm);
    }
}

static bool ranks_before(
    const struct market *m, const struct ranked *a, const struct ranked *b)
{
    if (a->marcap != b->marcap) {
        return a->marcap > b->marcap;
    }
    return memcmp(m->listings[a->slot].company.code,
               m->listings[b->slot].company.code, COMPANY_CODE_BYTES) < 0;
}

/*
 * Insertion sort from yesterday's order: each company moves by a few ranks, so
 * that this is nearly linear.
 */
const uint32_t *market_rank(struct market *m)
{
    for (uint32_t i = 0; i < m->n_stocks; i++) {
        struct ranked *r = &m->ranked[i];

        r->marcap = m->listings[r->slot].quote.marcap;
    }
    for (uint32_t i = 1; i < m->n_stocks; i++) {
        struct ranked r = m->ranked[i];
        uint32_t at = i;

        while (at > 0 && ranks_before(m, &r, &m->ranked[at - 1])) {
            m->ranked[at] = m->ranked[at - 1];
            at--;
        }
        m->ranked[at] = r;
    }
    for (uint32_t i = 0; i < m->n_stocks; i++) {
        m->order[i] = m->ranked[i].slot;
    }
    return m->order;
}

const struct company *market_company(const struct market *m, uint32_t slot)
{
    return &m->listings[slot].company;
}

const struct quote *market_quote(const struct market *m, uint32_t slot)
{
    return &m->listings[slot].quote;
}
