/* NiFi's durations and sizes: a number, a space or none, a unit. */
#include "bridge/nifi/plan_build.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct unit {
    const char *names; /* separated by | */
    double factor;
};

static const struct unit time_units[] = {
    {"ns|nano|nanos|nanosecond|nanoseconds", 1e-6},
    {"us|micro|micros|microsecond|microseconds", 1e-3},
    {"ms|milli|millis|millisecond|milliseconds", 1},
    {"s|sec|secs|second|seconds", 1000},
    {"m|min|mins|minute|minutes", 60000},
    {"h|hr|hrs|hour|hours", 3600000},
    {"d|day|days", 86400000},
    {"w|wk|wks|week|weeks", 604800000},
};

static const struct unit size_units[] = {
    {"b", 1},
    {"kb", 1024},
    {"mb", 1048576},
    {"gb", 1073741824},
    {"tb", 1099511627776},
};

static bool is_unit(const char *names, const char *name)
{
    size_t len = strlen(name);

    for (;;) {
        size_t n = strcspn(names, "|");

        if (n == len && strncasecmp(names, name, n) == 0) {
            return true;
        }
        if (names[n] == '\0') {
            return false;
        }
        names += n + 1;
    }
}

static int measure(
    const char *text, const struct unit *units, size_t n_units, int64_t *out)
{
    char unit[32], *end;
    double n = strtod(text, &end);
    size_t len;

    if (end == text || !(n >= 0) || n > 1e15) {
        return -1;
    }
    end += strspn(end, " \t");
    len = strlen(end);
    while (len > 0 && end[len - 1] == ' ') {
        len--;
    }
    if (len == 0 || len >= sizeof(unit)) {
        return -1;
    }
    memcpy(unit, end, len);
    unit[len] = '\0';
    for (size_t i = 0; i < n_units; i++) {
        if (is_unit(units[i].names, unit) && n * units[i].factor < 9e18) {
            *out = (int64_t)(n * units[i].factor);
            return 0;
        }
    }
    return -1;
}

int plan_duration_ms(const char *text, int64_t *ms)
{
    return measure(
        text, time_units, sizeof(time_units) / sizeof(time_units[0]), ms);
}

int plan_size_bytes(const char *text, int64_t *bytes)
{
    return measure(
        text, size_units, sizeof(size_units) / sizeof(size_units[0]), bytes);
}
