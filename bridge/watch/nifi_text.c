/* Numbers as NiFi writes them; see nifi_text.h. */
#include "bridge/watch/nifi_text.h"

#include <math.h>
#include <stdio.h>

int nifi_text_count(struct buf *out, uint64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0 && buf_append_char(out, ',') != 0) {
            return -1;
        }
        if (buf_append_char(out, digits[i]) != 0) {
            return -1;
        }
    }
    return 0;
}

/* With two decimals at most, none that are 0 at the end. rint rounds half to
 * even, as java.text.NumberFormat does. */
static int put_scaled(struct buf *out, double value, const char *unit)
{
    uint64_t hundredths = (uint64_t)rint(value * 100);
    unsigned rest = (unsigned)(hundredths % 100);
    int rc = nifi_text_count(out, hundredths / 100);

    if (rc == 0 && rest % 10 != 0) {
        rc = buf_printf(out, ".%02u", rest);
    } else if (rc == 0 && rest != 0) {
        rc = buf_printf(out, ".%u", rest / 10);
    }
    return rc == 0 ? buf_printf(out, " %s", unit) : -1;
}

int nifi_text_size(struct buf *out, uint64_t bytes)
{
    static const char *const units[] = {"TB", "GB", "MB", "KB"};

    for (unsigned i = 0; i < 4; i++) {
        double value = (double)bytes / (double)(1ull << (40 - 10 * i));

        if (value > 1) {
            return put_scaled(out, value, units[i]);
        }
    }
    return nifi_text_count(out, bytes) == 0 ? buf_append_str(out, " bytes")
                                            : -1;
}

int nifi_text_amount(struct buf *out, uint64_t n, uint64_t bytes)
{
    return nifi_text_count(out, n) == 0 && buf_append_str(out, " (") == 0 &&
                   nifi_text_size(out, bytes) == 0
               ? buf_append_char(out, ')')
               : -1;
}

int nifi_text_duration(struct buf *out, uint64_t nanos)
{
    unsigned long long ms = nanos / 1000000;

    return buf_printf(out, "%02llu:%02llu:%02llu.%03llu", ms / 3600000,
        ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

int nifi_text_clock(struct buf *out, int64_t wall_ms)
{
    long long s = wall_ms / 1000 % 86400;

    return buf_printf(
        out, "%02lld:%02lld:%02lld UTC", s / 3600, s / 60 % 60, s % 60);
}
