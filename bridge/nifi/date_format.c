/* SimpleDateFormat's patterns; see date_format.h. */
#include "bridge/nifi/date_format.h"

#include "bridge/nifi/date_names.h"
#include "common/ascii.h"
#include "common/civil.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000
#define LETTERS "yYMLdDEuaHkKhmsSzZX"

/* A pattern's next part: a letter and how often, or text. */
struct part {
    char letter; /* 0: text */
    size_t n;
    struct slice text;
    bool goes_on; /* a quoted text: the next part belongs to it */
};

/* part is the one before, or empty. */
static bool next_part(struct slice *rest, struct part *part)
{
    bool goes_on = part->goes_on;
    char c;

    *part = (struct part){0};
    if (rest->len == 0) {
        return false;
    }
    c = rest->p[0];
    if (c == '\'') {
        size_t n;

        (void)slice_take(rest, 1);
        if (!goes_on && rest->len > 0 && rest->p[0] == '\'') {
            part->text = slice_take(rest, 1);
            return true;
        }
        for (n = 0; n < rest->len && rest->p[n] != '\''; n++) {
        }
        part->text = slice_take(rest, n);
        if (rest->len > 0) {
            (void)slice_take(rest, 1);
            if (rest->len > 0 && rest->p[0] == '\'') {
                /* '' within quotes: the first is text, the second opens the
                 * next part. */
                part->text.len++;
                part->goes_on = true;
            }
        }
        return true;
    }
    if (isalpha((unsigned char)c) != 0) {
        while (part->n < rest->len && rest->p[part->n] == c) {
            part->n++;
        }
        part->letter = c;
        (void)slice_take(rest, part->n);
        return true;
    }
    part->text = slice_take(rest, 1);
    return true;
}

int date_format_check(struct slice pattern, unsigned *odd, struct error *err)
{
    struct slice rest = pattern;
    struct part part = {0};
    size_t quotes = 0;

    *odd = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        quotes += pattern.p[i] == '\'' ? 1 : 0;
    }
    if (quotes % 2 != 0) {
        return error_set(err, "date format \"" SLICE_FMT "\": a ' has no end",
            SLICE_ARG(pattern));
    }
    while (next_part(&rest, &part)) {
        if (part.letter != 0 && (strchr(LETTERS, part.letter) == NULL ||
                                    (part.letter == 'X' && part.n > 3))) {
            return error_set(err,
                "date format \"" SLICE_FMT "\": the letter %c is not "
                "understood; these are: " LETTERS,
                SLICE_ARG(pattern), part.letter);
        }
        if (part.letter == 'Y') {
            *odd |= DATE_FORMAT_WEEK_YEAR;
        }
        if (part.letter == 'D') {
            *odd |= DATE_FORMAT_DAY_OF_YEAR;
        }
    }
    return 0;
}

/* A moment taken apart. */
struct moment {
    struct civil day;
    int64_t days;
    int ms; /* of the day */
    int offset_s;
    const char *zone_name;
};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

static struct moment take_apart(int64_t at_ms, const struct zone *zone)
{
    struct moment m;
    int64_t local;

    m.offset_s = zone_offset_s(zone, at_ms, &m.zone_name);
    local = at_ms + (int64_t)m.offset_s * 1000;
    m.days = floor_div(local, DAY_MS);
    m.ms = (int)(local - m.days * DAY_MS);
    m.day = civil_from_days(m.days);
    return m;
}

static int64_t day_of_year(const struct moment *m)
{
    return m->days - civil_to_days((struct civil){m->day.year, 1, 1}) + 1;
}

/* The year of the week, which belongs to the year of its Saturday. */
static int week_year(const struct moment *m)
{
    return civil_from_days(m->days + 6 - civil_weekday(m->days)).year;
}

static int put_offset(struct buf *out, const struct part *p, int offset_s)
{
    int minutes = abs(offset_s) / 60;
    char sign = offset_s < 0 ? '-' : '+';

    if (p->letter == 'X' && offset_s == 0) {
        return buf_append_char(out, 'Z');
    }
    if (p->letter == 'X' && p->n == 1) {
        return buf_printf(out, "%c%02d", sign, minutes / 60);
    }
    return buf_printf(out, "%c%02d%s%02d", sign, minutes / 60,
        p->letter == 'X' && p->n == 3 ? ":" : "", minutes % 60);
}

static int put_number(struct buf *out, size_t width, int64_t n)
{
    return buf_printf(
        out, "%0*lld", (int)(width < 20 ? width : 20), (long long)n);
}

static int put_year(struct buf *out, const struct part *p, int year)
{
    return p->n == 2 ? put_number(out, 2, year % 100)
                     : put_number(out, p->n, year);
}

