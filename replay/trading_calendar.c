/*
 * Trading days; see trading_calendar.h. A day is closed when it is a weekend,
 * a public holiday of a fixed date, one of the three lunar feasts, Labour Day,
 * the last weekday of the year, or in the list of irregular closures.
 *
 * Sources: the holidays and the years they were in force are those of the
 * Regulations on Public Holidays of Government Offices and, since 2022, the
 * Public Holidays Act; Labour Day and the year's last weekday are the
 * exchange's own. The lunar dates are computed from the Korean lunisolar
 * calendar (PyPI korean_lunar_calendar). The whole was compared, weekday by
 * weekday, with the XKRX sessions of PyPI exchange_calendars 4.13 and with
 * PyPI holidays 0.108.
 */
#include "replay/trading_calendar.h"

#include "common/civil.h"

#include <assert.h>
#include <stddef.h>

#define ALWAYS 9999

struct fixed_holiday {
    int month, day;
    int first_year, last_year; /* in force, both included */
};

static const struct fixed_holiday fixed_holidays[] = {
    {1, 1, 0, ALWAYS},
    {1, 2, 0, 1998},
    {3, 1, 0, ALWAYS},
    {4, 5, 0, 2005}, /* Arbor Day */
    {5, 1, 0, ALWAYS},
    {5, 5, 0, ALWAYS},
    {6, 6, 0, ALWAYS},
    {7, 17, 0, 2007}, /* Constitution Day, a holiday again from 2026 */
    {7, 17, 2026, ALWAYS},
    {8, 15, 0, ALWAYS},
    {10, 3, 0, ALWAYS},
    {10, 9, 0, 1990}, /* Hangul Day, a holiday again from 2013 */
    {10, 9, 2013, ALWAYS},
    {12, 25, 0, ALWAYS},
};

/* Month and day, as 131 for January 31, of the feasts' own days. */
struct lunar_year {
    int seollal; /* 1st of the 1st month; the day before and after are free */
    int buddha;  /* 8th of the 4th month */
    int chuseok; /* 15th of the 8th month; the day before and after are free */
};

static const struct lunar_year lunar_years[] = {
    {131, 507, 909},  /* 1995 */
    {219, 524, 927},  /* 1996 */
    {208, 514, 916},  /* 1997 */
    {128, 503, 1005}, /* 1998 */
    {216, 522, 924},  /* 1999 */
    {205, 511, 912},  /* 2000 */
    {124, 501, 1001}, /* 2001 */
    {212, 519, 921},  /* 2002 */
    {201, 508, 911},  /* 2003 */
    {122, 526, 928},  /* 2004 */
    {209, 515, 918},  /* 2005 */
    {129, 505, 1006}, /* 2006 */
    {218, 524, 925},  /* 2007 */
    {207, 512, 914},  /* 2008 */
    {126, 502, 1003}, /* 2009 */
    {214, 521, 922},  /* 2010 */
    {203, 510, 912},  /* 2011 */
    {123, 528, 930},  /* 2012 */
    {210, 517, 919},  /* 2013 */
    {131, 506, 908},  /* 2014 */
    {219, 525, 927},  /* 2015 */
    {208, 514, 915},  /* 2016 */
    {128, 503, 1004}, /* 2017 */
    {216, 522, 924},  /* 2018 */
    {205, 512, 913},  /* 2019 */
    {125, 430, 1001}, /* 2020 */
    {212, 519, 921},  /* 2021 */
    {201, 508, 910},  /* 2022 */
    {122, 527, 929},  /* 2023 */
    {210, 515, 917},  /* 2024 */
    {129, 505, 1006}, /* 2025 */
    {217, 524, 925},  /* 2026 */
};

_Static_assert(sizeof(lunar_years) / sizeof(lunar_years[0]) ==
                   TRADING_CALENDAR_LAST_YEAR - TRADING_CALENDAR_FIRST_YEAR + 1,
    "one row for every known year");

