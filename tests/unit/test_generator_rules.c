/*
 * What generated rows promise, checked on the bytes: the rules of the exchange
 * on days around each change of them, arithmetic between the columns, order
 * and uniqueness.
 */
#include "replay/krx_rules.h"
#include "tests/unit/generated_rows.h"

#include <stdio.h>
#include <stdlib.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_COMPANIES 1000

/* In the order of the 2022 header. */
struct row {
    char code[8], name[64], market[8], dept[64];
    int64_t close, change_code, change;
    char ratio[16];
    int64_t open, high, low, volume, amount, marcap, stocks;
    char market_id[8];
    int64_t rank;
    char date[16];
};

/* The last close of every company met so far. */
struct ledger {
    struct company_seen {
        char code[8], name[64];
        int64_t close;
    } seen[MAX_COMPANIES];
    size_t n;
    size_t n_rows, n_suspended, n_preferred;
};

static void take_text(char **at, char *to, size_t size)
{
    const char *text = take_column(at, true);

    assert_true(strlen(text) < size);
    (void)strcpy(to, text);
}

static int64_t take_number(char **at, const char *ending)
{
    char *end;
    int64_t value = strtoll(take_column(at, false), &end, 10);

    assert_string_equal(end, ending);
    return value;
}

static void take_row(char **at, struct row *r)
{
    take_text(at, r->code, sizeof(r->code));
    take_text(at, r->name, sizeof(r->name));
    take_text(at, r->market, sizeof(r->market));
    take_text(at, r->dept, sizeof(r->dept));
    r->close = take_number(at, ".0");
    r->change_code = take_number(at, "");
    r->change = take_number(at, ".0");
    (void)snprintf(r->ratio, sizeof(r->ratio), "%s", take_column(at, false));
    r->open = take_number(at, ".0");
    r->high = take_number(at, ".0");
    r->low = take_number(at, ".0");
    r->volume = take_number(at, ".0");
    r->amount = take_number(at, ".0");
    r->marcap = take_number(at, ".0");
    r->stocks = take_number(at, "");
    take_text(at, r->market_id, sizeof(r->market_id));
    r->rank = take_number(at, "");
    take_text(at, r->date, sizeof(r->date));
}

static enum krx_market check_market(const struct row *r)
{
    static const char *const names[] = {"KOSPI", "KOSDAQ", "KONEX"};
    static const char *const ids[] = {"STK", "KSQ", "KNX"};
    static const char *const opened[] = {
        "1995-01-01", "1996-07-01", "2013-07-01"};
    int m = 0;

    while (m < 3 && strcmp(names[m], r->market) != 0) {
        m++;
    }
    assert_true(m < 3);
    assert_string_equal(r->market_id, ids[m]);
    assert_true(strcmp(r->date, opened[m]) >= 0);
    assert_int_equal(r->dept[0] == '\0', m == 0);
    return (enum krx_market)m;
}

/* The limits by date, written down here a second time. */
static int limit_percent(enum krx_market market, const char *date)
{
    return market == KRX_KONEX               ? 15
           : strcmp(date, "2015-06-15") >= 0 ? 30
           : strcmp(date, "1998-12-07") >= 0 ? 15
           : strcmp(date, "1998-03-02") >= 0 ? 12
           : strcmp(date, "1996-11-25") >= 0 ? 8
                                             : 6;
}

static void check_price(
    const struct row *r, enum krx_market market, int64_t base, int64_t price)
{
    int64_t most = base * limit_percent(market, r->date) / 100;

    assert_in_range(price, base - most, base + most);
    assert_in_range(price, r->low, r->high);
    assert_int_equal(price % krx_tick(market, day_of(r->date), price), 0);
}

static void check_change_code(
    const struct row *r, enum krx_market market, int64_t base)
{
    struct krx_limits l = krx_limits_of(market, day_of(r->date), base);
    int64_t expected = r->change > 0   ? (r->close == l.upper ? 4 : 1)
                       : r->change < 0 ? (r->close == l.lower ? 5 : 2)
                                       : 3;

    assert_int_equal(r->change_code, expected);
}

/* "-0.15", "30.0": nearest hundredth, no second zero. */
static void check_ratio(const struct row *r, int64_t base)
{
    const char *point = strchr(r->ratio, '.');
    int64_t hundredths, off;
    size_t decimals;

    assert_non_null(point);
    decimals = strlen(point + 1);
    assert_true(decimals == 1 || (decimals == 2 && point[2] != '0'));
    hundredths = llabs(strtoll(r->ratio, NULL, 10)) * 100 +
                 strtoll(point + 1, NULL, 10) * (decimals == 1 ? 10 : 1);
    if (r->ratio[0] == '-') {
        assert_true(r->change < 0);
        hundredths = -hundredths;
    }
    off = hundredths * base - r->change * 10000;
    assert_true(llabs(off) * 2 <= base);
}

static void check_suspended(const struct row *r)
{
    assert_int_equal(r->change_code, 0);
    assert_int_equal(r->change, 0);
    assert_string_equal(r->ratio, "0.0");
    assert_int_equal(r->open, 0);
    assert_int_equal(r->high, 0);
    assert_int_equal(r->low, 0);
    assert_int_equal(r->amount, 0);
}

static void check_traded(const struct row *r, enum krx_market market)
{
    int64_t base = r->close - r->change;

    check_price(r, market, base, r->open);
    check_price(r, market, base, r->close);
    check_price(r, market, base, r->high);
    check_price(r, market, base, r->low);
    check_change_code(r, market, base);
    check_ratio(r, base);
    assert_true(r->volume <= r->stocks);
    assert_true(r->amount >= r->low * r->volume);
    assert_true(r->amount <= r->high * r->volume);
}