static int put_name(struct buf *out, const char *name, bool is_short)
{
    return buf_append(
        out, name, is_short && strlen(name) > 3 ? 3 : strlen(name));
}

static int put_part(
    struct buf *out, const struct part *p, const struct moment *m)
{
    int hour = m->ms / 3600000;

    switch (p->letter) {
    case 0:
        return buf_append_slice(out, p->text);
    case 'y':
        return put_year(out, p, m->day.year);
    case 'Y':
        return put_year(out, p, week_year(m));
    case 'M':
    case 'L':
        return p->n < 3
                   ? put_number(out, p->n, m->day.month)
                   : put_name(out, date_months[m->day.month - 1], p->n == 3);
    case 'd':
        return put_number(out, p->n, m->day.day);
    case 'D':
        return put_number(out, p->n, day_of_year(m));
    case 'E':
        return put_name(out, date_weekdays[civil_weekday(m->days)], p->n < 4);
    case 'u':
        return put_number(out, p->n, (civil_weekday(m->days) + 6) % 7 + 1);
    case 'a':
        return buf_append_str(out, hour < 12 ? "AM" : "PM");
    case 'H':
        return put_number(out, p->n, hour);
    case 'k':
        return put_number(out, p->n, hour == 0 ? 24 : hour);
    case 'K':
        return put_number(out, p->n, hour % 12);
    case 'h':
        return put_number(out, p->n, hour % 12 == 0 ? 12 : hour % 12);
    case 'm':
        return put_number(out, p->n, m->ms / 60000 % 60);
    case 's':
        return put_number(out, p->n, m->ms / 1000 % 60);
    case 'S':
        return put_number(out, p->n, m->ms % 1000);
    case 'z':
        return buf_append_str(out, m->zone_name);
    default:
        return put_offset(out, p, m->offset_s);
    }
}