/*
 * Weekdays closed for one year only: election days, substitute and temporary
 * holidays, and the longer year-ends of the exchange itself. The sessions of
 * exchange_calendars show trading on the election days of 1995, 1996-04-11 and
 * 1998-06-04. They stop short of 2026-06-03, whose date the Public Official
 * Election Act fixes.
 */
static const int irregular_closures[] = {
    19961230,                               /* year-end */
    19971218,                               /* presidential election */
    19971229, 19971230,                     /* year-end */
    19981229, 19981230,                     /* year-end */
    19991229, 19991230, 20000103,           /* year-end, the 2000 roll-over */
    20000413,                               /* general election */
    20001227, 20001228,                     /* year-end */
    20020613, 20020701, 20021219,           /* elections, World Cup */
    20040415, 20060531, 20071219, 20080409, /* elections */
    20100602, 20120411, 20121219, 20140604, /* elections */
    20140910,                               /* substitute */
    20150814, 20150929,                     /* temporary, substitute */
    20160210, 20160413, 20160506,           /* subst., election, temporary */
    20170130, 20170509, 20171002, 20171006, /* subst., elect., temp., subst. */
    20180507, 20180613, 20180926,           /* substitute, election, subst. */
    20190506,                               /* substitute */
    20200127, 20200415, 20200817,           /* subst., election, temporary */
    20210816, 20211004, 20211011,           /* substitutes */
    20220309, 20220601,                     /* elections */
    20220912, 20221010,                     /* substitutes */
    20230124, 20230529, 20231002,           /* subst., subst., temporary */
    20240212, 20240410, 20240506, 20241001, /* subst., elect., subst., temp. */
    20250127, 20250303, 20250506,           /* temporary, substitutes */
    20250603, 20251008,                     /* election, substitute */
    20260302, 20260525, 20260603,           /* subst., subst., election */
    20260817, 20261005,                     /* substitutes */
};

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

bool trading_calendar_knows(int year)
{
    return year >= TRADING_CALENDAR_FIRST_YEAR &&
           year <= TRADING_CALENDAR_LAST_YEAR;
}

static bool is_fixed_holiday(struct civil c)
{
    for (size_t i = 0; i < COUNT_OF(fixed_holidays); i++) {
        const struct fixed_holiday *h = &fixed_holidays[i];

        if (c.month == h->month && c.day == h->day && c.year >= h->first_year &&
            c.year <= h->last_year) {
            return true;
        }
    }
    return false;
}

static int64_t day_in_year(int year, int month_and_day)
{
    return civil_to_days(
        (struct civil){year, month_and_day / 100, month_and_day % 100});
}

static bool is_lunar_holiday(int64_t day, int year)
{
    const struct lunar_year *l =
        &lunar_years[year - TRADING_CALENDAR_FIRST_YEAR];
    int64_t from_seollal = day - day_in_year(year, l->seollal);
    int64_t from_chuseok = day - day_in_year(year, l->chuseok);

    return (from_seollal >= -1 && from_seollal <= 1) ||
           (from_chuseok >= -1 && from_chuseok <= 1) ||
           day == day_in_year(year, l->buddha);
}

/* The exchange closes on the last weekday, so that it trades no more after. */
static bool is_year_end(int64_t day, struct civil c)
{
    int64_t last = day_in_year(c.year, 1231);

    while (civil_weekday(last) == 0 || civil_weekday(last) == 6) {
        last--;
    }
    return day == last;
}

static bool is_irregular_closure(struct civil c)
{
    int date = c.year * 10000 + c.month * 100 + c.day;

    for (size_t i = 0; i < COUNT_OF(irregular_closures); i++) {
        if (irregular_closures[i] == date) {
            return true;
        }
    }
    return false;
}

bool trading_calendar_is_open(int64_t day)
{
    struct civil c = civil_from_days(day);
    int weekday = civil_weekday(day);

    assert(trading_calendar_knows(c.year));
    return weekday != 0 && weekday != 6 && !is_fixed_holiday(c) &&
           !is_lunar_holiday(day, c.year) && !is_year_end(day, c) &&
           !is_irregular_closure(c);
}
