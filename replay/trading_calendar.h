/*
 * The trading days of the Korean exchange, as pure arithmetic over a table of
 * lunar holidays and irregular closures. A day number counts days since
 * 1970-01-01, as in common/civil.h.
 *
 * Saturdays are closed in every year. Until 1998-12-05 the exchange in fact
 * held a half-day session on Saturdays; those are left out.
 */
#ifndef NARU_REPLAY_TRADING_CALENDAR_H
#define NARU_REPLAY_TRADING_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define TRADING_CALENDAR_FIRST_YEAR 1995
#define TRADING_CALENDAR_LAST_YEAR 2026

/*
 * trading_calendar_knows(year):
 * Are this year's lunar holidays in the table? Other years must be refused by
 * the caller ("no lunar holidays known for year N"), not guessed.
 */
bool trading_calendar_knows(int year);

/*
 * trading_calendar_is_open(day):
 * Does the exchange trade on this day? Asserts that its year is known.
 */
bool trading_calendar_is_open(int64_t day);

#endif
