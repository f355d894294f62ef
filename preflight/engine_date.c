/* Dates by format; see engine_date.h. */
#include "preflight/engine_date.h"

#include "common/civil.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BETWEEN "||"
#define MOST_DIGITS 19
#define FRACTION_DIGITS 6
#define MS_PER_SECOND 1000
#define LAST_YEAR 292278993 /* of 64 bits of milliseconds */
#define LAST_YEAR_BC 292275054

static size_t digits_at(struct slice s)
{
    size_t n = 0;

    while (n < s.len && s.p[n] >= '0' && s.p[n] <= '9') {
        n++;
    }
    return n;
}

/* The value of digits, at most INT64_MAX; -1 when it is larger. */
static int64_t value_of(struct slice digits)
{
    int64_t value = 0;

    for (size_t i = 0; i < digits.len; i++) {
        int digit = digits.p[i] - '0';

        if (value > (INT64_MAX - digit) / 10) {
            return -1;
        }
        value = value * 10 + digit;
    }
    return value;
}

/* Take two digits; their value, or -1. */
static int take_two(struct slice *s)
{
    return digits_at(*s) >= 2 ? (int)value_of(slice_take(s, 2)) : -1;
}

static bool take_dash(struct slice *s)
{
    if (s->len == 0 || s->p[0] != '-') {
        return false;
    }
    (void)slice_take(s, 1);
    return true;
}

static bool take_year(struct slice *s, char sign)
{
    size_t n = digits_at(*s);
    int64_t year;

    if (n < 4 || n > 9 || (n > 4) != (sign == '+' || (n > 4 && sign == '-'))) {
        return false;
    }
    year = value_of(slice_take(s, n));
    return sign == '-' ? year > 0 && year <= LAST_YEAR_BC : year <= LAST_YEAR;
}

static enum date_reading read_strict_date(struct slice text)
{
    struct slice s = text;
    char sign = s.len > 0 && (s.p[0] == '+' || s.p[0] == '-') ? s.p[0] : '\0';
    int64_t days;
    int month, day;

    if (sign != '\0') {
        (void)slice_take(&s, 1);
    }
    if (!take_year(&s, sign) || !take_dash(&s) || (month = take_two(&s)) < 0 ||
        !take_dash(&s) || (day = take_two(&s)) < 0 || s.len > 0) {
        return DATE_REFUSED;
    }
    if (month < 1 || month > 12 || day < 1 || day > 31) {
        return DATE_SHIFTED;
    }
    /* civil_parse knows the months of the years 0001 to 9999. */
    return sign != '\0' || memcmp(text.p, "0000", 4) == 0 ||
                   civil_parse(text, &days) == 0
               ? DATE_TAKEN
               : DATE_SHIFTED;
}

static enum date_reading read_epoch_millis(struct slice s)
{
    bool negative = take_dash(&s);
    size_t n = digits_at(s);
    int64_t value;

    if (n == 0 || n > MOST_DIGITS) {
        return DATE_REFUSED;
    }
    value = value_of(slice_take(&s, n));
    if (value < 0 || (negative && (value == 0 || value % MS_PER_SECOND != 0))) {
        return DATE_REFUSED;
    }
    return s.len == 0 || (s.p[0] == '.' && s.len <= 1 + FRACTION_DIGITS &&
                             digits_at((struct slice){s.p + 1, s.len - 1}) ==
                                 s.len - 1)
               ? DATE_TAKEN
               : DATE_REFUSED;
}

static const struct {
    const char *name;
    enum date_reading (*read)(struct slice text);
} formats[] = {
    {"strict_date", read_strict_date},
    {"epoch_millis", read_epoch_millis},
};

#define N_FORMATS (sizeof(formats) / sizeof(formats[0]))

/* The next alternative of *rest. */
static struct slice next_format(const char **rest)
{
    const char *end = strstr(*rest, BETWEEN);
    struct slice name = {
        *rest, end != NULL ? (size_t)(end - *rest) : strlen(*rest)};

    *rest = end != NULL ? end + strlen(BETWEEN) : NULL;
    return name;
}

static size_t find_format(struct slice name)
{
    size_t i = 0;

    while (i < N_FORMATS && !slice_is(name, formats[i].name)) {
        i++;
    }
    return i;
}

bool engine_date_knows(const char *format)
{
    while (format != NULL) {
        if (find_format(next_format(&format)) == N_FORMATS) {
            return false;
        }
    }
    return true;
}

enum date_reading engine_date_read(const char *format, struct slice text)
{
    while (format != NULL) {
        size_t i = find_format(next_format(&format));
        enum date_reading reading =
            i < N_FORMATS ? formats[i].read(text) : DATE_REFUSED;

        if (reading != DATE_REFUSED) {
            return reading;
        }
    }
    return DATE_REFUSED;
}
