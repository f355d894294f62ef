/*
 * Calendar arithmetic; see civil.h. Days are counted in eras of 400 years
 * that begin in March, so that the leap day comes last in its year.
 */
#include "common/civil.h"

#include <stdbool.h>
#include <stdio.h>

#define DAYS_PER_ERA 146097
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

int64_t civil_to_days(struct civil c)
{
    int64_t y = c.month <= 2 ? c.year - 1 : c.year;
    int64_t era = y / 400;
    int64_t year_of_era = y - era * 400;
    int64_t month_from_march = (c.month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + c.day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

struct civil civil_from_days(int64_t days)
{
    int64_t shifted = days + DAYS_TO_1970;
    int64_t era = shifted / DAYS_PER_ERA;
    int64_t doe = shifted - era * DAYS_PER_ERA;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    struct civil c;

    c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
    c.year = (int)(yoe + era * 400 + (c.month <= 2 ? 1 : 0));
    return c;
}

int civil_weekday(int64_t days)
{
    /* 1970-01-01 was a Thursday. */
    return (int)(((days + 4) % 7 + 7) % 7);
}

static bool read_digits(const char *p, int n, int *out)
{
    int value = 0;

    for (int i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return false;
        }
        value = value * 10 + (p[i] - '0');
    }
    *out = value;
    return true;
}

int civil_parse(struct slice text, int64_t *days)
{
    struct civil c, back;
    int64_t n;

    if (text.len != CIVIL_DATE_BYTES || text.p[4] != '-' || text.p[7] != '-' ||
        !read_digits(text.p, 4, &c.year) ||
        !read_digits(text.p + 5, 2, &c.month) ||
        !read_digits(text.p + 8, 2, &c.day) || c.year < 1 || c.month < 1 ||
        c.month > 12 || c.day < 1 || c.day > 31) {
        return -1;
    }
    n = civil_to_days(c);
    back = civil_from_days(n);
    if (back.day != c.day || back.month != c.month) {
        return -1; /* the month has no such day */
    }
    *days = n;
    return 0;
}

void civil_format(int64_t days, char out[CIVIL_DATE_BYTES + 1])
{
    struct civil c = civil_from_days(days);
    char text[3 * 12];

    (void)snprintf(
        text, sizeof(text), "%04d-%02d-%02d", c.year, c.month, c.day);
    memcpy(out, text, CIVIL_DATE_BYTES);
    out[CIVIL_DATE_BYTES] = '\0';
}
