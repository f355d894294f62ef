/*
 * Rows of the invented market; see generator.h. One column table per header
 * form gives both the header line and the order in a row. Rows are written
 * straight into room reserved for a whole day; nothing is allocated per row.
 */
#include "replay/generator.h"

#include "common/civil.h"
#include "replay/market.h"
#include "replay/trading_calendar.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum column {
    COL_CODE,
    COL_NAME,
    COL_MARKET,
    COL_DEPT,
    COL_CLOSE,
    COL_CHANGE_CODE,
    COL_CHANGES,
    COL_RATIO,
    COL_OPEN,
    COL_HIGH,
    COL_LOW,
    COL_VOLUME,
    COL_AMOUNT,
    COL_MARCAP,
    COL_STOCKS,
    COL_MARKET_ID,
    COL_RANK,
    COL_DATE,
    N_COLUMNS
};

static const char *const column_names[N_COLUMNS] = {
    [COL_CODE] = "Code",
    [COL_NAME] = "Name",
    [COL_MARKET] = "Market",
    [COL_DEPT] = "Dept",
    [COL_CLOSE] = "Close",
    [COL_CHANGE_CODE] = "ChangeCode",
    [COL_CHANGES] = "Changes",
    [COL_RATIO] = "ChagesRatio", /* the source's spelling */
    [COL_OPEN] = "Open",
    [COL_HIGH] = "High",
    [COL_LOW] = "Low",
    [COL_VOLUME] = "Volume",
    [COL_AMOUNT] = "Amount",
    [COL_MARCAP] = "Marcap",
    [COL_STOCKS] = "Stocks",
    [COL_MARKET_ID] = "MarketId",
    [COL_RANK] = "Rank",
    [COL_DATE] = "Date",
};

static const enum column column_orders[][N_COLUMNS] = {
    [GENERATOR_HEADER_2022] = {COL_CODE, COL_NAME, COL_MARKET, COL_DEPT,
        COL_CLOSE, COL_CHANGE_CODE, COL_CHANGES, COL_RATIO, COL_OPEN, COL_HIGH,
        COL_LOW, COL_VOLUME, COL_AMOUNT, COL_MARCAP, COL_STOCKS, COL_MARKET_ID,
        COL_RANK, COL_DATE},
    [GENERATOR_HEADER_2023] = {COL_CODE, COL_NAME, COL_CLOSE, COL_DEPT,
        COL_CHANGE_CODE, COL_CHANGES, COL_RATIO, COL_VOLUME, COL_AMOUNT,
        COL_OPEN, COL_HIGH, COL_LOW, COL_MARCAP, COL_STOCKS, COL_MARKET,
        COL_MARKET_ID, COL_RANK, COL_DATE},
};

static const char *const market_names[] = {
    [KRX_KOSPI] = "KOSPI", [KRX_KOSDAQ] = "KOSDAQ", [KRX_KONEX] = "KONEX"};
static const char *const market_ids[] = {
    [KRX_KOSPI] = "STK", [KRX_KOSDAQ] = "KSQ", [KRX_KONEX] = "KNX"};

struct generator {
    struct generator_options options;
    struct market *market;
    int64_t next_day; /* a trading day, or beyond last_day */
};

/* What a row is made of. */
struct row {
    const struct company *company;
    const struct quote *quote;
    uint32_t rank;
    const char *date;
};

static int64_t trading_day_from(int64_t day, int64_t last_day)
{
    while (day <= last_day && !trading_calendar_is_open(day)) {
        day++;
    }
    return day;
}

int generator_check(const struct generator_options *o, struct error *err)
{
    int years[2] = {
        civil_from_days(o->first_day).year, civil_from_days(o->last_day).year};
    char first[CIVIL_DATE_BYTES + 1], last[CIVIL_DATE_BYTES + 1];

    if (o->n_stocks < 1 || o->n_stocks > GENERATOR_MAX_STOCKS) {
        return error_set(err, "a day has 1 to %d stocks, not %lu",
            GENERATOR_MAX_STOCKS, (unsigned long)o->n_stocks);
    }
    if (o->first_day > o->last_day) {
        civil_format(o->first_day, first);
        civil_format(o->last_day, last);
        return error_set(
            err, "the first day, %s, is after the last, %s", first, last);
    }
    for (int i = 0; i < 2; i++) {
        if (!trading_calendar_knows(years[i])) {
            return error_set(err,
                "no lunar holidays known for year %d; known are %d to %d",
                years[i], TRADING_CALENDAR_FIRST_YEAR,
                TRADING_CALENDAR_LAST_YEAR);
        }
    }
    if (trading_day_from(o->first_day, o->last_day) > o->last_day) {
        return error_set(err, "the exchange is closed on all of these days");
    }
    return 0;
}

struct generator *generator_new(const struct generator_options *o)
{
    struct generator *g = calloc(1, sizeof(*g));
    int64_t day;

    assert(generator_check(o, NULL) == 0);
    if (g == NULL) {
        return NULL;
    }
    g->options = *o;
    g->market = market_new(o->seed, o->n_stocks);
    if (g->market == NULL) {
        free(g);
        return NULL;
    }
    day = civil_to_days((struct civil){TRADING_CALENDAR_FIRST_YEAR, 1, 1});
    day = trading_day_from(day, o->last_day);
    while (day < o->first_day) {
        market_trade(g->market, day);
        day = trading_day_from(day + 1, o->last_day);
    }
    g->next_day = day;
    return g;
}

