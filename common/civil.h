/*
 * Calendar arithmetic in the proleptic Gregorian calendar, without time zones
 * or the C library's locale. A day number counts days since 1970-01-01.
 * Years 0001 to 9999.
 */
#ifndef NARU_COMMON_CIVIL_H
#define NARU_COMMON_CIVIL_H

#include "common/attr.h"
#include "common/slice.h"

#include <stdint.h>

#define CIVIL_DATE_BYTES 10 /* of "2022-01-03" */

struct civil {
    int year;  /* 1 to 9999 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

/* civil_to_days(c): The day number of c, which must be a real date. */
int64_t civil_to_days(struct civil c);

/* civil_from_days(days): The date of a day number. */
struct civil civil_from_days(int64_t days);

/* civil_weekday(days): 0 Sunday to 6 Saturday. */
int civil_weekday(int64_t days);

/*
 * civil_parse(text, days):
 * Read exactly "YYYY-MM-DD", a date that exists (2020-02-30 does not), into
 * a day number. Returns 0, or -1 and leaves days alone.
 */
int civil_parse(struct slice text, int64_t *days) MUST_CHECK;

/* civil_format(days, out): Write "YYYY-MM-DD" and a NUL. */
void civil_format(int64_t days, char out[CIVIL_DATE_BYTES + 1]);

#endif
