/* Reading and writing points in time; see time_text.h. */
#include "bridge/dlq/time_text.h"

#include "common/civil.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS_PER_DAY INT64_C(86400000)
#define MOST_DIGITS 15
#define LEAST_EPOCH_DIGITS 10
#define LAST_MS INT64_C(253402300799999) /* of the year 9999 */
#define FIRST_MS INT64_C(-62135596800000)

/* Exactly n digits, at most max; the cursor steps behind them. */
static bool take_digits(const char **at, int n, int max, int *out)
{
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)(*at)[i])) {
            return false;
        }
        *out = *out * 10 + ((*at)[i] - '0');
    }
    *at += n;
    return *out <= max;
}

static bool take_char(const char **at, char c)
{
    if (**at != c) {
        return false;
    }
    (*at)++;
    return true;
}

/* ".250": as many digits as one likes, those behind the third do not count. */
static bool take_fraction(const char **at, int *ms)
{
    int scale = 100;

    *ms = 0;
    if (!isdigit((unsigned char)**at)) {
        return false;
    }
    for (; isdigit((unsigned char)**at); (*at)++, scale /= 10) {
        *ms += (**at - '0') * scale;
    }
    return true;
}

/* "Z", "+09:00", "+0900" or nothing, which is UTC. */
static bool take_zone(const char **at, int64_t *offset_ms)
{
    int sign = **at == '-' ? -1 : 1, hours, minutes;

    *offset_ms = 0;
    if (**at == '\0' || take_char(at, 'Z')) {
        return true;
    }
    if (!take_char(at, '+') && !take_char(at, '-')) {
        return false;
    }
    if (!take_digits(at, 2, 23, &hours)) {
        return false;
    }
    (void)take_char(at, ':');
    if (!take_digits(at, 2, 59, &minutes)) {
        return false;
    }
    *offset_ms = sign * (hours * 60 + minutes) * INT64_C(60000);
    return true;
}

/* "T09:30[:15[.250]][zone]" behind a date, or nothing. */
static bool read_clock(const char *at, int64_t *ms)
{
    int hour, minute, second = 0, fraction = 0;
    int64_t offset_ms;

    *ms = 0;
    if (*at == '\0') {
        return true;
    }
    if (!(take_char(&at, 'T') || take_char(&at, ' ')) ||
        !take_digits(&at, 2, 23, &hour) || !take_char(&at, ':') ||
        !take_digits(&at, 2, 59, &minute)) {
        return false;
    }
    if (take_char(&at, ':') &&
        (!take_digits(&at, 2, 59, &second) ||
            (take_char(&at, '.') && !take_fraction(&at, &fraction)))) {
        return false;
    }
    if (!take_zone(&at, &offset_ms) || *at != '\0') {
        return false;
    }
    *ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000) + fraction -
          offset_ms;
    return true;
}

/* Digits and a unit, or digits alone. */
static bool read_count(const char *text, int64_t now_ms, int64_t *out_ms)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', MS_PER_DAY}};
    size_t n = strspn(text, "0123456789");
    int64_t count;

    if (n == 0 || n > MOST_DIGITS) {
        return false;
    }
    count = strtoll(text, NULL, 10);
    if (text[n] == '\0' && n >= LEAST_EPOCH_DIGITS) {
        *out_ms = count;
        return true;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (text[n] == units[i].unit && text[n + 1] == '\0' &&
            count <= now_ms / units[i].ms) {
            *out_ms = now_ms - count * units[i].ms;
            return true;
        }
    }
    return false;
}

int time_text_read(
    const char *text, int64_t now_ms, int64_t *out_ms, struct error *err)
{
    int64_t days, ms;

    if (strlen(text) >= CIVIL_DATE_BYTES &&
        civil_parse((struct slice){text, CIVIL_DATE_BYTES}, &days) == 0 &&
        read_clock(text + CIVIL_DATE_BYTES, &ms)) {
        *out_ms = days * MS_PER_DAY + ms;
        return 0;
    }
    if (read_count(text, now_ms, out_ms)) {
        return 0;
    }
    return error_set(err,
        "'%s' is no time; write 2022-01-03, 2022-01-03T09:30+09:00 (UTC "
        "without a zone), 15m, 36h or 7d for so long ago, or milliseconds "
        "since 1970",
        text);
}

void time_text_write(int64_t ms, char out[TIME_TEXT_BYTES])
{
    int64_t days = ms / MS_PER_DAY, rest = ms % MS_PER_DAY;
    char date[CIVIL_DATE_BYTES + 1];

    if (ms < FIRST_MS || ms > LAST_MS) {
        (void)snprintf(out, TIME_TEXT_BYTES, "-");
        return;
    }
    if (rest < 0) {
        days--;
        rest += MS_PER_DAY;
    }
    civil_format(days, date);
    (void)snprintf(out, TIME_TEXT_BYTES,
        "%s"
        "T%02u:%02u:%02u.%03uZ",
        date, (unsigned)(rest / 3600000) % 24, (unsigned)(rest / 60000) % 60,
        (unsigned)(rest / 1000) % 60, (unsigned)(rest % 1000));
}