/* A company keeps its name, and its base is its close of the day before. */
static void check_company(struct ledger *l, const struct row *r)
{
    size_t i = 0;

    assert_int_equal(strlen(r->code), 6);
    assert_int_equal(strspn(r->code, "0123456789"), r->code[5] == 'K' ? 5 : 6);
    while (i < l->n && strcmp(l->seen[i].code, r->code) != 0) {
        assert_string_not_equal(l->seen[i].name, r->name);
        i++;
    }
    if (i == l->n) {
        assert_true(l->n < MAX_COMPANIES);
        l->n++;
        (void)strcpy(l->seen[i].code, r->code);
        (void)strcpy(l->seen[i].name, r->name);
    } else {
        assert_string_equal(l->seen[i].name, r->name);
        assert_int_equal(l->seen[i].close, r->close - r->change);
    }
    l->seen[i].close = r->close;
}

static void check_preferred(struct ledger *l, const struct row *r)
{
    size_t n = strlen(r->name);
    bool newer = n > 4 && strcmp(r->name + n - 4, "우B") == 0;
    bool older = n > 3 && strcmp(r->name + n - 3, "우") == 0;

    assert_int_equal(newer, r->code[5] == 'K');
    assert_int_equal(older, r->code[5] == '5');
    l->n_preferred += newer || older;
}

static void check_row(struct ledger *l, const struct row *r)
{
    enum krx_market market = check_market(r);

    assert_true(r->close > 0);
    assert_true(r->stocks > 0);
    assert_int_equal(r->marcap, r->close * r->stocks);
    if (r->volume == 0) {
        check_suspended(r);
        l->n_suspended++;
    } else {
        check_traded(r, market);
    }
    check_company(l, r);
    check_preferred(l, r);
    l->n_rows++;
}

static void check_rank(const struct row *above, const struct row *r)
{
    assert_int_equal(r->rank, above->rank + 1);
    assert_string_equal(r->date, above->date);
    assert_true(
        r->marcap < above->marcap ||
        (r->marcap == above->marcap && strcmp(r->code, above->code) > 0));
}

/* Check every row of text against the options; fills l. */
static void check_rows(
    const struct generator_options *o, char *text, struct ledger *l)
{
    int64_t day = o->first_day;
    struct row row, above;

    while (*text != '\0') {
        for (uint32_t i = 1; i <= o->n_stocks; i++) {
            take_row(&text, &row);
            if (i == 1) {
                assert_int_equal(row.rank, 1);
            } else {
                check_rank(&above, &row);
            }
            check_row(l, &row);
            above = row;
        }
        while (!trading_calendar_is_open(day)) {
            day++;
        }
        assert_int_equal(day_of(row.date), day);
        day++;
    }
    while (day <= o->last_day) {
        assert_false(trading_calendar_is_open(day));
        day++;
    }
}

static struct ledger *check_span(
    const char *from, const char *to, uint32_t n_stocks, uint64_t seed)
{
    struct generator_options o = options_of(from, to, n_stocks, seed);
    struct ledger *l = calloc(1, sizeof(*l));
    struct buf b;

    assert_non_null(l);
    buf_init(&b, BUF_MAX_BYTES);
    generate(&o, &b);
    assert_true(b.len_bytes > 0);
    (void)buf_str(&b);
    check_rows(&o, b.data, l);
    buf_fini(&b);
    return l;
}

/* Around every change of the limits, ticks and markets. */
static const char *const spans[][2] = {
    {"1995-05-02", "1995-12-31"},
    {"1996-06-01", "1996-12-31"},
    {"1998-02-01", "1998-04-30"},
    {"1998-11-01", "1999-01-31"},
    {"2013-06-01", "2013-08-31"},
    {"2015-05-01", "2015-08-31"},
    {"2022-12-01", "2023-03-31"},
};

static void twenty_companies_keep_every_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        struct ledger *l = check_span(spans[i][0], spans[i][1], 20, 1);

        assert_int_equal(l->n, 20); /* none leaves the list */
        assert_int_equal(l->n_suspended, 0);
        assert_true(l->n_preferred > 0);
        assert_string_equal(l->seen[0].code, "005930");
        assert_string_equal(l->seen[0].name, "삼성전자");
        free(l);
    }
}

static void two_hundred_companies_keep_every_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(spans); i++) {
        free(check_span(spans[i][0], spans[i][1], 200, 7 + i));
    }
}

/* 4 % of the 170 beyond the large ones, and one leaver in 6,000 days each. */
static void long_lists_have_suspended_companies_and_newcomers(void **state)
{
    struct ledger *l = check_span("2004-01-01", "2005-12-31", 200, 1);

    (void)state;
    assert_in_range(l->n_suspended * 1000 / l->n_rows, 20, 55);
    assert_in_range(l->n, 201, 260);
    free(l);
}

static void a_list_of_one_is_the_first_company(void **state)
{
    struct ledger *l = check_span("2022-01-01", "2022-01-31", 1, 1);

    (void)state;
    assert_int_equal(l->n, 1);
    assert_string_equal(l->seen[0].code, "005930");
    free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twenty_companies_keep_every_rule),
        cmocka_unit_test(two_hundred_companies_keep_every_rule),
        cmocka_unit_test(long_lists_have_suspended_companies_and_newcomers),
        cmocka_unit_test(a_list_of_one_is_the_first_company),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