void generator_free(struct generator *g)
{
    if (g != NULL) {
        market_free(g->market);
        free(g);
    }
}

bool generator_next_day(const struct generator *g, int64_t *day)
{
    *day = g->next_day;
    return g->next_day <= g->options.last_day;
}

static char *put_text(char *to, const char *text)
{
    size_t n = strlen(text);

    memcpy(to, text, n);
    return to + n;
}

static char *put_quoted(char *to, const char *text)
{
    *to++ = '"';
    to = put_text(to, text);
    *to++ = '"';
    return to;
}

static char *put_count(char *to, int64_t value)
{
    char digits[20];
    char *p = digits + sizeof(digits);
    uint64_t n = value < 0 ? -(uint64_t)value : (uint64_t)value;

    do {
        *--p = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    if (value < 0) {
        *to++ = '-';
    }
    memcpy(to, p, (size_t)(digits + sizeof(digits) - p));
    return to + (digits + sizeof(digits) - p);
}

/* A whole number as the source prints a double. */
static char *put_real(char *to, int64_t value)
{
    to = put_count(to, value);
    *to++ = '.';
    *to++ = '0';
    return to;
}

/*
 * The change in percent of the base, rounded half away from zero to two
 * decimals, of which the second is left out when 0: "-0.15", "30.0".
 */
static char *put_ratio(char *to, const struct quote *q)
{
    int64_t change = q->close - q->base;
    int64_t size = change < 0 ? -change : change;
    int64_t hundredths = (size * 20000 + q->base) / (2 * q->base);

    if (change < 0 && hundredths > 0) {
        *to++ = '-';
    }
    to = put_count(to, hundredths / 100);
    *to++ = '.';
    *to++ = (char)('0' + hundredths / 10 % 10);
    if (hundredths % 10 != 0) {
        *to++ = (char)('0' + hundredths % 10);
    }
    return to;
}

static char *put_column(char *to, enum column column, const struct row *r)
{
    const struct company *c = r->company;
    const struct quote *q = r->quote;

    switch (column) {
    case COL_CODE:
        return put_quoted(to, c->code);
    case COL_NAME:
        return put_quoted(to, c->name);
    case COL_MARKET:
        return put_quoted(to, market_names[q->market]);
    case COL_DEPT:
        return put_quoted(to, q->market == KRX_KOSPI ? "" : c->dept);
    case COL_CLOSE:
        return put_real(to, q->close);
    case COL_CHANGE_CODE:
        return put_count(to, q->change);
    case COL_CHANGES:
        return put_real(to, q->close - q->base);
    case COL_RATIO:
        return put_ratio(to, q);
    case COL_OPEN:
        return put_real(to, q->open);
    case COL_HIGH:
        return put_real(to, q->high);
    case COL_LOW:
        return put_real(to, q->low);
    case COL_VOLUME:
        return put_real(to, q->volume);
    case COL_AMOUNT:
        return put_real(to, q->amount);
    case COL_MARCAP:
        return put_real(to, q->marcap);
    case COL_STOCKS:
        return put_count(to, c->stocks);
    case COL_MARKET_ID:
        return put_quoted(to, market_ids[q->market]);
    case COL_RANK:
        return put_count(to, r->rank);
    case COL_DATE:
        return put_quoted(to, r->date);
    case N_COLUMNS:
        break;
    }
    return to;
}

static char *put_line_end(char *to, bool crlf)
{
    if (crlf) {
        *to++ = '\r';
    }
    *to++ = '\n';
    return to;
}

static char *put_row(
    char *to, const struct generator_options *o, const struct row *r)
{
    const enum column *order = column_orders[o->header];

    for (int i = 0; i < N_COLUMNS; i++) {
        if (i > 0) {
            *to++ = ',';
        }
        to = put_column(to, order[i], r);
    }
    return put_line_end(to, o->crlf);
}

int generator_write_header(const struct generator_options *o, struct buf *out)
{
    const enum column *order = column_orders[o->header];
    char *to;

    if (buf_reserve(out, GENERATOR_ROW_MAX_BYTES) != 0) {
        return -1;
    }
    to = out->data + out->len_bytes;
    for (int i = 0; i < N_COLUMNS; i++) {
        if (i > 0) {
            *to++ = ',';
        }
        to = put_quoted(to, column_names[order[i]]);
    }
    to = put_line_end(to, o->crlf);
    out->len_bytes = (size_t)(to - out->data);
    return 0;
}

int generator_write_day(struct generator *g, struct buf *out)
{
    const struct generator_options *o = &g->options;
    char date[CIVIL_DATE_BYTES + 1];
    struct row row = {.date = date};
    const uint32_t *order;
    char *to;

    assert(g->next_day <= o->last_day);
    if (buf_reserve(out, (size_t)o->n_stocks * GENERATOR_ROW_MAX_BYTES) != 0) {
        return -1;
    }
    market_trade(g->market, g->next_day);
    order = market_rank(g->market);
    civil_format(g->next_day, date);
    to = out->data + out->len_bytes;
    for (uint32_t i = 0; i < o->n_stocks; i++) {
        row.company = market_company(g->market, order[i]);
        row.quote = market_quote(g->market, order[i]);
        row.rank = i + 1;
        to = put_row(to, o, &row);
    }
    out->len_bytes = (size_t)(to - out->data);
    g->next_day = trading_day_from(g->next_day + 1, o->last_day);
    return 0;
}
