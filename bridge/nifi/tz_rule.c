/* POSIX's TZ; see tz_rule.h. */
#include "bridge/nifi/tz_rule.h"

#include "common/ascii.h"
#include "common/civil.h"

#include <ctype.h>
#include <string.h>

#define DAY_S 86400

static int read_name(const char **at, char name[TZ_NAME_BYTES])
{
    const char *from = *at, *to;

    if (*from == '<') {
        from++;
        to = from + strcspn(from, ">");
        if (*to == '\0') {
            return -1;
        }
        *at = to + 1;
    } else {
        for (to = from; isalpha((unsigned char)*to) != 0; to++) {
        }
        *at = to;
    }
    if (to - from < 3 || to - from >= TZ_NAME_BYTES) {
        return -1;
    }
    memcpy(name, from, (size_t)(to - from));
    name[to - from] = '\0';
    return 0;
}

static int read_number(const char **at, int most, int *out)
{
    int n = 0;

    if (!ascii_is_digit(**at)) {
        return -1;
    }
    for (; ascii_is_digit(**at); (*at)++) {
        n = n * 10 + (**at - '0');
        if (n > most) {
            return -1;
        }
    }
    *out = n;
    return 0;
}

/* [+-]hh[:mm[:ss]] */
static int read_time(const char **at, int *out_s)
{
    int sign = **at == '-' ? -1 : 1, part, unit = 3600;

    *at += **at == '-' || **at == '+' ? 1 : 0;
    if (read_number(at, 167, &part) != 0) {
        return -1;
    }
    *out_s = part * unit;
    while (**at == ':' && unit > 1) {
        unit /= 60;
        (*at)++;
        if (read_number(at, 59, &part) != 0) {
            return -1;
        }
        *out_s += part * unit;
    }
    *out_s *= sign;
    return 0;
}

static int read_week(const char **at, struct tz_day *day)
{
    if (read_number(at, 12, &day->month) != 0 || day->month < 1 ||
        *(*at)++ != '.' || read_number(at, 5, &day->week) != 0 ||
        day->week < 1 || *(*at)++ != '.' ||
        read_number(at, 6, &day->weekday) != 0) {
        return -1;
    }
    return 0;
}

static int read_day(const char **at, struct tz_day *day)
{
    *day = (struct tz_day){.time_s = 2 * 3600};
    if (*(*at)++ != ',') {
        return -1;
    }
    switch (**at) {
    case 'M':
        day->kind = TZ_DAY_WEEK;
        (*at)++;
        if (read_week(at, day) != 0) {
            return -1;
        }
        break;
    case 'J':
        day->kind = TZ_DAY_JULIAN;
        (*at)++;
        if (read_number(at, 365, &day->day) != 0 || day->day < 1) {
            return -1;
        }
        break;
    default:
        day->kind = TZ_DAY_COUNT;
        if (read_number(at, 365, &day->day) != 0) {
            return -1;
        }
        break;
    }
    if (**at == '/') {
        (*at)++;
        return read_time(at, &day->time_s);
    }
    return 0;
}

int tz_rule_parse(const char *text, struct tz_rule *rule)
{
    const char *at = text;

    *rule = (struct tz_rule){0};
    if (read_name(&at, rule->std_name) != 0 ||
        read_time(&at, &rule->std_offset_s) != 0) {
        return -1;
    }
    rule->std_offset_s = -rule->std_offset_s;
    if (*at == '\0') {
        return 0;
    }
    rule->has_dst = true;
    rule->dst_offset_s = rule->std_offset_s + 3600;
    if (read_name(&at, rule->dst_name) != 0) {
        return -1;
    }
    if (*at != ',') {
        if (read_time(&at, &rule->dst_offset_s) != 0) {
            return -1;
        }
        rule->dst_offset_s = -rule->dst_offset_s;
    }
    if (read_day(&at, &rule->start) != 0 || read_day(&at, &rule->end) != 0) {
        return -1;
    }
    return *at == '\0' ? 0 : -1;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The day number on which the change comes in a year. */
static int64_t day_in(const struct tz_day *d, int year)
{
    int64_t new_year = civil_to_days((struct civil){year, 1, 1});
    int64_t first, next;

    switch (d->kind) {
    case TZ_DAY_JULIAN:
        return new_year + d->day - 1 + (is_leap(year) && d->day > 59 ? 1 : 0);
    case TZ_DAY_COUNT:
        return new_year + d->day;
    case TZ_DAY_WEEK:
        break;
    }
    first = civil_to_days((struct civil){year, d->month, 1});
    next = d->month == 12
               ? civil_to_days((struct civil){year, 12, 31}) + 1
               : civil_to_days((struct civil){year, d->month + 1, 1});
    first += (d->weekday - civil_weekday(first) + 7) % 7;
    first += (int64_t)(d->week - 1) * 7;
    return first >= next ? first - 7 : first;
}

static int64_t floor_days(int64_t seconds)
{
    return seconds / DAY_S - (seconds % DAY_S < 0 ? 1 : 0);
}

int tz_rule_offset_s(
    const struct tz_rule *rule, int64_t at_s, const char **name)
{
    int64_t local_days, start_s, end_s;
    bool summer;
    int year;

    if (name != NULL) {
        *name = rule->std_name;
    }
    if (!rule->has_dst) {
        return rule->std_offset_s;
    }
    local_days = floor_days(at_s + rule->std_offset_s);
    year = civil_from_days(local_days).year;
    start_s = day_in(&rule->start, year) * DAY_S + rule->start.time_s -
              rule->std_offset_s;
    end_s = day_in(&rule->end, year) * DAY_S + rule->end.time_s -
            rule->dst_offset_s;
    summer = start_s < end_s ? at_s >= start_s && at_s < end_s
                             : at_s >= start_s || at_s < end_s;
    if (summer && name != NULL) {
        *name = rule->dst_name;
    }
    return summer ? rule->dst_offset_s : rule->std_offset_s;
}