int date_format_write(struct slice pattern, int64_t at_ms,
    const struct zone *zone, struct buf *out)
{
    struct moment m = take_apart(at_ms, zone);
    struct part part = {0};

    while (next_part(&pattern, &part)) {
        if (put_part(out, &part, &m) != 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- reading ---- */

struct reading {
    struct slice rest;
    int year, month, day, hour, minute, second, ms;
    int day_of_year; /* 0: not said */
    bool half;       /* the hour is of twelve */
    bool afternoon;
    bool has_offset;
    int offset_s;
};

#define MOST_DIGITS 9 /* of an int */

static int read_number(struct reading *r, size_t most_digits, int *out)
{
    size_t n = 0;
    int value = 0;

    while (n < r->rest.len && n < most_digits && ascii_is_digit(r->rest.p[n])) {
        if (n == MOST_DIGITS) {
            return -1;
        }
        value = value * 10 + (r->rest.p[n] - '0');
        n++;
    }
    if (n == 0) {
        return -1;
    }
    (void)slice_take(&r->rest, n);
    *out = value;
    return 0;
}

static int read_name(
    struct reading *r, const char *const *names, int n_names, int *out)
{
    for (int i = 0; i < n_names; i++) {
        size_t n = strlen(names[i]);
        size_t length[2] = {n, n > 3 ? 3 : n};

        for (size_t k = 0; k < 2; k++) {
            if (r->rest.len >= length[k] &&
                strncasecmp(r->rest.p, names[i], length[k]) == 0) {
                (void)slice_take(&r->rest, length[k]);
                *out = i;
                return 0;
            }
        }
    }
    return -1;
}

/* Z, UTC, GMT, GMT+09:00, +0900, +09:00, +09. */
static int read_offset(struct reading *r)
{
    int hours, minutes = 0, sign;

    r->has_offset = true;
    if (r->rest.len >= 3 && (strncmp(r->rest.p, "GMT", 3) == 0 ||
                                strncmp(r->rest.p, "UTC", 3) == 0)) {
        (void)slice_take(&r->rest, 3);
    } else if (r->rest.len > 0 && r->rest.p[0] == 'Z') {
        (void)slice_take(&r->rest, 1);
        return 0;
    } else if (r->rest.len == 0 ||
               (r->rest.p[0] != '+' && r->rest.p[0] != '-')) {
        return -1;
    }
    if (r->rest.len == 0 || (r->rest.p[0] != '+' && r->rest.p[0] != '-')) {
        return 0;
    }
    sign = slice_take(&r->rest, 1).p[0] == '-' ? -1 : 1;
    if (read_number(r, 2, &hours) != 0) {
        return -1;
    }
    if (r->rest.len > 0 && r->rest.p[0] == ':') {
        (void)slice_take(&r->rest, 1);
    }
    if (r->rest.len > 0 && ascii_is_digit(r->rest.p[0]) &&
        read_number(r, 2, &minutes) != 0) {
        return -1;
    }
    r->offset_s = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60 ? 0 : -1;
}

static int read_year(struct reading *r, const struct part *p, size_t most)
{
    size_t before = r->rest.len;

    if (read_number(r, most, &r->year) != 0) {
        return -1;
    }
    /* Java's window moves with the clock, from 80 years back to 20 ahead
     * (SimpleDateFormat); this is 2026's, so that a replay reads what it read
     * before. */
    if (p->n <= 2 && before - r->rest.len == 2) {
        r->year += r->year <= 46 ? 2000 : 1900;
    }
    return 0;
}

static int read_part(struct reading *r, const struct part *p, size_t most)
{
    int n = 0;

    switch (p->letter) {
    case 'y':
    case 'Y':
        return read_year(r, p, most);
    case 'M':
    case 'L':
        if (p->n < 3) {
            return read_number(r, most, &r->month);
        }
        if (read_name(r, date_months, 12, &n) != 0) {
            return -1;
        }
        r->month = n + 1;
        return 0;
    case 'd':
        return read_number(r, most, &r->day);
    case 'D':
        return read_number(r, most, &r->day_of_year);
    case 'E':
        return read_name(r, date_weekdays, 7, &n);
    case 'u':
        return read_number(r, most, &n);
    case 'a':
        if (read_name(r, date_halves, 2, &n) != 0) {
            return -1;
        }
        r->afternoon = n == 1;
        r->half = true;
        return 0;
    case 'H':
        return read_number(r, most, &r->hour);
    case 'k':
    case 'K':
    case 'h':
        if (read_number(r, most, &r->hour) != 0) {
            return -1;
        }
        r->hour %= p->letter == 'k' ? 24 : 12;
        return 0;
    case 'm':
        return read_number(r, most, &r->minute);
    case 's':
        return read_number(r, most, &r->second);
    case 'S':
        return read_number(r, most, &r->ms);
    default:
        return read_offset(r);
    }
}

static int read_text(struct reading *r, struct slice text)
{
    if (r->rest.len < text.len ||
        !slice_eq((struct slice){r->rest.p, text.len}, text)) {
        return -1;
    }
    (void)slice_take(&r->rest, text.len);
    return 0;
}

static int to_moment(
    const struct reading *r, const struct zone *zone, int64_t *at_ms)
{
    int64_t days, local;
    int month = r->month - 1;

    if (r->year < 1 || r->year > 9998 || month < 0) {
        return -1;
    }
    /* Lenient, as Java is: month 13 is January of the next year. */
    days = civil_to_days(
        (struct civil){r->year + month / 12, (month % 12 + 12) % 12 + 1, 1});
    days += r->day - 1;
    if (r->day_of_year > 0) {
        days =
            civil_to_days((struct civil){r->year, 1, 1}) + r->day_of_year - 1;
    }
    local = days * DAY_MS +
            ((int64_t)r->hour + (r->half && r->afternoon ? 12 : 0)) * 3600000 +
            (int64_t)r->minute * 60000 + (int64_t)r->second * 1000 + r->ms;
    *at_ms = r->has_offset ? local - (int64_t)r->offset_s * 1000
                           : zone_moment_ms(zone, local);
    return *at_ms >= DATE_FORMAT_MIN_MS && *at_ms <= DATE_FORMAT_MAX_MS ? 0
                                                                        : -1;
}

int date_format_read(struct slice pattern, struct slice text,
    const struct zone *zone, int64_t *at_ms, struct error *err)
{
    struct reading r = {.rest = text, .year = 1970, .month = 1, .day = 1};
    struct slice rest = pattern;
    struct part part = {0};
    int rc = 0;

    while (rc == 0 && next_part(&rest, &part)) {
        /* Numbers that touch have as many digits as letters. */
        bool touches = rest.len > 0 && isalpha((unsigned char)rest.p[0]) != 0;

        rc = part.letter == 0 ? read_text(&r, part.text)
                              : read_part(&r, &part,
                                    touches      ? part.n
                                    : part.n > 9 ? part.n
                                                 : 9);
    }
    if (rc != 0 || to_moment(&r, zone, at_ms) != 0) {
        return error_set(err, "'%.*s' is no date of the form \"" SLICE_FMT "\"",
            text.len > 80 ? 80 : (int)text.len, text.p != NULL ? text.p : "",
            SLICE_ARG(pattern));
    }
    return 0;
}
